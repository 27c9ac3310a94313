"""The view of what changed, against the text that a reader sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.cli.history_view import HistoryView, change_lines, render_history
from monitor.cli.terminal import Screen
from monitor.model.change import Category, Cause, Change, Kind, Severity, StoredChange
from monitor.model.coverage import Coverage, Outcome, SourceUse

UTC_ZONE = ZoneInfo("UTC")
TITLES = {
    "NCT06302556": "The Role of Immune Checkpoints in Lung Transplant (ILTRA)",
    "NCT05414032": "Molecular Residual Disease Interception in Locoregionally-Advanced Head and Neck Cancer",
    "NCT04895709": "A Study of BMS-986340 as Monotherapy and in Combination With Nivolumab",
    "NCT07011550": "Phase 2, Single-arm Trial of BMS-986340 in Association With Nivolumab",
}


def change(category: str, severity: str, sentence: str = "Something changed.", **more: object) -> Change:
    given = {"cause": Cause.SPONSOR, "strong": (), "detail": {}, **more}
    return Change(
        category=Category(category),
        path=category,
        kind=Kind.CHANGED,
        before="a",
        after="b",
        severity=Severity(severity),
        sentence=sentence,
        **given,  # type: ignore[arg-type] # spelled out in `given`
    )


def stored(nct: str, day: date, *changes: Change, **more: object) -> list[StoredChange]:
    row = StoredChange(
        id=1,
        observed_at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC),
        record_id=int(nct[3:]),
        source="ctgov",
        source_id=nct,
        registry_id=nct,
        watch=nct,
        label=None,
        title=TITLES.get(nct, "A trial"),
        sponsor="Merck Sharp & Dohme LLC",
        posted="2026-02-20",
        from_version=1,
        to_version=2,
        change=change("other", "minor"),
    )
    return [replace(row, change=each, **more) for each in changes]  # type: ignore[arg-type] # fields of the row


COVERAGE = Coverage(
    started_at=datetime(2026, 3, 3, 9, tzinfo=UTC),
    finished_at=datetime(2026, 3, 3, 9, 1, tzinfo=UTC),
    outcomes={Outcome.UNCHANGED: 100, Outcome.CHANGED: 4, Outcome.FAILED: 3, Outcome.THROTTLED: 50},
    sources={"ctgov": SourceUse(data_timestamp="2026-03-02T09:00:05", requests=3)},
)

ROWS: Sequence[StoredChange] = [
    *stored(
        "NCT06302556",
        date(2026, 3, 3),
        change(
            "status",
            "minor",
            "Now Unknown; last known as Not yet recruiting. The registry sets this when a sponsor has not confirmed"
            " the record for two years.",
            cause=Cause.REGISTRY,
        ),
    ),
    *stored(
        "NCT05414032",
        date(2026, 2, 26),
        change("dates", "minor"),
        change("arms", "minor"),
        change("sponsor", "minor"),
        change("administrative", "administrative"),
        change("enrollment", "major", "Now plans 102 people. It planned 200 (49% fewer).", strong=("102 people",)),
        change("arms", "major", 'The arm "Arm B (observation)" was removed. It was the arm without treatment.'),
    ),
    *stored(
        "NCT07011550",
        date(2026, 2, 20),
        change("status", "critical", 'Now Suspended. It was Recruiting. Reason given: "FDA".', strong=("Suspended",)),
        change("contacts", "minor", "The contact Kim Ross is no longer listed."),
    ),
    *stored("NCT05329766", date(2026, 2, 20), change("administrative", "administrative")),
    *stored("NCT05775159", date(2026, 2, 19), change("administrative", "administrative")),
]


def view(**more: object) -> HistoryView:
    plain = HistoryView(changes=ROWS, zone=UTC_ZONE, year=2026, latest=COVERAGE)
    return replace(plain, **more)  # type: ignore[arg-type] # fields of the view


def test_eighty_columns_read_as_the_mock_up() -> None:
    assert (
        render_history(view(), Screen(width=80))
        == """\
3 Mar 2026
  NCT06302556  The Role of Immune Checkpoints in Lung Transplant (ILTRA)
  ● Status      Now Unknown; last known as Not yet recruiting. The registry
                sets this when a sponsor has not confirmed the record for two
                years.  (set by the registry)

26 Feb 2026
  NCT05414032  Molecular Residual Disease Interception in Locoregionally-Adva…
  ▲ Arms        The arm "Arm B (observation)" was removed. It was the arm
                without treatment.
  ▲ Enrollment  Now plans 102 people. It planned 200 (49% fewer).
  ● 3 minor     Arms, Dates, Sponsor; ○ 1 administrative

20 Feb 2026
  NCT07011550  Phase 2, Single-arm Trial of BMS-986340 in Association With Ni…
  ◆ Status      Now Suspended. It was Recruiting. Reason given: "FDA".
  ● Contacts    The contact Kim Ross is no longer listed.

○ 2 records with bookkeeping only: NCT05329766, NCT05775159

11 changes in 5 trials. Everything, nothing folded: --all.
104 of 157 trials verified on 3 Mar, registry data of 2 Mar. Not verified: 3
failed, 50 asked to wait."""
    )


def test_why_a_change_is_grave_stands_behind_its_sentence_with_who_caused_it() -> None:
    reason = {"severity_reason": "stopped for safety"}
    grave = change("status", "critical", "Now Suspended.", cause=Cause.CORRECTION, detail=reason)
    minor = change("status", "minor", "Now Suspended.", detail=reason)
    told = ["\n".join(change_lines(each, Screen(width=100))) for each in (grave, minor)]
    assert told == [
        "  ◆ Status      Now Suspended.  (critical: stopped for safety; correction)",
        "  ● Status      Now Suspended.",
    ]


def test_without_utf8_the_marks_are_ascii() -> None:
    text = render_history(view(), Screen(width=80, encoding="ascii"))
    assert text.isascii()
    assert "  ! Status      Now Suspended." in text
    assert "  * 3 minor     Arms, Dates, Sponsor; - 1 administrative" in text
    assert "Locoregionally-Ad..." in text


def test_with_all_nothing_is_folded() -> None:
    text = render_history(view(unfolded=True), Screen(width=80))
    assert text.count("Something changed.") == 6
    assert "--all" not in text
    assert "bookkeeping only" not in text


def test_critical_and_major_changes_are_never_folded() -> None:
    many = stored("NCT05414032", date(2026, 2, 26), *[change("criteria", "major", f"Change {n}.") for n in range(30)])
    text = render_history(view(changes=many), Screen(width=80))
    assert all(f"Change {n}." in text for n in range(30))


@pytest.mark.parametrize("width", [20, 30, 39, 40, 55, 60, 80, 120, 200])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    text = render_history(view(unfolded=True), Screen(width=width))
    assert max(map(len, text.splitlines())) <= width


def test_below_sixty_columns_the_category_goes() -> None:
    text = render_history(view(), Screen(width=50))
    assert "  ▲ Now plans 102 people." in text
    assert "Enrollment" not in text


def test_a_wide_screen_shows_sponsor_posting_and_coverage_of_the_day() -> None:
    text = render_history(view(passes={date(2026, 3, 3): COVERAGE}), Screen(width=120))
    first, second, *_ = text.splitlines()
    assert first.startswith("3 Mar 2026   ")
    assert first.endswith("registry data of 2 Mar · 104 of 157 trials verified")
    assert len(first) == 120
    assert second.endswith("Merck Sharp & Dohme LLC  posted 20 Feb")


def test_colour_is_only_there_when_asked_for() -> None:
    assert "\x1b" not in render_history(view(), Screen(width=80))
    text = render_history(view(), Screen(width=80, color=True))
    assert "\x1b[31m◆\x1b[0m" in text
    assert "\x1b[1mSuspended\x1b[0m" in text
    assert "\x1b[36mNCT07011550\x1b[0m" in text


def test_text_of_a_registry_cannot_steer_the_terminal() -> None:
    bad = "Evil\x1b]0;owned\x07 \u202etitle\nnext\r\x9b31m"
    rows = stored("NCT05414032", date(2026, 2, 26), change("status", "major", bad), title=bad, label=bad, sponsor=bad)
    for width in (30, 80, 120):
        text = render_history(view(changes=rows), Screen(width=width))
        assert not set(text) & set("\x1b\x07\u202e\r\x9b")


def test_days_are_those_of_the_timezone() -> None:
    rows = stored("NCT05414032", date(2026, 2, 26), change("status", "major"))
    rows = [replace(row, observed_at=datetime(2026, 2, 26, 23, 30, tzinfo=UTC)) for row in rows]
    assert render_history(view(changes=rows, zone=ZoneInfo("Asia/Tokyo")), Screen(width=80)).startswith("27 Feb 2026")


def test_first_sights_are_told_by_day_and_folded() -> None:
    names = [f"NCT0000000{n}" for n in range(1, 9)]
    firsts = [(date(2026, 2, 16), name) for name in names] + [(date(2026, 3, 1), "NCT00000010")]
    view = HistoryView(changes=ROWS, zone=UTC_ZONE, year=2026, firsts=firsts)
    text = render_history(view, Screen(width=200))
    assert "First seen 1 Mar 2026: NCT00000010\nFirst seen 16 Feb 2026: NCT00000001, " in text
    assert "NCT00000006 and 2 more" in text
    assert "NCT00000008" in render_history(replace(view, unfolded=True), Screen(width=200))
