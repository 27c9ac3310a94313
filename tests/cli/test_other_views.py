"""Records, passes, tables, findings: what else the terminal prints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.cli.check_view import CheckReport, render_check
from monitor.cli.coverage_line import NEVER_CHECKED, coverage_line
from monitor.cli.files import read_file
from monitor.cli.list_views import Watched, alert_table, alert_view, interval, suspect_table, watch_table
from monitor.cli.record_view import render_record
from monitor.cli.terminal import Screen
from monitor.model.alert import Alert, AlertKind, AlertState, Attempt, Recipient
from monitor.model.change import Category, Cause, Change, Kind, Severity, StoredChange
from monitor.model.coverage import Coverage, Outcome, Problem, SourceUse
from monitor.model.people import Locations
from monitor.model.record import TrialRecord
from monitor.model.version import RecordRow, RecordState, SuspectRow
from monitor.model.watch import RecordKey, Reference, Watch, WatchState

PAYLOADS = Path(__file__).parent.parent / "payloads" / "cli"
ZONE = ZoneInfo("UTC")
SEEN = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
KEY = RecordKey(source="ctgov", source_id="NCT07227597")
WIDE = Screen(width=120)
BAD = "Evil\x1b]0;owned\x07 \u202etitle\nnext\r\x9b31m"


@pytest.fixture(scope="module")
def record() -> TrialRecord:
    return read_file(PAYLOADS / "NCT07227597_1.json", None)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_a_record_fits_any_screen(record: TrialRecord, width: int) -> None:
    text = render_record(record, Screen(width=width), unfolded=True)
    assert max(len(line) for line in text.splitlines() if not line.startswith("https://")) <= width


def test_a_record_tells_every_section(record: TrialRecord) -> None:
    text = render_record(record, WIDE, note="Version 2 of 2, posted 20 Feb 2026.")
    assert text.startswith("NCT07227597  A Clinical Study of Gocatamig")
    assert "Version 2 of 2, posted 20 Feb 2026." in text
    for words in (
        "Recruiting",
        "Phase 1/2",
        "29 Jan 2026, Actual",
        "Inclusion criteria:",
        "Exclusion criteria:",
        "Primary 1",
    ):
        assert words in text
    assert "Not stated: " in text


def test_many_sites_are_counted_until_all_are_asked_for() -> None:
    record = read_file(PAYLOADS / "NCT06203210_1.json", None)
    assert "230 sites one by one: --all" in render_record(record, WIDE)
    text = render_record(record, Screen(width=400), unfolded=True)
    assert all(str(site.facility) in text for site in record.locations.sites)


def test_an_unavailable_section_is_not_empty(record: TrialRecord) -> None:
    hidden = replace(record, locations=Locations(count=3), unavailable={"locations": "loaded later"})
    text = render_record(hidden, WIDE)
    assert "(not shown by the source: loaded later)" in text
    assert "3" in text.partition("Locations")[2].splitlines()[1]


def coverage(**outcomes: int) -> Coverage:
    return Coverage(
        started_at=SEEN,
        finished_at=SEEN + timedelta(seconds=20),
        outcomes={Outcome(name): number for name, number in outcomes.items()},
        sources={"ctgov": SourceUse(data_timestamp="2026-03-02T09:00:05", requests=2)},
    )


def test_coverage_says_its_gap() -> None:
    assert coverage_line(None, ZONE, 2026) == NEVER_CHECKED
    assert coverage_line(coverage(unchanged=157), ZONE, 2026) == (
        "157 of 157 trials verified on 3 Mar, registry data of 2 Mar."
    )
    assert coverage_line(coverage(unchanged=1, suspect=1, gone=1), ZONE, 2027) == (
        "1 of 3 trials verified on 3 Mar 2026, registry data of 2 Mar 2026. Not verified: 1 suspect, 1 gone."
    )


def row(sentence: str, severity: Severity = Severity.MAJOR, title: str = "A trial") -> StoredChange:
    return StoredChange(
        id=1, observed_at=SEEN, record_id=1, source="ctgov", source_id=KEY.source_id, registry_id=KEY.source_id,
        watch=KEY.source_id, label=None, title=title, sponsor=None, posted="2026-03-02", from_version=1, to_version=2,
        change=Change(
            category=Category.STATUS, path="status.overall", kind=Kind.CHANGED, before="a", after="b",
            severity=severity, cause=Cause.SPONSOR, sentence=sentence,
        ),
    )  # fmt: skip


def report(changes: Sequence[StoredChange], problems: tuple[Problem, ...] = (), **outcomes: int) -> CheckReport:
    covered = replace(coverage(**outcomes), problems=problems)
    return CheckReport(coverage=covered, changes=changes, alerts={"sent": 2, "dead": 1}, zone=ZONE)


def test_a_pass_tells_changes_problems_alerts_and_coverage_last() -> None:
    problem = Problem(watch="CD7 CAR-T", kind="failed", message="clinicaltrials.gov gave no answer")
    changes = [row("Now Recruiting."), row("Verified.", Severity.ADMINISTRATIVE)]
    assert (
        render_check(report(changes, (problem,), changed=1, failed=1, first_seen=2), Screen(width=80))
        == """\
  NCT07227597  A trial
  ▲ Status      Now Recruiting.
  ○ 1 administrative

Problems
  CD7 CAR-T  clinicaltrials.gov gave no answer

2 trials seen for the first time: from now on their changes are told.
Alerts: 2 sent, 1 given up (trial-monitor alerts).
3 of 4 trials verified on 3 Mar, registry data of 2 Mar. Not verified: 1
failed."""
    )


def test_bookkeeping_alone_is_one_line() -> None:
    text = render_check(report([row("Verified.", Severity.ADMINISTRATIVE)], changed=1), Screen(width=80))
    assert text.startswith("○ 1 record with bookkeeping only: NCT07227597\n\nAlerts")


def test_a_pass_without_changes_says_so() -> None:
    text = render_check(replace(report([], unchanged=3), alerts={}), Screen(width=80))
    assert text == "Nothing has changed.\n3 of 3 trials verified on 3 Mar, registry data of 2 Mar."
    assert "No watch was due." in render_check(replace(report([]), alerts={}), Screen(width=80))
    assert "Nothing could be compared." in render_check(report([], failed=3), Screen(width=80))


def test_a_trial_run_says_that_it_was_one() -> None:
    assert "nothing was stored, nothing sent" in render_check(replace(report([]), dry=True), Screen(width=200))


WATCH = Watch(
    id=1, reference=Reference(key=KEY, text="NCT07227597"), tags=frozenset({"sclc", "adc"}), label="Gocatamig",
    source="both", every=timedelta(hours=6), origin="file", state=WatchState.ACTIVE, created_at=SEEN,
)  # fmt: skip
RECORD = RecordRow(
    id=1, key=KEY, state=RecordState.LIVE, registry_id="NCT07227597", title="A Clinical Study", sponsor=None,
    overall_status="ACTIVE_NOT_RECRUITING", latest=2, raw_hash=None, data_timestamp=None, open_reason=None,
    verified_at=SEEN, checked_at=SEEN, next_due=None,
)  # fmt: skip


def test_watches_stand_in_a_table() -> None:
    paused = replace(WATCH, state=WatchState.PAUSED, label=None, every=None, tags=frozenset())
    text = watch_table([Watched(watch=WATCH, records=[RECORD]), Watched(watch=paused, records=[])], WIDE, ZONE, 2026)
    head, first, second, _, total = text.splitlines()
    assert head.split() == ["Trial", "Status", "Verified", "Every", "Tags", "Title"]
    assert re.split(r" {2,}", first) == [
        "NCT07227597", "Active, not recruiting", "3 Mar 09:00", "6h", "adc, sclc", "Gocatamig: A Clinical Study",
    ]  # fmt: skip
    assert "paused" in second
    assert "not yet" in second
    assert total == "2 watches, 1 paused."


@pytest.mark.parametrize(("every", "words"), [(360, "6h"), (30, "30m"), (1440, "1d"), (90, "90m"), (2880, "2d")])
def test_intervals_read_as_they_are_written(every: int, words: str) -> None:
    assert interval(timedelta(minutes=every)) == words


ALERT = Alert(
    id=3, code="7K2M-0412", kind=AlertKind.CHANGE, recipient=Recipient(destination="team", address="a@b.org"),
    record_id=1, registry_id="NCT07227597", from_version=1, to_version=2, change_ids=(7,), facts={},
    state=AlertState.DEAD, attempts=2, maybe_sent=True, created_at=SEEN, next_attempt_at=None, sent_at=None,
    last_error="550 The mailbox does not exist.",
)  # fmt: skip


def test_alerts_stand_in_a_table_with_a_way_out() -> None:
    text = alert_table([ALERT], WIDE, ZONE, 2026)
    assert "7K2M-0412  given up  2" in text
    assert "team (a@b.org)" in text
    assert "550 The mailbox does not exist." in text
    assert "1 alert given up. To try again: trial-monitor alerts retry ID" in text


def test_an_alert_shows_every_try() -> None:
    attempt = Attempt(number=1, started_at=SEEN, finished_at=None, outcome="retry", message="timed out")
    text = alert_view(ALERT, ["Now Recruiting."], [attempt], WIDE, ZONE)
    assert "Alert 7K2M-0412  given up" in text
    assert "  - Now Recruiting." in text
    assert "try 1  3 Mar 2026, 09:00 UTC: retry timed out" in text
    assert "it may arrive twice" in text


SUSPECT = SuspectRow(
    id=4, record_id=1, key=KEY, seen_at=SEEN, last_seen_at=SEEN + timedelta(hours=1),
    reasons=("It names no sponsor.",), body_digest="x", state="waiting",
)  # fmt: skip


def test_what_is_kept_aside_says_why() -> None:
    text = suspect_table([SUSPECT], {1: "A Clinical Study"}, WIDE, ZONE)
    assert "   4  NCT07227597  A Clinical Study" in text
    assert "It names no sponsor." in text
    assert "1 body kept aside." in text


def test_no_view_lets_a_registry_steer_the_terminal(record: TrialRecord) -> None:
    evil = replace(
        record,
        identification=replace(record.identification, brief_title=BAD),
        other={BAD: BAD},
        unavailable={"sharing": BAD},
    )
    named = replace(WATCH, label=BAD, tags=frozenset({BAD}))
    tried = Attempt(number=1, started_at=SEEN, finished_at=None, outcome=None, message=BAD)
    views = [
        render_record(evil, WIDE, note=BAD, unfolded=True),
        render_check(report([row(BAD, title=BAD)], (Problem(watch=BAD, kind="failed", message=BAD),), failed=1), WIDE),
        watch_table([Watched(watch=named, records=[RECORD])], WIDE, ZONE, 2026),
        alert_table([replace(ALERT, last_error=BAD)], WIDE, ZONE, 2026),
        alert_view(ALERT, [BAD], [tried], WIDE, ZONE),
        suspect_table([replace(SUSPECT, reasons=(BAD,))], {1: BAD}, WIDE, ZONE),
    ]
    for text in views:
        assert "Evil" in text
        assert not set(text) & set("\x1b\x07\u202e\r\x9b")
