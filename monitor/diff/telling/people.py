"""Sentences on people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.diff.found import Found
from monitor.diff.telling.phrases import PHRASES
from monitor.diff.telling.say import Said, cut, join, say
from monitor.model.json import Json
from monitor.text.words import plain_word


def tell_person(found: Found) -> Said:
    """A contact that came, went, was renamed or replaced, or has a new line."""
    old, new = _object(found.before), _object(found.after)
    event = found.event
    if event in ("contacts.first", "contacts.listed", "contacts.added"):
        return say(event, name=_name(new), line=_line(new))
    if event in ("contacts.removed", "contacts.withdrawn"):
        return say(event, name=_name(old))
    facts = {"before": _name(old), "after": _name(new)}
    if event == "contacts.renamed":
        return say(event, **facts, line=_kept(new))
    if event == "contacts.replaced":
        return say(event if found.detail.get("alone") else "contacts.replaced_one", **facts, line=_line(new))
    return join(*_details(_fields(found), old, new))


def _fields(found: Found) -> list[str]:
    fields = found.detail.get("fields")
    return [str(field) for field in fields] if isinstance(fields, list) else []


def _details(fields: list[str], old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Said]:
    """One sentence for each field; a new phone and a new e-mail are told together."""
    if {"phone", "email"} <= set(fields) and all(side.get(each) for side in (old, new) for each in ("phone", "email")):
        fields = [field for field in fields if field not in ("phone", "phone_ext", "email")]
        lines = {"before": _line(old).removeprefix(", "), "after": _line(new).removeprefix(", ")}
        yield from (_detail(field, old, new) for field in fields)
        yield say("contacts.details.both", name=_name(new), **lines)
        return
    yield from (_detail(field, old, new) for field in fields)


def _name(person: Mapping[str, Json]) -> str:
    return cut(str(person["name"]), 80) if person.get("name") else PHRASES["contacts.nobody"]


def _line(person: Mapping[str, Json]) -> str:
    """Phone and e-mail, each after a comma."""
    phone = " ext. ".join(str(person[key]) for key in ("phone", "phone_ext") if person.get(key))
    told = [each for each in (phone, str(person.get("email") or "")) if each]
    return "".join(", " + cut(each, 80) for each in told)


def _kept(person: Mapping[str, Json]) -> str:
    if person.get("phone") and person.get("email"):
        return PHRASES["line.both"]
    return PHRASES["line.phone" if person.get("phone") else "line.email"]


def _detail(field: str, old: Mapping[str, Json], new: Mapping[str, Json]) -> Said:
    before, after = str(old.get(field) or ""), str(new.get(field) or "")
    if field == "role":
        return say("contacts.details.role", name=_name(new), before=_role(old), after=_role(new))
    if field == "name":
        return say("contacts.respelled", before=_name(old), after=_name(new))
    key = "given" if not before else ("changed" if after else "gone")
    what = PHRASES[f"{'what' if key == 'changed' else 'a'}.{field}"]
    facts = {"what": what, "before": cut(before), "after": cut(after)}
    return say(f"contacts.details.{key}", name=_name(new), **facts)


def tell_official(found: Found) -> Said:
    """Investigators and chairs."""
    old, new = _object(found.before), _object(found.after)
    event = found.event
    if event == "officials.added":
        return say(event, name=_name(new), role=_role(new), affiliation=_at(new))
    if event == "officials.removed":
        return say(event, name=_name(old), role=_role(old))
    if event in ("officials.replaced", "officials.respelled"):
        return say(event, role=_role(new), before=_name(old), after=_name(new), affiliation=_at(new))
    return join(*(_official_detail(field, old, new) for field in _fields(found)))


def _official_detail(field: str, old: Mapping[str, Json], new: Mapping[str, Json]) -> Said:
    facts = {"role": _role(new), "name": _name(new)}
    if field == "name":
        return say("officials.respelled", role=_role(new), before=_name(old), after=_name(new))
    if field == "role":
        ends = ("given" if not old.get("role") else "gone") if not (old.get("role") and new.get("role")) else "changed"
        return say(f"officials.role.{ends}", name=_name(new), before=_role(old), after=_role(new))
    before, after = cut(str(old.get(field) or "")), cut(str(new.get(field) or ""))
    if not before or not after:
        end = "given" if after else "gone"
        return say(f"officials.affiliation.{end}", **facts, before=before, after=after)
    return say("officials.affiliation", **facts, before=before, after=after)


def _role(person: Mapping[str, Json]) -> str:
    role = person.get("role")
    return plain_word(str(role)).lower() if role else PHRASES["officials.somebody"]


def _at(person: Mapping[str, Json]) -> str:
    affiliation = person.get("affiliation")
    return PHRASES["officials.at"].format(affiliation=cut(str(affiliation), 80)) if affiliation else ""


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}
