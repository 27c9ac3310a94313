"""Looser, tighter, reworded or unclear: the table beside this file, which anyone may extend."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from monitor.diff.directions import judge_change, judge_item

with (Path(__file__).parent / "directions.tsv").open(encoding="utf-8", newline="") as table:
    ROWS = list(csv.DictReader(table, delimiter="\t"))
OPPOSITE = {"looser": "tighter", "tighter": "looser"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['section']}: {row['after']}"[:80])
def test_a_changed_criterion_has_the_direction_that_a_reader_gives_it(row: dict[str, str]) -> None:
    assert judge_change(row["section"], row["before"], row["after"]).direction == row["direction"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['section']}: {row['after']}"[:80])
def test_the_way_back_has_the_opposite_direction(row: dict[str, str]) -> None:
    back = judge_change(row["section"], row["after"], row["before"]).direction
    assert back == OPPOSITE.get(row["direction"], row["direction"])


@pytest.mark.parametrize(
    ("section", "parent", "text", "added"),
    [
        ("inclusion", None, "Has measurable disease", "tighter"),
        ("exclusion", None, "Has active hepatitis B", "tighter"),
        ("other", None, "Other criteria may apply", "unclear"),
        ("exclusion", None, "Note: treated brain metastases are allowed", "unclear"),
        ("inclusion", "One or more of the following:", "Diabetes", "looser"),
        ("inclusion", "All of the following:", "Platelets ≥ 100", "tighter"),
        ("inclusion", "Adequate organ function as defined below:", "Platelets ≥ 100", "tighter"),
        ("inclusion", "Disease measured by imaging", "MRI", "unclear"),
        ("exclusion", "Any of the following:", "Stroke", "tighter"),
        ("exclusion", "Participants who meet any of the following will be disqualified:", "Stroke", "tighter"),
        ("exclusion", "Other cancers, except:", "Basal cell carcinoma", "looser"),
        ("inclusion", "No prior therapy, with the following exceptions:", "Adjuvant chemotherapy", "looser"),
        ("inclusion", "Not pregnant, and at least one of the following applies:", "Postmenopausal", "looser"),
        ("inclusion", "≥ 2 of the following:", "Gleason score 7", "looser"),
        ("inclusion", "No history of any of the following:", "Stroke", "tighter"),
        ("inclusion", "No more than two of the following:", "Stroke", "unclear"),
        ("exclusion", "Any of the following (testing is not required):", "Stroke", "tighter"),
        ("exclusion", None, "Treated hepatitis C is permitted if no virus is found", "looser"),
        ("exclusion", None, "Other protocol-defined criteria may apply", "unclear"),
        ("other", None, "Must be 60 years old", "tighter"),
    ],
)
def test_an_item_that_comes_or_goes_is_judged_by_its_section_and_its_parent(
    section: str, parent: str | None, text: str, added: str
) -> None:
    assert judge_item(section, text, parent, added=True) == added
    assert judge_item(section, text, parent, added=False) == OPPOSITE.get(added, added)
