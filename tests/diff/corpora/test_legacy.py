"""Versions of the registry's XML of before 2024: each part that differs is told in its category, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias
from xml.etree.ElementTree import ParseError

import pytest

from monitor.diff.compare import compare
from monitor.model.change import Change
from tests.diff.corpora.judge import Study, categories, shown, texts
from tests.diff.corpora.legacy import study_of
from tests.diff.corpora.reading import following, lines_of, partial_record
from tests.diff.corpora.test_any_two import ill_told

Version: TypeAlias = tuple[Study, Study, tuple[Change, ...]]


@pytest.fixture(scope="module")
def versions(corpora: Path) -> list[Version]:
    """Two documents that follow each other, and their changes."""
    return [(old, new, compare(partial_record(old), partial_record(new))) for old, new in documents(corpora)]


def documents(corpora: Path) -> Iterator[tuple[Study, Study]]:
    for before, after in following(lines_of(corpora / "ctgov_legacy_xml.jsonl.zst"), "nct_id"):
        try:
            yield study_of(before["xml"]), study_of(after["xml"])
        except (ParseError, ValueError):
            continue  # some were edited by hand until they broke


def test_each_part_that_differs_is_told_in_its_category_and_nothing_else(versions: list[Version]) -> None:
    wrong = []
    for before, after, changes in versions:
        told, due = {change.category.value for change in changes}, categories(before, after)
        if told != due:
            wrong.append((before["protocolSection"]["identificationModule"]["nctId"], told - due, due - told))
    assert wrong == []
    assert len(versions) > 80


def test_every_text_that_came_or_went_stands_in_the_changes(versions: list[Version]) -> None:
    missing: list[str] = []
    for before, after, changes in versions:
        missing += texts(before) - texts(after) - shown(changes, "before")
        missing += texts(after) - texts(before) - shown(changes, "after")
    assert missing == []


def test_nothing_is_told_twice_and_each_in_a_whole_sentence(versions: list[Version]) -> None:
    for _, _, changes in versions:
        assert ill_told(changes) == []
        told = Counter((change.path, change.kind, str(change.before), str(change.after)) for change in changes)
        assert [twice for twice, number in told.items() if number > 1] == []
