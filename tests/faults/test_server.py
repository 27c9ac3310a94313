"""The fault server says on the wire what the script says, and writes down what it was asked."""

from __future__ import annotations

import gzip
import json
import socket
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from tests.faults.bodies import BODIES
from tests.faults.clock import SharedClock
from tests.faults.journal import entries
from tests.faults.kinds import KINDS, TRANSPORT, place
from tests.faults.script import Act, Fault, Script, Where, read_script
from tests.faults.server import FaultServer
from tests.faults.world import build, merged, withdrawn

ROOT = Path(__file__).parents[2]
WORLD = build(7, registry=4, pages=3, days=4, share=1.0)
FIRST, SECOND, THIRD = (trial.number for trial in WORLD.trials[:3])
PAGE = WORLD.trials[4]
VERSION = "/api/v2/version"


def listing(*numbers: str) -> str:
    return f"/api/v2/studies?filter.ids={','.join(numbers)}&pageSize=100"


@contextmanager
def serving(folder: Path, *faults: Fault, script: Script = WORLD) -> Iterator[FaultServer]:
    script = replace(script, faults=faults)
    with FaultServer(script, SharedClock(folder / "clock.json"), folder / "server.jsonl") as server:
        yield server


def exchange(port: int, target: str, *, most: int = 10_000_000, headers: str = "") -> tuple[bytes, bytes]:
    """One request on a connection of its own: head and body as they came, up to `most` bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n".encode())
        got = b""
        try:
            while len(got) < most and (data := line.recv(65_536)):
                got += data
        except (ConnectionError, TimeoutError):
            pass
    head, _, body = got.partition(b"\r\n\r\n")
    return head, body


def numbers_in(body: bytes) -> list[Any]:
    return [
        study["protocolSection"]["identificationModule"]["nctId"] if isinstance(study, dict) else study
        for study in json.loads(body)["studies"]
    ]


def test_a_script_is_the_same_from_the_same_seed_and_survives_its_file(tmp_path: Path) -> None:
    script = replace(build(3), faults=(place("bomb", Where(trial=FIRST, days=(2, 3))),))
    script.write(tmp_path / "script.json")
    assert read_script(tmp_path / "script.json") == script
    assert build(3) == build(3)
    assert build(3) != build(4)


def test_the_true_answers_follow_the_days(tmp_path: Path) -> None:
    script = merged(withdrawn(WORLD, FIRST, 2), SECOND, THIRD, 2)
    clock = SharedClock(tmp_path / "clock.json")
    with serving(tmp_path, script=script) as server:
        registry, pages = server.ports
        before = exchange(registry, VERSION)[1]
        assert numbers_in(exchange(registry, listing(FIRST, SECOND))[1]) == [FIRST, SECOND]
        assert PAGE.number.encode() in exchange(pages, f"/study/{PAGE.slug}")[1]
        clock.pass_time(days=1)
        assert exchange(registry, VERSION)[1] != before
        assert numbers_in(exchange(registry, listing(FIRST, SECOND, THIRD))[1]) == [THIRD]
        assert exchange(registry, f"/api/v2/studies/{FIRST}")[1] == f"NCT number {FIRST} not found".encode()
        assert f"Location: /api/v2/studies/{THIRD}".encode() in exchange(registry, f"/api/v2/studies/{SECOND}")[0]
        assert exchange(pages, "/study/none")[0].startswith(b"HTTP/1.1 404 ")


def is_whole_gzip(body: bytes) -> bool:
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS)
    unpack.decompress(body, 1000)
    return unpack.eof


WIRE: dict[str, Callable[[bytes, bytes], bool]] = {
    "short body": lambda head, body: len(body) == 900 and b"Content-Length: 900\r\n" not in head,
    "cut in the head": lambda head, body: b"Content-Length: " in head and body == b"",
    "broken chunk": lambda head, body: b"chunked" in head and b"\r\nzz\r\n" in body,
    "cut gzip": lambda head, body: b"Content-Encoding: gzip" in head and not is_whole_gzip(body),
    "gzip that is none": lambda head, body: b"Content-Encoding: gzip" in head and body[:1] == b"<",
    "coded twice": lambda head, body: b"gzip, gzip" in head and gzip.decompress(gzip.decompress(body))[:1] == b"<",
    "foreign coding": lambda head, body: b"Content-Encoding: br" in head and body[:1] == b"<",
    "bomb": lambda head, body: b"Content-Encoding: gzip" in head and len(gzip.decompress(body)) > 500 * len(body),
    "endless": lambda head, body: b"Content-Length" not in head and len(body) > 1_000_000,
    "huge length": lambda head, body: b"Content-Length: 10737418240" in head and len(body) == 100,
    "hangs up": lambda head, body: head == body == b"",
    "redirect loop": lambda head, _: b" 302 " in head and f"Location: /study/{PAGE.slug}/".encode() in head,
    "redirect to a login": lambda head, _: b" 302 " in head and b"Location: /login" in head,
    "redirect to another host": lambda head, _: b"Location: https://elsewhere.example.org/" in head,
    "304": lambda head, body: head.startswith(b"HTTP/1.1 304 ") and body == b"",
}


@pytest.mark.parametrize("name", TRANSPORT)
def test_every_fault_of_the_transport_is_on_the_wire(tmp_path: Path, name: str) -> None:
    with serving(tmp_path, place(name, Where(trial=PAGE.number))) as server:
        head, body = exchange(server.ports[1], f"/study/{PAGE.slug}", most=2_000_000)
    assert WIRE[name](head, body), (head, body[:200])


@pytest.mark.parametrize("name", sorted(BODIES))
def test_every_wrong_body_differs_from_the_true_one(tmp_path: Path, name: str) -> None:
    with serving(tmp_path, Fault(name=name, where=Where(trial=PAGE.number), act=Act(body=name))) as server:
        SharedClock(tmp_path / "clock.json").pass_time(days=2)
        wrong, true = (exchange(server.ports[1], f"/study/{PAGE.slug}")[1] for _ in range(2))
    assert wrong != true


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("missing", [FIRST, THIRD]),
        ("null", [FIRST, None, THIRD]),
        ("text", [FIRST, "nothing", THIRD]),
        ("other trial", [FIRST, f"NCT8{SECOND[4:]}", THIRD]),
        ("stripped", [FIRST, SECOND, THIRD]),
    ],
)
def test_a_fault_of_one_trial_in_a_list_leaves_its_neighbours_alone(tmp_path: Path, body: str, left: list[Any]) -> None:
    fault = Fault(name=body, where=Where(ask="list", trial=SECOND), act=Act(body=body))
    with serving(tmp_path, fault) as server:
        spoilt, true = (exchange(server.ports[0], listing(FIRST, SECOND, THIRD))[1] for _ in range(2))
    assert numbers_in(spoilt) == left
    assert numbers_in(true) == [FIRST, SECOND, THIRD]
    strangers = [study for study in json.loads(spoilt)["studies"] if study not in json.loads(true)["studies"]]
    assert len(strangers) == len(left) - 2
    answers = [entry["seen"] for entry in entries(tmp_path / "server.jsonl") if entry["event"] == "answered"]
    assert answers == [{FIRST: 0, SECOND: None, THIRD: 0}, {FIRST: 0, SECOND: 0, THIRD: 0}]


def test_a_fault_meets_the_requests_it_counts_and_no_others(tmp_path: Path) -> None:
    fault = place("503", Where(host="ctgov", ask="version", first=2, last=3, days=(2, 2)))
    clock = SharedClock(tmp_path / "clock.json")
    with serving(tmp_path, fault) as server:
        codes = [exchange(server.ports[0], VERSION)[0][9:12] for _ in range(2)]
        clock.pass_time(days=1)
        exchange(server.ports[0], listing(FIRST))
        codes += [exchange(server.ports[0], VERSION)[0][9:12] for _ in range(4)]
    assert codes == [b"200", b"200", b"200", b"503", b"503", b"200"]


def test_a_wait_is_named_in_seconds_or_as_a_date_of_the_runs_clock(tmp_path: Path) -> None:
    clock = SharedClock(tmp_path / "clock.json")
    clock.pass_time(days=1, hours=1000)
    named = (place("429, wait: huge", Where()), place("429, wait: date", Where(first=2, last=2)))
    with serving(tmp_path, *named) as server:
        huge, date = (exchange(server.ports[0], VERSION)[0] for _ in range(2))
    assert b"Retry-After: " + b"9" * 30 in huge
    moment = parsedate_to_datetime(date.partition(b"Retry-After: ")[2].partition(b"\r\n")[0].decode())
    assert moment - clock() < timedelta(seconds=2) < moment - clock() + timedelta(hours=1)


def drain(line: socket.socket) -> None:
    """Read until the other side has hung up."""
    while line.recv(65_536):
        pass


def test_a_slow_answer_comes_whole_and_a_stalled_one_never_ends(tmp_path: Path) -> None:
    slow = Fault(name="slow", where=Where(), act=Act(rate=2000))
    stalled = Fault(name="stalled", where=Where(first=2, last=2), act=Act(stall_after=10))
    with serving(tmp_path, slow, stalled) as server:
        assert json.loads(exchange(server.ports[0], VERSION)[1])["apiVersion"]
        with socket.create_connection(("127.0.0.1", server.ports[0]), timeout=0.3) as line:
            line.sendall(f"GET {VERSION} HTTP/1.1\r\nConnection: close\r\n\r\n".encode())
            with pytest.raises(TimeoutError):
                drain(line)


def test_every_request_stands_in_the_log_with_its_connection_time_and_headers(tmp_path: Path) -> None:
    with serving(tmp_path, place("403", Where(host="ctv"))) as server:
        exchange(server.ports[0], VERSION, headers="User-Agent: me\r\n")
        exchange(server.ports[1], f"/study/{PAGE.slug}")
    log = list(entries(tmp_path / "server.jsonl"))
    assert [entry["event"] for entry in log] == ["opened", "asked", "answered", "closed"] * 2
    first, second = (entry for entry in log if entry["event"] == "asked")
    assert (first["host"], first["ask"], first["headers"]["user-agent"]) == ("ctgov", "version", "me")
    assert (second["host"], second["numbers"], second["faults"]) == ("ctv", [PAGE.number], ["403"])
    assert first["at"] <= second["at"]
    assert first["connection"] != second["connection"]


def test_a_question_beside_one_that_is_being_answered_is_noticed_unless_nobody_waits_for_that(tmp_path: Path) -> None:
    stalled = Fault(name="stalled", where=Where(last=2), act=Act(stall_after=10))
    with serving(tmp_path, stalled) as server, socket.create_connection(("127.0.0.1", server.ports[0])) as first:
        first.sendall(f"GET {VERSION} HTTP/1.1\r\n\r\n".encode())
        assert first.recv(1)
        with socket.create_connection(("127.0.0.1", server.ports[0])) as second:
            second.sendall(f"GET {VERSION} HTTP/1.1\r\n\r\n".encode())
            assert second.recv(1)
        exchange(server.ports[0], VERSION)
    asked = [entry["busy"] for entry in entries(tmp_path / "server.jsonl") if entry["event"] == "asked"]
    assert asked == [0, 1, 1]


def test_the_server_runs_as_a_process_of_its_own(tmp_path: Path) -> None:
    replace(WORLD, faults=(place("500", Where(ask="version")),)).write(tmp_path / "script.json")
    command = [sys.executable, "-m", "tests.faults.server"]
    command += [str(tmp_path / name) for name in ("script.json", "clock.json", "server.jsonl")]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        url = json.loads(process.stdout.readline())["ctgov"]
        port = int(url.removesuffix("/api/v2").rpartition(":")[2])
        codes = [exchange(port, VERSION)[0][9:12] for _ in range(2)]
        process.stdin.close()
        assert process.wait(timeout=10) == 0
    assert codes == [b"500", b"200"]
    assert sum(entry["event"] == "asked" for entry in entries(tmp_path / "server.jsonl")) == 2


def test_every_kind_of_fault_is_known_to_spoil_or_not() -> None:
    assert {name for name, act in KINDS.items() if not act.spoils} == {
        "chunked",
        "until the end",
        "slow start",
        "slow drip",
        "drips for ever",
    }
