"""`backup` and `restore`: to another folder, as a person would."""

from __future__ import annotations

import stat
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from tests.cli.seeded import fill_store, write_config

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def old(call: Run, tmp_path: Path) -> Path:
    """A folder with a filled store, backed up in `kept.zip`."""
    folder = tmp_path / "old"
    folder.mkdir()
    config = write_config(folder)
    with config.open("a") as out:
        out.write('[destinations.team]\nurl = "json://hooks.example.org/s3cret-token"\n')
    config.chmod(0o600)
    fill_store(folder)
    done = call("backup", "kept.zip", "--config", str(config))
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 record, 2 versions and 1 alert" in " ".join(done.stdout.split())
    return folder


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """The configuration of another machine, with no store yet and a reader who cannot be reached."""
    folder = tmp_path / "new"
    folder.mkdir()
    config = write_config(folder)
    with config.open("a") as out:
        out.write('[destinations.team]\nurl = "json://127.0.0.1:9/x"\nallow_private_addresses = true\n')
    config.chmod(0o600)
    return config


def test_a_backup_is_one_closed_file_without_secrets(old: Path, tmp_path: Path) -> None:
    assert old.exists()
    kept = tmp_path / "kept.zip"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with zipfile.ZipFile(kept) as archive:
        assert sorted(archive.namelist()) == ["manifest.json", "monitor.toml", "store.db"]
        assert b"s3cret-token" not in b"".join(archive.read(name) for name in archive.namelist())
        secrets = orjson.loads(archive.read("manifest.json"))["secrets"]
    assert secrets == ["destinations.team.url (written in the configuration)"]
    assert not list(tmp_path.glob(".*part")) + list(tmp_path.glob(".backup-*"))


def test_nothing_is_written_over(old: Path, call: Run, tmp_path: Path) -> None:
    before = (tmp_path / "kept.zip").read_bytes()
    done = call("backup", "kept.zip", "--config", str(old / "config.toml"))
    assert done.returncode == 2
    assert "never written over" in done.stderr
    assert (tmp_path / "kept.zip").read_bytes() == before


@pytest.mark.usefixtures("old")
def test_a_restored_store_says_the_same_and_sends_nothing_before_the_choice(new: Path, call: Run) -> None:
    done = call("restore", "kept.zip", "--config", str(new))
    assert (done.returncode, done.stderr) == (0, "")
    said = " ".join(done.stdout.split())
    assert "1 alert waited then" in said
    assert "stop it: it goes on sending" in said
    assert "Nothing is sent until you choose" in said
    assert "Now Suspended" in call("history", "--config", str(new)).stdout
    (alert,) = orjson.loads(call("alerts", "list", "--json", "--config", str(new)).stdout)
    assert (alert["state"], alert["attempts"]) == ("held", 0)
    for verb in ("deliver", "check"):
        done = call(verb, "--config", str(new))
        assert done.returncode == 1
        assert "restore --resend or --skip" in done.stderr
    waiting = orjson.loads(call("alerts", "list", "--json", "--config", str(new)).stdout)
    assert [alert["attempts"] for alert in waiting] == [0] * len(waiting)


@pytest.mark.usefixtures("old")
def test_resend_lets_it_go_out(new: Path, call: Run) -> None:
    call("restore", "kept.zip", "--config", str(new))
    assert "1 alert will be sent" in call("restore", "--resend", "--config", str(new)).stdout
    call("deliver", "--config", str(new))
    (alert,) = orjson.loads(call("alerts", "list", "--json", "--config", str(new)).stdout)
    assert alert["state"] == "retry"
    assert alert["attempts"] > 0
    again = call("restore", "--resend", "--config", str(new))
    assert again.returncode == 2
    assert "Nothing is held" in again.stderr


@pytest.mark.usefixtures("old")
def test_skip_drops_it_visibly(new: Path, call: Run) -> None:
    assert "1 alert dropped" in call("restore", "kept.zip", "--skip", "--config", str(new)).stdout
    assert orjson.loads(call("alerts", "list", "--json", "--config", str(new)).stdout) == []
    (alert,) = orjson.loads(call("alerts", "list", "--all", "--json", "--config", str(new)).stdout)
    assert alert["state"] == "dropped"


def test_a_backup_is_not_restored_over_a_store(old: Path, call: Run) -> None:
    before = (old / "monitor.db").read_bytes()
    done = call("restore", "kept.zip", "--config", str(old / "config.toml"))
    assert (done.returncode, done.stdout) == (3, "")
    assert "already" in done.stderr
    assert (old / "monitor.db").read_bytes() == before


def flipped(kept: Path, bad: Path) -> None:
    """A byte of the file is another one; the archive's own sums show it."""
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 0xFF
    bad.write_bytes(content)


def packed_anew(kept: Path, bad: Path) -> None:
    """Another store is in a whole archive: only the manifest's digest shows it."""
    with zipfile.ZipFile(kept) as archive, zipfile.ZipFile(bad, "w") as other:
        for name in archive.namelist():
            content = archive.read(name)
            other.writestr(name, content + bytes(4096) if name.endswith(".db") else content)


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize("damage", [flipped, packed_anew])
def test_a_damaged_backup_makes_no_store(
    new: Path, call: Run, tmp_path: Path, damage: Callable[[Path, Path], None]
) -> None:
    damage(tmp_path / "kept.zip", tmp_path / "bad.zip")
    done = call("restore", "bad.zip", "--config", str(new))
    assert done.returncode in (2, 3)
    assert "damaged" in done.stderr or "no backup" in done.stderr
    assert not (new.parent / "monitor.db").exists()


@pytest.mark.usefixtures("old")
def test_the_configuration_of_a_backup_can_be_written_out(call: Run, tmp_path: Path) -> None:
    done = call("restore", "kept.zip", "--write-config", str(tmp_path / "again.toml"))
    assert done.returncode == 0
    assert "Give it its secret: destinations.team.url" in " ".join(done.stdout.split())
    text = (tmp_path / "again.toml").read_text()
    assert 'timezone = "UTC"' in text
    assert "s3cret-token" not in text


@pytest.mark.parametrize("arguments", [(), ("--write-config", "x.toml")])
def test_restore_says_what_it_needs(new: Path, call: Run, arguments: tuple[str, ...]) -> None:
    done = call("restore", *arguments, "--config", str(new))
    assert (done.returncode, done.stdout) == (2, "")
    assert "Name" in done.stderr
