"""A share of the sweeps over disks that refuse, damage, and break below a daemon; and a copy made meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from monitor.cli.group import main
from monitor.store.copying import write_copy
from tests.storage import breaking, damage, refusing
from tests.storage.disk import Image
from tests.storage.hook import TRIALS, opened_place
from tests.storage.opened import Opened
from tests.storage.trace import there_is_strace

traced = pytest.mark.skipif(not there_is_strace(), reason="strace lets calls of the program fail")
long = pytest.mark.skipif(not os.environ.get("TRIAL_MONITOR_SWEEP"), reason="takes half a minute: TRIAL_MONITOR_SWEEP")


@traced
def test_a_refused_call_ends_a_run_with_its_code_and_nothing_is_half_done(tmp_path: Path) -> None:
    outcome = refusing.bout(2, tmp_path, days=1)
    assert outcome.faults == []
    assert outcome.counts["refused"] == outcome.counts["ended_with_3"] == 1


def test_a_damaged_store_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    outcome = damage.ward(1, tmp_path, share=0.1)
    assert outcome.faults == []
    assert outcome.counts["refused"] > 5
    assert outcome.counts["harmless"] > 1, "not everything is refused"


@long
@traced
def test_a_daemon_goes_on_by_itself_when_its_disk_is_well_again(tmp_path: Path) -> None:
    assert breaking.run(0, tmp_path).faults == []


@traced
def test_a_restore_that_was_killed_leaves_no_store_and_can_be_made_again(tmp_path: Path) -> None:
    with opened_place(tmp_path) as place:
        backup, store = str(tmp_path / "kept.zip"), tmp_path / "monitor.db"
        options = ("--config", str(place.config))
        assert [main([*verb, *options]) for verb in (["check"], ["backup", backup])] == [0, 0]
        store.unlink()
        kill = ("strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=rename:signal=SIGKILL:when=1", "-e", "rename")
        with place.start("restore", backup, before=kill) as run:
            run.communicate()
        assert run.returncode in (-9, 137)
        assert not store.exists()
        assert main(["restore", backup, *options]) == 0
        assert main(["deliver", *options]) == 1, "what waits is held"
        assert main(["verify", *options]) == 0


def test_a_copy_made_while_a_pass_writes_is_whole(tmp_path: Path) -> None:
    with opened_place(tmp_path) as place:
        place.configure(*TRIALS)
        assert place.run("check")[0] == 0
        place.serve(2)
        opened = Opened(place.config, tmp_path / "image")
        copies = 0
        with place.start("check") as run:
            while run.poll() is None or copies < 2:
                to = tmp_path / f"copy-{copies}"
                write_copy(f"sqlite:///{tmp_path}/monitor.db", to)
                image = Image(files={"monitor.db": to.read_bytes()}, kept="")
                assert list(opened.open(image, str(copies))) == []
                copies += 1
            run.communicate()
        assert run.returncode == 0
