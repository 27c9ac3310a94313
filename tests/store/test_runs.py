"""Several runs at once, and runs that die: the lock, the claims, and what a kill leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.errors import LockHeld, StoreError, StoreReadOnly
from monitor.model.alert import Alert, AlertState
from monitor.store import alerts, claims, lock, records, verify
from monitor.store.engine import Store, open_store
from tests.store.store_values import LEASE, NOW, TEAM, make_record, nct, planned

ALERTS = 120
CHILD = """
import sys
from datetime import datetime, timedelta
from monitor.store import {modules}
from monitor.store.engine import open_store
from tests.store.store_values import *
url = sys.argv[1]
"""
CLAIMER = """
store = open_store(url, migrate=False, say=print)
print("ready", flush=True)
sys.stdin.readline()
empty = 0
while empty < 3:
    with store.write() as tx:
        taken = claims.claim(tx, NOW, LEASE, sys.argv[2], 5)
    empty = 0 if taken else empty + 1
    for alert in taken:
        print(alert.id, flush=True)
        with store.write() as tx:
            assert claims.mark_sent(tx, alert, sys.argv[2], NOW)
"""
HOLDER = """
with lock.hold(url):
    print("held", flush=True)
    sys.stdin.readline()
"""
HALF_DONE = """
store = open_store(url, migrate=False, say=print)
with store.write() as tx:
    row = records.ensure(tx, [nct(2)], NOW)[nct(2)]
    record = records.by_keys(tx, [nct(1)])[nct(1)]
    versions.append(tx, record, new_version("two" * 20000))
    changes.add(tx, record.id, from_version=1, to_version=2, observed_at=NOW, found=[change()], comparer_version=1)
    alerts.plan(tx, [planned(record.id)], NOW)
    print("half done", flush=True)
    sys.stdin.readline()
"""


def start(body: str, *arguments: str) -> subprocess.Popen[str]:
    """Whatever of ours can be inherited is inherited."""
    modules = "alerts, changes, claims, lock, records, versions"
    return subprocess.Popen(
        [sys.executable, "-c", CHILD.format(modules=modules) + body, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        close_fds=False,
        cwd=Path(__file__).parents[2],
    )


def line_of(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def fill(store: Store) -> None:
    with store.write() as tx:
        rows = records.ensure(tx, [nct(n) for n in range(1, ALERTS // 4 + 1)], NOW).values()
        wanted = [planned(row.id, from_version=n, to_version=n + 1) for row in rows for n in range(1, 5)]
        alerts.plan(tx, wanted, NOW)


def test_two_processes_never_get_the_same_alert_and_keep_the_order_of_each_trial(url: str, store: Store) -> None:
    fill(store)
    children = [start(CLAIMER, url, name) for name in ("one", "two")]
    assert [line_of(child) for child in children] == ["ready", "ready"]
    outputs: list[list[int]] = [[], []]

    def drain(n: int) -> None:
        outputs[n] = [int(line) for line in children[n].communicate("\n")[0].split()]

    threads = [threading.Thread(target=drain, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [child.returncode for child in children] == [0, 0]
    assert Counter(outputs[0] + outputs[1]) == Counter(range(1, ALERTS + 1))
    with store.read() as tx:
        sent = alerts.list_alerts(tx)
        started = {alert.id: [attempt.number for attempt in alerts.list_attempts(tx, alert.id)] for alert in sent}
    assert set(map(tuple, started.values())) == {(1,)}


def test_threads_never_get_the_same_alert(store: Store) -> None:
    fill(store)
    taken: list[Alert] = []
    busy: list[str] = []
    guard = threading.Lock()
    open_trials: Counter[int | None] = Counter()

    def work(name: str) -> None:
        while True:
            with store.write() as tx:
                mine = claims.claim(tx, NOW, LEASE, name, 3)
            if not mine:
                with store.read() as tx:
                    if not claims.due_count(tx, NOW) and not any(alerts.list_alerts(tx, [AlertState.CLAIMED])):
                        return
                continue
            with guard:
                taken.extend(mine)
                open_trials.update(alert.record_id for alert in mine)
                busy.extend(f"two alerts of record {record}" for record, n in open_trials.items() if n > 1)
                open_trials.subtract(alert.record_id for alert in mine)
            for alert in mine:
                with store.write() as tx:
                    assert claims.mark_sent(tx, alert, name, NOW)

    threads = [threading.Thread(target=work, args=(f"thread {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(alert.id for alert in taken) == Counter(range(1, ALERTS + 1))
    assert busy == []
    order: dict[int | None, list[int]] = {}
    for alert in taken:
        order.setdefault(alert.record_id, []).append(alert.id)
    assert all(ids == sorted(ids) for ids in order.values())


def test_a_transaction_killed_half_way_leaves_nothing_behind(url: str, store: Store) -> None:
    before = make_record(store, nct(1), ("one",))
    child = start(HALF_DONE, url)
    assert line_of(child) == "half done"
    child.kill()
    assert child.wait() == -signal.SIGKILL
    child.communicate()
    reopened = open_store(url, migrate=True, say=pytest.fail)
    with reopened.write() as tx:
        assert records.all_rows(tx) == (before,)
        assert verify.verify_chain(tx, before.id) == ()
        assert alerts.list_alerts(tx) == ()
        assert [alert.recipient for alert in alerts.plan(tx, [planned(before.id)], NOW)] == [TEAM]
    reopened.close()


def test_making_a_store_killed_half_way_leaves_no_store(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    body = """
from monitor.store import schema, sqlite
from pathlib import Path
from sqlalchemy import event
sqlite.create_file(Path(url))
engine = sqlite.open_engine(Path(url))
def wait(*_, **__):
    print("half", flush=True)
    sys.stdin.readline()
event.listen(schema.metadata.tables["alerts"], "after_create", wait)
schema.create(engine)
"""
    child = start(body, str(path))
    assert line_of(child) == "half"
    child.kill()
    child.communicate()
    store = open_store(f"sqlite:///{path}", migrate=True, say=pytest.fail)
    make_record(store, nct(1), ("one",))
    store.close()


def test_a_second_run_is_kept_out_at_once_and_let_in_afterwards(store_url: str) -> None:
    with lock.hold(store_url) as first, pytest.raises(LockHeld), lock.hold(store_url):
        pass
    with lock.hold(store_url) as second:
        assert first.id != second.id


def test_the_lock_ends_with_its_process_however_that_ends(store_url: str) -> None:
    child = start(HOLDER, store_url)
    assert line_of(child) == "held"
    with pytest.raises(LockHeld), lock.hold(store_url):
        pass
    child.kill()
    child.communicate()
    _until_let_in(store_url)


def _until_let_in(url: str) -> None:
    """PostgreSQL notices the end of a connection a moment later."""
    for _ in range(200):
        try:
            with lock.hold(url):
                return
        except LockHeld:
            threading.Event().wait(0.05)
    raise AssertionError("the lock of a dead process was never given up")


def test_a_lock_file_left_behind_keeps_nobody_out(tmp_path: Path) -> None:
    (tmp_path / "m.db.lock").write_text("12345")
    with lock.hold(f"sqlite:///{tmp_path / 'm.db'}"):
        assert (tmp_path / "m.db.lock").stat().st_mode & 0o777 in (0o600, 0o644)


def test_the_lock_is_not_handed_on_to_programs_that_are_started(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'm.db'}"
    with lock.hold(url):
        child = start('print("started", flush=True); sys.stdin.readline()', url)
        assert line_of(child) == "started"
    with lock.hold(url):
        pass
    child.communicate("\n")


def test_two_stores_have_two_locks(tmp_path: Path) -> None:
    with lock.hold(f"sqlite:///{tmp_path / 'a.db'}"), lock.hold(f"sqlite:///{tmp_path / 'b.db'}"):
        pass


@pytest.mark.parametrize(("where", "error"), [("nowhere/m.db", StoreError), ("folder/m.db", StoreReadOnly)])
def test_a_place_without_room_for_the_lock_is_reported(tmp_path: Path, where: str, error: type[Exception]) -> None:
    (tmp_path / "folder" / "m.db.lock").mkdir(parents=True)
    with pytest.raises(error), lock.hold(f"sqlite:///{tmp_path / where}"):
        pass


def test_readers_go_on_while_a_writer_works(store: Store) -> None:
    record = make_record(store, nct(1), ("one",))
    seen: list[int] = []

    def read() -> None:
        with store.read() as tx:
            seen.append(len(records.all_rows(tx)))

    with store.write() as tx:
        records.ensure(tx, [nct(2)], NOW)
        in_thread(read)
    in_thread(read)
    assert seen == [1, 2]
    assert record.latest == 1


def in_thread(act: Callable[[], None]) -> None:
    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


def test_what_is_raised_inside_a_transaction_undoes_it(store: Store) -> None:
    def fail() -> None:
        with store.write() as tx:
            records.ensure(tx, [nct(1)], NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.read() as tx:
        assert records.all_rows(tx) == ()


def test_two_processes_that_make_the_same_store_make_one(store_url: str) -> None:
    body = 'sys.stdin.readline(); open_store(url, migrate=True, say=print).close(); print("done", flush=True)'
    children = [start(body, store_url) for _ in range(3)]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    assert [child.communicate()[0].strip() for child in children] == ["done"] * 3
    open_store(store_url, migrate=False, say=pytest.fail).close()


def test_the_identity_of_a_holder_is_never_given_twice() -> None:
    assert len({lock.new_holder().id for _ in range(1000)}) == 1000
    assert lock.new_holder().id.startswith(str(os.getpid()))
