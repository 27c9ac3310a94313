"""Scripts with a name, for the suite and for longer runs alike."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from tests.faults.kinds import HARMLESS, LISTS_WITH_200, MEMBERS, PAGES_WITH_200, SLOW, TRANSPORT, on_each, place
from tests.faults.script import Act, Ask, Fault, Script, Where
from tests.faults.world import build

OF_PAGES = (*PAGES_WITH_200, *TRANSPORT, *HARMLESS, *SLOW, "500", "502", "504", "418", "404")
DAYS_OF_LISTS = 2 * len(LISTS_WITH_200) + 1
EVERYWHERE: tuple[Ask, ...] = ("page", "list", "study")


def unchanging(days: int, *, registry: int = 120, pages: int = 80) -> Script:
    """Trials in which nothing changes."""
    return build(20, registry=registry, pages=pages, days=days, share=0.0)


def wrong_answers(script: Script) -> Script:
    """On day 2 every page has a fault of its own, and some trials are damaged in the list. Needs 3 days."""
    pages = [trial.number for trial in script.trials if trial.slug]
    registry = [trial.number for trial in script.trials if not trial.slug]
    faults = [*on_each(OF_PAGES, pages, day=2)]
    for number, body in zip(registry[::7], MEMBERS, strict=False):
        where = Where(ask="list", trial=number, days=(2, 2))
        faults.append(Fault(name=f"in the list: {body}", where=where, act=Act(body=body)))
        faults.append(place("500", Where(ask="study", trial=number, days=(2, 2), last=None)))
    return replace(script, faults=tuple(faults))


def wrong_lists(script: Script) -> Script:
    """On each even day every list has another fault; the days between are sound. Needs `DAYS_OF_LISTS` days."""
    days = zip(count(2, 2), LISTS_WITH_200, strict=False)
    faults = (place(name, Where(ask="list", days=(day, day), last=None)) for day, name in days)
    return replace(script, faults=tuple(faults))


def everywhere(script: Script, name: str) -> Script:
    """On day 2 this fault is in every page and every record. Needs 3 days."""
    faults = tuple(place(name, Where(ask=ask, days=(2, 2), last=None)) for ask in EVERYWHERE)
    return replace(script, faults=faults)


def busy(script: Script, *, seconds: int = 2) -> Script:
    """On day 2 the pages answer 429 once and the registry 503 once, each with a wait. Needs 3 days."""
    headers = {"Retry-After": str(seconds)}
    acts: dict[Ask, Act] = {"page": Act(status=429, headers=headers), "list": Act(status=503, headers=headers)}
    faults = (Fault(name=str(act.status), where=Where(ask=ask, days=(2, 2)), act=act) for ask, act in acts.items())
    return replace(script, faults=tuple(faults))


SCENARIOS = {
    "wrong answers": lambda: wrong_answers(unchanging(3)),
    "wrong lists": lambda: wrong_lists(unchanging(DAYS_OF_LISTS, pages=0)),
    "new layout": lambda: everywhere(unchanging(3), "renamed"),
    "busy": lambda: busy(unchanging(3)),
}
"""Many trials in which nothing changed: whatever the sources do, no reader hears of anything."""

SMALL = {
    "wrong answers": lambda: wrong_answers(unchanging(3, registry=7 * len(MEMBERS), pages=len(OF_PAGES))),
    "wrong lists": lambda: wrong_lists(unchanging(DAYS_OF_LISTS, registry=3, pages=0)),
    "new layout": lambda: everywhere(unchanging(3, registry=20, pages=20), "renamed"),
    "busy": lambda: busy(unchanging(3, registry=5, pages=5)),
}
"""The same faults, all of them met, in fewer trials."""
