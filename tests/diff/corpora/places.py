"""What must be told of the sites of two rows, computed from sets and counts alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from monitor.model.change import Change
from tests.diff.corpora.columns import Row, plain

Place: TypeAlias = tuple[str, ...]

_ANYBODY = 3  # towns in which a name stands that names no hospital ("Research Site"): there the postcode counts too
_RECRUITING = {"RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"}


@dataclass(slots=True)
class Events:
    """How many sites at each place opened, closed, or have another status."""

    opened: Counter[Place] = field(default_factory=Counter)
    closed: Counter[Place] = field(default_factory=Counter)
    status: Counter[Place] = field(default_factory=Counter)


class Places:
    """Sites by facility, town and country; by postcode too where many towns have a site of that name."""

    def __init__(self, *rows: Row) -> None:
        towns: defaultdict[str, set[str]] = defaultdict(set)
        for site in (site for row in rows for site in row.get("sites") or ()):
            towns[_said(site, "facility")].add(_said(site, "city"))
        self._stand_ins = {name for name, cities in towns.items() if len(cities) >= _ANYBODY}

    def of(self, site: Mapping[str, Any]) -> Place:
        facility = _said(site, "facility")
        postcode = _postcode(site) if facility in self._stand_ins else ""
        return facility, _said(site, "city"), _said(site, "country"), postcode

    def events(self, before: Row, after: Row) -> Events:
        """Status lost because the trial itself stopped recruiting is none."""
        old, new, events = self._counted(before), self._counted(after), Events()
        stopped = (
            before.get("OverallStatus") != after.get("OverallStatus") and after.get("OverallStatus") not in _RECRUITING
        )
        for place in {*old, *new}:
            was, now = old[place], new[place]
            more = now.total() - was.total()
            events.opened += Counter({place: more})
            events.closed += Counter({place: -more})
            gone, come = was - now, now - was
            if stopped:
                del come[""]
            events.status += Counter({place: min(gone.total(), come.total())})
        return events

    def _counted(self, row: Row) -> defaultdict[Place, Counter[str]]:
        counted: defaultdict[Place, Counter[str]] = defaultdict(Counter)
        for site in row.get("sites") or ():
            counted[self.of(site)][site.get("SiteStatus") or ""] += 1
        return counted

    def told(self, changes: Iterable[Change]) -> Events:
        """The events that changes tell. A site spelled anew left one place for another."""
        events = Events()
        for event, before, after in told_sites(changes):
            places = [self.of(site) if site else None for site in (before, after)]
            if event == "sites.status" and places[0] == places[1] and places[0]:
                events.status[places[0]] += 1
            elif event != "sites.status" and places[0] != places[1]:
                events.closed += Counter(place for place in places[:1] if place)
                events.opened += Counter(place for place in places[1:] if place)
        return events


def told_sites(changes: Iterable[Change]) -> list[tuple[str, Any, Any]]:
    """Each site of each change: the event, the site before and the site after."""
    detailed: Sequence[Any] = [change.detail for change in changes if change.path == "locations.sites"]
    return [(each["event"], site["before"], site["after"]) for each in detailed for site in each["sites"]]


def one_place(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """True if two spellings share the postcode, or the town and the first letters of the name."""
    old, new = _postcode(before), _postcode(after)
    if old and old == new:
        return True
    names = _said(before, "facility")[:4], _said(after, "facility")[:4]
    return _said(before, "city") == _said(after, "city") and names[0] == names[1]


def _postcode(site: Mapping[str, Any]) -> str:
    return "".join(filter(str.isalnum, _said(site, "zip")))


def _said(site: Mapping[str, Any], name: str) -> str:
    return plain(site.get(name) or site.get(name.capitalize())).casefold()
