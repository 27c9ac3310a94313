"""What a registry moves from day to day without saying anything: laid over a document, in any mixture."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from typing import Any

_TEXTS = frozenset(
    """
    briefTitle officialTitle acronym fullName name whyStopped briefSummary detailedDescription measure description
    timeFrame label investigatorFullName investigatorTitle investigatorAffiliation oldNameTitle oldOrganization
    interventionModelDescription maskingDescription targetDuration genderDescription studyPopulation minimumAge
    maximumAge affiliation facility city state country citation comment accessCriteria domain title term
    """.split()  # noqa: SIM905 (a list of words reads best as words)
)
_EXACT = frozenset({"phone", "email", "zip", "id", "nctId", "filename", "url"})
_WORDY = frozenset({"conditions", "keywords", "otherNames", "armGroupLabels", "interventionNames"})
_ESCAPED = re.compile(r"\\([<>\[\]])")
_BARE = re.compile(r"(?<!\\)([<>\[\]])")
_SILENT = {  # said or unsaid, nothing is nothing
    "identificationModule": ("acronym", "secondaryIdInfos"),
    "statusModule": ("whyStopped", "lastKnownStatus"),
    "contactsLocationsModule": ("centralContacts", "overallOfficials"),
    "outcomesModule": ("otherOutcomes",),
    "conditionsModule": ("keywords",),
}
_MARKUP = re.compile(r"[<&\\]\s?[a-zA-Z/#!]|&")
_DASH = re.compile(r"(?<=\w)-(?=\w)")
_SPACE = re.compile(r"(?<=[a-z,]) (?=[A-Za-z]{4})")
_BULLET = re.compile(r"^[*•-] (?=[A-Z])", re.MULTILINE)
_SPACES = (" ", "\u00a0", "\u2009", "  ")
_CRITERIA = "eligibilityCriteria"

Change = Callable[[str, random.Random], str]


def _escapes(text: str, chance: random.Random) -> str:
    """A Markdown escape more or less; text that may be markup is let alone."""
    if _MARKUP.search(text):
        return text
    return _ESCAPED.sub(r"\1", text) if chance.random() < 0.5 else _BARE.sub(r"\\\1", text)


def _dashes(text: str, chance: random.Random) -> str:
    return _DASH.sub(chance.choice("‐‑–—"), text)


def _quotes(text: str, chance: random.Random) -> str:
    return text.replace("'", chance.choice("’‘'")).replace('"', chance.choice("“”"))


def _spaces(text: str, chance: random.Random) -> str:
    return _SPACE.sub(lambda _: chance.choice(_SPACES) if chance.random() < 0.1 else " ", text)


def _breaks(text: str, chance: random.Random) -> str:
    return _SPACE.sub(lambda _: chance.choice(("\n", "\r\n")) if chance.random() < 0.05 else " ", text)


def _composition(text: str, chance: random.Random) -> str:
    return unicodedata.normalize(chance.choice(("NFC", "NFD")), text)


def _ends(text: str, chance: random.Random) -> str:
    return f"{chance.choice(('', ' ', chr(10)))}{text}{chance.choice((' ', chr(10), chr(9)))}"


def _dots(text: str, _: random.Random) -> str:
    return text.replace("...", "…") if "..." in text else text.replace("…", "...")


def _entities(text: str, _: random.Random) -> str:
    """As HTML writes it; text that may be markup already is let alone."""
    return text if _MARKUP.search(text) or "<" in text else text.replace(">", "&gt;").replace('"', "&quot;")


def _invisible(text: str, chance: random.Random) -> str:
    return _SPACE.sub(lambda _: " \u200b" if chance.random() < 0.1 else " ", text)


def _bullets(text: str, chance: random.Random) -> str:
    return _BULLET.sub(chance.choice(("* ", "- ", "• ")), text)


_CHANGES: tuple[Change, ...] = (
    _escapes,
    _dashes,
    _quotes,
    _spaces,
    _breaks,
    _composition,
    _ends,
    _dots,
    _entities,
    _invisible,
    _bullets,
)
_IN_LINES: tuple[Change, ...] = (_escapes, _dashes, _quotes, _spaces, _composition)


def add_noise(study: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A noisy copy: it says the same. Update dates move in four of five; without them the registry did it."""
    noisy: dict[str, Any] = _noisy(study, "", chance, 0.25)
    _derive(noisy, chance)
    if chance.random() < 0.8:
        _update(noisy["protocolSection"]["statusModule"], chance)
    for site in noisy["protocolSection"].get("contactsLocationsModule", {}).get("locations", []):
        if chance.random() < 0.1:
            site["geoPoint"] = {"lat": round(chance.uniform(-60, 60), 4), "lon": round(chance.uniform(-180, 180), 4)}
    return noisy


def _noisy(value: Any, key: str, chance: random.Random, share: float) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        noisy = {name: _noisy(value[name], name, chance, share) for name in keys}
        return noisy | {name: None for name in _SILENT.get(key, ()) if not noisy.get(name)}
    if isinstance(value, list):
        mixed = [_noisy(each, key, chance, share) for each in value]
        chance.shuffle(mixed)
        return mixed
    return _text(value, key, chance) if isinstance(value, str) and chance.random() < share else value


def _text(text: str, key: str, chance: random.Random) -> str:
    if key == _CRITERIA:
        lines = text.split("\n")
        return "\n".join(line[:4] + _in_line(line[4:], chance) for line in lines)
    if key in _EXACT:
        return f" {text} " if chance.random() < 0.5 else text
    if key not in _TEXTS | _WORDY or not text.strip():
        return text
    return chance.choice(_CHANGES)(text, chance)


def _in_line(text: str, chance: random.Random) -> str:
    """Headings are let alone: how they are read is the criteria's own proof."""
    return text if "clusion" in text.lower() else chance.choice(_IN_LINES)(text, chance)


def _derive(study: dict[str, Any], chance: random.Random) -> None:
    """The registry's own part moves with every build: its stamp, the terms it files the trial under, age groups."""
    derived = study.setdefault("derivedSection", {})
    derived["miscInfoModule"] = {"versionHolder": f"2026-0{chance.randrange(1, 10)}-{chance.randrange(1, 29):02}"}
    meshes = derived.setdefault("conditionBrowseModule", {}).setdefault("meshes", [])
    meshes.append({"id": f"D{chance.randrange(10**6):06}", "term": "Neoplasms by Site"})
    study["protocolSection"]["eligibilityModule"]["stdAges"] = chance.sample(["CHILD", "ADULT", "OLDER_ADULT"], 2)


def _update(status: dict[str, Any], chance: random.Random) -> None:
    day = f"2026-{chance.randrange(10, 13)}-{chance.randrange(1, 29):02}"
    status["lastUpdatePostDateStruct"] = {"date": day, "type": "ESTIMATED"}
    status["lastUpdateSubmitDate"] = day
    status["statusVerifiedDate"] = day[:7]
