"""Who stands behind the trial, and what it is called by others: lists told twice by the source are told once by us."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.diff.fields import field_changes, text_change, value_change
from monitor.diff.found import Found, kind_of
from monitor.diff.sameness import as_json, folded, list_difference, same, spelled
from monitor.model.change import Category
from monitor.model.record import TrialRecord
from monitor.model.sections import Agency, OtherId, ResponsibleParty, Sponsor


def sponsor_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    """Lead sponsor, collaborators, responsible party; an organization that merely follows the lead says nothing."""
    old, new = before.sponsor, after.sponsor
    yield from text_change("sponsor.lead", Category.SPONSOR, old.lead, new.lead)
    if same(old.lead, new.lead):
        yield from text_change("sponsor.lead_class", Category.SPONSOR, old.lead_class, new.lead_class)
    yield from _collaborators(old, new)
    yield from _party(old.responsible_party, new.responsible_party)
    yield from _organization(old, new)


def _collaborators(old: Sponsor, new: Sponsor) -> Iterator[Found]:
    """Joined, left, respelled: one change each; and a class stated anew for one that stayed."""
    removed, added = list_difference(_agencies(old), _agencies(new))
    respelled = {spelled(name) for name in removed} & {spelled(name) for name in added}
    for name in removed:
        if spelled(name) in respelled:
            now = next(each for each in added if spelled(each) == spelled(name))
            yield from text_change("sponsor.collaborators", Category.SPONSOR, name, now)
        else:
            yield from value_change("sponsor.collaborators", Category.SPONSOR, name, None)
    for name in added:
        if spelled(name) not in respelled:
            yield from value_change("sponsor.collaborators", Category.SPONSOR, None, name)
    was = {spelled(agency.name): agency for agency in old.collaborator_details}
    for agency in new.collaborator_details:
        yield from _classified(was.get(spelled(agency.name)), agency)


def _agencies(sponsor: Sponsor) -> tuple[str, ...]:
    return (*sponsor.collaborators, *(agency.name for agency in sponsor.collaborator_details))


def _classified(old: Agency | None, new: Agency) -> Iterator[Found]:
    if old is not None:
        yield from value_change("sponsor.collaborator_class", Category.SPONSOR, old.agency_class, new.agency_class)


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


def _organization(old: Sponsor, new: Sponsor) -> Iterator[Found]:
    was, now = old.organization, new.organization
    was_name, now_name = (was.name if was else None), (now.name if now else None)
    follows = not same(old.lead, new.lead) and same(was_name, old.lead) and same(now_name, new.lead)
    if follows:
        return
    if same(was_name, now_name):
        was_class, now_class = (was.agency_class if was else None), (now.agency_class if now else None)
        yield from value_change("sponsor.organization_class", Category.SPONSOR, was_class, now_class)
    else:
        yield from text_change("sponsor.organization", Category.SPONSOR, was_name, now_name)


def identifier_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    """Titles, short name, numbers; the details of a number only where the number itself stayed."""
    old, new = before.identification, after.identification
    category = Category.IDENTIFIERS
    yield from field_changes("identification", category, old, new, skip=("other_ids", "other_id_details"))
    numbers = (_numbers(old.other_ids, old.other_id_details), _numbers(new.other_ids, new.other_id_details))
    yield from value_change("identification.other_ids", category, *numbers)
    was = {folded(each.id): each for each in old.other_id_details}
    for each in new.other_id_details:
        known = was.get(folded(each.id))
        if known is not None and as_json(known) != as_json(each):
            yield Found(
                event="identification.other_id_details",
                category=category,
                path="identification.other_id_details",
                kind=kind_of(as_json(known), as_json(each)),
                before=as_json(known),
                after=as_json(each),
                detail={"id": each.id},
            )


def _numbers(ids: tuple[str, ...], details: tuple[OtherId, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*ids, *(each.id for each in details))))
