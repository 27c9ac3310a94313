"""No secret of a configuration is read but where it was put: not in what is printed, logged, stored or sent."""

from __future__ import annotations

import base64
import html
import json
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest

from monitor.deliver.channels import open_channel
from monitor.demo.mailbox import Mailbox
from monitor.demo.registry import RecordedRegistry
from monitor.demo.webhooks import WebhookSink
from monitor.errors import MonitorError
from monitor.settings import load
from tests.acceptance.world import NCT, study
from tests.project.tree import ROOT
from tests.security.canaries import canary, found_in, in_url, left_behind
from tests.security.echoes import EchoingMail, EchoingWeb
from tests.ssrf.doors import NOW, TEST

SLOTS = (
    "mailPassword", "hookPassword", "hookPath", "hookQuery", "hookHeader", "semicolon", "envUrl", "fileUrl",
    "handedIn", "pingPath", "pingQuery", "proxy", "store",
)  # fmt: skip
SECRETS = {slot: canary(slot, odd=slot not in ("mailPassword", "store")) for slot in SLOTS}
SECRETS["store"] = f"{canary('store')[:-3]}[/#9"  # signs that an address may not hold, and that a password may
CONFIGURED = frozenset({"monitor.toml", "file.url", "handed.url"})
RUNS = """
import contextlib, importlib, io, json, sys
from pathlib import Path
from monitor.cli import group, logs
orders = json.load(sys.stdin)
for order in orders["runs"]:
    importlib.reload(logs)  # what an earlier run learned to hide must not help this one
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = group.main(order)
    print(json.dumps([" ".join(order), code, out.getvalue(), err.getvalue()]))
    if orders["breaks"] and order == orders["runs"][0]:
        quoted = Path(orders["breaks"]).read_text(encoding="utf-8")
        def hook(event, args):
            if event == "socket.connect":
                raise RuntimeError(f"cannot do {quoted}")
        sys.addaudithook(hook)
"""


class Place:
    """A configuration with a secret in every slot; destinations that work, and ones that say back what they got."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.registry = stack.enter_context(RecordedRegistry())
        self.works, self.mailbox = stack.enter_context(WebhookSink()), stack.enter_context(Mailbox())
        self.echoes = [stack.enter_context(EchoingWeb(status)) for status in (401, 400, 500, 302)]
        self.mail, self.ping = stack.enter_context(EchoingMail()), stack.enter_context(EchoingWeb(500))
        self.proxy = stack.enter_context(EchoingWeb(407))
        self.said: list[tuple[str, bytes]] = []
        self.registry.add_study(study(NCT))
        self.configure()

    def hook(self, port: int) -> str:
        path, query, header, other = (
            in_url(SECRETS[slot]) for slot in ("hookPath", "hookQuery", "hookHeader", "semicolon")
        )
        return (
            f"json://user:{in_url(SECRETS['hookPassword'])}@127.0.0.1:{port}/hook/{path}"
            f"?-key={query}&+X-Token={header};-other={other}"
        )

    def urls(self) -> dict[str, str]:
        password = in_url(SECRETS["mailPassword"])
        mail = f"mailto://user:{password}@127.0.0.1:{self.mail.port}?from=m@example.org&to=a@example.org"
        refused = {f"echo{number}": self.hook(echo.port) for number, echo in enumerate(self.echoes)}
        good = {"works": self.hook(self.works.port), "post": mail.replace(str(self.mail.port), str(self.mailbox.port))}
        gone = {"gone": self.hook(9), "tls": self.hook(self.works.port).replace("json:", "jsons:")}
        return {**good, "mail": mail, **refused, **gone}

    def configure(self, *, proxy: str | None = None) -> None:
        parts = [f'[network]\nproxy = "{proxy}"\n'] if proxy else []
        parts += [f'[destinations.{name}]\nurl = "{url}"\n' for name, url in self.urls().items()]
        parts += [f"[destinations.{name}]\nurl_{how}\n" for name, how in self.elsewhere().items()]
        parts = [part + "allow_private_addresses = true\n" if part.startswith("[dest") else part for part in parts]
        base = self.registry.ctgov_url if proxy is None else "http://registry.invalid/api/v2"
        source = f'[sources.ctgov]\nbase_url = "{base}"\nrequests_per_second = 0\nallow_private_addresses = true\n'
        ping = f"http://127.0.0.1:{self.ping.port}/{in_url(SECRETS['pingPath'])}?{in_url(SECRETS['pingQuery'])}"
        parts += [source, f'[operator]\nto = ["works"]\nping_url = "{ping}"\n', f'[[watches]]\nref = "{NCT}"\n']
        config = self.folder / "monitor.toml"
        config.write_text("\n".join(parts), encoding="utf-8")
        config.chmod(0o600)

    def elsewhere(self) -> dict[str, str]:
        """Destinations whose URL stands in a file, in a variable, and in the file of a variable: nobody is there."""
        for name, slot in (("file.url", "fileUrl"), ("handed.url", "handedIn")):
            (self.folder / name).write_text(self.gone(slot), encoding="utf-8")
            (self.folder / name).chmod(0o600)
        return {"infile": 'file = "file.url"', "inenv": 'env = "TEAM_URL"', "handed": 'env = "OTHER_URL"'}

    def gone(self, slot: str) -> str:
        return f"json://user:{in_url(SECRETS[slot])}@127.0.0.1:9/{in_url(SECRETS[slot])}"

    @property
    def environ(self) -> dict[str, str]:
        home = str(self.folder)
        given = {"TEAM_URL": self.gone("envUrl"), "OTHER_URL_FILE": str(self.folder / "handed.url")}
        return {"PATH": os.environ["PATH"], "HOME": home, "PYTHONPATH": str(ROOT), "TMPDIR": home, **given}

    def run(self, *runs: str, breaks: str = "") -> list[int]:
        """Run the program once for each line of arguments, talkative, and keep what it said; the exit codes.

        With `breaks` each run but the first finds that connecting raises an error that quotes this file.
        """
        config = str(self.folder / "monitor.toml")
        orders = {"runs": [[*run.split(), "--config", config, "-v"] for run in runs], "breaks": breaks}
        done = subprocess.run(
            [sys.executable, "-c", RUNS],
            input=json.dumps(orders),
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=True,
        )
        self.said.append(("the process", (done.stderr).encode()))
        told = [json.loads(line) for line in done.stdout.splitlines()]
        self.said += [(name, (out + err).encode()) for name, _, out, err in told]
        return [code for _, code, _, _ in told]

    def leaks(self) -> dict[str, list[str]]:
        """Where a secret can be read, and of which slots."""
        sent = [("a message", hook.content) for hook in self.works.hooks]
        sent += [("a mail", letter.message.as_bytes()) for letter in self.mailbox.letters]
        places = [*self.said, *left_behind(self.folder, CONFIGURED), *sent]
        return {place: slots for place, data in places if (slots := found_in(data, SECRETS))}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with ExitStack() as stack:
        yield Place(tmp_path, stack)


def test_no_run_of_the_program_shows_a_secret(place: Place) -> None:
    tests = [f"destination test {name}" for name in ("mail", "echo0", "gone", "tls", "infile")]  # check tries them all
    done = place.run("check", "--log-format json check", *tests, "doctor", "doctor --report", "deliver", "verify")
    assert done[0] == 1, "several destinations refuse what they get"
    codes = {code for _, data in place.said for code in re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", data.decode())}
    place.run("history", "alerts list --all --json", *(f"alerts show {code}" for code in sorted(codes)[:6]))
    assert place.run(f"backup {place.folder / 'kept.backup'}") == [0]
    assert place.works.hooks, "nothing was sent at all"
    assert place.mail.asked
    assert place.ping.asked
    assert all(echo.asked for echo in place.echoes)
    assert place.leaks() == {}


def test_no_fault_of_the_program_itself_shows_a_secret(place: Place) -> None:
    quoted = place.folder / "quoted" / "file.url"
    quoted.parent.mkdir()
    known = [secret for slot, secret in SECRETS.items() if slot not in ("store", "proxy")]  # the others it cannot know
    quoted.write_text(" ".join([*known, *place.urls().values()]), encoding="utf-8")
    codes = place.run("check", "check", "destination test mail", "destination test works", breaks=str(quoted))
    assert codes[1:] == [1, 1, 1]
    assert b"RuntimeError" in b"".join(data for _, data in place.said)
    assert list(place.folder.rglob("trial-monitor-fault-*.log"))
    assert place.leaks() == {}


def test_a_proxy_that_says_back_its_password_is_not_repeated(place: Place) -> None:
    place.configure(proxy=f"http://user:{in_url(SECRETS['proxy'])}@127.0.0.1:{place.proxy.port}")
    place.run("check", "doctor", "doctor --report", "destination test gone")
    assert place.proxy.asked
    assert place.leaks() == {}


@pytest.mark.parametrize("slot", ["store", "proxy"])
def test_a_store_that_cannot_be_reached_is_named_without_its_password(place: Place, slot: str) -> None:
    config = place.folder / "monitor.toml"
    password = SECRETS[slot] if slot == "store" else in_url(SECRETS[slot])
    config.write_text(f'[store]\nurl = "postgresql+psycopg://user:{password}@127.0.0.1:9/trials"\n', encoding="utf-8")
    backup = f"backup {place.folder / 'kept.backup'}"
    assert place.run("check", "doctor", "doctor --report", backup)[0] == 3
    assert place.leaks() == {}
    config.chmod(0o644)
    assert place.run("check") == [2]


def test_neither_the_settings_nor_an_error_holds_a_secret_when_shown_or_pickled(place: Place) -> None:
    settings = load(place.folder / "monitor.toml", place.environ)
    shown = [("settings", repr(settings).encode())]
    for name, destination in settings.destinations.items():
        for address in destination.parsed.recipients:
            way = open_channel(
                destination.parsed, address, network=settings.network, allow_private=True, clock=lambda: NOW
            )
            shown.append((f"way to {name}", repr(way).encode()))
            try:
                way.write(TEST)()
            except MonitorError as error:
                shown += [(name, repr(error).encode()), (name, str(error).encode()), (name, pickle.dumps(error))]
    assert len(shown) > len(settings.destinations)
    assert {where: slots for where, data in shown if (slots := found_in(data, SECRETS))} == {}


@pytest.mark.parametrize("slot", SLOTS)
def test_the_search_finds_a_secret_in_every_coding(slot: str) -> None:
    secret = SECRETS[slot]
    told = [
        secret, in_url(secret), in_url(secret).lower(), quote(secret, safe="+=&"), json.dumps(secret),
        html.escape(secret),
        secret.encode().hex(), base64.b64encode(f"u:{secret}".encode("latin-1")).decode(),
        base64.b64encode(f"user:{secret}".encode()).decode(), base64.urlsafe_b64encode(f"x{secret}y".encode()).decode(),
    ]  # fmt: skip
    for each in told:
        assert slot in found_in(f"prefix {each} suffix".encode(), SECRETS), each
    assert found_in(b"nothing to be seen", SECRETS) == []
