"""The sweep of histories itself, with small ones; the full count is `make sweep`."""

from __future__ import annotations

from pathlib import Path

from tests.faults.checker import judge
from tests.faults.nursery import forked, spawned
from tests.histories.plan import Size, history
from tests.histories.played import FAULTS, LEAST_FAULTS, counts, play

SMALL = Size(registry=3, pages=1, both=1, days=4)
SEED = 4


def test_a_seed_is_the_same_history_again_and_another_one_is_another() -> None:
    assert history(1) == history(1)
    assert len({history(seed).shape for seed in range(50)}) == 50


def test_histories_have_all_kinds_of_faults() -> None:
    several = [history(seed) for seed in range(50)]
    steps = [step for told in several for day in told.days for step in day.steps]
    assert {step.die_at[0] for step in steps if step.die_at} == {"commit", "statement", "done", "connect"}
    assert any(step.kill_after for step in steps)
    assert any(step.broken for step in steps)
    assert any(step.left_out for step in steps)
    assert {step.verb for step in steps} == {"check", "due", "deliver"}
    assert {sink for told in several for day in told.days for sink in day.away} == {"mail", "web"}
    assert {fault.ends for told in several for fault in told.script.sink_faults} == {"answer", "close", "die"}
    states = {version.state for told in several for trial in told.script.trials for version in trial.versions}
    assert states == {"present", "gone", "merged"}
    assert min(len(told.script.faults) + len(told.script.sink_faults) for told in several) > LEAST_FAULTS


def test_nothing_is_lost_or_false_in_a_small_history(tmp_path: Path) -> None:
    told = history(SEED, SMALL)
    with spawned() as nursery:  # this process may have threads, and what it forks would miss them
        evidence = play(told, tmp_path, nursery)
    assert [str(anomaly) for anomaly in judge(evidence)] == []
    found = counts(told, evidence)
    assert found["alerts"] > 15
    assert found["faults"] >= LEAST_FAULTS
    assert {name for name in FAULTS if found[name]} >= {"kills", "faults of sources met", "faults of sinks met"}


def test_a_nursery_takes_its_sinks_with_it(tmp_path: Path) -> None:
    history(SEED, SMALL).script.write(tmp_path / "script.json")
    files = [str(tmp_path / name) for name in ("script.json", "clock.json", "ledger-web.jsonl")]
    with forked() as nursery:
        pid, port = nursery.begin_sink(["web", "json", *files])
        assert port
        assert not nursery.has_died(pid)
    assert not Path(f"/proc/{pid}").exists()
