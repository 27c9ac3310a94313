"""The tables of criterion changes that directions are judged by: their own form, and the judgement's score on them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

TABLES = Path(__file__).parent / "directions"
NAMES = ("open", "held", "fresh")
WHOLE = ("open", "held")  # ask about every topic
SECTIONS = {"inclusion", "exclusion", "other"}
NAMED = {"looser", "tighter"}
DIRECTIONS = NAMED | {"reworded", "unclear"}
TOPICS = set(
    """age|biomarker|blood count|blood pressure|coagulation|comorbidity|contraception|discretion|example|exception
    |glucose|infection|karnofsky|life expectancy|list|liver|lvef|malignancy|mixed|negated exclusion|negated inclusion
    |no bound|performance|permission|prior lines|qtc|renal|score|several bounds|strictness|time since event|trap
    |tumour|units|viral load|washout|weight|whole item|window|wording""".replace("\n    ", "").split("|")
)
ESCAPED = re.compile(r"\\[<>*_#\[\]~]|&(?:lt|gt|amp);")


class Row(NamedTuple):
    topic: str
    section: str
    before: str
    after: str
    direction: str
    why: str
    trial: str
    parent: str

    @property
    def whole(self) -> bool:
        """Whether the item was added or removed as a whole."""
        return not (self.before and self.after)


class Score(NamedTuple):
    """`precision`: right among the answers looser and tighter. `wrong`: wrong ones among them, of all rows.
    `named`: right answers among the rows that are looser or tighter."""

    precision: float
    wrong: float
    named: float
    misjudged: tuple[tuple[Row, str], ...]


def read(name: str) -> list[Row]:
    header, *lines = (TABLES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    assert tuple(header.split("\t")) == Row._fields
    return [Row(*line.split("\t")) for line in lines]


def judged(row: Row) -> str:
    from monitor.diff.directions import judge_change, judge_item

    if row.whole:
        return str(judge_item(row.section, row.before or row.after, row.parent or None, added=not row.before))
    return str(judge_change(row.section, row.before, row.after).direction)


def score(rows: list[Row]) -> Score:
    answers = [(row, judged(row)) for row in rows]
    told = [(row, answer) for row, answer in answers if answer in NAMED]
    right = sum(row.direction == answer for row, answer in told)
    due = sum(row.direction in NAMED for row in rows)
    misjudged = tuple((row, answer) for row, answer in answers if row.direction != answer)
    return Score(right / max(len(told), 1), (len(told) - right) / len(rows), right / due, misjudged)


@pytest.mark.parametrize("name", NAMES)
def test_directions_are_right_and_seldom_withheld(name: str) -> None:
    found = score(read(name))
    assert found.precision >= 0.98
    assert found.wrong <= 0.01
    assert found.named >= 0.85


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_holds_what_its_column_allows(name: str) -> None:
    rows = read(name)
    assert [row for row in rows if row.section not in SECTIONS or row.direction not in DIRECTIONS] == []
    assert [row for row in rows if not re.fullmatch(r"NCT\d{8}", row.trial)] == []
    assert [row for row in rows if not 1 <= len(row.why.split()) <= 20] == []
    assert [row for row in rows if any(cell != " ".join(cell.split()) for cell in row)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_row_shows_a_change_as_a_reader_sees_it(name: str) -> None:
    rows = read(name)
    assert [row for row in rows if row.before == row.after] == []
    assert [row for row in rows if row.parent and not row.whole] == []
    assert [row for row in rows if row.whole and row.direction == "reworded"] == []
    assert [row for row in rows if ESCAPED.search(row.before + row.after + row.parent)] == []


def test_no_row_stands_twice_and_no_trial_in_two_tables() -> None:
    tables = [read(name) for name in NAMES]
    asked = Counter((row.section, row.before, row.after, row.parent) for rows in tables for row in rows)
    assert [row for row, times in asked.items() if times > 1] == []
    trials = Counter(trial for rows in tables for trial in {row.trial for row in rows})
    assert [trial for trial, times in trials.items() if times > 1] == []


@pytest.mark.parametrize("name", WHOLE)
def test_every_topic_is_asked_about(name: str) -> None:
    asked = Counter(row.topic for row in read(name))
    assert set(asked) == TOPICS
    assert min(asked.values()) >= 5


@pytest.mark.parametrize("name", WHOLE)
def test_the_answers_are_spread(name: str) -> None:
    rows = read(name)
    assert len(rows) >= 300
    share = {direction: sum(row.direction == direction for row in rows) / len(rows) for direction in DIRECTIONS}
    assert 0.55 <= share["looser"] + share["tighter"] <= 0.65
    assert min(share["reworded"], share["unclear"]) >= 0.15
    for section in ("inclusion", "exclusion"):
        sides = Counter(row.direction for row in rows if row.section == section and row.direction in NAMED)
        assert min(sides.values()) >= 0.4 * sides.total()
