"""Why trials stopped: the table beside this file, most of it from records, which anyone may extend."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from monitor.diff.reasons import reason_classes

with (Path(__file__).parent / "reasons.tsv").open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["reason"][:80])
def test_a_reason_has_the_classes_that_a_reader_gives_it(row: dict[str, str]) -> None:
    assert reason_classes(row["reason"]) == row["classes"].split(", ")


@pytest.mark.parametrize("words", [None, "", " \n"])
def test_a_stop_without_words_has_no_reason_given(words: str | None) -> None:
    assert reason_classes(words) == ["none given"]


@pytest.mark.parametrize("denial", ["Not due to", "Unrelated to", "This was not because of", "Not based on any"])
def test_what_the_words_deny_is_no_reason(denial: str) -> None:
    assert reason_classes(f"{denial} safety concerns") == ["other"]
    assert reason_classes(f"{denial} safety concerns, but due to slow accrual") == ["accrual"]
