"""Files that somebody hands in - backups, lists, records - are read as data, within bounds, and land nowhere else."""

from __future__ import annotations

import csv
import io
import re
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import orjson
import pytest

from tests.cli.seeded import fill_store, write_config

Run = Callable[..., "subprocess.CompletedProcess[str]"]
OUTSIDE = [
    "../outside",
    "../../outside",
    "/outside",
    "..\\outside",
    "C:\\outside",
    "a/../../outside",
    "store.db/../outside",
]
ESCAPES = "\x1b]0;forged\x07\x1b[2J\u202eforged\r\nforged"


@pytest.fixture
def packed(call: Run, tmp_path: Path) -> dict[str, bytes]:
    """The members of a sound backup."""
    folder = tmp_path / "old"
    folder.mkdir()
    config = write_config(folder)
    fill_store(folder)
    assert call("backup", "sound.zip", "--config", str(config)).returncode == 0
    with zipfile.ZipFile("sound.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def new(tmp_path: Path) -> Path:
    folder = tmp_path / "new"
    folder.mkdir()
    return write_config(folder)


def archive(members: Mapping[str, bytes], more: Mapping[str, bytes] | None = None, *, links: bool = False) -> str:
    """A backup of these members in the present folder; with `links` each of `more` is a symbolic link."""
    with zipfile.ZipFile("given.zip", "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in (more or {}).items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16 if links else 0o600 << 16
            out.writestr(entry, content)
        for name, content in members.items():
            out.writestr(name, content)
    return "given.zip"


def with_manifest(members: Mapping[str, bytes], **facts: object) -> dict[str, bytes]:
    return {**members, "manifest.json": orjson.dumps({**orjson.loads(members["manifest.json"]), **facts})}


def tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.parametrize("links", [False, True])
def test_members_that_lead_elsewhere_are_not_unpacked(
    call: Run, packed: dict[str, bytes], new: Path, tmp_path: Path, *, links: bool
) -> None:
    given = archive(packed, dict.fromkeys(OUTSIDE, b"/etc/passwd"), links=links)
    before = tree(tmp_path)
    assert call("restore", given, "--config", str(new)).returncode == 0
    made = {name for name in tree(tmp_path) - before if not name.startswith("new/monitor.db")}
    assert made == set()
    assert not any(Path(name).exists() for name in ("/outside", str(tmp_path.parent / "outside")))


def test_a_store_that_is_a_link_in_the_archive_is_only_bytes(
    call: Run, packed: dict[str, bytes], new: Path, tmp_path: Path
) -> None:
    members = {name: content for name, content in packed.items() if name != "store.db"}
    given = archive(members, {"store.db": b"/etc/passwd"}, links=True)
    assert call("restore", given, "--config", str(new)).returncode == 3
    assert "monitor.db" not in {path.name for path in (tmp_path / "new").iterdir()}


def test_a_restored_configuration_is_written_where_it_was_told_and_over_nothing(
    call: Run, packed: dict[str, bytes], tmp_path: Path
) -> None:
    kept = tmp_path / "kept.toml"
    kept.write_text("kept")
    link = tmp_path / "link.toml"
    link.symlink_to(tmp_path / "nowhere.toml")
    given = archive(packed)
    for place in (kept, link):
        assert call("restore", given, "--write-config", str(place)).returncode == 2
    assert kept.read_text() == "kept"
    assert not (tmp_path / "nowhere.toml").exists()
    assert call("restore", given, "--write-config", "fresh.toml").returncode == 0
    assert stat.S_IMODE((tmp_path / "fresh.toml").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "facts",
    [
        {"counts": {}},
        {"counts": {"versions": "many"}},
        {"counts": None},
        {"counts": []},
        {"made_at": 7},
        {"secrets": "none"},
        {"secrets": [1]},
        {"secrets": None},
        {"store_digest": None},
        {"format": None},
        {"program": ["x"]},
        {"more": "x"},
    ],
    ids=str,
)
def test_a_manifest_of_another_shape_is_no_backup(
    call: Run, packed: dict[str, bytes], new: Path, facts: dict[str, object]
) -> None:
    done = call("restore", archive(with_manifest(packed, **facts)), "--config", str(new))
    assert (done.returncode, done.stdout) == (2, "")
    assert "fault of the program" not in done.stderr
    assert not new.with_name("monitor.db").exists()


@pytest.mark.parametrize("manifest", [b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 100_000, b'{"format": {}}'])
def test_a_manifest_that_is_none_is_no_backup(call: Run, packed: dict[str, bytes], new: Path, manifest: bytes) -> None:
    done = call("restore", archive({**packed, "manifest.json": manifest}), "--config", str(new))
    assert (done.returncode, done.stdout) == (2, "")
    assert "fault of the program" not in done.stderr


def test_what_a_manifest_says_reaches_the_terminal_without_control_characters(
    call: Run, packed: dict[str, bytes], new: Path
) -> None:
    given = archive(with_manifest(packed, made_at=ESCAPES, secrets=[ESCAPES]))
    said = call("restore", given, "--config", str(new)).stdout
    said += call("restore", given, "--write-config", "written.toml").stdout
    assert "forged" in said
    assert all(sign.isprintable() or sign == "\n" for sign in said)


@pytest.mark.parametrize("member", ["manifest.json", "monitor.toml", "store.db"])
def test_a_member_that_unpacks_to_more_than_there_is_room_for_is_refused(
    call: Run, packed: dict[str, bytes], new: Path, member: str, tmp_path: Path
) -> None:
    given = archive({**packed, member: b"0" * 3_000_000})
    data = (tmp_path / given).read_bytes()
    size = (3_000_000).to_bytes(4, "little")
    assert size in data
    (tmp_path / given).write_bytes(data.replace(size, b"\xf0\xff\xff\xff"))  # it says that it has four gigabytes
    verb = ("--write-config", "out.toml") if member == "monitor.toml" else ("--config", str(new))
    done = call("restore", given, *verb)
    assert done.returncode in ((2,) if member != "store.db" else (2, 3))
    assert "fault of the program" not in done.stderr
    assert not new.with_name("monitor.db").exists()


def test_a_store_for_which_there_is_no_room_is_not_unpacked(
    call: Run, packed: dict[str, bytes], new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = archive(packed)
    size = len(packed["store.db"])
    usage = type(shutil.disk_usage("."))
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage(size, 1, size - 1))
    done = call("restore", given, "--config", str(new))
    assert (done.returncode, done.stdout) == (2, "")
    assert "no room" in done.stderr


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"\x00" * 1000, b"PK" * 500])
def test_what_is_no_archive_is_no_backup(call: Run, new: Path, content: bytes) -> None:
    Path("given.zip").write_bytes(content)
    done = call("restore", "given.zip", "--config", str(new))
    assert (done.returncode, done.stdout) == (2, "")
    assert "fault of the program" not in done.stderr


def table(*cells: str) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([["ref", "label", "tags", "source", "every"], cells])
    return out.getvalue().encode()


LISTS = {
    "a cell of a megabyte": table("NCT04762485", "x" * 1_000_000),
    "zero bytes": b"label,ref\nx\x00y,NCT04762485\x00\n",
    "a quotation without end": b'label,ref\n"NCT04762485\n' + b"x\n" * 1000,
    "a lone carriage return": b"label,ref\rx,NCT04762485\r",
    "many columns": b"label" + b",x" * 100_000 + b"\nNCT04762485\n",
    "an interval of ages": table("NCT04762485", "", "", "", "9" * 400 + "w"),
    "an unknown source": table("NCT04762485", "", "", "file:///etc/passwd", ""),
    "a path for a page": table("https://ctv.veeva.com/study/..%2f..%2fetc", "", "", "", ""),
    "a file address": table("file:///etc/passwd", "", "", "", ""),
    "a formula": table("NCT04762485", "=cmd|' /C calc'!A0", "=1+1", "", ""),
    "escapes": table("NCT04762485", ESCAPES, ESCAPES, "", ""),
    "another coding": "label,ref\nä,NCT04762485\n".encode("utf-16"),
    "bytes": bytes(range(256)) * 10,
    "nothing": b"",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_trials_is_data_whatever_it_holds(call: Run, new: Path, name: str) -> None:
    Path("given.csv").write_bytes(LISTS[name])
    done = call("watch", "import", "given.csv", "--config", str(new))
    assert done.returncode in (0, 1, 2)
    assert "fault of the program" not in done.stderr
    told = call("watch", "list", "--config", str(new)).stdout + done.stdout + done.stderr
    assert [sign for sign in told if not (sign.isprintable() or sign == "\n")] == []
    exported = call("watch", "export", "--config", str(new)).stdout
    for row in csv.reader(io.StringIO(exported)):
        assert all(not cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row)


@pytest.mark.parametrize("verb", [("watch", "import"), ("inspect",), ("diff", "--files")])
def test_a_file_without_end_is_read_up_to_a_bound(call: Run, new: Path, verb: tuple[str, ...]) -> None:
    files = ["/dev/zero"] * (2 if verb[0] == "diff" else 1)
    done = call(*verb, *files, *(("--config", str(new)) if verb[0] == "watch" else ()))
    assert done.returncode == 2
    assert re.search("larger than (20 MB|any trial record)|There is no file", done.stderr)


@pytest.mark.parametrize(
    ("verb", "most"), [(("watch", "import"), 20_000_000), (("inspect",), 64 << 20), (("diff", "--files"), 64 << 20)]
)
def test_the_bound_of_a_file_is_the_one_that_is_stated(call: Run, new: Path, verb: tuple[str, ...], most: int) -> None:
    def told(size: int) -> str:
        with Path("large").open("wb") as file:
            file.truncate(size)
        files = ["large"] * (2 if verb[0] == "diff" else 1)
        done = call(*verb, *files, *(("--config", str(new)) if verb[0] == "watch" else ()))
        assert done.returncode in (1, 2)
        return done.stderr + done.stdout

    assert "large is larger than" in told(most + 1)
    assert "large is larger than" not in told(most)


@pytest.mark.parametrize(
    "argument", ["../../etc/passwd", "/etc/passwd", "x\x1b[2J", "-", "~root/.profile", "nul\u202e"]
)
def test_an_argument_that_names_another_file_shows_nothing_of_it(call: Run, new: Path, argument: str) -> None:
    secret = Path("/etc/passwd").read_text(encoding="utf-8").splitlines()[0]
    for verb in (("inspect",), ("restore",), ("watch", "import"), ("show",), ("history",), ("watch", "add")):
        done = call(*verb, argument, "--config", str(new))
        assert secret not in done.stdout + done.stderr
        assert "fault of the program" not in done.stderr, verb
        assert all(sign.isprintable() or sign == "\n" for sign in done.stdout + done.stderr)


def test_a_backup_is_written_through_no_link(call: Run, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    config = write_config(folder)
    fill_store(folder)
    target = tmp_path / "target"
    for name in ("link.zip", ".other.zip.part"):
        Path(name).symlink_to(target)
    assert call("backup", "link.zip", "--config", str(config)).returncode == 2
    call("backup", "other.zip", "--config", str(config))
    assert not target.exists()
