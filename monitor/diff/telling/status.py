"""Sentences on the status."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.diff.found import Found
from monitor.diff.telling.phrases import PHRASES
from monitor.diff.telling.say import Said, cut, join, quote, say
from monitor.model.change import Cause, Kind
from monitor.text.words import status_word

_RECRUITED_ONCE = frozenset({"ACTIVE_NOT_RECRUITING", "COMPLETED", "SUSPENDED", "TERMINATED"})


def tell_status(found: Found, cause: Cause) -> Said:
    """What is now, what was, and why."""
    match found.path:
        case "status.overall":
            return _overall(found, cause)
        case "status.why_stopped":
            return _reason(found)
        case "status.expanded_access":
            return _access(found)
        case "status.delayed_posting":
            return say("status.delayed.yes" if found.after else "status.delayed.no")
        case _:
            return _last_known(found)


def _last_known(found: Found) -> Said:
    key = {Kind.ADDED: "given", Kind.REMOVED: "gone"}.get(found.kind, "changed")
    return say(f"status.last_known.{key}", before=_word(found.before), after=_word(found.after))


def _word(code: object) -> str:
    return status_word(code if isinstance(code, str) else None)


def _overall(found: Found, cause: Cause) -> Said:
    before, after = _word(found.before), _word(found.after)
    if found.after is None:
        return say("status.none", before=before)
    if found.after == "UNKNOWN":
        return _unknown(found, cause)
    was_last = found.detail.get("was_last_known")
    if found.before == "UNKNOWN" and was_last:
        said = say("status.back", after=after, last=_word(was_last))
    elif found.before is None:
        said = say("status.first", after=after)
    else:
        again = found.after == "RECRUITING" and found.before in _RECRUITED_ONCE
        said = say("status.again" if again else "status.now", before=before, after=after)
    return join(said, _why(found))


def _why(found: Found) -> Said | None:
    if found.event != "status.stopped":
        return None
    reason = found.detail.get("reason")
    return say("status.why", reason=quote(str(reason), 200)) if reason else say("status.no_reason")


def _unknown(found: Found, cause: Cause) -> Said:
    last = found.detail.get("last_known") or found.before
    said = say("status.unknown", last=_word(last)) if last else say("status.unknown_bare", before=_word(found.before))
    return join(said, say("status.unknown_by_registry") if cause is Cause.REGISTRY else None)


def _reason(found: Found) -> Said:
    if found.before is None:
        return say("status.reason.given", after=quote(str(found.after), 200))
    if found.after is None:
        return say("status.reason.gone", before=quote(str(found.before), 200))
    return say("status.reason.changed", before=quote(str(found.before)), after=quote(str(found.after), 200))


def _access(found: Found) -> Said:
    if found.event.endswith(".silent"):
        return say("access.silent.given" if found.after else "access.silent.gone")
    old, new = (value if isinstance(value, Mapping) else {} for value in (found.before, found.after))
    number = new.get("registry_id")
    by = PHRASES["access.by"].format(id=cut(str(number))) if number else ""
    offered = bool(old.get("has_expanded_access")), bool(new.get("has_expanded_access"))
    if offered == (False, True):
        return say("access.now", by=by)
    return say("access.gone") if offered == (True, False) else say("access.changed", by=by)
