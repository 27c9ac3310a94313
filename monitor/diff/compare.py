"""What changed between two versions of one record. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from monitor.diff.arms import arm_changes
from monitor.diff.cause import cause_of, own_cause
from monitor.diff.correction import Earlier, taken_back
from monitor.diff.dates import bookkeeping_change, date_changes
from monitor.diff.enrollment import enrollment_changes
from monitor.diff.entry import criteria_changes
from monitor.diff.fields import field_changes, value_change
from monitor.diff.found import Found, kind_of
from monitor.diff.leaves import Leaf, differing
from monitor.diff.outcomes import outcome_changes
from monitor.diff.papers import document_changes, reference_changes
from monitor.diff.people import people_changes
from monitor.diff.sameness import alike, as_json, says_same
from monitor.diff.severity import row_of, severity_of
from monitor.diff.sites import follow_the_trial, site_changes
from monitor.diff.status import status_changes
from monitor.diff.telling import tell
from monitor.diff.telling.phrases import WEIGHTS
from monitor.diff.telling.weight import weigh
from monitor.diff.ties import identifier_changes, sponsor_changes
from monitor.model.change import Category, Cause, Change, Kind, Severity, in_telling_order
from monitor.model.json import Json
from monitor.model.papers import Results
from monitor.model.people import Locations
from monitor.model.record import SECTIONS, TrialRecord

Comparer: TypeAlias = Callable[[TrialRecord, TrialRecord], Iterator[Found]]

_UNORDERED = ("dates", "locations", "results")
_LAYOUT = ("raw",)  # of the criteria: their tree says the same
_AS_IN_THE_TABLE: Mapping[str, Severity] = {}
_SETTLED = ("dates", "eligibility")  # told whole by their comparers: bookkeeping and layout are no differences


def compare(
    before: TrialRecord,
    after: TrialRecord,
    *,
    mirror: bool = False,
    severities: Mapping[str, Severity] = _AS_IN_THE_TABLE,
    earlier: Sequence[Earlier] = (),
) -> tuple[Change, ...]:
    """Every difference between two versions, each once, in telling order.

    Sections (or "section.field") that either side names as unavailable are not compared; of unavailable locations
    the number of sites is. `mirror` says that the records are a mirror's pages. Bookkeeping dates are a change only
    where nothing else is. `severities` are the user's own, by event or beginning of one.
    `earlier` are the record's changes of late, latest first: what takes one of them back is a correction.
    """
    before, after = _shown_by_both(before, after)
    found = [each for section in SECTIONS for each in _section_changes(section, before, after)]
    if not found:
        found = list(bookkeeping_change(before.dates, after.dates))
    cause = cause_of(before, after, mirror=mirror)
    return in_telling_order(tuple(_judged(each, cause, severities, earlier) for each in found))


def _judged(found: Found, general: Cause, severities: Mapping[str, Severity], earlier: Sequence[Earlier]) -> Change:
    undone = taken_back(found, earlier) if earlier else None
    cause = own_cause(found, general, takes_back=undone is not None)
    if undone and cause is Cause.CORRECTION:
        found = replace(found, detail={**found.detail, "takes_back": {"change": undone.id, "days": undone.days}})
    severity, reason = _weighed(found, cause, severities)
    said = tell(found, cause)
    return Change(
        category=found.category,
        path=found.path,
        kind=found.kind,
        before=found.before,
        after=found.after,
        severity=severity,
        cause=cause,
        sentence=said.sentence,
        detail={"event": found.event, "severity_reason": reason, **found.detail},
        strong=said.strong,
    )


def _weighed(found: Found, cause: Cause, severities: Mapping[str, Severity]) -> tuple[Severity, str]:
    """How grave a change is and why: an echo never is, the user's word goes before ours."""
    if cause is Cause.MIRROR:
        return Severity.ADMINISTRATIVE, WEIGHTS["mirror"]
    own = row_of(found.event, severities)
    if own is not None:
        return severities[own], WEIGHTS["yours"]
    return severity_of(found), weigh(found)


def _section_changes(section: str, before: TrialRecord, after: TrialRecord) -> list[Found]:
    old, new = getattr(before, section), getattr(after, section)
    if old == new or _alike(section, old, new):
        return []
    if section == "status":
        return [_with_sites(each, before, after) for each in status_changes(before, after)]
    found = list(_COMPARERS[section](before, after))
    if found or section in _SETTLED or (section == "locations" and follow_the_trial(before, after)):
        return found
    return list(_untold(section, as_json(old), as_json(new)))


def _alike(section: str, old: object, new: object) -> bool:
    """True if the sections say the same in another order; dates have none, sites and results are many."""
    return section not in _UNORDERED and alike(old, new, aside=_LAYOUT)


def _with_sites(found: Found, before: TrialRecord, after: TrialRecord) -> Found:
    """The status change with what the sites lost because of it."""
    if found.path != "status.overall":
        return found
    return replace(found, detail={**found.detail, **follow_the_trial(before, after)})


def _untold(section: str, before: Json, after: Json) -> Iterator[Found]:
    """No difference stays untold: one that no comparer names is told with its section's path."""
    if not says_same(before, after):
        yield Found(
            event=f"other.{section}",
            category=Category.OTHER,
            path=section,
            kind=Kind.CHANGED,
            before=before,
            after=after,
            detail=_values(differing(before, after)),
        )


def _shown_by_both(before: TrialRecord, after: TrialRecord) -> tuple[TrialRecord, TrialRecord]:
    """Both records without the sections that one of them could not show."""
    for path in {*before.unavailable, *after.unavailable}:
        section, _, field = path.partition(".")
        if section not in SECTIONS:
            continue
        shown = getattr(after, section)
        if section == "locations":
            counted = Locations(count=before.locations.count)
            before = replace(before, locations=counted)
            shown = Locations(count=counted.count if shown.count is None else shown.count)
            after = replace(after, locations=shown)
        elif field and hasattr(shown, field):
            kept = replace(shown, **{field: getattr(getattr(before, section), field)})
            after = replace(after, **{section: kept})
        else:
            after = replace(after, **{section: getattr(before, section)})
    return before, after


def _plain(section: str, category: Category) -> Comparer:
    """A section whose fields stand for themselves."""

    def comparer(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
        yield from field_changes(section, category, getattr(before, section), getattr(after, section))

    return comparer


def _sharing_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    """A statement that came or went whole is one change, else one for each field."""
    old, new = as_json(before.sharing) or None, as_json(after.sharing) or None
    if (old is None) == (new is None):
        yield from field_changes("sharing", Category.SHARING, before.sharing, after.sharing)
        return
    kind = kind_of(old, new)
    yield Found(event="sharing", category=Category.SHARING, path="sharing", kind=kind, before=old, after=new)


def _result_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    """Results posted or withdrawn as one change; else each module that differs, with the values that do."""
    old, new = before.results, after.results
    if bool(old.has_results or old.modules) != bool(new.has_results or new.modules):
        yield _posted(old, new)
    else:
        yield from value_change("results.has_results", Category.RESULTS, old.has_results, new.has_results)
        yield from _parts("results.modules", old.modules, new.modules)
    yield from _parts("results.annotations", old.annotations, new.annotations)


def _posted(old: Results, new: Results) -> Found:
    """The results as they came or went; notes on them are told by themselves."""
    came = bool(new.has_results or new.modules)
    results = new if came else old
    whole: Json = {"has_results": results.has_results, "modules": as_json(results.modules)}
    return Found(
        event="results.posted" if came else "results.withdrawn",
        category=Category.RESULTS,
        path="results",
        kind=Kind.ADDED if came else Kind.REMOVED,
        before=None if came else whole,
        after=whole if came else None,
        detail={"has_results": new.has_results},
    )


def _parts(path: str, old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Found]:
    for found in _trees(path, Category.RESULTS, old, new):
        yield _only_what_differs(found) if found.kind is Kind.CHANGED else found


def _only_what_differs(found: Found) -> Found:
    """A part of the results may hold thousands of numbers: before and after are those that differ, by their paths."""
    values = [each for each in _listed(found.detail["values"]) if isinstance(each, Mapping)]
    before, after = (
        {str(each["path"]): each[side] for each in values if each[side] is not None} for side in ("before", "after")
    )
    return replace(found, before=before, after=after)


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _other_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    yield from _trees("other", Category.OTHER, before.other, after.other)


def _trees(path: str, category: Category, old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Found]:
    """One change for each key whose tree differs."""
    for name in sorted({*old, *new}):
        was, now = old.get(name), new.get(name)
        leaves = differing(was, now) if was != now else []
        if leaves:
            yield Found(
                event=path,
                category=category,
                path=f"{path}.{name}",
                kind=kind_of(was, now),
                before=was,
                after=now,
                detail={"name": name, **_values(leaves)},
            )


def _values(leaves: list[Leaf]) -> dict[str, Json]:
    """The single values that differ: {path, before, after}; `places` leads to each, key by key and name by name."""
    return {
        "values": [{"path": ".".join(each.steps), "before": each.before, "after": each.after} for each in leaves],
        "places": [list(each.steps) for each in leaves],
    }


_COMPARERS: Mapping[str, Comparer] = {
    "identification": identifier_changes,
    "dates": date_changes,
    "sponsor": sponsor_changes,
    "design": _plain("design", Category.DESIGN),
    "enrollment": enrollment_changes,
    "conditions": _plain("conditions", Category.CONDITIONS),
    "arms": arm_changes,
    "outcomes": outcome_changes,
    "eligibility": criteria_changes,
    "contacts": people_changes,
    "locations": site_changes,
    "description": _plain("description", Category.DESCRIPTION),
    "documents": document_changes,
    "results": _result_changes,
    "references": reference_changes,
    "oversight": _plain("oversight", Category.OVERSIGHT),
    "sharing": _sharing_changes,
    "other": _other_changes,
}
