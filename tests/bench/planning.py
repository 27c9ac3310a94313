"""What planning costs: 100 rules, four of five with conditions, over 10,000 changes as they come, a few an update."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from monitor.diff.geography import country_key
from monitor.model.alert import Recipient
from monitor.model.change import Category, Cause, Change, Kind, Severity
from monitor.model.place import Point
from monitor.model.watch import RecordKey, Reference, Watch, WatchState
from monitor.route.conditions import parse_condition
from monitor.route.matching import Ground
from monitor.route.plan import pick_changes
from monitor.route.rules import Rule, rules_for

RULES, CHANGES = 100, 10_000
UPDATE = 4  # changes in one: what the recorded trials have
MOST_SECONDS = 1.0
BEST_OF = 3

TOWNS = {"Paris": ("France", 48.85, 2.35), "Madrid": ("Spain", 40.42, -3.7), "Boston": ("United States", 42.36, -71.06)}
KINDS = (Category.STATUS, Category.ENROLLMENT, Category.DATES, Category.LOCATIONS, Category.CRITERIA, Category.CONTACTS)
TEXT = "History of interstitial lung disease or pneumonitis that needed steroids, or any evidence of it at screening"
GROUND = Ground(
    points={(town, None, country): frozenset({Point(*place)}) for town, (country, *place) in TOWNS.items()},
    country=country_key,
)
RECIPIENTS = {f"to {n}": (Recipient(destination=f"to {n}", address="a@example.org"),) for n in range(10)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Seconds of the processor, by changes in an update; and how many messages of the small ones were planned."""

    small: float
    whole: float
    messages: int

    def faults(self) -> list[str]:
        wrong = []
        if max(self.small, self.whole) > MOST_SECONDS:
            taken = max(self.small, self.whole)
            wrong.append(f"{RULES} rules over {CHANGES:,} changes take {taken:.2f} s, more than {MOST_SECONDS:.0f}")
        if not self.messages:
            wrong.append("no message was planned")
        return wrong

    def table(self) -> str:
        rows = (
            (f"updates of {UPDATE} changes each, s", f"{self.small:.2f}"),
            ("all of them in one update, s", f"{self.whole:.2f}"),
            ("share of the second that is allowed, %", f"{max(self.small, self.whole) * 100 / MOST_SECONDS:.0f}"),
            ("messages planned", f"{self.messages:,}"),
        )
        lines = [f"| {name} | {value} |" for name, value in rows]
        return "\n".join([f"| planning {RULES} rules over {CHANGES:,} changes | |", "|---|---|", *lines])


def measure(rules: int = RULES, changes: int = CHANGES) -> Planned:
    chance = random.Random(1)
    found = [_change(chance, n) for n in range(changes)]
    several = [_rule(chance, n) for n in range(rules)]
    small = [_taken(found, several, UPDATE) for _ in range(BEST_OF)]
    whole = [_taken(found, several, changes) for _ in range(BEST_OF)]
    return Planned(small=min(small)[0], whole=min(whole)[0], messages=small[0][1])


def _taken(found: Sequence[Change], rules: Sequence[Rule], size: int) -> tuple[float, int]:
    began, messages = time.process_time(), 0
    for start in range(0, len(found), size):
        following = rules_for(rules, WATCHES, ["NCT00000001"])
        messages += len(pick_changes(found[start : start + size], following, RECIPIENTS, GROUND))
    return time.process_time() - began, messages


def _watches() -> Iterator[Watch]:
    for n, tag in enumerate(("car-t", "lung")):
        number = f"NCT0000000{n + 1}"
        yield Watch(
            id=n,
            reference=Reference(key=RecordKey(source="ctgov", source_id=number), text=number),
            tags=frozenset({tag}),
            label=f"trial {n}",
            source="both",
            every=None,
            origin="file",
            state=WatchState.ACTIVE,
            created_at=datetime(2026, 11, 20, tzinfo=UTC),
        )


WATCHES = tuple(_watches())


def _change(chance: random.Random, n: int) -> Change:
    category = chance.choice(KINDS)
    before, after, detail = _content(chance, category, n)
    return Change(
        category=category,
        path="dates.completion" if category is Category.DATES else category.value,
        kind=Kind.CHANGED,
        before=before,
        after=after,
        severity=chance.choice([*Severity]),
        cause=Cause.SPONSOR,
        sentence="Something changed.",
        detail=detail,
    )


def _content(chance: random.Random, category: Category, n: int) -> tuple[Any, Any, Any]:
    if category is Category.ENROLLMENT:
        return {"count": chance.randrange(1, 500)}, {"count": chance.randrange(1, 500)}, {}
    if category is Category.DATES:
        return None, None, {"days": chance.randrange(-400, 400)}
    if category is Category.LOCATIONS:
        towns = chance.choices([*TOWNS], k=chance.randrange(1, 12))
        return None, None, {"sites": [{"before": None, "after": _site(town)} for town in towns]}
    if category is Category.CRITERIA:
        return f"{TEXT} within {n} days.", f"{TEXT} within {n + 1} days.", {}
    return "RECRUITING", "SUSPENDED", {}


def _site(town: str) -> dict[str, str | None]:
    return {"facility": "Hospital", "city": town, "state": None, "zip": None, "country": TOWNS[town][0]}


def _rule(chance: random.Random, n: int) -> Rule:
    sentences: tuple[list[str], ...] = (
        [f"enrollment changes by at least {n + 1} %"],
        [f"a date slips at least {n + 1} days", f"completion moves at least {n + 9} days"],
        ["sites in France, Korea, Republic of", f"sites within {n + 1} km of 48.8566, 2.3522"],
        [f"criteria mention CAR-T, within {n} days"],
        [],
    )
    return Rule(
        name=f"rule {n}",
        tags=frozenset({"car-t"}) if n % 4 == 1 else frozenset(),
        watches=frozenset({"Trial 1", "nct00000001"}) if n % 4 == 2 else frozenset(),
        categories=frozenset(chance.sample(KINDS, 4)) if n % 3 == 0 else frozenset(),
        min_severity=chance.choice([*Severity]),
        to=(f"to {n % len(RECIPIENTS)}",),
        only=tuple(map(parse_condition, sentences[n % len(sentences)])),
    )
