"""Sentences on fields that stand for themselves: words, texts, lists, yes and no."""

from __future__ import annotations

from monitor.diff.found import Found
from monitor.diff.pieces import one_edit
from monitor.diff.telling.phrases import FACTS, NAMES, PHRASES
from monitor.diff.telling.say import Said, cut, join, listed, quote, say
from monitor.diff.telling.wording import can_quote, tell_text
from monitor.model.change import Kind
from monitor.model.json import Json
from monitor.text.words import phase_words, plain_word

_CODED = ("_class", "sampling_method", "sharing.plan", ".type")  # fields whose values are codes of the registry
_TEXTS = ("_description", "target_duration")
_CODED_LISTS = ("design.who_masked", "design.expanded_access_types", "sharing.info_types")
_TITLE_LONG = 60  # characters of a title that is told by what changed in it
_SHORT = 90  # characters of a value that is told whole


def tell_field(found: Found) -> Said:
    """By the field's path where it has words of its own, else by the kind of its value."""
    match found.path:
        case "identification.brief_title":
            return _title(found)
        case "design.phases":
            return _phases(found)
        case "sharing.plan":
            return _plan(found.before, found.after) or _value(found)
        case "sharing":
            return _statement(found)
        case "sponsor.collaborators" if found.kind is Kind.ADDED:
            return say("sponsor.joined", after=str(found.after))
        case "sponsor.collaborators" if found.kind is Kind.REMOVED:
            return say("sponsor.left", before=str(found.before))
        case "sponsor.lead" if found.kind is Kind.CHANGED:
            return say("sponsor.lead", before=cut(str(found.before)), after=cut(str(found.after)))
        case "sponsor.responsible_party":
            return _party(found)
        case "identification.other_id_details":
            return say("number.details", id=quote(str(found.detail.get("id"))))
        case _:
            return _value(found)


def _value(found: Found) -> Said:
    values = (found.before, found.after)
    if any(isinstance(value, bool) for value in values):
        return _fact(found)
    name = _name(found.path)
    if any(isinstance(value, list) for value in values):
        return tell_list(name, found)
    coded = found.path.endswith(_CODED) or (found.path.startswith("design.") and not found.path.endswith(_TEXTS))
    before, after = (_shown(value, coded=coded) for value in values)
    respelled = found.event.endswith(".respelled")
    if not coded and max(len(str(value or "")) for value in values) > _SHORT:
        return tell_text(name, str(found.before or ""), str(found.after or ""), respelled=respelled)
    if respelled:
        return say("value.respelled", name=name, before=before, after=after)
    key = {Kind.ADDED: "given", Kind.REMOVED: "gone"}.get(found.kind, "changed")
    return say(f"value.{key}", name=name, before=before, after=after)


def _name(path: str) -> str:
    return NAMES.get(path) or PHRASES["value.unknown"].format(name=_plain_name(path))


def _plain_name(path: str) -> str:
    return path.rpartition(".")[2].replace("_", " ")


def _shown(value: Json, *, coded: bool) -> str:
    """A code in plain words, anything else in quotation marks."""
    if not isinstance(value, str):
        return "" if value is None else str(value)
    return plain_word(value) if coded else quote(value, _SHORT + 10)


def _fact(found: Found) -> Said:
    """A statement that is now made, denied, or neither."""
    fact, denial = FACTS.get(found.path) or (PHRASES["fact.unknown"].format(name=_plain_name(found.path)),) * 2
    if found.after is None:
        return say("fact.none", fact=fact)
    was = PHRASES["fact.was_silent" if found.before is None else "fact.was_other"]
    return say("fact.now", fact=fact if found.after else denial, was=was)


def tell_list(name: str, found: Found) -> Said:
    """What a list gained and lost."""
    before, after = _words(found, found.before), _words(found, found.after)
    if found.event.endswith(".respelled"):
        return say("list.respelled", name=name, before=before, after=after)
    if found.before and found.after:
        return say("list.changed", name=name, before=before, after=after)
    return say(_list_key(found), name=name, before=before, after=after)


def _list_key(found: Found) -> str:
    """Given whole, gone whole, or longer or shorter than before."""
    now = found.detail.get("now")
    if found.after:
        return "list.given" if isinstance(found.after, list) and now == found.after else "list.added"
    return "list.removed" if now else "list.gone"


def _words(found: Found, value: Json) -> str:
    """Codes in plain words, numbers and what looks like a code in quotation marks, all else as the record spells it."""
    words = [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
    if found.path in _CODED_LISTS:
        return listed([plain_word(word).lower() for word in words])
    quoted = found.path.startswith("identification.")
    return listed([quote(word) if quoted or "_" in word else word for word in words])


def _title(found: Found) -> Said:
    if found.after is None:
        return say("value.gone", name=PHRASES["title"], before=quote(str(found.before), 140))
    before, after = str(found.before or ""), str(found.after)
    if found.event.endswith(".respelled"):
        return tell_text(PHRASES["title"], before, after, respelled=True)
    if min(len(before), len(after)) > _TITLE_LONG and can_quote(one_edit(before, after)):
        return tell_text(PHRASES["title"], before, after)
    said = say("title.now", after=quote(after, 200))
    return join(said, say("title.was", before=quote(before, 120))) if before else said


def _phases(found: Found) -> Said:
    now = found.detail.get("now")
    after = _phase([str(each) for each in now]) if isinstance(now, list) else ""
    kept = [each for each in _codes(now) if each not in _codes(found.after)]
    before = _phase([*kept, *_codes(found.before)])
    if not after or not before:
        key = "value.given" if after else "value.gone"
        return say(key, name=PHRASES["phase"], before=before, after=after)
    return say("phases.changed", before=before, after=after)


def _phase(codes: list[str]) -> str:
    return PHRASES["phase.none"] if codes == ["NA"] else phase_words(codes)


def _codes(value: Json) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _plan(before: Json, after: Json) -> Said | None:
    """What the plan says now and said before, where the registry's word for it is known."""
    was, now = (f"sharing.was.{before or 'silent'}", f"sharing.{after or 'silent'}")
    return join(say(now), say(was)) if was in PHRASES and now in PHRASES else None


def _statement(found: Found) -> Said:
    """A whole statement that came or went; its plan is what people ask for."""
    if found.after is None:
        return say("sharing.all.gone")
    plan = found.after.get("plan") if isinstance(found.after, dict) else None
    return (_plan(None, plan) if plan else None) or say("sharing.all.given")


def _party(found: Found) -> Said:
    before, after = _party_words(found.before), _party_words(found.after)
    key = {Kind.ADDED: "sponsor.party.given", Kind.REMOVED: "sponsor.party.gone"}.get(found.kind, "sponsor.party")
    return say(key, before=before, after=after)


def _party_words(value: Json) -> str:
    if not isinstance(value, dict):
        return ""
    told = [value.get(name) for name in ("investigator_full_name", "old_name_title", "investigator_title")]
    told += [value.get(name) for name in ("investigator_affiliation", "old_organization")]
    words = ", ".join(dict.fromkeys(str(each) for each in told if each))
    kind = plain_word(str(value["type"])).lower() if value.get("type") else ""
    return f"{words} ({kind})" if words and kind else words or f"the {kind}"
