"""Several runs at once, and runs that die: the lock, the claims, and what a kill leaves behind."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.errors import ConcurrentChange
from monitor.model.alert import Alert, AlertState
from monitor.store import alerts, batches, claims, records, verify, versions
from monitor.store.engine import Store, open_store
from tests.store.children import line_of, start
from tests.store.store_values import LEASE, NOW, TEAM, make_record, nct, new_version, planned

ALERTS = 120
CLAIMER = """
import time
store = open_store(url, migrate=False, say=print)
print("ready", flush=True)
sys.stdin.readline()
empty = 0
while empty < 3:
    with store.write() as tx:
        taken = batches.claim_next(tx, "team", NOW, LEASE, sys.argv[2])
    empty = 0 if taken else empty + 1
    for alert in taken:
        print(alert.id, flush=True)
    time.sleep(0.01)  # while the message is sent others have their turn
    with store.write() as tx:
        assert claims.mark_sent(tx, taken, sys.argv[2], NOW) == len(taken)
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
                mine = batches.claim_next(tx, "team", NOW, LEASE, name)
            if not mine:
                with store.read() as tx:
                    if not batches.due_destinations(tx, NOW) and not any(alerts.list_alerts(tx, [AlertState.CLAIMED])):
                        return
                continue
            with guard:
                taken.extend(mine)
                open_trials.update(alert.record_id for alert in mine)
                busy.extend(f"two alerts of record {record}" for record, n in open_trials.items() if n > 1)
                open_trials.subtract(alert.record_id for alert in mine)
            for alert in mine:
                with store.write() as tx:
                    assert claims.mark_sent(tx, [alert], name, NOW)

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


def test_of_two_runs_that_find_the_same_change_at_once_one_is_refused(store: Store) -> None:
    record = make_record(store, nct(1), ("one",))
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def append() -> None:
        together.wait()
        try:
            with store.write() as tx:
                versions.append(tx, record, new_version("two"))
                alerts.plan(tx, [planned(record.id)], NOW)
            outcomes.append("stored")
        except ConcurrentChange:
            outcomes.append("refused")

    threads = [threading.Thread(target=append) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "stored"]
    with store.read() as tx:
        assert verify.verify_chain(tx, record.id) == ()
        assert len(alerts.list_alerts(tx)) == 1
