"""`init` and what it leaves behind, with a real mail server."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.cli.init import local_timezone
from monitor.demo.mailbox import Mailbox
from monitor.settings import load

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as box:
        yield box


def mail_flags(mailbox: Mailbox) -> tuple[str, ...]:
    return ("--address", "me@example.org", "--mail-server", f"127.0.0.1:{mailbox.port}", "--security", "none")


def test_flags_make_a_configuration_and_send_a_test(call: Run, tmp_path: Path, mailbox: Mailbox) -> None:
    done = call("init", *mail_flags(mailbox), "--timezone", "Europe/Berlin")
    assert (done.returncode, done.stderr) == (0, "")
    assert "A test message was handed over to me@example.org as alert" in done.stdout
    (letter,) = mailbox.letters
    assert letter.recipients == ("me@example.org",)
    settings = load(tmp_path / "config" / "monitor.toml", {})
    assert settings.timezone.key == "Europe/Berlin"
    assert settings.destinations["mail"].parsed.recipients == ("me@example.org",)
    assert settings.destinations["mail"].allow_private_addresses
    assert settings.operator.to == ("mail",)
    assert (tmp_path / "config" / "mail.url").stat().st_mode & 0o777 == 0o600


def test_nothing_is_written_over_an_existing_file(call: Run, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    for name in ("monitor.toml", "mail.url"):
        path = tmp_path / "config" / name
        path.write_text("mine")
        done = call("init", "--no-mail")
        assert (done.returncode, done.stdout) == (2, "")
        assert "is there already" in done.stderr
        assert path.read_text() == "mine"
        path.unlink()
    assert call("init", "--no-mail").returncode == 0


def test_a_dangling_link_is_not_written_through(call: Run, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "monitor.toml").symlink_to(tmp_path / "elsewhere")
    assert call("init", "--no-mail").returncode == 2
    assert not (tmp_path / "elsewhere").exists()


def test_it_works_without_mail(call: Run, tmp_path: Path) -> None:
    done = call("init", "--no-mail", "--config", str(tmp_path / "here.toml"))
    assert done.returncode == 0
    assert load(tmp_path / "here.toml", {}).destinations == {}


def test_without_a_terminal_and_flags_nothing_is_asked(call: Run, tmp_path: Path) -> None:
    assert call("init").returncode == 0
    assert (tmp_path / "config" / "monitor.toml").is_file()


@pytest.mark.parametrize(
    "flags",
    [
        ["--address", "me@example.org"],
        ["--mail-server", "smtp.example.org"],
        ["--address", "nobody", "--mail-server", "smtp.example.org"],
        ["--address", "me@example.org", "--mail-server", "smtp.example.org", "--user", "me"],
        ["--no-mail", "--watch", "NCT123"],
        ["--no-mail", "--watch", "search:lupus"],
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_written(call: Run, tmp_path: Path, flags: list[str]) -> None:
    done = call("init", *flags)
    assert (done.returncode, done.stdout) == (2, "")
    assert not (tmp_path / "config").exists()


def test_a_refused_test_message_keeps_the_configuration(call: Run, tmp_path: Path, mailbox: Mailbox) -> None:
    mailbox.refuse_all("554 no")
    done = call("init", *mail_flags(mailbox))
    assert done.returncode == 1
    assert "was not taken" in done.stderr
    assert (tmp_path / "config" / "monitor.toml").is_file()


def test_a_password_stands_in_no_output(call: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAL_MONITOR_MAIL_PASSWORD", "s3cr3t/pass word")
    flags = ("--address", "me@example.org", "--mail-server", "127.0.0.1:9", "--user", "me", "--security", "none")
    done = call("init", *flags)
    assert "s3cr3t" not in done.stdout + done.stderr
    assert "s3cr3t" not in (tmp_path / "config" / "monitor.toml").read_text()
    assert load(tmp_path / "config" / "monitor.toml", {}).destinations["mail"].parsed.mail is not None


def test_at_a_terminal_what_is_missing_is_asked_for(tmp_path: Path, mailbox: Mailbox) -> None:
    ours, theirs = pty.openpty()
    answers = ["me@example.org, you@example.org", f"127.0.0.1:{mailbox.port}", "", ""]
    code = "import sys; from monitor.cli.group import main; sys.exit(main(['init', '--security', 'none']))"
    done = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "xterm"},
        encoding="utf-8",
    )
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    out, _ = done.communicate(timeout=60)
    asked = os.read(ours, 65536).decode()
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 0
    assert out.startswith("config/monitor.toml is written.")
    assert "Mail server" in asked
    assert sorted(letter.recipients[0] for letter in mailbox.letters) == ["me@example.org", "you@example.org"]


def test_the_timezone_of_the_machine_is_found(tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    assert local_timezone({}, link) == "UTC"
    assert local_timezone({"TZ": ":Asia/Tokyo"}, link) == "Asia/Tokyo"
    assert local_timezone({"TZ": "nonsense"}, link) == "UTC"
    (tmp_path / "zoneinfo" / "Europe").mkdir(parents=True)
    (tmp_path / "zoneinfo" / "Europe" / "Berlin").write_bytes(b"")
    link.symlink_to(tmp_path / "zoneinfo" / "Europe" / "Berlin")
    assert local_timezone({}, link) == "Europe/Berlin"
