"""Sites in a comparison: how many there are, what happened to them, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from monitor.cli.terminal import Screen, Span, Style, cells, cut, hang
from monitor.cli.words import count
from monitor.model.change import Change
from monitor.model.json import Json, JsonObject
from monitor.model.people import Locations
from monitor.text.words import status_word

COUNTRIES = 8  # of a table; the rest is a number
FEWEST = 6  # sites that are worth a table
LONGEST_BAR = 40
INDENT = 4
PLACE = ("facility", "city", "state", "zip", "country")


def sites_headline(locations: Locations) -> str:
    """230, in 24 countries"""
    if not locations.sites:
        return "none listed" if locations.count is None else f"{locations.count:,}, not shown by the source"
    countries = {site.country for site in locations.sites if site.country}
    where = f", in {count(len(countries), 'country', 'countries')}" if countries else ""
    return f"{len(locations.sites):,}{where}"


def country_table(change: Change, locations: Locations, screen: Screen, *, every: bool) -> list[str]:
    """For each country the sites of this change, and in the bar's pale part those that it leaves alone."""
    concerned = Counter(country for side in _pairs(change) if (country := _country(side)))
    if sum(concerned.values()) < FEWEST or len(concerned) < 2:  # noqa: PLR2004 (one country is in the sentence)
        return []
    now = Counter(site.country for site in locations.sites if site.country)
    rows = [(name, number, max(now[name], number)) for name, number in concerned.most_common()]
    shown = rows if every else rows[:COUNTRIES]
    lines = _bars(shown, screen)
    if len(rows) > len(shown):
        more = f"{screen.spell('…')} {count(len(rows) - len(shown), 'more country', 'more countries')}"
        lines += hang((Span(" " * INDENT),), (Span(more),), screen)
    return lines


def _bars(rows: Sequence[tuple[str, int, int]], screen: Screen) -> list[str]:
    names = [cut(screen.fit(name), min(24, screen.measure // 2), screen.spell("…")) for name, _, _ in rows]
    name_width, number_width = max(map(cells, names)), max(len(f"{number:,}") for _, number, _ in rows)
    room = min(LONGEST_BAR, screen.measure - INDENT - name_width - number_width - 4)
    longest = max(total for _, _, total in rows)
    scale = min(1.0, room / longest) if room > 0 else 0.0
    lines = []
    for name, (_, number, total) in zip(names, rows, strict=True):
        full = max(1, round(number * scale)) if scale else 0
        bar = screen.spell("█" * full + "░" * (round(total * scale) - full))
        pad = " " * (name_width - cells(name))
        lines.append(f"{' ' * INDENT}{name}{pad}  {number:>{number_width},}  {bar}".rstrip())
    return lines


def site_lines(change: Change, screen: Screen) -> list[list[Span]]:
    """Every site of the change, as what it was and what it is; of one spelled anew only the place."""
    only_place = change.detail.get("event") == "sites.respelled"
    return [_site_line(_places(pair) if only_place else _without_same_people(pair), screen) for pair in _pairs(change)]


def _places(pair: JsonObject) -> JsonObject:
    return {
        name: {key: site[key] for key in PLACE if key in site} for name, site in pair.items() if isinstance(site, dict)
    }


def _without_same_people(pair: JsonObject) -> JsonObject:
    """Contacts that stayed as they were are no news."""
    old, new = pair.get("before"), pair.get("after")
    if not isinstance(old, dict) or not isinstance(new, dict) or old.get("contacts") != new.get("contacts"):
        return pair
    return {"before": {**old, "contacts": None}, "after": {**new, "contacts": None}}


def _site_line(pair: JsonObject, screen: Screen) -> list[Span]:
    old, new = _site(pair.get("before"), screen), _site(pair.get("after"), screen)
    if old == new:
        return [Span(new)]
    brackets = ("", "", "", "") if screen.color else ("[-", "-]", "{+", "+}")
    spans = [Span(f"{brackets[0]}{old}{brackets[1]}", Style.REMOVED)] if old else []
    gap = [Span(" ")] if old and new else []
    return [*spans, *gap, *([Span(f"{brackets[2]}{new}{brackets[3]}", Style.ADDED)] if new else [])]


def _site(value: Json, screen: Screen) -> str:
    if not isinstance(value, dict):
        return ""
    place = ", ".join(str(value[key]) for key in PLACE if value.get(key))
    status = value.get("status")
    people = [_person(each) for each in value.get("contacts") or [] if isinstance(each, dict)]
    return screen.fit("; ".join(part for part in (place, status_word(str(status)) if status else "", *people) if part))


def _person(value: JsonObject) -> str:
    return ", ".join(str(value[key]) for key in ("name", "phone", "email") if value.get(key))


def _pairs(change: Change) -> Sequence[JsonObject]:
    pairs = change.detail.get("sites")
    return [pair for pair in pairs if isinstance(pair, dict)] if isinstance(pairs, list | tuple) else []


def _country(pair: JsonObject) -> str | None:
    site = pair.get("after") or pair.get("before")
    return str(site["country"]) if isinstance(site, dict) and site.get("country") else None
