"""The names of everything that a comparison can find: what a user may give a severity of their own."""

from __future__ import annotations

from dataclasses import fields
from functools import cache

from monitor.diff.severity import SEVERITIES
from monitor.model.record import TrialRecord

_BY_FIELD = ("identification", "sponsor", "design", "conditions", "description", "oversight", "sharing")
_RANKS = ("primary", "secondary", "other")
_FINER = (  # events without a row of their own in the table of severities
    *(f"contacts.{step}" for step in ("added", "first", "removed", "withdrawn", "replaced", "renamed", "details")),
    "contacts.name_and_details",
    *(f"officials.{step}" for step in ("added", "removed", "replaced", "details")),
    *(f"sites.{step}" for step in ("added", "opened", "closed", "status", "contact", "count")),
    *(f"outcomes.{rank}.{step}" for rank in _RANKS for step in ("added", "removed", "swapped", "promoted", "demoted")),
    *(
        f"outcomes.{rank}.{field}"
        for rank in (*_RANKS, "several")
        for field in ("measure", "time_frame", "description")
    ),
    *(f"{what}.{step}" for what in ("arms", "interventions") for step in ("renamed", "description", "type")),
    "interventions.other_names",
    *(f"documents.{step}" for step in ("documents.added", "documents.removed", "documents.changed", "no_sap")),
    *(
        f"references.{what}.{step}"
        for what in ("references", "see_also", "shared_data")
        for step in ("added", "removed", "changed")
    ),
    *(f"results.{step}" for step in ("withdrawn", "has_results", "modules", "annotations")),
)


@cache
def known_events() -> frozenset[str]:
    """Every event that has a name, and every beginning of one ("outcomes", "outcomes.primary")."""
    empty = TrialRecord(source="ctgov", registry_id=None, url="")
    own = (f"{section}.{field.name}" for section in _BY_FIELD for field in fields(getattr(empty, section)))
    steps = [event.split(".") for event in (*SEVERITIES, *_FINER, *own)]
    return frozenset(".".join(step[:length]) for step in steps for length in range(1, len(step) + 1))


def is_event(name: str) -> bool:
    """True for an event or a beginning of one; each can also be `respelled`."""
    return name.removesuffix(".respelled") in known_events()
