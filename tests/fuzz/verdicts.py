"""What is wrong with a judgement of the product, by the rule that it breaks; nothing where all is well."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from monitor.diff.compare import compare
from monitor.model.change import Category, Change, Kind
from monitor.model.coverage import Outcome
from monitor.model.record import TrialRecord
from tests.fuzz.case import Asked, Case, Due
from tests.fuzz.desk import Baseline, Judged
from tests.planted.compared import NotEnough, compared
from tests.planted.judge import faults as faults_of_edits
from tests.planted.rebuilt import rebuilt

OWN_FAULT: Final = "This program met a fault of its own"


def faults(asked: Asked, base: Baseline, case: Case, done: Judged, *, thorough: bool) -> Iterator[str]:
    """`thorough` also rebuilds the newer record from what was told."""
    told = done.verdict.changes
    yield from _total(done, thorough=thorough)
    yield from _stays(asked, case, done)
    if case.due is Due.QUIET or (case.due is Due.QUIET_OR_AWAY and done.compared):
        yield from (
            f"NOISE TOLD: {_shown(change)}" for change in told if change.category is not Category.ADMINISTRATIVE
        )
    if case.due is Due.EDITS and not done.compared and not _is_like_a_renamed_key(case, done):
        yield f"EDIT NOT COMPARED: {done.verdict.outcome} {done.verdict.problem}"
    elif case.due is Due.EDITS and done.compared:
        yield from _edits(base, case, told)
    if case.due is Due.NO_LOSS or asked.source == "ctv":
        yield from (f"FALSE REMOVED: {_shown(change)}" for change in told if _is_loss(asked, change, base))
    if thorough and asked.source == "ctgov" and done.compared and done.read:
        yield from _untold(base.known.base, done.read, told)


def _total(done: Judged, *, thorough: bool) -> Iterator[str]:
    problem = done.verdict.problem or ""
    if OWN_FAULT in problem:
        yield f"PARSER NOT TOTAL: {problem}"
    if thorough and done.read is not None and done.compared and compare(done.read, done.read):
        yield "NOT REFLEXIVE: a record differs from itself"
    if done.moved and not done.compared:
        yield "MOVED UNCOMPARED: a version was made of what was not compared"


def _stays(asked: Asked, case: Case, done: Judged) -> Iterator[str]:
    away = case.due in (Due.AWAY, Due.HELD)
    if away and (done.moved or done.verdict.changes or done.compared):
        yield f"BASELINE MOVED: {case.due.value}, and yet it was compared"
    if case.due is Due.HELD and done.verdict.outcome is not Outcome.SUSPECT and not _is_unread(done):
        yield f"NOT HELD: {done.verdict.outcome}"
    if done.moved and asked.source == "ctgov" and not proves(case.content, asked.number):
        yield "BASELINE MOVED: the body does not name this trial or is not complete"


def _is_unread(done: Judged) -> bool:
    return done.verdict.outcome in (Outcome.FAILED, Outcome.REFUSED, Outcome.THROTTLED)


def proves(content: bytes, number: str) -> bool:
    """True if a body is JSON, of this number, and has what a complete record has: read with another parser."""
    try:
        study: Any = json.loads(content.decode("utf-8"))
        protocol = study["protocolSection"]
        who = protocol["identificationModule"]
        facts = (
            protocol["statusModule"]["overallStatus"],
            protocol["sponsorCollaboratorsModule"]["leadSponsor"]["name"],
            protocol["designModule"]["studyType"],
            who["briefTitle"],
            *(protocol[name] for name in ("descriptionModule", "conditionsModule", "eligibilityModule")),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
    return all(facts) and str(who["nctId"]).strip() == number


def _edits(base: Baseline, case: Case, told: tuple[Change, ...]) -> Iterator[str]:
    if case.told is None:
        yield from (f"EDIT: {fault}" for fault in faults_of_edits(case.facts, told))
        return
    section, value = case.told
    shown = section not in base.known.base.unavailable  # with nothing to compare it with, nothing can be told
    if shown and not any(change.path.startswith(section) and value in str(change.after) for change in told):
        yield f"EDIT: {section} {value!r} is not told"
    yield from (f"EDIT: {_shown(change)} beside it" for change in told if not change.path.startswith(section))


def _is_like_a_renamed_key(case: Case, done: Judged) -> bool:
    """True if the edits put in a key that nobody knows where another went: held, as a name that was damaged."""
    new = any(fact.category == "other" for fact in case.facts)
    return new and "is no name that is known" in (done.verdict.problem or "")


def _is_loss(asked: Asked, change: Change, base: Baseline) -> bool:
    """Of a page anything that is there no more; of a registry's document a field: list items may be respelled."""
    if change.kind is not Kind.REMOVED and change.after is not None:
        return False
    return asked.source == "ctv" or change.path in compared(base.known.base).values


def _untold(before: TrialRecord, after: TrialRecord, told: tuple[Change, ...]) -> Iterator[str]:
    """The paths that the changes do not account for, either way."""
    if _is_ambiguous(before) or _is_ambiguous(after):
        return
    try:
        made, wanted = rebuilt(before, told).told(), compared(after).told()
    except NotEnough as fault:
        yield f"NOT REBUILT: {fault}"
        return
    if before.locations.sites or after.locations.sites:  # their number is theirs, whatever else is said of it
        made.pop("locations.count", None)
        wanted.pop("locations.count", None)
    odd = sorted(path for path in {*made, *wanted} if made.get(path) != wanted.get(path))
    if odd:
        yield f"NOT REBUILT: {odd[:5]}"


def _is_ambiguous(record: TrialRecord) -> bool:
    """True if two outcomes, arms, treatments or collaborators say the same, or one has no name: links go by names."""
    bags = compared(record).bags
    if len(set(record.sponsor.collaborators)) < len(record.sponsor.collaborators):
        return True
    twins = any(len(set(bags[path])) < len(bags[path]) for path in bags if path.startswith(("outcomes.", "arms.")))
    names = [*(arm.label for arm in record.arms.arms), *(each.name for each in record.arms.interventions)]
    return twins or not all(names)


def _shown(change: Change) -> str:
    return f"{change.path} {change.kind} {str(change.before)[:120]!r} -> {str(change.after)[:120]!r}"
