"""Makes a script from a seed: trials drawn from small real records, and true changes planted in them.

Planted values are unique in their world, so that a message that shows one can be found; a status that flips is not, so
that a change told once and for all by its content would be missed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random
from typing import Any

import orjson

from tests.faults.script import Destination, Script, State, Trial, Version
from tests.faults.truth import PAYLOADS, stamp

REGISTRY_BASES = ("ctgov/NCT06926543", "ctgov/NCT04520009", "ctgov/NCT02284659", "cli/NCT07011550_0")
PAGE_BASES = ("ctgov/NCT06926543", "ctgov/NCT04520009", "ctgov/NCT02284659", "ctgov/NCT00231166")
READERS = (
    Destination(name="team", kind="smtp", sink="mail", recipients=("team@example.org", "pi@example.org")),
    Destination(name="hook", kind="json", sink="web", recipients=("hook",)),
)
OPERATOR = Destination(name="operator", kind="smtp", sink="mail", recipients=("ops@example.org",), operator=True)
BACK = "back: "
STATUSES = {"RECRUITING": "Recruiting", "SUSPENDED": "Suspended"}


@dataclass(slots=True)
class _Draft:
    """A trial in the making: the edits and the shown words as they stand."""

    edits: dict[str, Any]
    shows: dict[str, str]
    serial: Callable[[], int]
    versions: list[Version] = field(default_factory=list)

    def keep(self, day: int) -> None:
        """What stands now is a version from `day` on."""
        self.edits["statusModule.lastUpdatePostDateStruct"] = {"date": stamp(day), "type": "ESTIMATED"}
        self.versions.append(Version(day=day, edits=dict(self.edits), shows=dict(self.shows)))


def _enrollment(draft: _Draft) -> None:
    number = 1000 + draft.serial()
    draft.edits["designModule.enrollmentInfo"] = {"count": number, "type": "ESTIMATED"}
    draft.shows["enrollment"] = f"{number:,}"


def _criterion(draft: _Draft) -> None:
    path = "eligibilityModule.eligibilityCriteria"
    said = f"Known marker {draft.serial()} of this world."
    draft.edits[path] = f"{draft.edits[path].rpartition('* ')[0]}* {said}"
    draft.shows["criterion"] = said.removesuffix(" of this world.")


def _flip(draft: _Draft) -> None:
    path = "statusModule.overallStatus"
    now = "RECRUITING" if draft.edits[path] == "SUSPENDED" else "SUSPENDED"
    draft.edits[path] = now
    draft.shows["status"] = STATUSES[now]


def _reason(draft: _Draft) -> None:
    word = f"reason-{draft.serial()}"
    draft.edits["statusModule.whyStopped"] = word
    draft.shows["reason"] = word


def _phone(draft: _Draft) -> None:
    phone = f"555-{draft.serial():06}"
    draft.edits["contactsLocationsModule.centralContacts"] = [
        {"name": "Ada Example", "role": "CONTACT", "phone": phone, "email": "ada@example.org"}
    ]
    draft.shows["phone"] = phone


_PLACES = {
    "enrollment": "designModule.enrollmentInfo",
    "criterion": "eligibilityModule.eligibilityCriteria",
    "status": "statusModule.overallStatus",
    "reason": "statusModule.whyStopped",
    "phone": "contactsLocationsModule.centralContacts",
}


def _take_back(draft: _Draft, name: str) -> None:
    """The field says again what it said in the version before the last one that changed it."""
    past = [each for each in draft.versions if each.shows[name] != draft.shows[name]]
    if past:
        draft.edits[_PLACES[name]] = past[-1].edits[_PLACES[name]]
        draft.shows[name] = past[-1].shows[name]


Plant = Callable[[_Draft], None]
AT_REGISTRY: Mapping[str, Plant] = {
    "enrollment": _enrollment,
    "criterion": _criterion,
    "status": _flip,
    "reason": _reason,
    "phone": _phone,
}
ON_PAGES: Mapping[str, Plant] = {"enrollment": _enrollment, "criterion": _criterion}


def _first(base: str, title: str, kinds: Mapping[str, Plant], serial: Callable[[], int]) -> _Draft:
    """The first version: the base record under another title, with a value of its own in every planted field."""
    protocol = orjson.loads((PAYLOADS / f"{base}.json").read_bytes())["protocolSection"]
    criteria = protocol["eligibilityModule"]["eligibilityCriteria"]
    edits = {
        "identificationModule.briefTitle": title,
        "eligibilityModule.eligibilityCriteria": f"{criteria.rstrip()}\n* To be replaced.",
        "statusModule.overallStatus": "SUSPENDED",
    }
    draft = _Draft(edits, {}, serial)
    for plant in kinds.values():
        plant(draft)
    draft.keep(1)
    return draft


def _trial(
    number: int,
    base: str,
    changes: Mapping[int, Sequence[str]],
    serial: Callable[[], int],
    *,
    page: bool,
    lag: int | None = None,
) -> Trial:
    kinds = ON_PAGES if page else AT_REGISTRY
    draft = _first(base, f"World Study {number}", kinds, serial)
    for day, names in sorted(changes.items()):
        for name in names:
            if name.startswith(BACK):
                _take_back(draft, name.removeprefix(BACK))
            else:
                kinds[name](draft)
        if draft.shows != draft.versions[-1].shows:
            draft.keep(day)
    slug = f"world-study-{number}" if page else None
    return Trial(number=f"NCT9{number:07}", base=base, versions=tuple(draft.versions), slug=slug, lag=lag)


def _changes(
    chance: Random, kinds: Mapping[str, Plant], days: int, share: float, back: float
) -> Mapping[int, Sequence[str]]:
    """What changes on which day; `back` is the share of changes that say again what was said before."""
    changes: dict[int, Sequence[str]] = {}
    for day in range(2, days + 1):
        if chance.random() < share:
            names = chance.sample(sorted(kinds), chance.choice((1, 1, 2)))
            changes[day] = [f"{BACK}{name}" if back and chance.random() < back else name for name in names]
    return changes


def build(
    seed: int,
    *,
    registry: int = 20,
    pages: int = 10,
    both: int = 0,
    days: int = 5,
    share: float = 0.2,
    back: float = 0.0,
    destinations: tuple[Destination, ...] = (*READERS, OPERATOR),
) -> Script:
    """A world without faults, the same for the same arguments: on each later day about `share` of the trials change.

    `both` trials are followed at the registry and by a page that lags; they change so early that the page can follow.
    """
    chance, serial = Random(seed), count(1).__next__
    trials = []
    for n in range(registry + pages + both):
        page = n >= registry
        lag = chance.choice((1, 2)) if n >= registry + pages else None
        bases, kinds = (PAGE_BASES, ON_PAGES) if page else (REGISTRY_BASES, AT_REGISTRY)
        changes = _changes(chance, kinds, days - (lag or 0), share, back)
        trials.append(_trial(n + 1, bases[n % len(bases)], changes, serial, page=page, lag=lag))
    return Script(seed=seed, days=days, trials=tuple(trials), destinations=destinations)


def withdrawn(script: Script, number: str, day: int) -> Script:
    """The script with this trial gone from `day` on."""
    return _with(script, number, _after(script.trial(number), day, state="gone"))


def returned(script: Script, number: str, day: int) -> Script:
    """The script with this trial, which was gone, found again from `day` on."""
    return _with(script, number, _after(script.trial(number), day, state="present"))


def merged(script: Script, number: str, into: str, day: int) -> Script:
    """The script with this trial part of another one of it from `day` on; the survivor names it as an alias."""
    script = _with(script, number, _after(script.trial(number), day, state="merged", into=into))
    survivor = script.trial(into)
    alias = {"identificationModule.nctIdAliases": [number]}
    told = [replace(v, edits={**v.edits, **alias}, shows={**v.shows, "alias": number}) for v in survivor.versions]
    before = [version for version in survivor.versions if version.day < day]
    since = replace(told[survivor.at(day)], day=day)
    later = [version for version in told if version.day > day]
    return _with(script, into, replace(survivor, versions=(*before, since, *later)))


def _after(trial: Trial, day: int, *, state: State, into: str | None = None) -> Trial:
    held = [version for version in trial.versions if version.day < day]
    return replace(trial, versions=(*held, replace(held[-1], day=day, state=state, into=into)))


def _with(script: Script, number: str, trial: Trial) -> Script:
    return replace(script, trials=tuple(trial if each.number == number else each for each in script.trials))
