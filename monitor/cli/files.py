"""Records read from files: what `inspect FILE` and `diff --files` take. No configuration, no network, no store."""

from __future__ import annotations

from pathlib import Path

from monitor import sources
from monitor.errors import NotARecord, UsageError
from monitor.model.reading import Body
from monitor.model.record import SourceName, TrialRecord

LARGEST = 64 * 1024 * 1024  # bytes; the largest record seen has 1.3 million
_TEXT, _HTML, _JSON = "text/plain", "text/html", "application/json"


def read_file(path: Path, source: SourceName | None) -> TrialRecord:
    """The record in a file. `source` None looks at the content: JSON is the registry's, anything else a page.

    Raises UsageError if the file cannot be read, NotARecord with what is missing if it holds no record.
    """
    content = _content(path)
    body = Body(content=content, media_type=_JSON if content.lstrip()[:1] in (b"{", b"[") else _TEXT)
    found = source or sources.detect(body)
    if found == "ctv" and _is_html(path, content):
        body = Body(content=content, media_type=_HTML)
    try:
        return sources.normalise(found, body)
    except NotARecord as error:
        raise NotARecord([f"{path} is no complete trial record.", *error.reasons]) from error


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from error
    if len(content) > LARGEST:
        raise UsageError(f"{path} is larger than any trial record ({LARGEST // 1024 // 1024} MiB).")
    return content


def _is_html(path: Path, content: bytes) -> bool:
    """By its name, else by its first tag."""
    if path.suffix.lower() in (".html", ".htm", ".xhtml"):
        return True
    head = content[:4096].lower()
    return path.suffix.lower() != ".txt" and any(tag in head for tag in (b"<!doctype", b"<html", b"<body", b"<div"))
