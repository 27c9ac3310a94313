"""A reader is taken out of the configuration: out of `to=` in the url of each destination that names them.

The file keeps its comments, order, line ends and mode, and is replaced at once or not at all. What cannot be done
safely is not done, and said.
"""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from monitor.deliver.destinations import BadDestination, ParsedDestination, read_destination
from monitor.settings.faults import Faults
from monitor.settings.given import Given
from monitor.settings.lines import LineIndex
from monitor.settings.values import Settings
from monitor.store.durable import sync

_TO: Final = re.compile(r"(?<=[?&;])to=([^&;#]*)", re.IGNORECASE)
_BETWEEN: Final = re.compile(r",|%2[Cc]|%3[Bb]")
_AUTHORITY: Final = re.compile(r"\A[^:/?]+://[^/?]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What became of one destination: `done` if the reader is out of it, else `words` say what to do."""

    destination: str
    done: bool
    words: str


def leave(
    settings: Settings, environ: Mapping[str, str], address: str, *, dry_run: bool = False
) -> tuple[Leaving, ...]:
    """Take the reader out of every destination; one entry for each that named them."""
    given = Given(settings.path.parent, environ, Faults(str(settings.path), ""))
    named = [each for each in settings.destinations.values() if _names(each.parsed, address)]
    return tuple(_leave(settings, given, each.parsed, address, dry_run=dry_run) for each in named)


def mentions(settings: Settings, environ: Mapping[str, str], address: str) -> Iterator[str]:
    """Where the address still stands in the files of the configuration, for a person to look at."""
    given = Given(settings.path.parent, environ, Faults(str(settings.path), ""))
    tables = _tables(settings.path)
    files = [given.file(str(each["url_file"])) for each in tables.values() if "url_file" in each]
    for path in dict.fromkeys([settings.path, *files]):
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
        for number, line in enumerate(lines, 1):
            if address.casefold() in unquote(line).casefold():
                yield f"{path}, line {number}"


def _names(parsed: ParsedDestination, address: str) -> bool:
    return address.casefold() in (each.casefold() for each in parsed.recipients)


def _tables(path: Path) -> Mapping[str, Mapping[str, Any]]:
    found = tomllib.loads(_text(path)).get("destinations", {})
    return found if isinstance(found, dict) else {}


def _leave(settings: Settings, given: Given, parsed: ParsedDestination, address: str, *, dry_run: bool) -> Leaving:
    name, table = parsed.name, _tables(settings.path)[parsed.name]
    if len(parsed.recipients) == 1:
        words = (
            f'{address} is the only reader of the destination "{name}": name another one in its url, or take the '
            "destination out, and its name out of the rules and [operator]."
        )
        return Leaving(destination=name, done=False, words=words)
    if "url_env" in table:
        words = (
            f'The url of the destination "{name}" comes from the environment variable {table["url_env"]}: take '
            f"{address} out of it there."
        )
        return Leaving(destination=name, done=False, words=words)
    path = given.file(str(table["url_file"])) if "url_file" in table else settings.path
    made = _edited(path, parsed, address, in_toml="url" in table)
    failed = None if made is None or dry_run else _replace(path, made)
    if made is None or failed:
        why = f" ({failed})" if failed else ""
        words = f'{path} could not be changed{why}: take {address} out of the url of the destination "{name}" there.'
        return Leaving(destination=name, done=False, words=words)
    return Leaving(destination=name, done=True, words=f'Taken out of the destination "{name}" in {path}.')


def _edited(path: Path, parsed: ParsedDestination, address: str, *, in_toml: bool) -> str | None:
    """The text of the file with the new url in the place of the old one; None if that place is not certain."""
    old, text = parsed.url.reveal(), _text(path)
    new = url_without(parsed, address)
    if new is None:
        return None
    if not in_toml:
        return text.replace(old, new) if text.count(old) == 1 else None
    place = ("destinations", parsed.name, "url")
    number = LineIndex(text.removeprefix("\ufeff")).of(place)
    lines = text.splitlines(keepends=True)
    if number is None or lines[number - 1].count(old) != 1:
        return None
    lines[number - 1] = lines[number - 1].replace(old, new)
    made = "".join(lines)
    wanted = _parsed(text)
    wanted["destinations"][parsed.name]["url"] = new
    return made if _parsed(made) == wanted else None


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError:
        return {}


def url_without(parsed: ParsedDestination, address: str) -> str | None:
    """The url that reaches all but this reader, and is otherwise the same; None if none is found."""
    url = parsed.url.reveal()
    new = _TO.sub(lambda found: _to_without(found[1], address), url)
    new = re.sub(r"(?<=\?)&+|&+(?=&)|[?&]+\Z", "", new)
    new = _path_without(new, address)
    left = tuple(each for each in parsed.recipients if each.casefold() != address.casefold())
    try:
        again = read_destination(parsed.name, new)
    except BadDestination:
        return None
    same = again.scheme == parsed.scheme and (again.mail is None) == (parsed.mail is None)
    if again.mail is not None and parsed.mail is not None:
        same = (again.mail.host, again.mail.port, again.mail.sender) == (
            parsed.mail.host,
            parsed.mail.port,
            parsed.mail.sender,
        )
    return new if same and again.recipients == left else None


def _to_without(value: str, address: str) -> str:
    kept = [each for each in _BETWEEN.split(value) if not _is(each, address)]
    return f"to={','.join(kept)}" if kept else ""


def _path_without(url: str, address: str) -> str:
    start = _AUTHORITY.match(url)
    if start is None:
        return url
    path, question, query = url[start.end() :].partition("?")
    kept = [each for each in path.split("/") if not _is(each, address)]
    return f"{start[0]}{'/'.join(kept)}{question}{query}"


def _is(item: str, address: str) -> bool:
    """True for the address alone, and behind a name in angle brackets."""
    said = unquote(item.replace("+", " ") if "<" in unquote(item) else item).strip().casefold()
    return said == address.casefold() or said.endswith(f"<{address.casefold()}>")


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def _replace(path: Path, text: str) -> str | None:
    """Put a file with this text, and the same mode and owner, in the place of the old one; why not, if so."""
    path = path.resolve()
    made: str | None = None
    try:
        status = path.stat()
        descriptor, made = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(text.encode())
            os.fchmod(stream.fileno(), status.st_mode & 0o7777)
            if (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(stream.fileno(), status.st_uid, status.st_gid)
            stream.flush()
            os.fsync(stream.fileno())
        Path(made).replace(path)
        sync(path.parent)
    except OSError as error:
        if made is not None:
            Path(made).unlink(missing_ok=True)
        return error.strerror or str(error)
    return None
