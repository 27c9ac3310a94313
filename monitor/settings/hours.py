"""When destinations want to hear: the times of digests, quiet hours, days away."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from monitor.route.schedule import FORMS, QUIET_FORM, Away, Hours, Quiet, Schedule, Zone, read_quiet, read_schedule
from monitor.settings.document import AwayTable, DestinationTable
from monitor.settings.faults import Faults, listed, meant
from monitor.settings.shape import Path
from monitor.settings.tables import timezone

_DAY: Final = 'Write a day as "2026-12-20".'
Told = TypeVar("Told", Schedule, Quiet)


def hours(table: DestinationTable, path: Path, zone: ZoneInfo, names: Collection[str], faults: Faults) -> Hours:
    """Those of a destination, by its zone. `names` are those of all destinations."""
    away = (_away(each, (*path, "away", n), zone, names, faults) for n, each in enumerate(table.get("away", [])))
    return Hours(
        zone=zone,
        quiet=_Reader((*path, "quiet"), zone, faults).read(read_quiet, table.get("quiet"), QUIET_FORM),
        critical_passes=table.get("critical_passes", True),
        away=tuple(sorted((each for each in away if each), key=lambda each: each.first)),
        still=table.get("still_watching", True),
    )


def schedule(text: str | None, path: Path, zone: ZoneInfo, faults: Faults) -> Schedule | None:
    """When a digest comes; None where nothing is said, or beside a fault."""
    return _Reader(path, zone, faults).read(read_schedule, text, FORMS)


@dataclass(frozen=True, slots=True)
class _Reader:
    path: Path
    zone: ZoneInfo
    faults: Faults

    def read(self, read: Callable[[str, ZoneInfo, Zone], Told], text: str | None, form: str) -> Told | None:
        if text is None:
            return None
        try:
            return read(text, self.zone, lambda name: timezone(name, self.path, self.faults))
        except ValueError as exc:
            self.faults.add(self.path, str(exc), form)
            return None


def _away(table: AwayTable, path: Path, zone: ZoneInfo, names: Collection[str], faults: Faults) -> Away | None:
    first, last = (_day(table, key, path, faults) for key in ("from", "until"))
    stand_in = table.get("stand_in")
    if stand_in is not None and (stand_in not in names or stand_in == path[1]):
        faults.add(
            (*path, "stand_in"),
            f'There is no other destination "{stand_in}".',
            f"{meant(stand_in, names)}There are: {listed(names)}.",
        )
    if first is None or last is None:
        return None
    if last < first:
        faults.add((*path, "until"), f"{last} is before {first}.", "Write the last day away.")
        return None
    return Away(first=first, last=last, zone=zone, stand_in=stand_in)


def _day(table: Mapping[str, object], key: str, path: Path, faults: Faults) -> date | None:
    if key not in table:
        return None  # a fault of shape, already noted
    try:
        return date.fromisoformat(str(table[key]))
    except ValueError:
        faults.add((*path, key), f'"{table[key]}" is no day.', _DAY)
        return None
