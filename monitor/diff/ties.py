"""Who stands behind the trial, and what it is called by others: lists told twice by the source are told once by us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from monitor.diff.align import Aligned, by_identity
from monitor.diff.fields import field_changes, text_change, value_change
from monitor.diff.found import Found, kind_of
from monitor.diff.sameness import as_json, folded, list_difference, same, spelled, whole
from monitor.model.change import Category
from monitor.model.json import Json
from monitor.model.record import TrialRecord
from monitor.model.sections import Identification, OtherId, ResponsibleParty, Sponsor


def sponsor_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    """Lead sponsor, collaborators, responsible party; an organization that merely follows the lead says nothing.

    A name that came or went has its class in `detail.class`, a lead whose organization followed it that as well.
    """
    old, new = before.sponsor, after.sponsor
    if same(old.lead, new.lead):
        yield from text_change("sponsor.lead", Category.SPONSOR, old.lead, new.lead)
        yield from text_change("sponsor.lead_class", Category.SPONSOR, old.lead_class, new.lead_class)
    else:
        yield from _lead(old, new)
    yield from _collaborators(old, new)
    yield from _party(old.responsible_party, new.responsible_party)
    if not _follows(old, new):
        yield from _organization(old, new)


def _lead(old: Sponsor, new: Sponsor) -> Iterator[Found]:
    classes = _sides("class", old.lead_class, new.lead_class)
    organizations = _sides("organization", as_json(old.organization), as_json(new.organization))
    told = {**classes, **(organizations if _follows(old, new) else {})}
    for found in text_change("sponsor.lead", Category.SPONSOR, old.lead, new.lead):
        yield _with(found, told)


def _sides(name: str, before: Json, after: Json) -> dict[str, Json]:
    return {} if before == after else {name: {"before": before, "after": after}}


def _with(found: Found, detail: Mapping[str, Json]) -> Found:
    return replace(found, detail={**found.detail, **detail})


def _collaborators(old: Sponsor, new: Sponsor) -> Iterator[Found]:
    """Joined, left, respelled: one change each; and a class stated anew for one that stayed."""
    removed, added = list_difference(_agencies(old), _agencies(new))
    respelled = {spelled(name) for name in removed} & {spelled(name) for name in added}
    was, now = (_classes(sponsor) for sponsor in (old, new))
    for name in removed:
        if spelled(name) in respelled:
            anew = next(each for each in added if spelled(each) == spelled(name))
            yield from text_change("sponsor.collaborators", Category.SPONSOR, name, anew)
        else:
            for gone in value_change("sponsor.collaborators", Category.SPONSOR, name, None):
                yield _with(gone, _sides("class", was.get(spelled(name)), None))
    for name in added:
        if spelled(name) not in respelled:
            for come in value_change("sponsor.collaborators", Category.SPONSOR, None, name):
                yield _with(come, _sides("class", None, now.get(spelled(name))))
    names = {spelled(name): name for name in _agencies(new)}
    for key in (key for key in now if key in was):
        for found in value_change("sponsor.collaborator_class", Category.SPONSOR, was[key], now[key]):
            yield _with(found, {"name": names[key]})


def _agencies(sponsor: Sponsor) -> tuple[str, ...]:
    return (*sponsor.collaborators, *(agency.name for agency in sponsor.collaborator_details))


def _classes(sponsor: Sponsor) -> dict[str, str | None]:
    """By name; of one name stated with several classes the same one, whatever the order."""
    listed = sorted(sponsor.collaborator_details, key=lambda agency: agency.agency_class or "")
    bare = dict.fromkeys(map(spelled, sponsor.collaborators))
    return bare | {name: agency.agency_class for agency in listed if (name := spelled(agency.name))}


def _party(old: ResponsibleParty, new: ResponsibleParty) -> Iterator[Found]:
    before, after = as_json(old) or None, as_json(new) or None
    fields = [name for name in ResponsibleParty.__slots__ if not same(getattr(old, name), getattr(new, name))]
    if fields:
        yield Found(
            event="sponsor.responsible_party",
            category=Category.SPONSOR,
            path="sponsor.responsible_party",
            kind=kind_of(before, after),
            before=before,
            after=after,
            detail={"fields": fields},
        )


def _follows(old: Sponsor, new: Sponsor) -> bool:
    """True if the organization that keeps the record was and is the lead sponsor, which changed."""
    was, now = (sponsor.organization.name if sponsor.organization else None for sponsor in (old, new))
    return not same(old.lead, new.lead) and same(was, old.lead) and same(now, new.lead)


def _organization(old: Sponsor, new: Sponsor) -> Iterator[Found]:
    was, now = old.organization, new.organization
    was_name, now_name = (was.name if was else None), (now.name if now else None)
    classes = (was.agency_class if was else None), (now.agency_class if now else None)
    if same(was_name, now_name):
        yield from value_change("sponsor.organization_class", Category.SPONSOR, *classes)
    else:
        for found in text_change("sponsor.organization", Category.SPONSOR, was_name, now_name):
            yield _with(found, _sides("class", *classes))


def identifier_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    """Titles, short name, numbers; what is said of a number is a change of its own only where the number stayed."""
    old, new = before.identification, after.identification
    category = Category.IDENTIFIERS
    yield from field_changes("identification", category, old, new, skip=("other_ids", "other_id_details"))
    details: Aligned[OtherId] = by_identity(old.other_id_details, new.other_id_details, whole)
    stayed: Aligned[OtherId] = by_identity(details.removed, details.added, lambda each: folded(each.id))
    was, now = _numbers(old), _numbers(new)
    with_number = [each for each in (*stayed.removed, *stayed.added) if not _both(each, was, now) and _says_more(each)]
    for found in value_change("identification.other_ids", category, tuple(was.values()), tuple(now.values())):
        yield _with(found, {"details": as_json(with_number)})
    for first, second in stayed.pairs:
        yield _of_number(first, second)
    for gone in stayed.removed:
        if _both(gone, was, now) and _says_more(gone):
            yield _of_number(gone, None)
    for come in stayed.added:
        if _both(come, was, now) and _says_more(come):
            yield _of_number(None, come)


def _says_more(each: OtherId) -> bool:
    """True if more is said of the number than the number."""
    return bool(each.type or each.domain or each.link)


def _of_number(old: OtherId | None, new: OtherId | None) -> Found:
    before, after = (as_json(each) if each else None for each in (old, new))
    each = new or old
    return Found(
        event="identification.other_id_details",
        category=Category.IDENTIFIERS,
        path="identification.other_id_details",
        kind=kind_of(before, after),
        before=before,
        after=after,
        detail={"id": each.id if each else None},
    )


def _both(each: OtherId, was: Mapping[str | None, str], now: Mapping[str | None, str]) -> bool:
    """True if the number stayed, or if there is none."""
    return not folded(each.id) or (folded(each.id) in was and folded(each.id) in now)


def _numbers(record: Identification) -> dict[str | None, str]:
    """Every number once, by its comparison form."""
    numbers = (*record.other_ids, *(each.id for each in record.other_id_details))
    return dict(reversed({folded(number): number for number in reversed(numbers)}.items()))
