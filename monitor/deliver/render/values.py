"""A change's old and new value in plain words."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

from monitor.model.change import Change
from monitor.model.json import Json, JsonObject
from monitor.text.clean import harmless
from monitor.text.dates import show_date
from monitor.text.words import phase_words, plain_word, status_word

Sign: TypeAlias = Literal["=", "-", "+"]
Piece: TypeAlias = tuple[Sign, str]

_STATUS_KEYS: Final = frozenset({"overall", "last_known", "status", "status_for_registry_id"})
_CODE_KEYS: Final = frozenset(
    {
        "type", "role", "sex", "study_type", "allocation", "intervention_model", "observational_model", "masking",
        "who_masked", "primary_purpose", "time_perspective", "sampling_method", "lead_class", "class", "info_types",
        "bio_spec_retention", "plan",
    }
)  # fmt: skip
_DATE_KEYS: Final = frozenset(
    {"date", "upload_date", "start", "primary_completion", "completion"}
    | {f"{name}{part}" for name in ("first", "last_update", "results_first", "disposition_first")
       for part in ("_posted", "_submitted", "_submitted_qc")}
)  # fmt: skip
_SITE: Final = ("facility", "city", "state", "zip", "country")
_PLAIN_FIRST: Final = ("name", "label", "measure", "id", "facility", "text", "title")
_KINDS: Final = frozenset({"type", "role", "state", "zip"})
_LONG: Final = 200
_DEPTH: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """One old and one new value; None where there was, or is, nothing.

    `pieces` are the words kept, lost and gained; `facts` are the single names, numbers and days of both values.
    """

    old: str | None
    new: str | None
    pieces: tuple[Piece, ...] = ()
    facts: tuple[str, ...] = ()
    brief: tuple[str | None, str | None] | None = None  # both values without what is not asked for first
    lead: str | None = None  # what both values are about, where they do not say it

    def told_by(self, sentence: str) -> bool:
        """True if the sentence names every fact of both values."""
        return all(_stands_in(fact, sentence) for fact in self.facts)


def deltas(change: Change) -> tuple[Delta, ...]:
    """Every old and new value of a change: one for most, one for each site where sites are told together."""
    sites = change.detail.get("sites")
    if change.path == "locations.sites" and isinstance(sites, Sequence) and not isinstance(sites, str):
        tell = _place_delta if change.detail.get("event") == "sites.respelled" else _site_delta
        told = tuple(tell(pair) for pair in sites if isinstance(pair, Mapping))
        if told:
            return told
    key = change.path.rpartition(".")[2]
    return (
        Delta(
            old=_shown(change.before, key),
            new=_shown(change.after, key),
            pieces=_pieces(change.detail),
            facts=(*_facts(change.before, key), *_facts(change.after, key)),
        ),
    )


def _stands_in(fact: str, sentence: str) -> bool:
    """True if the sentence holds the fact as whole words ("7" is not told by "107 days")."""
    if len(fact) > _LONG:  # a whole text: its ends need no look
        return fact in sentence
    return re.search(rf"(?<![\w.,]){re.escape(fact)}(?!\w|[.,]\d)", sentence) is not None


def _facts(value: Json, key: str) -> Iterator[str]:
    """The single words of a value as shown; what kind of thing it is (a type, a role) is no fact of its own."""
    match value:
        case Mapping():
            for name, held in value.items():
                if name not in _KINDS:
                    yield from _facts(held, name)
        case str() | bool() | int() | float():
            shown = _shown(value, key)
            if shown:
                yield shown
        case Sequence():
            for held in value:
                yield from _facts(held, key)


def _place_delta(pair: JsonObject) -> Delta:
    """Of a site that is spelled anew only the place: its status and people are told by changes of their own."""
    before, after = (_place_of(pair.get(side)) for side in ("before", "after"))
    facts = (*_facts(before, "site"), *_facts(after, "site"))
    return Delta(old=_shown(before, "site"), new=_shown(after, "site"), facts=facts)


def _place_of(site: Json) -> Json:
    return {key: held for key, held in site.items() if key in _SITE} if isinstance(site, Mapping) else site


def _site_delta(pair: JsonObject) -> Delta:
    """Contacts that stayed as they were are left out: they did not change."""
    before, after = pair.get("before"), pair.get("after")
    bare = (_without_contacts(before), _without_contacts(after))
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        if before.get("contacts") == after.get("contacts"):
            before, after = bare
        bare = (before, after)
        if _moved_only_in_status(before, after):
            return _status_delta(before, after)
    return Delta(
        old=_shown(before, "site"),
        new=_shown(after, "site"),
        facts=(*_facts(before, "site"), *_facts(after, "site")),
        brief=(_shown(bare[0], "site"), _shown(bare[1], "site")),
    )


def _moved_only_in_status(before: Json, after: Json) -> bool:
    return (
        isinstance(before, Mapping)
        and isinstance(after, Mapping)
        and all(before.get(key) == after.get(key) for key in (*_SITE, "contacts"))
    )


def _status_delta(before: Json, after: Json) -> Delta:
    """The place once, and what it was and is."""
    was, now = (site.get("status") if isinstance(site, Mapping) else None for site in (before, after))
    return Delta(
        old=_shown(was, "status"),
        new=_shown(now, "status"),
        facts=(*_facts(before, "site"), *_facts(after, "site")),
        lead=_shown({**before, "status": None, "contacts": None}, "site") if isinstance(before, Mapping) else None,
    )


def _without_contacts(site: Json) -> Json:
    return {key: held for key, held in site.items() if key != "contacts"} if isinstance(site, Mapping) else site


def _pieces(detail: JsonObject) -> tuple[Piece, ...]:
    found = detail.get("pieces")
    if not isinstance(found, Sequence) or isinstance(found, str):
        return ()
    return tuple(_each_piece(found))


def _each_piece(found: Sequence[Json]) -> Iterator[Piece]:
    for entry in found:
        match entry:
            case [("=" | "-" | "+") as sign, str() as text]:
                yield sign, text
            case _:
                continue


def _shown(value: Json, key: str) -> str | None:
    """None for nothing at all; everything else as one line of words."""
    return None if _empty(value) else harmless(_words(value, key, 0))


def _empty(value: Json) -> bool:
    return value is None or (isinstance(value, str | Sequence | Mapping) and not value)


def _words(value: Json, key: str, depth: int) -> str:
    match value:
        case None | bool() | int() | float():
            return _scalar(value)
        case str():
            return _text(value, key)
        case _ if depth >= _DEPTH:
            return json.dumps(value, ensure_ascii=False, default=str)
        case Mapping():
            return _object(value, depth)
        case _:
            return _list(value, key, depth)


def _scalar(value: float | None) -> str:
    if value is None:
        return "not stated"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}"


def _text(value: str, key: str) -> str:
    if key in _STATUS_KEYS:
        return status_word(value)
    if key == "phases":
        return phase_words((value,))
    if key in _CODE_KEYS:
        return plain_word(value)
    return show_date(value) if key in _DATE_KEYS else value


def _list(values: Sequence[Json], key: str, depth: int) -> str:
    if key == "phases" and values and all(isinstance(value, str) for value in values):
        return phase_words([str(value) for value in values])
    numbers = Counter(_words(value, key, depth + 1) for value in values)
    return "; ".join(words if number == 1 else f"{words} ({number:,} times)" for words, number in numbers.items())


def _object(value: JsonObject, depth: int) -> str:
    keys = {key for key, held in value.items() if not _empty(held)}
    if keys and keys <= {"date", "type"}:
        return _qualified(show_date(str(value.get("date") or "")), value.get("type"))
    if keys and keys <= {"count", "type"} and isinstance(value.get("count"), int):
        count = cast("int", value["count"])
        return _qualified(f"{count:,} {'person' if count == 1 else 'people'}", value.get("type"))
    if keys & set(_SITE) and keys <= {*_SITE, "status", "contacts"}:
        return _site(value, depth)
    return ", ".join(_fields(value, keys, depth))


def _qualified(words: str, kind: Json) -> str:
    return f"{words} ({plain_word(kind).lower()})" if isinstance(kind, str) and kind else words


def _site(site: JsonObject, depth: int) -> str:
    place = ", ".join(str(site[key]) for key in _SITE if site.get(key))
    status = site.get("status")
    words = f"{place}: {status_word(status)}" if isinstance(status, str) else place
    contacts = site.get("contacts")
    return f"{words} ({_words(contacts, 'contacts', depth + 1)})" if contacts else words


def _fields(value: JsonObject, keys: set[str], depth: int) -> Iterator[str]:
    """What names the thing stands first and bare; all else follows with its own name."""
    bare = next((key for key in _PLAIN_FIRST if key in keys), None)
    if bare:
        yield _words(value[bare], bare, depth + 1)
    for key in value:
        if key in keys and key != bare:
            yield f"{key.replace('_', ' ')}: {_words(value[key], key, depth + 1)}"
