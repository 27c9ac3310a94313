"""The plain tables of the document: times, store, network, sources, review pages."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from monitor.diff.events import is_event, known_events
from monitor.egress.policy import Network, origin_of, refusal_of
from monitor.model.change import Severity
from monitor.model.privacy import Level, Retention
from monitor.model.record import SourceName
from monitor.settings.document import Document, NetworkTable, RetentionTable, SeverityName, SourceTable
from monitor.settings.durations import REMEDY, parse_duration
from monitor.settings.faults import Faults, meant
from monitor.settings.given import Given, absolute
from monitor.settings.shape import Path
from monitor.settings.values import SourceSettings

DEFAULT_STORE: Final = "sqlite:///monitor.db"
DEFAULT_EVERY: Final = timedelta(hours=6)
DEFAULT_CORRECTION: Final = timedelta(days=7)
BASE_URLS: Final[dict[SourceName, str]] = {
    "ctgov": "https://clinicaltrials.gov/api/v2",
    "ctv": "https://ctv.veeva.com",
}
_DAILY: Final = timedelta(hours=24)
Default = TypeVar("Default")
_BEFORE_HOST: Final = "Write it before the host, USER:PASSWORD@HOST: there it is kept out of all that is said."
_SHAPES: Final = "Write sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE."
_SQLITE: Final = frozenset({"sqlite", "sqlite+pysqlite"})
_UNREADABLE: Final = re.compile(r"://[^:/@]*:([^@]+)@")  # as SQLAlchemy finds it
_IN_QUERY: Final = frozenset({"password", "sslpassword"})
_POSTGRES: Final = frozenset({"postgresql", "postgresql+psycopg"})


def timezone(name: str, path: Path, faults: Faults) -> ZoneInfo:
    """The zone of that name; UTC beside a fault."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):  # a folder of zones, a path, no such zone
        from zoneinfo import available_timezones

        faults.add(
            path,
            f'"{name}" is no time zone.',
            f'{meant(name, available_timezones())}Write one such as "Europe/Berlin".',
        )
        return ZoneInfo("UTC")


def duration(text: str | None, path: Path, default: Default, faults: Faults) -> timedelta | Default:
    """The length of time, or the default where nothing is said or what is said is a fault."""
    if text is None:
        return default
    try:
        return parse_duration(text)
    except ValueError as exc:
        faults.add(path, str(exc), REMEDY)
        return default


def retention(table: RetentionTable, faults: Faults) -> Retention:
    """What is kept of persons, and how long what was replaced is kept."""
    return Retention(
        contacts=Level(table.get("contacts", "full")),
        keep_contacts=duration(table.get("keep_contacts"), ("retention", "keep_contacts"), None, faults),
        keep_bodies=duration(table.get("keep_bodies"), ("retention", "keep_bodies"), None, faults),
    )


def store_url(document: Document, given: Given) -> str:
    """The address of the store, with an absolute path where it is a file."""
    if "store" not in document:
        return _absolute_sqlite("sqlite", DEFAULT_STORE, given)
    url = given.one_of(document["store"], "url", ("store",))
    if url is None:
        return ""
    scheme = url.partition("://")[0]
    if scheme in _SQLITE:
        return _absolute_sqlite(scheme, url, given)
    if scheme not in _POSTGRES or "://" not in url:
        given.faults.add(("store",), "The url is no address of a store.", _SHAPES)
    if _IN_QUERY & {key.casefold() for key, _ in parse_qsl(url.partition("?")[2])}:
        given.faults.add(("store",), "The url holds a password behind its question mark.", _BEFORE_HOST)
    return url


def _absolute_sqlite(scheme: str, url: str, given: Given) -> str:
    name, question, query = url.removeprefix(f"{scheme}://").partition("?")
    file = name.removeprefix("/")
    if not name.startswith("/") or not file or file == ":memory:" or file.startswith("file:"):
        given.faults.add(
            ("store",), "The url names no file for the store.", 'Write for instance "sqlite:///monitor.db".'
        )
        return url
    return f"{scheme}:///{absolute(given.file(file))}{question}{query}"


def network(table: NetworkTable, given: Given) -> Network:
    """Proxy and certificates."""
    proxy, bundle = table.get("proxy"), table.get("ca_bundle")
    if proxy is not None and (problem := _proxy_fault(proxy)) is not None:
        given.faults.add(
            ("network", "proxy"), problem, "Write it as http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT."
        )
    return Network(proxy=proxy, ca_bundle=None if bundle is None else _ca_bundle(bundle, given))


def _proxy_fault(proxy: str) -> str | None:
    parts = _split(proxy)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return "is no address of an HTTP proxy."
    return "has more than a host and a port." if parts.path.strip("/") or parts.query or parts.fragment else None


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # a port that is no number shows itself only now
    except ValueError:
        return None
    return parts


def _ca_bundle(name: str, given: Given) -> str:
    path, place = absolute(given.file(name)), ("network", "ca_bundle")
    try:
        content = path.read_bytes()
    except OSError as exc:
        given.faults.add(place, f"{path} cannot be read ({exc.strerror}).", "Correct the path.")
    else:
        if b"-----BEGIN " not in content:
            given.faults.add(place, f"{path} holds no certificate.", "Name a file of PEM certificates.")
    return str(path)


def password_of(url: str | None) -> str | None:
    """The password in an address, decoded, if it has one; also one that holds signs which an address may not hold."""
    parts = _split(url) if url else None
    if url and parts is None:
        unreadable = _UNREADABLE.search(url)
        return unreadable and unquote(unreadable[1])
    return unquote(parts.password) if parts is not None and parts.password else None


def source(name: SourceName, table: SourceTable, every: timedelta, faults: Faults) -> SourceSettings:
    """How one source is asked. `every` is that of [checks]; study pages are asked daily all the same."""
    path: Path = ("sources", name)
    rate = table.get("requests_per_second", 1.0)
    if not (math.isfinite(rate) and rate >= 0):
        faults.add((*path, "requests_per_second"), "must not be less than 0.", "Write 1.0; 0 means no limit.")
    agent = table.get("user_agent")
    if agent is not None and not (agent.strip() and agent.isascii() and agent.isprintable()):
        faults.add((*path, "user_agent"), "must be one line of plain letters.", "Leave it out for the default.")
    private = table.get("allow_private_addresses", False)
    return SourceSettings(
        base_url=_base_url(table.get("base_url", BASE_URLS[name]), (*path, "base_url"), faults, private=private),
        requests_per_second=rate,
        user_agent=agent,
        allow_private_addresses=private,
        transport=table.get("transport", "httpx"),
        every=duration(table.get("every"), (*path, "every"), _DAILY if name == "ctv" else every, faults),
    )


def _base_url(url: str, path: Path, faults: Faults, *, private: bool) -> str:
    try:
        reason = refusal_of(origin_of(url), allow_private=private)
    except ValueError as exc:
        faults.add(path, f"is not an address that can be asked: {exc}.", "Write for instance https://HOST/PATH.")
        return url
    if reason is not None:
        faults.add(path, f"cannot be used: {reason}.", "For a server of your own set allow_private_addresses = true.")
    return url.rstrip("/")


def severities(table: Mapping[str, SeverityName], faults: Faults) -> dict[str, Severity]:
    """The user's own severities, by event or beginning of one."""
    for name in table:
        if not is_event(name):
            faults.add(
                ("severity", name),
                f'"{name}" is no kind of change.',
                f'{meant(name, known_events())}Write for instance "status.unknown", "criteria" or "sites"; '
                "detail.event in `trial-monitor history --json` names that of each change.",
            )
    return {name: Severity(word) for name, word in table.items()}


def public_url(url: str | None, faults: Faults) -> str | None:
    """The address of the review pages, without a slash at its end."""
    if url is None:
        return None
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        faults.add(
            ("web", "public_url"), "is no address of a site.", 'Write for instance "https://monitor.example.org".'
        )
    return url.rstrip("/")
