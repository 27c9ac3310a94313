"""The demo as a user runs it: the program itself, in an empty folder, with nothing but loopback."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("trial-monitor")


@dataclass(frozen=True)
class Demo:
    """A finished demo: the folder where it was started, and what it printed."""

    cwd: Path
    code: int
    told: str
    complained: str

    @property
    def folder(self) -> Path:
        return self.cwd / "demo"

    def day(self, number: int) -> str:
        """What was told of one day."""
        return re.split(r"(?m)^== ", self.told)[number]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command, with the environment that the demo's last lines ask for."""
        (line,) = re.findall(r"export TRIAL_MONITOR_CONFIG=(.+)", self.told)
        return start(self.cwd, arguments, {"TRIAL_MONITOR_CONFIG": line})


def start(cwd: Path, arguments: tuple[str, ...], more: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "COLUMNS": "100", "HOME": str(cwd), **more}
    command = [str(PROGRAM), *arguments]
    return subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    cwd = tmp_path_factory.mktemp("elsewhere")
    done = start(cwd, ("demo",), {})
    return Demo(cwd, done.returncode, done.stdout, done.stderr)


def test_it_ends_well_and_complains_of_nothing(demo: Demo) -> None:
    assert demo.code == 0, demo.complained
    assert "Traceback" not in demo.complained


def test_the_first_day_is_a_baseline_and_one_welcome_each(demo: Demo) -> None:
    told = demo.day(1)
    assert "9 of 9 trials verified on 16 Feb, registry data of 13 Feb." in told
    assert told.count("Now watching 9 trials") == 2
    assert "team@example.org" in told
    assert "Slack, #trials" in told


def test_a_day_of_noise_says_nothing(demo: Demo) -> None:
    told = demo.day(2)
    assert "Nothing has changed." in told
    assert "9 of 9 trials verified on 18 Feb, registry data of 17 Feb." in told
    assert "Nothing was sent." in told


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (3, 'Now Suspended. It was Recruiting. Reason given: "FDA".'),
        (3, "Enrolled 7 people (final count) of 40 planned, 18%."),
        (3, "The contact Kim Ross is no longer listed."),
        (6, "Now plans 102 people. It planned 200 (49% fewer)."),
        (7, "Now Unknown; last known as Not yet recruiting."),
        (8, "43 sites opened in 15 countries"),
        (8, "Exclusion 2"),
        (8, "Now Recruiting. It was Not yet recruiting."),
    ],
)
def test_each_kind_of_change_is_told_in_a_sentence(demo: Demo, day: int, sentence: str) -> None:
    assert sentence in re.sub(r"\s+", " ", demo.day(day))


def test_the_mail_was_really_sent_with_all_facts_in_both_parts(demo: Demo) -> None:
    (path,) = (demo.folder / "mail").glob("day-3-*-team.eml")
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    for subtype in ("plain", "html"):
        part = mail.get_body(preferencelist=(subtype,))
        assert part is not None
        text = re.sub(r"<[^>]+>|\s+", " ", part.get_content())
        for fact in (
            "NCT07011550",
            "FDA",
            "7 people",
            "Kim Ross",
            "15 Aug 2025",
            "clinicaltrials.gov/study/NCT07011550",
        ):
            assert fact in text or fact in part.get_content(), (subtype, fact)
    assert path.with_suffix(".html").read_text(encoding="utf-8").lstrip().startswith("<")
    assert "NCT07011550 now Suspended" in demo.day(3)


def test_slack_got_what_its_own_plugin_sends(demo: Demo) -> None:
    payloads = [json.loads(path.read_bytes()) for path in (demo.folder / "slack").glob("day-3-*.json")]
    assert len(payloads) == 1
    (attachment,) = payloads[0]["attachments"]
    assert "Suspended" in attachment["title"]
    assert payloads[0]["channel"] == "#trials"
    assert attachment["title"] in demo.day(3)


def test_a_broken_page_is_told_to_the_operator_alone(demo: Demo) -> None:
    sent = [path.name for path in (demo.folder / "mail").glob("day-4-*.eml")]
    assert sent == ["day-4-1-operator.eml"]
    assert list((demo.folder / "slack").glob("day-4-*")) == []
    assert "8 of 9 trials verified" in demo.day(4)
    assert [path.name for path in (demo.folder / "mail").glob("day-5-*.eml")] == ["day-5-1-operator.eml"]


def test_the_echo_of_the_mirror_is_kept_and_told_to_nobody(demo: Demo) -> None:
    assert "Nothing was sent." in demo.day(9)
    found = json.loads(demo.run("history", "NCT07268053", "--json").stdout)
    status = [change for change in found if change["path"].startswith("status")]
    assert sorted(change["cause"] for change in status) == ["mirror", "sponsor"]


def test_the_history_stands_at_the_end(demo: Demo) -> None:
    last = demo.day(10)
    assert "$ trial-monitor history" in last
    for day in ("20 Feb 2026", "26 Feb 2026", "3 Mar 2026", "10 Mar 2026"):
        assert day in last


@pytest.mark.parametrize(
    "arguments",
    [
        ("history", "--all"),
        ("history", "--csv"),
        ("show", "NCT07227597"),
        ("show", "NCT07011550", "--at", "2026-02-19", "--json"),
        ("diff", "NCT07227597"),
        ("diff", "NCT07011550", "--json"),
        ("alerts", "list", "--all"),
        ("suspect", "list"),
        ("watch", "list"),
        ("watch", "export"),
    ],
    ids=" ".join,
)
def test_the_store_left_behind_can_be_looked_at(demo: Demo, arguments: tuple[str, ...]) -> None:
    done = demo.run(*arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_nothing_is_left_unsent(demo: Demo) -> None:
    alerts = json.loads(demo.run("alerts", "list", "--all", "--json").stdout)
    assert {alert["state"] for alert in alerts} == {"sent"}
    assert {alert["attempts"] for alert in alerts} == {1}


def test_the_configuration_left_behind_is_private_and_names_no_service_of_the_world(demo: Demo) -> None:
    config = demo.folder / "monitor.toml"
    assert config.stat().st_mode & 0o077 == 0
    urls = re.findall(r'= "(\w+://[^"]+)"', config.read_text(encoding="utf-8"))
    assert [url for url in urls if "//127.0.0.1:" not in url and not url.startswith(("sqlite:", "https://ctv."))] == []


def heed_control_c() -> None:
    """What a shell starts in the background ignores it, and so do its children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_the_recorded_sources_can_be_served_again(demo: Demo) -> None:
    environ = {**os.environ, "HOME": str(demo.cwd), "PYTHONUNBUFFERED": "1"}
    command = [str(PROGRAM), "demo", "--serve"]
    with subprocess.Popen(
        command,
        cwd=demo.cwd,
        env=environ,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=heed_control_c,  # noqa: PLW1509 (it sets a signal, nothing else)
    ) as server:
        assert server.stdout is not None
        assert "listen" in server.stdout.readline()
        again = demo.run("check", "--json")
        second = start(demo.cwd, ("demo", "--serve"), {})
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0
    report = json.loads(again.stdout)
    assert report["coverage"]["checked"] == report["coverage"]["due"] == 9
    assert report["changes"] == []
    assert again.returncode == 0, again.stderr
    assert (second.returncode, second.stdout) == (2, "")


def test_a_second_demo_replaces_the_first_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").write_text("precious")
    done = start(tmp_path, ("demo",), {})
    assert (done.returncode, done.stdout) == (2, "")
    assert (tmp_path / "demo" / "thesis.txt").read_text() == "precious"


def test_serving_without_a_demo_is_wrong_usage(tmp_path: Path) -> None:
    done = start(tmp_path, ("demo", "--serve"), {})
    assert (done.returncode, done.stdout) == (2, "")
    assert "trial-monitor demo" in done.stderr
