"""Damage, edits and noise for the registry's documents, done to parsed JSON: most of it reaches the comparison."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import orjson

from tests.fuzz.case import Case, Due
from tests.planted.maul import mauled
from tests.planted.noise import add_noise
from tests.planted.planting import plant

JSON: Final = "application/json"
Holder: TypeAlias = dict[str, Any]
MANDATORY: Final = {
    "identificationModule": ("nctId", "briefTitle"),
    "statusModule": ("overallStatus",),
    "sponsorCollaboratorsModule": ("leadSponsor",),
    "descriptionModule": (),
    "conditionsModule": (),
    "designModule": ("studyType",),
    "eligibilityModule": (),
}
_VOLATILE: Final = frozenset({"geoPoint", "stdAges", "lat", "lon"})  # moves with the registry's builds, never read
_NOTHING: Final[tuple[Any, ...]] = (None, "", "  ", [], {})
_OF_NO_TYPE: Final[tuple[Any, ...]] = (7, True, ["x"], {"x": "y"}, 1.5)
_STRANGE: Final = (
    "\x00",
    "\ufeff",
    "\u202e",
    "\u200b",
    "\ud7ff",
    "e\u0301",
    "\x1b[2J",
    "\u2028",
    "&amp;lt;",
    "\\\\>",
    "<b>",
    "<!--",
    "𝔘",
    "\U000e0041",
    "١٢",
)


@dataclass(frozen=True, slots=True)
class Bench:
    """A base document, as bytes, and another trial's; each piece of work starts from a fresh copy."""

    content: bytes
    other: bytes
    chance: random.Random

    def study(self) -> Holder:
        return _loaded(self.content)

    def another(self) -> Holder:
        return _loaded(self.other)


Work: TypeAlias = Callable[[Bench], Case]


def _loaded(content: bytes) -> Holder:
    study: Holder = orjson.loads(content)
    return study


def _case(kind: str, due: Due, study: object, spot: str = "") -> Case:
    return Case(kind=kind, due=due, content=orjson.dumps(study), media_type=JSON, spot=spot)


def places(value: Any, path: str = "") -> Iterator[tuple[Holder, str, str]]:
    """Every key of every object, with the object and the path; items of a list share a path with []."""
    if isinstance(value, dict):
        for key, inner in value.items():
            place = f"{path}.{key}" if path else key
            yield value, key, place
            yield from places(inner, place)
    elif isinstance(value, list):
        for inner in value:
            yield from places(inner, f"{path}[]")


def noise(bench: Bench) -> Case:
    """What a registry moves from day to day; written again in another spelling of the same JSON."""
    noisy = add_noise(bench.study(), bench.chance)
    return Case(kind="noise", due=Due.QUIET, content=respelled(noisy, bench.chance), media_type=JSON)


def respelled(value: object, chance: random.Random) -> bytes:
    """The same JSON in other bytes: escapes, white space."""
    spread = chance.choice((None, None, 1, 4))
    return json.dumps(value, ensure_ascii=chance.random() < 0.5, indent=spread).encode("utf-8")


def edits(bench: Bench) -> Case:
    planted = plant(bench.study(), f"fuzz {bench.chance.random()}")
    return Case(kind="edits", due=Due.EDITS, content=planted.body, media_type=JSON, facts=planted.facts)


def another_trial(bench: Bench) -> Case:
    """The whole record of another trial, or this one under another's number."""
    if bench.chance.random() < 0.5:
        return _case("another trial", Due.AWAY, bench.another(), "whole")
    study = bench.study()
    who = study["protocolSection"]["identificationModule"]
    who["nctId"] = bench.another()["protocolSection"]["identificationModule"]["nctId"]
    return _case("another trial", Due.AWAY, study, "number")


def dropped_module(bench: Bench) -> Case:
    study, name = bench.study(), bench.chance.choice(list(MANDATORY))
    if bench.chance.random() < 0.5:
        del study["protocolSection"][name]
    else:
        study["protocolSection"][name] = bench.chance.choice(_NOTHING)
    return _case("dropped module", Due.AWAY, study, name)


def dropped_fact(bench: Bench) -> Case:
    study = bench.study()
    name, keys = bench.chance.choice([item for item in MANDATORY.items() if item[1]])
    key = bench.chance.choice(keys)
    study["protocolSection"][name][key] = bench.chance.choice(_NOTHING)
    return _case("dropped fact", Due.AWAY, study, f"{name}.{key}")


def no_protocol(bench: Bench) -> Case:
    study = bench.study()
    study["protocolSection"] = bench.chance.choice((*_NOTHING, *_OF_NO_TYPE, "Loading..."))
    return _case("no protocol", Due.AWAY, study)


def wrong_type(bench: Bench) -> Case:
    """A value of another type where the data model has text."""
    study = bench.study()
    spots = [(o, k, p) for o, k, p in places(study["protocolSection"], "protocolSection") if _is_text(o[k], p)]
    holder, key, place = bench.chance.choice(spots)
    holder[key] = bench.chance.choice(_OF_NO_TYPE)
    return _case("wrong type", Due.AWAY, study, place)


def _is_text(value: Any, place: str) -> bool:
    return isinstance(value, str) and not _VOLATILE.intersection(place.split("."))


def renamed_key(bench: Bench) -> Case:
    """A key, or an optional module, under a name that nobody knows."""
    study = bench.study()
    spots = _told_places(study)
    if not spots:
        return noise(bench)
    holder, key, place = bench.chance.choice(spots)
    holder[_typo(key, bench.chance)] = holder.pop(key)
    return _case("renamed key", Due.HELD, study, place)


def _told_places(study: Holder) -> list[tuple[Holder, str, str]]:
    found = places(study["protocolSection"], "protocolSection")
    return [(holder, key, place) for holder, key, place in found if _is_told(holder[key], place)]


def _is_told(value: Any, place: str) -> bool:
    """True for what says something and is not mandatory: without that the gate would have it already."""
    steps = place.split(".")
    mandatory = len(steps) == 2 or (len(steps) == 3 and steps[2] in MANDATORY.get(steps[1], ()))
    optional_module = len(steps) == 2 and steps[1] not in MANDATORY
    says = value not in (None, "", [], {}) and not (isinstance(value, str) and not value.strip())
    return says and (optional_module or not mandatory) and not _VOLATILE.intersection(steps)


def _typo(key: str, chance: random.Random) -> str:
    spot = chance.randrange(1, len(key) + 1)
    return chance.choice((key[:spot] + "Q" + key[spot:], key.upper() + "_", f"{key}V2", key[:-1] + "Ω", f"x{key}"))


def mauling(bench: Bench) -> Case:
    return _case("mauled", Due.EXACT, mauled(bench.study(), bench.chance))


def grafting(bench: Bench) -> Case:
    """A module of another trial in the place of this one's: nobody could tell it from an edit."""
    study, other = bench.study(), bench.another()
    name = bench.chance.choice([name for name in other["protocolSection"] if name != "identificationModule"])
    study["protocolSection"][name] = other["protocolSection"][name]
    return _case("another's module", Due.EXACT, study, name)


def omission(bench: Bench) -> Case:
    """Optional keys and list items that are not there: as complete as any record, so that it counts as an edit."""
    study = bench.study()
    spots = _told_places(study)
    for holder, key, _ in bench.chance.sample(spots, min(len(spots), bench.chance.randrange(1, 4))):
        if isinstance(holder.get(key), list) and bench.chance.random() < 0.5:
            holder[key].pop(bench.chance.randrange(len(holder[key])))
        else:
            holder.pop(key, None)
    return _case("omitted", Due.EXACT, study)


def strange_text(bench: Bench) -> Case:
    """Characters that no reader sees or that carry another meaning elsewhere, in the midst of some texts."""
    study = bench.study()
    spots = [(o, k) for o, k, p in places(study["protocolSection"], "protocolSection") if _is_text(o[k], p)]
    for holder, key in bench.chance.sample(spots, min(len(spots), 3)):
        if key not in ("nctId", "overallStatus", "studyType", "date"):
            spot = bench.chance.randrange(len(holder[key]) + 1)
            holder[key] = holder[key][:spot] + bench.chance.choice(_STRANGE) + holder[key][spot:]
    return _case("strange text", Due.EXACT, study)


def shell(bench: Bench) -> Case:
    body = bench.chance.choice(SHELLS)
    return Case(kind="shell", due=Due.AWAY, content=body, media_type=bench.chance.choice((JSON, "text/html")))


def deep(bench: Bench) -> Case:
    """Nested more deeply than any record is, in a place that nobody models."""
    levels = bench.chance.choice((61, 70, 120, 250, 1020, 5000))
    tail = b',"deep":' + b"[" * levels + b"]" * levels + b"}"
    return Case(kind="deep", due=Due.AWAY, content=bench.content[:-1] + tail, media_type=JSON, spot=str(levels))


SHELLS: Final = (
    b"",
    b"   ",
    b"{}",
    b"[]",
    b"null",
    b'{"message":"Loading..."}',
    b'{"error":"try again later"}',
    b'{"studies":[]}',
    b"<!doctype html><html><body><div id=root></div><script src=app.js></script></body></html>",
    b"<html><title>Just a moment...</title><body>Verify you are human</body></html>",
    b"<html><body><h1>Down for maintenance</h1></body></html>",
    b'{"protocolSection":{"identificationModule":{}}}',
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
)
WORKS: Final[Sequence[tuple[int, Work]]] = (
    (14, noise),
    (16, edits),
    (6, another_trial),
    (4, dropped_module),
    (3, dropped_fact),
    (2, no_protocol),
    (4, wrong_type),
    (10, renamed_key),
    (12, mauling),
    (6, grafting),
    (8, omission),
    (5, strange_text),
    (2, shell),
    (1, deep),
)
