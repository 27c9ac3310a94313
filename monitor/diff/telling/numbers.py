"""Sentences on dates and numbers of people."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.diff.dates import LONG_SLIP
from monitor.diff.found import Found
from monitor.diff.telling.phrases import PHRASES
from monitor.diff.telling.say import Said, count, say
from monitor.model.json import Json
from monitor.text.dates import show_date, show_slip

_DAY = len("2026-07-01")
_HALF_A_YEAR = 180  # days up to which a day that has come is compared in days
_FEW = 1  # per cent under which a share says nothing


def tell_enrollment(found: Found) -> Said:
    """A plan, a final count, or the one turned into the other."""
    old, new, step = _object(found.before), _object(found.after), str(found.detail["step"])
    was, now = _number(old.get("count")), _number(new.get("count"))
    before, after = f"{was or 0:,}", count(now or 0, "person")
    final = new.get("type") == "ACTUAL"
    if step == "typed":
        kind = "none" if not new.get("type") else ("final" if final else "plan")
        return say(f"enrollment.typed.{kind}", count=f"{now or 0:,}")
    if step == "given":
        return say("enrollment.given.final" if final else "enrollment.given.plan", after=after)
    if step == "gone":
        return say("enrollment.gone", before=before)
    if step == "final":
        return _final(found, before, after, same=was == now)
    untyped = ".untyped" if not old.get("type") and step in ("plan", "recount") else ""
    if step in ("plan", "number"):
        return _moved(found, f"enrollment.{step}{untyped}", before, after if step == "plan" else f"{now or 0:,}")
    return say(f"enrollment.{step}{untyped}", before=before, after=after)


def _final(found: Found, before: str, after: str, *, same: bool) -> Said:
    if same:
        return say("enrollment.final_as_planned", after=after)
    share = found.detail.get("of_plan")
    if not isinstance(share, int):
        return say("enrollment.final_of_zero", after=after)
    return say("enrollment.final", before=before, after=after, share=share)


def _moved(found: Found, key: str, before: str, after: str) -> Said:
    """The new number and the old one, with the difference where it is worth a word."""
    percent = found.detail.get("percent")
    if not isinstance(percent, int) or abs(percent) < _FEW:
        return say(key, before=before, after=after, share="")
    direction = PHRASES["more" if percent > 0 else "fewer"]
    share = say("enrollment.share", percent=abs(percent), direction=direction).sentence
    return say(key, before=before, after=after, share=" " + share)


def tell_date(found: Found) -> Said:
    """Expected, reached, corrected: with both dates and the slip between them."""
    name = found.path.rpartition(".")[2]
    old, new = _object(found.before), _object(found.after)
    was, now = str(old.get("date") or ""), str(new.get("date") or "")
    facts = {"name": PHRASES[f"{name}.name"], "before": show_date(was), "after": show_date(now)}
    match found.detail["step"]:
        case "given":
            return _given(facts, new, name)
        case "gone":
            return say("date.gone", **facts)
        case "reached":
            return _reached(found, name, was, now)
        case "reopened":
            return say("date.reopened", **facts, preposition=_preposition(was))
        case "precision":
            return say("date.finer", **facts)
        case "typed":
            return _typed(facts, new)
        case _:
            return _slipped(found, facts, new)


def _given(facts: Mapping[str, str], new: Mapping[str, Json], name: str) -> Said:
    kind = new.get("type")
    if not kind:
        return say("date.given_untyped", **facts)
    if kind == "ACTUAL":
        return say("date.given_reached", **facts, on=PHRASES[f"{name}.on"], preposition=_preposition(str(new["date"])))
    return say("date.given", **facts)


def _typed(facts: Mapping[str, str], new: Mapping[str, Json]) -> Said:
    if not new.get("type"):
        return say("date.untyped", **facts, name_small=facts["name"].lower())
    return say("date.typed", **facts, type=PHRASES["actual" if new["type"] == "ACTUAL" else "expected"])


def _slipped(found: Found, facts: Mapping[str, str], new: Mapping[str, Json]) -> Said:
    days = found.detail.get("days")
    if not isinstance(days, int) or not days:
        return say("date.replaced", **facts)
    key = {"ESTIMATED": "slipped", "ACTUAL": "corrected"}.get(str(new.get("type")), "moved")
    slip = _slip(found, days, str(new.get("date") or ""))
    return say(f"date.{key}", **facts, slip=slip, direction=PHRASES["later" if days > 0 else "earlier"])


def _slip(found: Found, days: int, now: str) -> str:
    """In days only where both dates are days: a month has no day to count from."""
    if abs(days) >= LONG_SLIP or (len(now) == _DAY and not found.detail.get("precision_changed")):
        return show_slip(days)
    return PHRASES["somewhat"] if found.detail.get("precision_changed") else PHRASES["one_month"]


def _reached(found: Found, name: str, was: str, now: str) -> Said:
    """A day that was expected and has come; days are counted only where both are days."""
    days = found.detail.get("days")
    facts = {"on": PHRASES[f"{name}.on"], "before": show_date(was), "after": show_date(now)}
    if was == now and len(now) == _DAY:
        return say("date.reached_on_day", **facts)
    if was == now:
        return say("date.reached_in_time", **facts, preposition=_preposition(now))
    if len(was) != len(now) or not isinstance(days, int):
        return say("date.reached_loosely", **facts, preposition=_preposition(now), was_preposition=_preposition(was))
    if len(now) == _DAY:
        slip = count(abs(days), "day") if abs(days) < _HALF_A_YEAR else show_slip(days)
        return say("date.reached", **facts, slip=slip, direction=PHRASES["after" if days > 0 else "before"])
    return say("date.reached_in", **facts, slip=show_slip(days), direction=PHRASES["later" if days > 0 else "earlier"])


def _preposition(date: str) -> str:
    return PHRASES["on" if len(date) == _DAY else "in"]


def tell_bookkeeping(found: Found) -> Said:
    """Verified again, submitted again: nothing else happened."""
    new = _object(found.after)
    verified = _object(new.get("status_verified")).get("date")
    if verified:
        return say("bookkeeping.verified", month=show_date(str(verified)))
    if "last_update_submitted" in new or "last_update_posted" in new:
        return say("bookkeeping.submitted")
    posted = any(str(name).startswith(("results", "disposition")) for name in new)
    return say("bookkeeping.results" if posted else "bookkeeping.dates")


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _number(value: Json) -> int | None:
    return value if isinstance(value, int) else None
