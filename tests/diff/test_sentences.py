"""Every kind of change has words of its own, and the sentences of real updates are the ones that were read."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from monitor.diff.compare import compare
from monitor.model.change import Change
from monitor.sources.ctgov import words
from tests.diff.sentences import TABLE, real_pairs, sliced_record, table

MODEL = Path(__file__).parents[1] / "payloads" / "ctgov" / "whole_model.json"
LISTS = [each for each in vars(words).values() if isinstance(each, frozenset)]
DATE = re.compile(r"(\d{4})((?:-\d\d){0,2})")
QUOTED = re.compile(r'"[^"]*"')
UNREADABLE = re.compile(
    r"[A-Z]{2,}_[A-Z]|[a-z]_[a-z]|\[\]|[{}]|\b(?:None|null|True|False)\b(?! (?:closed|opened|of|was|retained|\(open))"
)
LONGEST = 60  # words

Path_ = tuple[str | int, ...]


def test_the_sentences_of_real_updates_are_those_that_were_read() -> None:
    assert table().splitlines() == TABLE.read_text(encoding="utf-8").splitlines()


def leaves(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The paths of everything in a document, whole objects and lists too."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in inner:
        yield (*path, key)
        yield from leaves(held, (*path, key))


def another(value: Any) -> Any:
    """A value that says something else: the next word of the registry's list, the year after."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 7
    known = next((sorted(each - {value}) for each in LISTS if value in each), None)
    if known:
        return known[0]
    found = DATE.fullmatch(value)
    return f"{int(found[1]) + 1}{found[2]}" if found else f"{value} and more"


def edited(document: Any, path: Path_, *, drop: bool) -> Any:
    """The document without what stands at the path, or with another value there; None where neither can be."""
    changed = copy.deepcopy(document)
    place = changed
    for key in path[:-1]:
        place = place[key]
    if drop:
        del place[path[-1]]
    elif isinstance(place[path[-1]], dict | list):
        return None
    else:
        place[path[-1]] = another(place[path[-1]])
    return changed


@cache
def every_change() -> tuple[Change, ...]:
    """What is told when any part of the registry's whole model comes, goes or changes, one part at a time."""
    document = json.loads(MODEL.read_text(encoding="utf-8"))
    whole, told = sliced_record(document), []
    for path in leaves(document):
        for drop in (True, False):
            changed = edited(document, path, drop=drop)
            if changed is not None and path[-1] != "protocolSection":
                record = sliced_record(changed)
                told += [*compare(whole, record), *compare(record, whole)]
    return tuple(told)


def real_changes() -> Iterator[Change]:
    for pair in real_pairs():
        yield from compare(sliced_record(pair["before"]), sliced_record(pair["after"]))


def faults(change: Change) -> Iterator[str]:
    """What would make a reader stumble."""
    own = QUOTED.sub('""', change.sentence)  # what the record says in its own words is as it is
    if UNREADABLE.search(own):
        yield "a code"
    if not re.match(r'[A-Z0-9"(]|m[A-Z]', change.sentence) or not change.sentence.endswith("."):
        yield "no sentence"
    if len(change.sentence.split()) > LONGEST:
        yield "too long"
    if re.search(r"\s\s|\s[.,;]|\(\)|: \.|\*\*", own):
        yield "a gap"
    start = 0
    for part in change.strong:
        start = change.sentence.find(part, start)
        if start < 0:
            yield f"{part} is not in it"
            return


@pytest.mark.parametrize("changes", [every_change, real_changes])
def test_every_change_has_a_sentence_that_can_be_read(changes: Any) -> None:
    told = list(changes())
    assert len(told) > 200
    assert [(change.path, change.sentence, fault) for change in told for fault in faults(change)] == []


def test_every_category_that_a_record_can_change_in_is_told() -> None:
    assert {change.category.value for change in every_change()} == {
        "status", "outcomes", "criteria", "arms", "design", "enrollment", "contacts", "dates", "locations", "sponsor",
        "identifiers", "conditions", "description", "results", "documents", "references", "oversight", "sharing",
        "other", "administrative",
    }  # fmt: skip
