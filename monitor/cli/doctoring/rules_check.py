"""The rules beside what is watched: names that nothing bears keep a rule silent, and silence looks like quiet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches

import orjson

from monitor.cli.doctoring.finding import Finding, warning
from monitor.cli.words import listed
from monitor.diff.geography import country_key
from monitor.model.version import RecordRow
from monitor.model.watch import Watch
from monitor.route.conditions import SitesIn
from monitor.route.rules import Rule
from monitor.store import versions
from monitor.store.transaction import Tx

_ALIKE = 0.6  # of 1: near enough to be named in a remedy
_MISSPELT = 0.75  # near enough to be the same word with a slip of the hand


def look_at_rules(
    tx: Tx, rules: Sequence[Rule], following: Sequence[Watch], rows: Mapping[int, RecordRow]
) -> Iterator[Finding]:
    """What of the rules is about nothing that is watched. Sites are read only if a rule names countries."""
    numbers = [name for row in rows.values() for name in row.names]
    yield from judge_names(rules, following, numbers)
    if any(isinstance(condition, SitesIn) for rule in rules for condition in rule.only):
        yield from judge_countries(rules, _countries(tx, rows.values()))


def judge_names(rules: Sequence[Rule], following: Sequence[Watch], numbers: Sequence[str] = ()) -> Iterator[Finding]:
    """Tags and watches that rules name and no watch bears."""
    tags = {tag for watch in following for tag in watch.tags}
    names = {*numbers, *(name for watch in following for name in watch.names)}
    folded = {name.casefold() for name in names}
    for rule in rules if following else ():
        if unknown := sorted(rule.tags - tags):
            yield _unknown(rule, f"No watch has the tag {listed(unknown)}.", unknown, tags)
        if unknown := sorted(name for name in rule.watches if name.casefold() not in folded):
            yield _unknown(rule, f"There is no watch {listed(unknown)}.", unknown, names)


def judge_countries(rules: Sequence[Rule], known: Collection[str]) -> Iterator[Finding]:
    """Countries that rules name and that look like another one's name misspelt, where sites of watched trials are.

    A rule may well wait for the first site in a country, so what looks like none of them is left alone.
    """
    keys = {country_key(name) for name in known}
    for rule in rules:
        named = [name for each in rule.only if isinstance(each, SitesIn) for name in each.countries]
        for name in named if known else ():
            if country_key(name) not in keys and _close(name, known, _MISSPELT):
                yield _unknown(rule, f"No site of a watched trial is in {name}.", [name], known)


def _unknown(rule: Rule, what: str, unknown: Sequence[str], known: Collection[str]) -> Finding:
    close = next(filter(None, (_close(name, known, _ALIKE) for name in unknown)), None)
    meant = f'Did you mean "{close}"? ' if close else ""
    return warning("rules", f'Rule "{rule.name}": {what}', f"{meant}Correct the rule if that is not what you want.")


def _close(name: str, known: Collection[str], cutoff: float) -> str | None:
    """The known name that was probably meant."""
    folded = {each.casefold(): each for each in sorted(known)}
    found = get_close_matches(name.casefold(), folded, n=1, cutoff=cutoff)
    return folded[found[0]] if found else None


def _countries(tx: Tx, rows: Collection[RecordRow]) -> set[str]:
    """The countries of all sites, as the latest versions spell them."""
    found: set[str] = set()
    for row in rows:
        kept = versions.read_sections(tx, row.id, row.latest).get("locations") if row.latest else None
        sites = orjson.loads(kept).get("sites", ()) if kept else ()
        found.update(site["country"] for site in sites if site.get("country"))
    return found
