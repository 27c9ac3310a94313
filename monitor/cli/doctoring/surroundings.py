"""The place where a store lies: file system, synced folders, room on the disk."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from monitor.cli.doctoring.finding import Finding, fault, warning, well

MIB = 1024 * 1024
LOW = 1024 * MIB
TOO_LOW = 100 * MIB

SHARED = {
    "nfs": "NFS", "nfs4": "NFS", "cifs": "SMB", "smb3": "SMB", "smbfs": "SMB", "afpfs": "AFP", "9p": "9P",
    "fuse.sshfs": "SSHFS", "fuse.davfs2": "WebDAV", "davfs": "WebDAV", "webdav": "WebDAV", "drvfs": "a Windows drive",
    "fuse.rclone": "rclone", "glusterfs": "GlusterFS", "ceph": "CephFS", "fuse.glusterfs": "GlusterFS",
}  # fmt: skip
"""Types of file systems whose locks cannot be relied on, and what people call them."""

SYNCED = (
    "dropbox", "onedrive", "google drive", "googledrive", "icloud drive", "mobile documents", "cloudstorage",
    "nextcloud", "owncloud", "syncthing", "box sync", "pcloud drive", "mega", "seafile",
)  # fmt: skip
MARKERS = (".stfolder", ".dropbox", ".sync", ".nextcloudsync.log", ".owncloudsync.log")


def look_at_place(store: Path) -> Iterator[Finding]:
    """Everything about the folder of an SQLite store."""
    folder = store.parent.resolve()
    if not folder.is_dir():
        yield fault("store", f"The folder {folder} does not exist.", f"Make it: mkdir -p {folder}")
        return
    if not os.access(folder, os.W_OK):
        yield fault("store", f"The folder {folder} cannot be written.", "Give this user the right to write there.")
    yield from judge_file_system(folder, file_system_of(folder, mounts()))
    yield from judge_sync(folder)
    yield from judge_room(folder, shutil.disk_usage(folder).free)


def mounts(table: Path = Path("/proc/self/mounts")) -> tuple[tuple[str, str], ...]:
    """Mount points with their types, as Linux lists them; empty where there is no such list."""
    try:
        lines = table.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    rows = [line.split() for line in lines]
    return tuple((_unescaped(row[1]), row[2]) for row in rows if len(row) > 2)  # noqa: PLR2004 (device, point, type)


def _unescaped(point: str) -> str:
    for code, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        point = point.replace(code, char)
    return point


def file_system_of(folder: Path, table: Iterable[tuple[str, str]]) -> str | None:
    """The type of the file system that holds the folder: that of the longest mount point above it."""
    inside = [(len(Path(point).parts), kind) for point, kind in table if folder.is_relative_to(point)]
    return max(inside, key=lambda found: found[0])[1] if inside else None


def judge_file_system(folder: Path, kind: str | None) -> Iterator[Finding]:
    if kind in SHARED:
        yield warning(
            "file system",
            f"{folder} lies on {SHARED[kind]}. Its locks cannot be relied on: a store there can be damaged.",
            "Put the store on a disk of this machine, or use PostgreSQL (store.url).",
        )
    elif kind is not None:
        yield well("file system", f"{folder} lies on {kind}.")
    elif sys.platform == "linux":
        yield warning("file system", f"What {folder} lies on could not be found out.", "Make sure that it is no share.")


def judge_sync(folder: Path) -> Iterator[Finding]:
    """A folder that another program copies while we write is a folder where a store gets damaged."""
    parts = [part.casefold() for part in folder.parts]
    named = next((name for name in SYNCED if any(part == name or part.startswith(f"{name} ") for part in parts)), None)
    marked = next(
        (above / name for above in (folder, *folder.parents) for name in MARKERS if (above / name).exists()), None
    )
    if named or marked:
        sign = f"(its path names {named!r})" if named else f"(there is {marked})"
        yield warning(
            "synced folder",
            f"{folder} seems to be copied by a sync program {sign}. A copy made while we write is a damaged store.",
            "Put the store outside the synced folder.",
        )


def judge_room(folder: Path, free: int) -> Iterator[Finding]:
    room = f"{free // MIB:,} MiB are free at {folder}"
    if free < TOO_LOW:
        yield fault("disk", f"Only {room}.", "Make room: without it nothing new can be recorded.")
    elif free < LOW:
        yield warning("disk", f"Only {room}.", "Make room before it fills up.")
    else:
        yield well("disk", f"{room}.")
