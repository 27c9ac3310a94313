"""Destinations, rules and the operator."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from monitor.deliver.redact import Secret
from monitor.model.change import Category, Severity
from monitor.model.privacy import Level
from monitor.route.conditions import FORMS, BadCondition, Condition, parse_condition
from monitor.route.rules import Rule
from monitor.route.schedule import Schedule
from monitor.settings.document import DestinationTable, Document, OperatorTable, RuleTable
from monitor.settings.faults import Faults, listed, meant
from monitor.settings.given import Given
from monitor.settings.hours import hours, schedule
from monitor.settings.shape import Path
from monitor.settings.tables import timezone
from monitor.settings.values import Destination, Operator

if TYPE_CHECKING:
    from monitor.deliver.destinations import ParsedDestination

DEFAULT_RULE: Final = "default"
_NAME: Final = re.compile(r"\w[\w .@-]{0,63}")


def destinations(tables: Mapping[str, DestinationTable], zone: ZoneInfo, given: Given) -> dict[str, Destination]:
    """Every destination that can be used, by name, in the order of the file. `zone` is that of the configuration."""
    read = ((name, _destination(name, table, zone, tables, given)) for name, table in tables.items())
    return {name: destination for name, destination in read if destination is not None}


def _destination(
    name: str, table: DestinationTable, zone: ZoneInfo, names: Collection[str], given: Given
) -> Destination | None:
    from monitor.deliver.channels import contacts_shown
    from monitor.deliver.destinations import BadDestination, read_destination
    from monitor.deliver.signing import Seal

    path: Path = ("destinations", name)
    if not _NAME.fullmatch(name):
        given.faults.add(path, "is no name for a destination.", "Use letters, digits and hyphens.")
    own = table.get("timezone")
    shown = None if own is None else timezone(own, (*path, "timezone"), given.faults)
    heard = hours(table, path, shown or zone, names, given.faults)
    url = given.one_of(table, "url", path)
    if url is None:
        return None
    try:
        parsed = read_destination(name, url)
    except BadDestination as exc:
        given.faults.add((*path, next(key for key in table if key.startswith("url"))), exc.problem, exc.remedy)
        return None
    signed = _signed(table, parsed, given)
    return Destination(
        name=name,
        parsed=parsed if signed is None else replace(parsed, secrets=(*parsed.secrets, *signed.split())),
        allow_private_addresses=table.get("allow_private_addresses", False),
        timezone=shown,
        hours=heard,
        contacts=Level(table["contacts"]) if "contacts" in table else contacts_shown(parsed),
        seal=None if signed is None else Seal.of(signed),
    )


def _signed(table: DestinationTable, parsed: ParsedDestination, given: Given) -> str | None:
    """The secrets that sign, if there are any and they can."""
    from monitor.deliver.services import SIGNED
    from monitor.deliver.signing import BadSecret, Seal

    path: Path = ("destinations", parsed.name)
    secrets = given.words_of(table, "sign", path)
    if secrets is None:
        return None
    key = (*path, next(key for key in table if key.startswith("sign_")))
    if parsed.scheme not in SIGNED:
        given.faults.add(
            key, f"Nothing is signed at {parsed.scheme}://.", "Leave it out: json(s):// webhooks are signed."
        )
        return None
    try:
        Seal.of(secrets)
    except BadSecret as exc:
        given.faults.add(key, str(exc), "Make one: echo whsec_$(openssl rand -base64 32)")
        return None
    return secrets


def rules(
    tables: Iterable[tuple[int, RuleTable]], names: Collection[str], zone: ZoneInfo, faults: Faults
) -> tuple[Rule, ...]:
    """The rules of the file. `names` are those of all destinations, faulty ones included; `zone` is that of digests."""
    return tuple(_rule(index, table, names, zone, faults) for index, table in tables)


def _rule(index: int, table: RuleTable, names: Collection[str], zone: ZoneInfo, faults: Faults) -> Rule:
    path: Path = ("rules", index)
    to = table.get("to")  # without it there is a fault of shape, already noted
    _known(to or (), (*path, "to"), names, faults)
    if to == []:
        faults.add((*path, "to"), "names no destination.", f"Name at least one of: {listed(names)}.")
    return Rule(
        name=table.get("name", "").strip() or f"rule {index + 1}",
        tags=frozenset(tag.strip() for tag in table.get("tags", [])),
        watches=frozenset(watch.strip() for watch in table.get("watches", [])),
        categories=frozenset(Category(name) for name in table.get("categories", [])),
        min_severity=Severity(table.get("min_severity", "minor")),
        to=tuple(dict.fromkeys(to or ())),
        digest=_digest(table, path, zone, faults),
        even_when_quiet=table.get("even_when_quiet", False),
        only=_conditions(table, path, faults),
    )


def _digest(table: RuleTable, path: Path, zone: ZoneInfo, faults: Faults) -> Schedule | None:
    if "even_when_quiet" in table and "digest" not in table:
        remedy = 'Add for instance digest = "daily 08:00".'
        faults.add((*path, "even_when_quiet"), "says nothing where no digest is made.", remedy)
    return schedule(table.get("digest"), (*path, "digest"), zone, faults)


def _conditions(table: RuleTable, path: Path, faults: Faults) -> tuple[Condition, ...]:
    """What the sentences of `only` say, each once; with a fault for one about changes that the rule does not tell."""
    told = table.get("categories", [])
    found: dict[Condition, None] = {}
    for n, sentence in enumerate(table.get("only", [])):
        place: Path = (*path, "only", n)
        try:
            condition = parse_condition(sentence)
        except BadCondition as exc:
            faults.add(place, str(exc), f"Write it as one of: {'; '.join(FORMS)}.")
            continue
        found[condition] = None
        if told and condition.category.value not in told:
            about = condition.category.value
            faults.add(
                place,
                f'"{condition}" is about {about}, which this rule does not tell.',
                f'Add "{about}" to its categories, or take the sentence out.',
            )
    return tuple(found)


def default_rules(document: Document, known: Collection[str]) -> tuple[Rule, ...]:
    """Without a rule every destination hears of everything but bookkeeping.

    Who wrote down a destination wants to be told. One that the operator has to itself, beside others, hears of faults
    alone.
    """
    reserved = set(document.get("operator", {}).get("to", []))
    to = tuple(name for name in known if name not in reserved) or tuple(known)
    return (Rule(name=DEFAULT_RULE, to=to),) if to else ()


def operator(table: OperatorTable, known: Collection[str], names: Collection[str], given: Given) -> Operator:
    """Who hears of faults: those named, else the first destination."""
    _known(table.get("to", []), ("operator", "to"), names, given.faults)
    ping = given.one_of(table, "ping_url", ("operator",), needed=False)
    if ping is not None and not re.match(r"https?://[^\s/]", ping):
        given.faults.add(("operator",), "The ping address is no web address.", "It begins with https://.")
    to = tuple(dict.fromkeys(table["to"])) if "to" in table else tuple(known)[:1]
    return Operator(to=to, ping_url=None if ping is None else Secret(ping))


def _known(wanted: Iterable[str], path: Path, names: Collection[str], faults: Faults) -> None:
    for name in wanted:
        if name not in names:
            faults.add(path, f'There is no destination "{name}".', f"{meant(name, names)}There are: {listed(names)}.")
