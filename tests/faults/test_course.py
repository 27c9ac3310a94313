"""Whole runs: worlds in which trials change while sources, sinks and the worker fail, judged from outside."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.course import Course
from tests.faults.judged import judged
from tests.faults.kinds import place
from tests.faults.nursery import Nursery
from tests.faults.reading import Told, flat
from tests.faults.run import run_script
from tests.faults.script import Act, ExpectedNotice, Fault, SinkFault, Where
from tests.faults.world import build, merged, withdrawn


def test_a_run_can_be_made_to_die_at_a_chosen_step(tmp_path: Path, nursery: Nursery) -> None:
    with Course(build(9, registry=2, pages=0, days=2, share=1.0), tmp_path, worker="forked", nursery=nursery) as course:
        course.check()
        course.next_day()
        course.hook = "tests.histories.hooks:die_at"
        for number in (4, 6, 8, 10):
            course.argument = ("commit", number)
            assert course.check()["killed"]
        course.hook = None
        course.check()
        evidence = course.evidence()
    assert judged(evidence) == []


def test_a_run_that_is_killed_after_a_refusal_does_not_forget_it(tmp_path: Path, nursery: Nursery) -> None:
    script = build(12, registry=2, pages=2, days=2, share=0.0)
    act = Act(status=429, headers={"Retry-After": "7000"})
    refusal = Fault(name="429", where=Where(ask="page", days=(2, 2)), act=act)
    with Course(replace(script, faults=(refusal,)), tmp_path, worker="forked", nursery=nursery) as course:
        course.check()
        course.next_day()
        course.hook, course.argument = "tests.histories.hooks:die_at", ("commit", 7)
        assert course.check()["killed"]
        course.hook = None
        course.check()
        asked = [e for e in course.evidence().log if e["event"] == "asked" and e["day"] == 2 and e["ask"] == "page"]
        assert len(asked) == 1, "neither by the run that was killed nor by the next one"
        course.settle()
        evidence = course.evidence()
    assert judged(evidence) == []


def test_the_program_itself_is_taken_through_a_script_by_the_time_of_day(tmp_path: Path) -> None:
    script = replace(
        build(4, registry=2, pages=1, days=2, share=1.0),
        sink_faults=(SinkFault(sink="web", first=2, last=2, status=500),),
    )
    with Course(script, tmp_path, worker="cli") as course:
        assert course.check()["code"] == 0
        course.clock.pass_time(days=1)
        killed = course.check(kill_after=0.3)
        assert killed["code"] == -signal.SIGKILL
        assert course.check()["code"] == 0
        assert course.deliver()["code"] == 0
        evidence = course.evidence()
    assert judged(evidence) == []
    assert len(evidence.delivered) == 3 * (1 + 3), "a welcome and three changes for each of three recipients"


def test_a_trial_that_is_gone_and_one_that_was_merged_are_told_once(tmp_path: Path) -> None:
    script = build(5, registry=3, pages=1, days=4, share=0.0)
    first, second, third = (trial.number for trial in script.trials[:3])
    script = merged(withdrawn(script, first, 2), second, third, 3)
    with Course(script, tmp_path) as course:
        course.check()
        for _ in range(3):
            course.next_day()
            course.check()
        evidence = course.evidence()
    assert judged(evidence) == []
    kinds = [Told(entry).kind for entry in evidence.delivered if entry["recipient"] == "hook"]
    assert sorted(kinds) == ["change", "gone", "merged", "welcome"]


def test_a_number_that_is_sent_on_to_a_record_that_does_not_name_it_is_no_merge(tmp_path: Path) -> None:
    script = build(5, registry=3, pages=0, days=3, share=0.0)
    number, day_2 = script.trials[0].number, (2, 2)
    faults = (
        Fault(name="missing", where=Where(ask="list", trial=number, days=day_2, last=None), act=Act(body="missing")),
        Fault(
            name="301", where=Where(ask="study", trial=number, days=day_2, last=None), act=Act(redirect="other trial")
        ),
    )
    assert [str(each) for each in run_script(replace(script, faults=faults), tmp_path).anomalies] == []


def test_a_mail_server_that_is_away_for_days_delays_and_loses_nothing(tmp_path: Path) -> None:
    with Course(build(6, registry=3, pages=0, days=4, share=1.0), tmp_path) as course:
        course.check()
        course.sinks["mail"].stop()
        for _ in range(2):
            course.next_day()
            course.check()
        heard = {entry["recipient"] for entry in course.evidence().delivered if entry["day"] > 1}
        course.sinks["mail"].start()
        course.next_day()
        course.check()
        course.settle()
        evidence = course.evidence()
    assert heard == {"hook"}, "one destination that is away holds up no other"
    assert judged(evidence) == []


@pytest.mark.parametrize("takes", [True, False])
def test_sinks_that_die_with_a_message_in_hand_get_it_again_and_it_says_so(
    tmp_path: Path, nursery: Nursery, *, takes: bool
) -> None:
    dying = (SinkFault(sink=sink, first=3, last=3, ends="die", takes=takes) for sink in ("mail", "web"))
    script = replace(build(10, registry=2, pages=0, days=3, share=1.0), sink_faults=tuple(dying))
    with Course(script, tmp_path, apart=True, nursery=nursery) as course:
        course.check()
        for _ in range(2):
            course.next_day()
            course.check()
        course.settle()
        evidence = course.evidence()
    assert judged(evidence) == []
    again = [entry for entry in evidence.delivered if Told(entry).repeats]
    assert {entry["recipient"] for entry in again} >= {"hook"}


def test_a_page_that_goes_bad_is_a_notice_and_its_return_another(tmp_path: Path) -> None:
    script = build(7, registry=1, pages=1, days=3, share=0.0)
    number = script.trials[1].slug
    notices = (
        ExpectedNotice(words=(f"study/{number}", "kept aside"), since=2, by=2),
        ExpectedNotice(words=(f"study/{number}", "can be read again"), since=3, by=3),
    )
    captcha = place("captcha", Where(ask="page", days=(2, 2), last=None))
    result = run_script(replace(script, notices=notices, faults=(captcha,)), tmp_path)
    assert [str(anomaly) for anomaly in result.anomalies] == []


def test_the_sources_are_asked_as_seldom_as_the_configuration_says(tmp_path: Path) -> None:
    script = build(8, registry=2, pages=4, days=2, share=0.5)
    result = run_script(replace(script, requests_per_second=5.0), tmp_path)
    assert [str(anomaly) for anomaly in result.anomalies] == []


def test_a_worker_that_asks_too_often_is_found_out(tmp_path: Path) -> None:
    with Course(replace(build(8, registry=0, pages=3, days=1), requests_per_second=0.0), tmp_path) as course:
        course.check()
    evidence = course.evidence()
    strict = replace(evidence, script=replace(evidence.script, requests_per_second=0.001))
    assert {line.partition(":")[0] for line in judged(strict)} == {"PACE"}


def test_damage_that_opening_the_store_does_not_see_is_told_to_the_operator(tmp_path: Path) -> None:
    """An index that leads nowhere: the daily look at the whole file finds it."""
    with Course(build(11, registry=1, pages=0, days=2), tmp_path) as course:
        assert course.check()["code"] == 0
        lose_an_index(tmp_path / "monitor.db")
        course.next_day(hours=25)
        assert course.check()["code"] == 1
        course.next_day(hours=1)
        course.check()
        heard = [Told(entry).text for entry in course.evidence().delivered if Told(entry).kind == "notice"]
    assert any("The store is damaged" in flat(text) for text in heard)


def lose_an_index(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("CREATE TABLE empty (key TEXT)")
        database.execute("CREATE INDEX ix_empty ON empty (key)")
        roots = dict(database.execute("SELECT name, rootpage FROM sqlite_master WHERE type = 'index'"))
        database.execute("PRAGMA writable_schema = ON")
        for one, other in (("ix_empty", "ix_versions_body_digest"), ("ix_versions_body_digest", "ix_empty")):
            database.execute("UPDATE sqlite_master SET rootpage = ? WHERE name = ?", (roots[other], one))
