"""How much a change matters: one table, from the most special event to the most general.

critical: the trial stops, resumes after a stop, a primary outcome is swapped.
major: it opens or closes to people; who can join, how many, what is given, what is measured; months of delay.
minor: contacts, single sites, the day of the start, wording.
administrative: verified, respelled, links, and what only the registry keeps.
"""

from __future__ import annotations

from collections.abc import Container

from monitor.diff.found import Found
from monitor.model.change import Severity

CRITICAL, MAJOR, MINOR, ADMINISTRATIVE = Severity

SEVERITIES = {
    # status
    "status.stopped": CRITICAL,
    "status.resumed": CRITICAL,
    "status.opened": MAJOR,
    "status.reopened": MAJOR,
    "status.switched": MAJOR,
    "status.closed": MAJOR,
    "status.completed": MAJOR,
    "status.changed": MAJOR,
    "status.reason": MAJOR,
    "status.unknown": MINOR,  # nobody said that anything happened; that is the point
    "status.last_known": MINOR,
    "status.expanded_access": MAJOR,
    "status.expanded_access.silent": ADMINISTRATIVE,  # "there is none", said or no longer said
    "status.delayed_posting": ADMINISTRATIVE,
    # who can join, how many
    "criteria.looser": MAJOR,
    "criteria.tighter": MAJOR,
    "criteria.unclear": MAJOR,  # it may be either: somebody has to read it
    "criteria.reworded": MINOR,
    "enrollment.count": MAJOR,
    "enrollment.type": MINOR,
    # what is measured
    "outcomes.primary.swapped": CRITICAL,
    "outcomes.primary.promoted": CRITICAL,  # what it decides on is another measure now
    "outcomes.primary.demoted": CRITICAL,
    "outcomes.primary": MAJOR,
    "outcomes.secondary.added": MAJOR,
    "outcomes.secondary.removed": MAJOR,
    "outcomes.secondary.swapped": MAJOR,
    "outcomes": MINOR,
    # what is given, and how the trial is built
    "arms.added": MAJOR,
    "arms.removed": MAJOR,
    "arms.type": MAJOR,
    "arms.interventions": MAJOR,
    "arms": MINOR,
    "interventions.added": MAJOR,
    "interventions.removed": MAJOR,
    "interventions": MINOR,
    "design": MAJOR,
    "design.intervention_model_description": MINOR,
    "design.masking_description": MINOR,
    "design.target_duration": MINOR,
    "design.biospecimen_retention": MINOR,
    "design.biospecimen_description": MINOR,
    "design.patient_registry": MINOR,
    # when
    "dates.slip": MAJOR,
    "dates.small": MINOR,
    "dates.precision": ADMINISTRATIVE,  # the same day, told more exactly or less
    # where, and whom to ask
    "sites.many_closed": MAJOR,
    "sites.respelled": ADMINISTRATIVE,
    "sites": MINOR,
    "contacts": MINOR,
    "officials": MINOR,
    "contacts.respelled": ADMINISTRATIVE,
    "officials.respelled": ADMINISTRATIVE,
    # who stands behind it
    "sponsor.lead": MAJOR,
    "sponsor.lead_class": ADMINISTRATIVE,
    "sponsor.collaborator_class": ADMINISTRATIVE,
    "sponsor.organization_class": ADMINISTRATIVE,
    "sponsor.organization": ADMINISTRATIVE,  # who keeps the record; the lead sponsor is told by itself
    "sponsor": MINOR,
    # what it is called, what it is about
    "identification.registry_id": MAJOR,
    "identification.other_id_details": ADMINISTRATIVE,
    "identification.aliases": ADMINISTRATIVE,
    "identification": MINOR,
    "conditions.conditions": MINOR,
    "conditions.keywords": ADMINISTRATIVE,  # words to be found by
    "description": MINOR,
    # what is published
    "results.posted": MAJOR,
    "results": MINOR,
    "documents": MINOR,
    "references": ADMINISTRATIVE,  # links: a paper or page named, often by the registry itself; the trial is the same
    "oversight": MINOR,
    "sharing": MINOR,
    "other": MINOR,  # not modelled, so nobody can say that it does not matter
    "bookkeeping": ADMINISTRATIVE,
}


def severity_of(found: Found) -> Severity:
    """By the event's name, else by the longest beginning of it that the table knows; respelled is administrative."""
    if found.event not in SEVERITIES and found.event.endswith(".respelled"):
        return ADMINISTRATIVE
    return SEVERITIES[row_of(found.event, SEVERITIES) or "other"]


def row_of(event: str, table: Container[str]) -> str | None:
    """The longest beginning of the event that the table has ("sites" of "sites.opened"); None if it has none."""
    steps = event.split(".")
    beginnings = (".".join(steps[:length]) for length in range(len(steps), 0, -1))
    return next((each for each in beginnings if each in table), None)
