"""`doctor` against real sockets: sources that answer, refuse, or are not there; a mail server; a store."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from monitor.cli import logs
from monitor.cli.doctoring.finding import Finding, Level
from monitor.cli.doctoring.report import without_people
from monitor.cli.doctoring.sources_check import Surroundings, look_at_sources, other_ways
from monitor.cli.doctoring.store_check import judge_outbox, judge_schedule, span_words
from monitor.demo.mailbox import Mailbox
from monitor.egress.policy import HostPolicy, Network
from monitor.model.alert import AlertState
from monitor.model.coverage import Coverage, Outcome
from monitor.model.version import HostRest
from tests.cli.seeded import fill_store

Run = Callable[..., subprocess.CompletedProcess[str]]
NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


class Host:
    """Answers every request with what `status` says of its headers, and keeps them."""

    def __init__(self, status: Callable[[Message], int]) -> None:
        self.asked: list[tuple[str, str]] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append((self.path, self.headers.get("User-Agent", "")))
                self.send_response(status(self.headers))
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                """Nothing: the test looks at `asked`."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def host() -> Iterator[Callable[[Callable[[Message], int]], Host]]:
    hosts: list[Host] = []

    def start(status: Callable[[Message], int]) -> Host:
        hosts.append(Host(status))
        return hosts[-1]

    yield start
    for each in hosts:
        each.close()


def look(url: str, **more: object) -> Finding:
    policy = HostPolicy(source="ctgov", base_url=url, requests_per_second=0, allow_private_addresses=True)
    around = Surroundings(network=Network(), clock=lambda: NOW, **more)  # type: ignore[arg-type] # rests
    (found,) = asyncio.run(look_at_sources([policy], around))
    return found


def test_a_source_that_answers_is_asked_once(host: Callable[..., Host]) -> None:
    there = host(lambda _headers: 200)
    assert look(there.url).level is Level.WELL
    assert [path for path, _ in there.asked] == ["/version"]


def test_the_way_that_passes_is_found_and_named(host: Callable[..., Host]) -> None:
    there = host(lambda headers: 403 if "httpx" in headers.get("User-Agent", "") else 200)
    found = look(there.url)
    assert found.level is Level.FAULT
    assert 'transport = "urllib3"' in found.remedy
    assert "Mozilla" not in "".join(agent for _, agent in there.asked)


def test_a_source_that_refuses_everything_is_not_asked_for_ever(host: Callable[..., Host]) -> None:
    there = host(lambda _headers: 403)
    found = look(there.url)
    assert (found.level, len(there.asked)) == (
        Level.FAULT,
        1 + len(list(other_ways(HostPolicy(source="x", base_url="x")))),
    )
    assert "another network" in found.remedy


def test_a_source_that_asks_for_quiet_gets_it(host: Callable[..., Host]) -> None:
    there = host(lambda _headers: 429)
    assert look(there.url).level is Level.WARNING
    assert len(there.asked) == 1
    rest = HostRest(host=there.url.removeprefix("http://"), status=403, until=NOW + timedelta(hours=1))
    assert look(there.url, rests=[rest]).level is Level.WARNING
    assert len(there.asked) == 1


def test_a_source_that_is_not_there_comes_with_a_remedy() -> None:
    found = look("http://127.0.0.1:9")
    assert found.level is Level.FAULT
    assert "[network] proxy" in found.remedy


def configure(folder: Path, url: str, mail: str = "") -> Path:
    sources = "".join(
        f'[sources.{name}]\nbase_url = "{url}"\nallow_private_addresses = true\nrequests_per_second = 0.0\n'
        for name in ("ctgov", "ctv")
    )
    path = folder / "monitor.toml"
    path.write_text(f'[store]\nurl = "sqlite:///monitor.db"\n{sources}{mail}')
    path.chmod(0o600)
    return path


def test_doctor_looks_at_everything_and_sends_nothing(call: Run, tmp_path: Path, host: Callable[..., Host]) -> None:
    fill_store(tmp_path)
    with Mailbox() as mailbox:
        url = f"mailto://127.0.0.1:{mailbox.port}?from=m@example.org&to=team@example.org&mode=insecure"
        mail = f'[destinations.team]\nurl = "{url}"\nallow_private_addresses = true\n'
        config = configure(tmp_path, host(lambda _headers: 200).url, mail)
        done = call("doctor", "--config", str(config))
        assert mailbox.letters == ()
    assert done.returncode == 1  # the last pass of the filled store is long ago
    text = " ".join(done.stdout.split())
    for words in (
        "has no fault", "schedule The last pass ended", "are free at", "answers (no log-in is configured)",
        "Faults are told to team", "source ctgov", "source ctv", "Look at them: trial-monitor suspect",
    ):  # fmt: skip
        assert words in text


def test_a_report_names_no_secret_and_no_person(call: Run, tmp_path: Path) -> None:
    url = "mailtos://ann:hunter22secret@127.0.0.1:9?from=ann@example.org&to=bob@example.org&mode=starttls"
    config = configure(tmp_path, "http://127.0.0.1:9", f'[destinations.team]\nurl = "{url}"\n')
    done = call("doctor", "--report", "--offline", "--config", str(config))
    assert "trial-monitor " in done.stdout
    assert "destinations: mailtos" in done.stdout
    for word in ("hunter22secret", "ann@", "bob@", str(tmp_path)):
        assert word not in done.stdout


def test_a_report_is_redacted_twice() -> None:
    logs.hide(["hunter22secret"])
    text = "see /home/ann/x: postgresql://ann:pw@db/x bob.b+c@example.org hunter22secret"
    assert without_people(text, Path("/home/ann")) == "see ~/x: postgresql://***@db/x ***@example.org ***"


@pytest.mark.parametrize(("hours", "level"), [(1, Level.WELL), (12, Level.WELL), (14, Level.FAULT)])
def test_a_schedule_that_stands_still_is_a_fault(hours: int, level: Level) -> None:
    at = NOW - timedelta(hours=hours)
    latest = Coverage(started_at=at, finished_at=at, outcomes={Outcome.UNCHANGED: 1})
    assert judge_schedule(latest, timedelta(hours=6), NOW).level is level
    assert judge_schedule(None, timedelta(hours=6), NOW).level is Level.WARNING


def test_an_outbox_with_dead_alerts_is_a_fault() -> None:
    assert [each.level for each in judge_outbox({AlertState.DEAD: 1, AlertState.PENDING: 2})] == [
        Level.FAULT,
        Level.WARNING,
    ]
    assert [each.level for each in judge_outbox({AlertState.SENT: 5})] == [Level.WELL]


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 minutes"), (1, "1 minute"), (60, "1 hour"), (1500, "1 day"), (3000, "2 days")]
)
def test_spans_are_told_in_their_largest_unit(minutes: int, words: str) -> None:
    assert span_words(timedelta(minutes=minutes)) == words
