"""What is told: each difference as a sentence, a pure function of the difference and the table of phrases."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from monitor.diff.found import Found
from monitor.diff.telling.correction import tell_correction
from monitor.diff.telling.criteria import tell_criteria
from monitor.diff.telling.fields import tell_field
from monitor.diff.telling.measures import tell_arms, tell_outcome
from monitor.diff.telling.numbers import tell_bookkeeping, tell_date, tell_enrollment
from monitor.diff.telling.papers import tell_paper, tell_results, tell_tree
from monitor.diff.telling.people import tell_official, tell_person
from monitor.diff.telling.say import Said
from monitor.diff.telling.sites import tell_sites
from monitor.diff.telling.status import tell_status
from monitor.model.change import Cause

Teller = Callable[[Found], Said]

_TELLERS: Mapping[str, Teller] = {
    "enrollment": tell_enrollment,
    "dates": tell_date,
    "bookkeeping": tell_bookkeeping,
    "criteria": tell_criteria,
    "contacts": tell_person,
    "officials": tell_official,
    "sites": tell_sites,
    "outcomes": tell_outcome,
    "arms": tell_arms,
    "interventions": tell_arms,
    "results": tell_results,
    "documents": tell_paper,
    "references": tell_paper,
    "other": tell_tree,
}


def tell(found: Found, cause: Cause) -> Said:
    """The sentence and its news. Never raises, whatever the record says."""
    if cause is Cause.CORRECTION:
        return tell_correction(found, _tell(found, cause))
    return _tell(found, cause)


def _tell(found: Found, cause: Cause) -> Said:
    subject = found.event.partition(".")[0]
    if subject == "status":
        return tell_status(found, cause)
    return _TELLERS.get(subject, tell_field)(found)
