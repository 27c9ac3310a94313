"""A backup: one file with the whole store, the configuration without its secrets, and what it takes to go on from it.

The file is a ZIP archive of three members, so that it can be looked at without this program:
manifest.json (what it is, when it was made, the digest of the store), store.db (SQLite), monitor.toml.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from monitor.errors import MonitorError, StoreDamaged, UsageError
from monitor.store.durable import sync
from monitor.store.sqlite import BACKED_UP

FORMAT = "trial-monitor backup 1"
MANIFEST, STORE, CONFIGURATION = "manifest.json", BACKED_UP, "monitor.toml"
LARGEST_TEXT = 1024 * 1024
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`made_at` in UTC; `secrets` names what the configuration needs beside itself; `counts` are rows by table."""

    format: str
    made_at: str
    program: str
    store_digest: str
    counts: Mapping[str, int]
    secrets: tuple[str, ...]


def write_archive(to: Path, store: Path, configuration: str, facts: Mapping[str, object]) -> None:
    """Write a backup, mode 0600; it takes its name only when it is complete and on disk.

    `facts` are those of Manifest, format and digest aside. Raises UsageError where there is such a file already.
    """
    manifest = {"format": FORMAT, "store_digest": _digest(store), **facts}
    with _fresh(to) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
        archive.writestr(CONFIGURATION, configuration)
        archive.write(store, STORE)


def read_manifest(path: Path) -> Manifest:
    """Raises UsageError for a file that is no backup of this program."""
    with _opened(path) as archive, archive.open(MANIFEST) as member:
        try:
            found = orjson.loads(member.read(LARGEST_TEXT))
        except ValueError as error:
            raise UsageError(f"{path} is no backup of trial-monitor.") from error
    match found:
        case {
            "format": str(form),
            "made_at": str(made_at),
            "program": str(program),
            "store_digest": str(digest),
            "counts": {"versions": int()} as counts,
            "secrets": [*secrets],
            **more,
        } if not more and all(isinstance(each, str) for each in secrets):
            if form != FORMAT:
                raise UsageError(f"{path} was made by another release; this one reads {FORMAT}.")
            return Manifest(
                format=form,
                made_at=made_at,
                program=program,
                store_digest=digest,
                counts=counts,
                secrets=tuple(map(str, secrets)),
            )
        case _:
            raise UsageError(f"{path} is no backup of trial-monitor.")


def read_configuration(path: Path) -> str:
    """The configuration as of the backup, with its secrets left out."""
    with _opened(path) as archive, archive.open(CONFIGURATION) as member:
        text = member.read(LARGEST_TEXT + 1)
    if len(text) > LARGEST_TEXT:
        raise UsageError(f"The configuration in {path} is larger than any of trial-monitor.")
    return text.decode("utf-8", "replace")


def take_store(path: Path, to: Path) -> None:
    """Unpack the store of a backup. Raises StoreDamaged if its bytes are not those that were packed."""
    with _opened(path) as archive, archive.open(STORE) as member, to.open("xb") as out:
        if archive.getinfo(STORE).file_size > shutil.disk_usage(to.parent).free:
            raise UsageError(f"There is no room in {to.parent} for what {path} says that it holds.")
        to.chmod(0o600)
        while part := member.read(CHUNK):
            out.write(part)
    if _digest(to) != read_manifest(path).store_digest:
        raise StoreDamaged(f"The store in {path} is damaged; take another backup.")


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError) as error:
        raise UsageError(f"{path} is no backup of trial-monitor, or it is damaged.") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from error


@contextmanager
def _fresh(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its name, over nothing that is there, when the block has ended well."""
    partial = path.with_name(f".{path.name}.part")
    try:
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
        yield partial
        sync(partial)
        os.link(partial, path)  # unlike a rename it never takes the place of what is there
        sync(path.parent)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already; a backup is never written over anything.") from error
    except OSError as error:
        raise MonitorError(f"The backup {path} cannot be written: {error.strerror or error}.") from error
    finally:
        partial.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
