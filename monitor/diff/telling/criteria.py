"""Sentences on who can join."""

from __future__ import annotations

from monitor.diff.found import Found
from monitor.diff.rows import bare
from monitor.diff.telling.fields import tell_field
from monitor.diff.telling.phrases import PHRASES
from monitor.diff.telling.say import Said, cut, join, quote, say
from monitor.diff.telling.wording import tell_text
from monitor.model.change import Kind
from monitor.text.words import plain_word

_ITEM = 160  # characters of an item that came or went


def tell_criteria(found: Found) -> Said:
    """Which item, what it says now, and what that means for who fits."""
    name = found.path.rpartition(".")[2]
    match name:
        case "minimum_age" | "maximum_age":
            return _age(found, name.partition("_")[0])
        case "sex":
            return _sex(found)
        case "healthy_volunteers":
            return _volunteers(found)
        case "inclusion" | "exclusion" | "other":
            return _item(found, name)
        case _:
            return tell_field(found)


def _item(found: Found, section: str) -> Said:
    if found.detail.get("heading"):
        return _heading(found, section)
    direction = say(f"criteria.{found.detail['direction']}")
    if found.kind is Kind.MOVED:
        return _moved(found, section)
    if found.kind is Kind.CHANGED:
        return join(_changed(found, section), direction)
    added = found.kind is Kind.ADDED
    key = f"criteria.{'added' if added else 'removed'}.{section}"
    text = quote(str(found.after if added else found.before), _ITEM)
    return join(say(key, text=text, **_place(found)), None if section == "other" else direction)


def _place(found: Found) -> dict[str, str]:
    cohort = found.detail.get("cohort")
    shown = say("criteria.in_cohort", cohort=cut(str(cohort), 40)).sentence if cohort else ""
    return {"number": str(found.detail.get("number") or ""), "cohort": " " + shown if shown else ""}


def _changed(found: Found, section: str) -> Said:
    place = _place(found)
    key = f"criteria.item.{section}" if place["number"] or section == "other" else "criteria.item.list"
    subject = say(key, **place, section=_section(section)).sentence
    limit = found.detail.get("limit")
    if isinstance(limit, list) and len(limit) == 2:  # noqa: PLR2004 (before and after)
        return say("text.swapped", subject=subject, old=quote(str(limit[0])), new=quote(str(limit[1])))
    return tell_text(subject, bare(str(found.before)), bare(str(found.after)))


def _moved(found: Found, section: str) -> Said:
    text, before = quote(str(found.before), 80), str(found.detail.get("from_section"))
    was, now = found.detail.get("from_cohort"), found.detail.get("cohort")
    if before != section:
        said = say("criteria.moved", text=text, before=_section(before), after=_section(section))
    elif was != now:
        groups = {"before": _cohort(was), "after": _cohort(now)}
        said = say("criteria.moved_cohort", text=text, section=_section(section), **groups)
    else:
        said = say("criteria.moved_other", text=text)
    reworded = say("criteria.moved_reworded") if found.before != found.after else None
    return join(said, reworded, say("criteria.unclear"))


def _section(name: str) -> str:
    return PHRASES[f"criteria.section.{name}"]


def _cohort(name: object) -> str:
    return quote(str(name), 50) if name else PHRASES["criteria.whole"]


def _heading(found: Found, section: str) -> Said:
    facts = {"section": _section(section)}
    if found.kind is Kind.ADDED:
        return say("criteria.heading.added", text=quote(str(found.after)), **facts)
    if found.kind is Kind.REMOVED:
        return say("criteria.heading.removed", text=quote(str(found.before)), **facts)
    return say("criteria.heading.changed", before=quote(str(found.before)), after=quote(str(found.after)), **facts)


def _age(found: Found, which: str) -> Said:
    before, after = str(found.before or "").lower(), str(found.after or "").lower()
    key = "given" if not before else ("changed" if after else "gone")
    return join(say(f"age.{which}.{key}", before=before, after=after), say(f"criteria.{found.detail['direction']}"))


def _sex(found: Found) -> Said:
    before, after = (
        PHRASES.get(f"sex.{code}") or plain_word(str(code)).lower() for code in (found.before, found.after)
    )
    key = "given" if found.before is None else ("changed" if found.after is not None else "gone")
    return join(say(f"sex.{key}", before=before, after=after), say(f"criteria.{found.detail['direction']}"))


def _volunteers(found: Found) -> Said:
    if found.after is None:
        return say("volunteers.none")
    if found.before is None:
        return say("volunteers.given" if found.after else "volunteers.not_given")
    said = say("volunteers.yes" if found.after else "volunteers.no")
    return join(said, say(f"criteria.{found.detail['direction']}"))
