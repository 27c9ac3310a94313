"""A thousand records on two days: on the second every record has a new stamp, and one in twenty has changed."""

from __future__ import annotations

import copy
import gzip
import io
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import zstandard

from monitor.demo import recorded

TRIALS = 1000
CHANGED = 50

Study = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What was done to one trial: the category that must be told, and the values before and after as text."""

    trial: str
    category: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    first: Mapping[str, Study]
    second: Mapping[str, Study]
    edits: tuple[Edit, ...]


def build(corpora: Path | None) -> World:
    """From the recorded corpora where they are at hand, else from the demo's seven trials under many numbers."""
    first = dict(_some(_documents(corpora) if corpora else _copies(), TRIALS))
    second = {number: _stamped(study) for number, study in first.items()}
    edits: list[Edit] = []
    for number in list(first):
        if len(edits) < CHANGED and (edit := _changed(second[number], len(edits))):
            edits.append(edit)
    return World(first=first, second=second, edits=tuple(edits))


def _documents(corpora: Path) -> Iterator[Study]:
    with gzip.open(corpora / "v2_studies.jsonl.gz") as lines:
        yield from (orjson.loads(line)["study"] for line in lines)
    packed = (corpora / "v2_series_all.jsonl.zst").open("rb")
    with packed, io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(packed), encoding="utf-8") as lines:
        yield from (orjson.loads(line)["study"] for line in lines)


def _copies() -> Iterator[Study]:
    """The demo's trials again and again, each time under other numbers."""
    originals = [(number, orjson.dumps(next(recorded.versions(number))[1])) for number in recorded.TRIALS]
    for turn in itertools.count(1):
        for n, (number, document) in enumerate(originals):
            yield orjson.loads(document.replace(number.encode(), f"NCT{turn:06}{n:02}".encode()))


def _some(documents: Iterator[Study], count: int) -> Iterator[tuple[str, Study]]:
    seen: set[str] = set()
    for study in documents:
        number = study["protocolSection"]["identificationModule"]["nctId"]
        if number not in seen:
            seen.add(number)
            yield number, study
        if len(seen) == count:
            return


def _stamped(study: Study) -> Study:
    """The registry's daily noise."""
    stamped = copy.deepcopy(study)
    stamped["derivedSection"]["miscInfoModule"]["versionHolder"] = "2026-11-20"
    return stamped


def _changed(study: Study, turn: int) -> Edit | None:
    """Edit the study in place by the kind whose turn it is; None where the record has nothing of that kind."""
    edit = _KINDS[turn % len(_KINDS)](study["protocolSection"])
    if edit is None:
        return None
    study["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"] = {"date": "2026-11-20", "type": "ACTUAL"}
    number = study["protocolSection"]["identificationModule"]["nctId"]
    category, before, after = edit
    return Edit(trial=number, category=category, before=before, after=after)


Kind = Callable[[Study], tuple[str, str, str] | None]


def _status(protocol: Study) -> tuple[str, str, str] | None:
    module = protocol["statusModule"]
    if module["overallStatus"] != "RECRUITING":
        return None
    module["overallStatus"] = "SUSPENDED"
    return "status", "RECRUITING", "SUSPENDED"


def _enrollment(protocol: Study) -> tuple[str, str, str] | None:
    info = protocol["designModule"].get("enrollmentInfo", {})
    if not info.get("count") or info.get("type") != "ESTIMATED":
        return None
    before, info["count"] = info["count"], info["count"] * 2
    return "enrollment", str(before), str(info["count"])


def _contact(protocol: Study) -> tuple[str, str, str] | None:
    contacts = protocol.get("contactsLocationsModule", {}).get("centralContacts", [])
    if not contacts or not contacts[0].get("phone"):
        return None
    before, contacts[0]["phone"] = contacts[0]["phone"], "555-0100"
    return "contacts", before, "555-0100"


def _criterion(protocol: Study) -> tuple[str, str, str] | None:
    module = protocol["eligibilityModule"]
    added = "Known hypersensitivity to the benchmark of this monitor."
    text = module.get("eligibilityCriteria", "").rstrip()
    if "Exclusion Criteria:\n\n* " not in text:
        return None
    module["eligibilityCriteria"] = f"{text}\n* {added}"
    return "criteria", "", added


def _completion(protocol: Study) -> tuple[str, str, str] | None:
    module = protocol["statusModule"].get("primaryCompletionDateStruct", {})
    if module.get("type") != "ESTIMATED":
        return None
    before, module["date"] = module["date"], "2031-05"
    return "dates", before, "2031-05"


_KINDS: tuple[Kind, ...] = (_status, _enrollment, _contact, _criterion, _completion)
