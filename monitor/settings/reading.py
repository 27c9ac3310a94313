"""Finding the configuration, and reading it: every fault at once, or settings that hold."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, cast

from monitor.deliver.redact import Secret
from monitor.errors import ConfigFaults, Fault
from monitor.model.record import SourceName
from monitor.settings import routing, tables, trials, wording
from monitor.settings.document import Document, RuleTable, WatchTable
from monitor.settings.faults import Faults, shape_fault
from monitor.settings.given import Given, Unreadable, absolute, variable
from monitor.settings.modes import closing_command, open_to_others
from monitor.settings.shape import faults_of
from monitor.settings.values import Destination, Settings, SourceSettings

VARIABLE: Final = "TRIAL_MONITOR_CONFIG"
_PLACES: Final = (Path("config/monitor.toml"), Path(".config/trial-monitor/monitor.toml"))
_TOKEN: Final = 8  # characters
_AT: Final = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


def find(explicit: Path | None, environ: Mapping[str, str], cwd: Path, home: Path) -> Path:
    """The configuration file: the one named, else that of the environment, of this folder, of the home folder.

    Raises ConfigFaults if there is none.
    """
    if explicit is not None:
        return _existing(cwd / explicit, "--config")
    if environ.get(VARIABLE) or environ.get(f"{VARIABLE}_FILE"):
        return _existing(cwd / _from_environment(environ, home), VARIABLE)
    places = (cwd / _PLACES[0], home / _PLACES[1])
    for place in places:
        if place.is_file():
            return place
    looked = " and ".join(str(place) for place in places)
    raise _one_fault("configuration", f"There is none: looked for {looked}.", "Run `trial-monitor init` to write one.")


def _from_environment(environ: Mapping[str, str], home: Path) -> Path:
    try:
        named = variable(VARIABLE, environ)
    except Unreadable as exc:
        raise _one_fault(VARIABLE, exc.problem, exc.remedy) from exc
    return home / named[2:] if named.startswith("~/") else Path(named)


def _existing(path: Path, named_by: str) -> Path:
    if path.is_file():
        return path
    what = "is not a file" if path.exists() else "does not exist"
    raise _one_fault(named_by, f"{path} {what}.", "Correct the path, or run `trial-monitor init` to write one.")


def _one_fault(place: str, problem: str, remedy: str) -> ConfigFaults:
    return ConfigFaults([Fault(place, problem, remedy)])


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read the configuration. Raises ConfigFaults with every fault, in the order of the file."""
    shown = _shown(path)
    text = _text(path, shown)
    raw = _parsed(text, shown)
    faults = Faults(shown, text)
    given = Given(absolute(path).parent, environ, faults)
    reader = _Reader(path, raw, given)
    settings = reader.settings()
    faults.end()
    return settings


def _shown(path: Path) -> str:
    """The path as short as it can be from here."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return str(path) if relative.startswith(os.pardir) else relative


def _text(path: Path, shown: str) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as exc:
        raise _one_fault(shown, f"It cannot be read ({exc.strerror}).", "Correct the path or its permissions.") from exc
    except UnicodeDecodeError as exc:
        raise _one_fault(shown, f"It is not UTF-8 from byte {exc.start + 1} on.", "Save it as UTF-8.") from exc


def _parsed(text: str, shown: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        at = _AT.search(str(exc))
        line, column = (at[1], at[2]) if at and at[1] else (str(max(len(text.splitlines()), 1)), None)
        place = f"{shown}:{line}" + (f":{column}" if column else "")
        problem = f"This is not TOML: {_AT.sub('', str(exc))}" + (
            f" (line {line}, column {column})." if column else "."
        )
        raise _one_fault(place, problem, "Text stands in quotes, lists in brackets, one key on a line.") from exc
    except RecursionError as exc:
        raise _one_fault(shown, "It is nested too deeply.", "Write it flat, as in the example.") from exc


class _Reader:
    """One reading of one document: shape first, then meaning of all that has the right shape."""

    def __init__(self, path: Path, raw: dict[str, Any], given: Given) -> None:
        self._path = path
        self._raw = raw
        self._given = given
        self._faults = given.faults
        self._dropped: set[tuple[str, int]] = set()
        named = raw.get("destinations")
        self._names = tuple(named) if isinstance(named, dict) else ()  # faulty ones too: rules may name them
        self._prune()
        self._document = cast("Document", raw)

    def settings(self) -> Settings:
        document, faults, given = self._document, self._faults, self._given
        store_url = tables.store_url(document, given)
        network = tables.network(document.get("network", {}), given)
        zone = tables.timezone(document.get("timezone", "UTC"), ("timezone",), faults)
        destinations = routing.destinations(document.get("destinations", {}), zone, given)
        operator = routing.operator(document.get("operator", {}), destinations, self._names, given)
        rules = routing.rules(self._rules(), self._names, zone, faults)
        if "rules" not in self._raw:
            rules = routing.default_rules(document, self._names)
        checks = document.get("checks", {})
        checks_every = tables.duration(checks.get("every"), ("checks", "every"), tables.DEFAULT_EVERY, faults)
        within, place = checks.get("correction_within"), ("checks", "correction_within")
        self._refuse_open_file()
        return Settings(
            path=absolute(self._path),
            timezone=zone,
            store_url=Secret(store_url),
            network=network,
            sources=self._sources(checks_every),
            checks_every=checks_every,
            correction_within=tables.duration(within, place, tables.DEFAULT_CORRECTION, faults),
            severities=tables.severities(document.get("severity", {}), faults),
            retention=tables.retention(document.get("retention", {}), faults),
            public_url=tables.public_url(document.get("web", {}).get("public_url"), faults),
            destinations=destinations,
            watches=trials.watches(self._watches(), faults),
            rules=rules,
            operator=operator,
            wording=wording.wording(document.get("templates", {}), faults),
            secrets=_secrets(store_url, network.proxy, operator.ping_url, destinations),
        )

    def _prune(self) -> None:
        """Note every fault of shape and take out the key that has one, so that all others can be read."""
        for fault in faults_of(self._raw):
            self._faults.add(fault.path, *shape_fault(fault, _value_at(self._raw, fault.path)))
        for path in self._faults.paths():
            deep = path[0] in ("watches", "rules", "destinations", "sources")
            key = path[: 3 if deep else 2]
            if isinstance(key[-1], int):  # an item that is no table at all
                self._dropped.add((str(key[0]), key[-1]))
            _take_out(self._raw, key)

    def _watches(self) -> Iterator[tuple[int, WatchTable]]:
        kept = enumerate(self._document.get("watches", []))
        return ((index, table) for index, table in kept if ("watches", index) not in self._dropped)

    def _rules(self) -> Iterator[tuple[int, RuleTable]]:
        kept = enumerate(self._document.get("rules", []))
        return ((index, table) for index, table in kept if ("rules", index) not in self._dropped)

    def _sources(self, every: timedelta) -> dict[SourceName, SourceSettings]:
        found = self._document.get("sources", {})
        return {
            "ctgov": tables.source("ctgov", found.get("ctgov", {}), every, self._faults),
            "ctv": tables.source("ctv", found.get("ctv", {}), every, self._faults),
        }

    def _refuse_open_file(self) -> None:
        """A file with a password or a destination's address in it must be closed to group and others."""
        held = self._held_secret()
        if held is None:
            return
        mode = open_to_others(self._path)
        if mode is not None:
            self._faults.add(
                (), f"It holds {held} and can be read by others (mode {mode:04o}).", closing_command(self._path)
            )

    def _held_secret(self) -> str | None:
        for name, table in self._document.get("destinations", {}).items():
            if "url" in table:
                return f'the url of the destination "{name}"'
        if tables.password_of(self._document.get("store", {}).get("url")):
            return "the password of the store"
        if tables.password_of(self._document.get("network", {}).get("proxy")):
            return "the password of the proxy"
        if "ping_url" in self._document.get("operator", {}):
            return "the ping address"
        return None


def _value_at(raw: dict[str, Any], path: Sequence[str | int]) -> Any:  # noqa: ANN401 (whatever TOML holds)
    """The value at `path`, None where there is none."""
    value: Any = raw
    for step in path:
        if isinstance(value, dict):
            value = value.get(str(step))
        else:
            value = value[step] if isinstance(value, list) and isinstance(step, int) else None
    return value


def _take_out(raw: dict[str, Any], path: Sequence[str | int]) -> None:
    """Remove the value at `path`, if it is still there."""
    table = _value_at(raw, path[:-1])
    if isinstance(table, dict):
        table.pop(str(path[-1]), None)


def _tokens(url: str) -> list[str]:
    """What in an address may be a key: everything behind its host, piece by piece."""
    return [each for each in re.split(r"[/?&=#]+", url.partition("://")[2].partition("/")[2]) if len(each) >= _TOKEN]


def _secrets(
    store_url: str, proxy: str | None, ping_url: Secret | None, destinations: Mapping[str, Destination]
) -> tuple[str, ...]:
    """Everything in a configuration that no output may hold, each once."""
    found = [secret for destination in destinations.values() for secret in destination.parsed.secrets]
    for url in (store_url, proxy):
        if url and (password := tables.password_of(url)):
            found += [url, password]
    if ping_url is not None:
        found += [ping_url.reveal(), *_tokens(ping_url.reveal())]
    return tuple(dict.fromkeys(found))
