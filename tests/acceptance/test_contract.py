"""The outer contract: shapes, exit codes, what stands on standard output, and what is left undone."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.acceptance.world import NCT, RECORDED, SECOND, THIRD, Call, World, study

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
COVERAGE = ["due", "checked", "unchanged", "changed", "first_seen", "suspect", "refused", "throttled", "gone", "failed"]
CHANGE = ["category", "path", "kind", "before", "after", "severity", "cause", "sentence", "detail"]
OF_RECORD = ["registry_id", "watch", "from_version", "to_version"]
ALERT = {"id", "destination", "registry_id", "kind", "state", "attempts", "created_at", "changes"} | {
    "next_attempt_at",
    "sent_at",
}
RECORD = ["source", "registry_id", "url", "sections", "unavailable", "content_hash", "normaliser_version"]
COLUMNS = "id observed_at registry_id label title category kind severity cause path before after sentence"
FOURTH = "NCT05556096"


def in_file(*numbers: str) -> str:
    return "".join(f'[[watches]]\nref = "{number}"\n' for number in numbers)


def names(world: World) -> list[str]:
    return [line.split(",")[0] for line in world.run("watch", "export").stdout.splitlines()[1:]]


def test_the_documents_of_check_history_and_alerts_have_their_shape(world: World) -> None:
    world.follow(NCT)
    world.change(NCT)
    report = world.json("check", "--exit-code", code=10)
    assert list(report) == ["started_at", "finished_at", "coverage", "sources", "changes", "alerts", "problems"]
    assert all(MOMENT.fullmatch(report[name]) for name in ("started_at", "finished_at"))
    assert list(report["coverage"]) == COVERAGE
    assert set(report["sources"]["ctgov"]) == {"data_timestamp", "requests"}
    assert all(set(change) == {*CHANGE, *OF_RECORD} for change in report["changes"])
    history = world.json("history")
    assert all(set(change) == {*CHANGE, *OF_RECORD, "id", "observed_at"} for change in history)
    (alert,) = world.json("alerts", "list", "--all")[:-1]
    assert sorted(alert["changes"]) == sorted(change["id"] for change in history)
    assert set(alert) == ALERT
    assert alert["state"] == "sent"
    assert MOMENT.fullmatch(alert["sent_at"])


def test_the_table_of_the_history_has_its_columns_and_one_row_a_change(world: World) -> None:
    world.follow(NCT)
    world.change(NCT)
    changes = world.json("check")["changes"]
    rows = list(csv.DictReader(io.StringIO(world.run("history", "--csv").stdout)))
    assert list(rows[0]) == [*COLUMNS.split(), "from_version", "to_version"]
    assert sorted(row["sentence"] for row in rows) == sorted(change["sentence"] for change in changes)


def test_files_are_read_and_compared_without_a_configuration(call: Call) -> None:
    old, new = (str(RECORDED / f"{NCT}_{version}.json") for version in (0, 1))
    read = json.loads(call("inspect", old, "--json").stdout)
    assert list(read) == RECORD
    assert read["sections"]["status"]["overall"] == "RECRUITING"
    compared = json.loads(call("diff", "--files", old, new, "--json").stdout)
    assert list(compared) == ["registry_id", "from", "to", "changes"]
    assert all(list(change) == CHANGE for change in compared["changes"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", "NCT04762485"), 2),
        (("check", "--nonsense"), 2),
        (("watch", "add", "search:leukemia"), 2),
        (("history", "--since", "2026-13-01"), 2),
        (("diff", NCT, "--from", "9"), 2),
        (("destination", "test", "nobody"), 2),
        (("watch", "add", "NCT123"), 1),
        (("show", "NCT04762485"), 1),
        (("alerts", "show", "7K2M-0412"), 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_each_wrong_wish_has_its_exit_code_and_prints_nothing(
    world: World, arguments: tuple[str, ...], code: int
) -> None:
    world.follow(NCT)
    done = world.run(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_days_are_those_of_the_configured_timezone(world: World, zone: str) -> None:
    world.head = f'timezone = "{zone}"'
    world.follow(NCT)
    world.change(NCT)
    changes = len(world.json("check")["changes"])
    (moment,) = {datetime.fromisoformat(change["observed_at"]) for change in world.json("history")}
    today = moment.astimezone(UTC).astimezone(ZoneInfo(zone)).date()
    before, after = str(today - timedelta(days=1)), str(today + timedelta(days=1))
    assert len(world.json("history", "--since", str(today), "--until", str(today))) == changes
    assert world.json("history", "--since", after) == world.json("history", "--until", before) == []
    assert world.json("show", NCT, "--at", str(today))["version"] == 2
    early = world.run("show", NCT, "--at", before)
    assert early.returncode == 0
    assert "not watched then" in early.stdout
    assert f"https://clinicaltrials.gov/study/{NCT}?tab=history" in early.stdout


def test_a_rehearsal_sees_the_watches_of_the_file_and_stores_nothing(world: World) -> None:
    world.registry.add_study(study(NCT))
    world.more = in_file(NCT)
    world.configure()
    assert world.json("check", NCT, "--dry-run")["coverage"]["first_seen"] == 1
    assert (names(world), world.letters()) == ([], [])
    world.json("check")
    world.more = ""
    world.configure()
    before = world.store.read_bytes()
    done = world.run("check", "--dry-run")
    assert "would be paused" in done.stderr
    assert world.store.read_bytes() == before


def test_a_check_of_an_unknown_name_leaves_the_watches_of_the_file_alone(world: World) -> None:
    world.follow(NCT)
    world.more = in_file(SECOND)
    world.configure()
    before = world.store.read_bytes()
    done = world.run("check", "NCT04762485")
    assert (done.returncode, done.stdout) == (2, "")
    assert world.store.read_bytes() == before


def test_a_file_that_loses_more_than_half_of_its_watches_stops_the_pass(world: World) -> None:
    documents: list[Any] = [study(number) for number in (NCT, SECOND, THIRD)]
    for document in documents:
        world.registry.add_study(document)
    numbers = [NCT, SECOND, THIRD, FOURTH, "NCT05556097"]
    world.more = in_file(*numbers)
    world.configure()
    world.run("check")
    before = world.store.read_bytes()
    world.more = in_file(numbers[0])
    world.configure()
    done = world.run("check", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "watch pause --missing" in done.stderr
    assert world.store.read_bytes() == before


def test_a_paused_watch_is_called_paused(world: World) -> None:
    world.follow(NCT)
    world.run("watch", "pause", NCT)
    done = world.run("check", NCT)
    assert done.returncode == 2
    assert f"watch resume {NCT}" in done.stderr


def test_the_history_of_a_trial_that_is_watched_and_not_seen_yet_does_not_call_it_unwatched(world: World) -> None:
    world.registry.add_study(study(NCT))
    world.configure()
    world.run("watch", "add", NCT)
    done = world.run("history", NCT, "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, [])
    assert "not watched" not in done.stderr
