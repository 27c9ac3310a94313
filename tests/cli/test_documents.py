"""JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.csv_out import COLUMNS, cell, history_csv
from monitor.cli.files import read_file
from monitor.cli.json_out import Side, alerts_json, check_json, diff_json, document, history_json, record_json
from monitor.model.alert import Alert, AlertKind, AlertState, Recipient
from monitor.model.change import Category, Cause, Change, Kind, Severity, StoredChange
from monitor.model.coverage import Coverage, Outcome, Problem, SourceUse
from monitor.model.record import SECTIONS

PAYLOADS = Path(__file__).parent.parent / "payloads" / "cli"
SEEN = datetime(2026, 3, 3, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
ROW = StoredChange(
    id=7,
    observed_at=SEEN,
    record_id=1,
    source="ctgov",
    source_id="NCT07227597",
    registry_id="NCT07227597",
    watch="my trial",
    label="my trial",
    title="=HYPERLINK(1)",
    sponsor=None,
    posted="2026-03-02",
    from_version=1,
    to_version=2,
    change=Change(
        category=Category.ENROLLMENT,
        path="enrollment.count",
        kind=Kind.CHANGED,
        before=200,
        after=102,
        severity=Severity.MAJOR,
        cause=Cause.SPONSOR,
        sentence="Now plans 102 people.",
        detail={"percent": -49},
    ),
)
COVERAGE = Coverage(
    started_at=SEEN,
    finished_at=SEEN,
    outcomes={Outcome.CHANGED: 1, Outcome.FAILED: 2},
    sources={"ctgov": SourceUse(data_timestamp="2026-03-02T09:00:05", requests=2)},
    problems=(Problem(watch="x", kind="failed", message="no answer"),),
)


def test_a_record_has_the_shape_of_the_contract() -> None:
    record = read_file(PAYLOADS / "NCT07227597_0.json", None)
    told = json.loads(document(record_json(record, 1)))
    assert list(told) == [
        "source", "registry_id", "url", "sections", "unavailable", "content_hash", "normaliser_version",
    ]  # fmt: skip
    assert list(told["sections"]) == list(SECTIONS)
    assert told["registry_id"] == "NCT07227597"
    assert told["sections"]["status"]["overall"] == "NOT_YET_RECRUITING"
    assert set(told["sections"]["eligibility"]["inclusion"][0]) >= {"text", "children"}
    assert len(told["content_hash"]) == 64


def test_a_comparison_has_the_shape_of_the_contract() -> None:
    old = Side(content_hash="a", posted="2026-03-01", file="old.json")
    new = Side(content_hash="b", posted=None, version=2, observed_at=SEEN)
    told = diff_json("NCT07227597", old, new, [ROW.change])
    assert list(told) == ["registry_id", "from", "to", "changes"]
    assert told["from"] == {"file": "old.json", "posted": "2026-03-01", "content_hash": "a"}
    assert told["to"] == {"version": 2, "observed_at": "2026-03-03T09:00:00Z", "posted": None, "content_hash": "b"}
    (change,) = json.loads(document(told))["changes"]
    assert list(change) == ["category", "path", "kind", "before", "after", "severity", "cause", "sentence", "detail"]


def test_history_and_check_name_the_record_of_each_change() -> None:
    (row,) = history_json([ROW])
    assert row["id"] == 7
    assert row["observed_at"] == "2026-03-03T09:00:00Z"
    assert {"registry_id", "watch", "from_version", "to_version", "sentence", "detail"} <= set(row)
    told = json.loads(document(check_json(COVERAGE, [ROW], {"planned": 1, "sent": 1})))
    assert list(told) == ["started_at", "finished_at", "coverage", "sources", "changes", "alerts", "problems"]
    assert told["coverage"] == {
        "due": 3, "checked": 1, "unchanged": 0, "changed": 1, "first_seen": 0, "suspect": 0, "refused": 0,
        "throttled": 0, "gone": 0, "failed": 2,
    }  # fmt: skip
    assert told["sources"] == {"ctgov": {"data_timestamp": "2026-03-02T09:00:05", "requests": 2}}
    assert told["alerts"] == {"planned": 1, "sent": 1, "pending": 0, "dead": 0}
    assert told["problems"] == [{"watch": "x", "kind": "failed", "message": "no answer"}]
    assert told["changes"][0]["watch"] == "my trial"


def test_alerts_are_named_as_in_their_messages() -> None:
    alert = Alert(
        id=3, code="7K2M-0412", kind=AlertKind.CHANGE, recipient=Recipient(destination="team", address="a@b"),
        record_id=1, registry_id="NCT07227597", from_version=1, to_version=2, change_ids=(7,), facts={},
        state=AlertState.RETRY, attempts=2, maybe_sent=False, created_at=SEEN, next_attempt_at=SEEN, sent_at=None,
        last_error="no route",
    )  # fmt: skip
    assert alerts_json([alert]) == [
        {
            "id": "7K2M-0412", "destination": "team", "registry_id": "NCT07227597", "kind": "change", "state": "retry",
            "attempts": 2, "created_at": "2026-03-03T09:00:00Z", "next_attempt_at": "2026-03-03T09:00:00Z",
            "sent_at": None, "changes": [7],
        }
    ]  # fmt: skip


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_comes_back_as_it_was_and_shows_no_steering_characters(text: str) -> None:
    content = document({"text": text})
    assert json.loads(content) == {"text": text}
    shown = content.decode().replace("\n", "")
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Zl", "Zp") or c in "\u202a\u202e\u2066\u200b"]


def test_csv_has_the_columns_of_the_contract_and_quotes_everything() -> None:
    content = history_csv([ROW]).decode()
    head, row = csv.reader(io.StringIO(content))
    assert head == list(COLUMNS)
    told = dict(zip(head, row, strict=True))
    assert told["title"] == "'=HYPERLINK(1)"
    assert (told["id"], told["before"], told["after"]) == ("7", "200", "102")
    assert told["observed_at"] == "2026-03-03T09:00:00Z"
    assert content.splitlines()[1].startswith('"7","')


@given(
    st.text(),
    st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%"]),
    st.text(st.sampled_from(" \"'\u3000"), max_size=4),
)
def test_no_cell_begins_as_a_formula(text: str, active: str, lead: str) -> None:
    for value in (f"{lead}{active}{text}", [f"{active}{text}"]):
        shown = cell(value)
        assert shown.lstrip(" \"'\u3000")[:1] not in {"=", "+", "-", "@"} or shown.startswith("'")
        row = replace(ROW, title=shown)
        parsed = list(csv.reader(io.StringIO(history_csv([row]).decode(), newline="")))
        assert len(parsed) == 2
        assert len(parsed[1]) == len(COLUMNS)


def test_numbers_stay_numbers_in_csv() -> None:
    assert cell(-5) == "-5"
    assert cell(1.5) == "1.5"
    assert cell(None) == ""
    assert cell(True) == "true"
    assert cell({"date": "2026-03"}) == '{"date":"2026-03"}'


def test_days_are_of_the_timezone() -> None:
    from zoneinfo import ZoneInfo

    from monitor.cli.days import end_of, start_of

    berlin = ZoneInfo("Europe/Berlin")
    assert start_of(date(2026, 3, 29), berlin) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert end_of(date(2026, 3, 29), berlin) == datetime(2026, 3, 29, 22, tzinfo=UTC)
