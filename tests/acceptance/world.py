"""What a user has: a configuration, the program, sources and recipients; all of it real and on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from monitor.demo.mailbox import Letter, Mailbox
from monitor.demo.registry import RecordedRegistry
from monitor.demo.webhooks import WebhookSink

NCT, SECOND, THIRD = "NCT07011550", "NCT06203210", "NCT07227597"
RECORDED = Path(__file__).parents[1] / "payloads" / "cli"
Call = Callable[..., "CompletedProcess[str]"]


def study(number: str, version: int = 0) -> Any:
    """A recorded study document; version 1 is what the registry showed later."""
    return json.loads((RECORDED / f"{number}_{version}.json").read_bytes())


def with_status(document: Any, status: str) -> Any:
    """The document as if its status were another."""
    copy = deepcopy(document)
    copy["protocolSection"]["statusModule"]["overallStatus"] = status
    return copy


class World:
    """One configuration in `folder`. `destinations` and `more` are its TOML; change them and `configure` again."""

    def __init__(
        self, folder: Path, call: Call, registry: RecordedRegistry, mailbox: Mailbox, web: WebhookSink
    ) -> None:
        self.folder, self.call, self.registry, self.mailbox, self.web = folder, call, registry, mailbox, web
        self.destinations = {"team": self.mail_url("team@example.org")}
        self.readers = ["team"]
        self.head, self.more = "", ""
        self.store_url = "sqlite:///monitor.db"

    @property
    def config(self) -> Path:
        return self.folder / "monitor.toml"

    @property
    def store(self) -> Path:
        return self.folder / "monitor.db"

    def mail_url(self, *to: str, port: int | None = None) -> str:
        return f"mailto://127.0.0.1:{port or self.mailbox.port}?from=monitor@example.org&to={','.join(to)}"

    def hook_url(self) -> str:
        return f"json://127.0.0.1:{self.web.port}/hook"

    def configure(self) -> None:
        parts = [self.head, f'[store]\nurl = "{self.store_url}"\n']
        for name, url in (("ctgov", self.registry.ctgov_url), ("ctv", self.registry.ctv_url)):
            parts.append(
                f'[sources.{name}]\nbase_url = "{url}"\nrequests_per_second = 0\nallow_private_addresses = true\n'
            )
        for name, url in self.destinations.items():
            parts.append(f'[destinations.{name}]\nurl = "{url}"\nallow_private_addresses = true\n')
        if self.readers:
            parts.append(f'[[rules]]\nto = {json.dumps(self.readers)}\nmin_severity = "administrative"\n')
        self.config.write_text("\n".join([*parts, self.more]), encoding="utf-8")
        self.config.chmod(0o600)

    def run(self, *arguments: str) -> CompletedProcess[str]:
        return self.call(*arguments, "--config", str(self.config))

    def json(self, *arguments: str, code: int = 0) -> Any:
        """The one document that a verb prints; nothing else may stand on standard output."""
        done = self.run(*arguments, "--json")
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout)

    def follow(self, *numbers: str) -> None:
        """Watch recorded trials, and see them for the first time."""
        for number in numbers:
            self.registry.add_study(study(number))
        self.configure()
        assert self.run("watch", "add", *numbers).returncode == 0
        self.json("check")

    def change(self, *numbers: str, day: int = 2) -> None:
        """From `day` on, which begins now, the registry shows what it showed later."""
        for number in numbers:
            self.registry.add_study(study(number, 1), day=day)
        self.registry.set_day(day)

    def letters(self, address: str = "team@example.org") -> list[Letter]:
        return [letter for letter in self.mailbox.letters if letter.recipients == (address,)]

    def subjects(self, address: str = "team@example.org") -> list[str]:
        return [letter.subject for letter in self.letters(address)]
