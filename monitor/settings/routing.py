"""Destinations, rules and the operator."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from monitor.deliver.redact import Secret
from monitor.model.change import Category, Severity
from monitor.model.privacy import Level
from monitor.route.rules import Rule
from monitor.settings.document import DestinationTable, Document, OperatorTable, RuleTable
from monitor.settings.faults import Faults, listed, meant
from monitor.settings.given import Given
from monitor.settings.shape import Path
from monitor.settings.tables import timezone
from monitor.settings.values import Destination, Operator

if TYPE_CHECKING:
    from monitor.deliver.destinations import ParsedDestination

DEFAULT_RULE: Final = "default"
_NAME: Final = re.compile(r"\w[\w .@-]{0,63}")


def destinations(tables: Mapping[str, DestinationTable], given: Given) -> dict[str, Destination]:
    """Every destination that can be used, by name, in the order of the file."""
    read = ((name, _destination(name, table, given)) for name, table in tables.items())
    return {name: destination for name, destination in read if destination is not None}


def _destination(name: str, table: DestinationTable, given: Given) -> Destination | None:
    from monitor.deliver.channels import contacts_shown
    from monitor.deliver.destinations import BadDestination, read_destination
    from monitor.deliver.signing import Seal

    path: Path = ("destinations", name)
    if not _NAME.fullmatch(name):
        given.faults.add(path, "is no name for a destination.", "Use letters, digits and hyphens.")
    zone = table.get("timezone")
    shown = None if zone is None else timezone(zone, (*path, "timezone"), given.faults)
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


def rules(tables: Iterable[tuple[int, RuleTable]], names: Collection[str], faults: Faults) -> tuple[Rule, ...]:
    """The rules of the file. `names` are those of all destinations, faulty ones included."""
    return tuple(_rule(index, table, names, faults) for index, table in tables)


def _rule(index: int, table: RuleTable, names: Collection[str], faults: Faults) -> Rule:
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
    )


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
