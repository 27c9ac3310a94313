"""What README.md tells a reader to type is typed here, in its order, in an empty folder, against the recorded registry.

A command is either run, with exit code 0, or stands in NOT_RUN with the reason.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from monitor.demo import recorded
from monitor.demo.mailbox import Mailbox
from monitor.demo.registry import RecordedRegistry
from monitor.model.json import JsonObject
from tests.project.commands import Command, commands
from tests.project.tree import BIN, ROOT

NOT_RUN = {
    r"git clone ": "needs the network",
    r"cd trial-monitor$": "follows the clone",
    r"(pipx|uv tool) install ": "needs an index; test_wheel.py runs the program of the wheel",
    r"(python3 -m pip|pip|\S+/pip) (install|wheel) ": "needs an index; requirements/install is what `make` runs",
    r"make (demo|test|bench|load|lock|check)\b": "runs this very suite, or is run by tests/demo",
    r"trial-monitor demo\b": "tests/demo runs it",
    r"trial-monitor run\b": "does not end by itself; tests of the daemon start and stop it",
    r"crontab ": "changes the machine",
    r"(sudo )?systemctl ": "changes the machine",
    r"docker ": "needs an engine",
    r"\$?EDITOR|nano |vi ": "waits for a person",
}
MINUTE = 60
SEED = "NCT04762485"  # the trial of the examples; only its study page was recorded


def stand_in(number: str) -> JsonObject:
    """A recorded study under another number."""
    _, study = next(recorded.versions("NCT06302556"))
    told = orjson.dumps(study).replace(b"NCT06302556", number.encode())
    renamed: JsonObject = orjson.loads(told)
    return renamed


@dataclass
class Reader:
    """Someone who types one command after the other into a shell that stands in `folder`.

    Whatever configuration the commands make is pointed at servers on loopback before the next one is typed.
    """

    folder: Path
    environ: dict[str, str]
    registry: RecordedRegistry
    mailbox: Mailbox

    def type(self, command: str) -> subprocess.CompletedProcess[str]:
        for name, value in re.findall(r"^export (\w+)=(\S+)$", command):
            self.environ[name] = shlex.split(value)[0]
        done = subprocess.run(
            ["/bin/bash", "-c", command],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=MINUTE,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        for config in self.folder.rglob("monitor.toml"):
            config.write_text(self._on_loopback(config.read_text(encoding="utf-8")), encoding="utf-8")
        for url in self.folder.rglob("mail.url"):
            url.write_text(re.sub(r"^\w+://[^?]*", f"mailto://127.0.0.1:{self.mailbox.port}", url.read_text()))
            url.write_text(url.read_text().replace("&mode=starttls", ""))
        return done

    def _on_loopback(self, config: str) -> str:
        if self.registry.ctgov_url in config:
            return config
        keys = "requests_per_second = 0\nallow_private_addresses = true\n"
        sources = {"ctgov": self.registry.ctgov_url, "ctv": self.registry.ctv_url}
        theirs = "".join(f'\n[sources.{name}]\nbase_url = "{url}"\n{keys}' for name, url in sources.items())
        return config.replace("[destinations.mail]", "[destinations.mail]\nallow_private_addresses = true") + theirs


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with RecordedRegistry() as registry, Mailbox() as mailbox:
        recorded.fill(registry)
        registry.add_study(stand_in(SEED))
        environ = {"HOME": str(tmp_path), "PATH": f"{BIN}:{os.environ['PATH']}", "COLUMNS": "100", "LANG": "C.UTF-8"}
        yield Reader(tmp_path, environ, registry, mailbox)


def why_not_run(command: Command) -> str | None:
    return next((reason for start, reason in NOT_RUN.items() if re.match(start, command.text)), None)


def test_every_command_of_the_readme_works_in_its_order(reader: Reader) -> None:
    typed = commands((ROOT / "README.md").read_text(encoding="utf-8"))
    run = [command for command in typed if why_not_run(command) is None]
    assert run, "the README shows no command that can be run"
    for command in run:
        result = reader.type(command.text)
        assert result.returncode == 0, f"README.md:{command.line}: {command.text}\n{result.stdout}\n{result.stderr}"
    subjects = [letter.subject for letter in reader.mailbox.letters]
    assert any(subject.startswith("Now watching") for subject in subjects), (
        "the first check of the README welcomed nobody"
    )


def test_the_readme_names_only_files_that_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = [
        link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link and not link.startswith("mailto")
    ]
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_target_that_the_readme_names_is_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)`|^(?:\$ )?make ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert {"demo", "test", "check", "bench"} <= targets
    assert {one or other for one, other in named} <= targets


MARKDOWN = """
```console
$ first --flag \\
      continued
output
$ second  # why
```
```toml
$ not this
```
```sh
# not this
third
```
"""


def test_commands_are_found_where_a_reader_sees_them() -> None:
    assert list(commands(MARKDOWN)) == [
        Command(3, "first --flag continued"),
        Command(6, "second"),
        Command(13, "third"),
    ]
