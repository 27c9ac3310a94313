"""Hostile strings in the places of a record that hold text, through the product's own normaliser and comparer."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from monitor.diff.compare import compare
from monitor.model.change import Change, StoredChange
from monitor.model.json import Json
from monitor.model.message import ChangeMessage, Message, TrialHeader
from monitor.model.reading import Body
from monitor.model.record import TrialRecord
from monitor.model.version import RecordRow, RecordState
from monitor.model.watch import RecordKey, Reference, Watch, WatchState
from monitor.pipeline.facts import trial_header, unchanged_phrases
from monitor.pipeline.ways import Desk
from monitor.sources import normalise
from tests.deliver.told import HEADER, ORIGIN, change, message, of_changes

NOW: Final = datetime(2026, 11, 24, 2, 10, tzinfo=UTC)
UTC_ZONE: Final = ZoneInfo("UTC")
EACH: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the outputs are made of: a message, the changes as the log holds them, and the records if there are any."""

    message: Message
    stored: tuple[StoredChange, ...]
    strings: Sequence[str]
    records: tuple[TrialRecord, TrialRecord] | None = None


def through_a_document(study: dict[str, Any], strings: Sequence[str], chance: random.Random) -> Told:
    """The strings put into a study document: what a registry can do."""
    before = _normalised(study)
    edited: dict[str, Any] = orjson.loads(orjson.dumps(study))
    _place(edited["protocolSection"], list(strings), chance)
    after = _normalised(edited)
    changes = compare(before, after)
    label = chance.choice(strings)
    key = RecordKey(source="ctgov", source_id=str(after.registry_id))
    header = trial_header(_row(key, after), after, [_watch(key, label)], Desk(), compare=(1, 2))
    content = ChangeMessage(header=header, changes=changes, origin=ORIGIN, unchanged=unchanged_phrases(after, changes))
    stored = tuple(_stored(n, each, header, label) for n, each in enumerate(changes, 1))
    return Told(message=message(content), stored=stored, strings=strings, records=(before, after))


def bare(strings: Sequence[str], chance: random.Random) -> Told:
    """The strings as the words of changes, with no normaliser before them: what a future source could do."""
    changes = [_change(text, chance) for text in strings]
    header = replace(HEADER, label=strings[0], sponsor=strings[-1], title=strings[len(strings) // 2])
    content = replace(of_changes(*changes), header=header, unchanged=(strings[-1],))
    stored = tuple(_stored(n, each, header, strings[0]) for n, each in enumerate(changes, 1))
    return Told(message=message(content), stored=stored, strings=strings)


def _normalised(study: dict[str, Any]) -> TrialRecord:
    return normalise("ctgov", Body(content=orjson.dumps(study), media_type="application/json"))


def _place(protocol: dict[str, Any], strings: list[str], chance: random.Random) -> None:
    """One string after another into titles, sponsors, people, places, criteria, links and numbers, as they come."""
    text = strings * 3
    who = protocol["identificationModule"]
    where = protocol.setdefault("contactsLocationsModule", {})
    places: list[Callable[[str], object]] = [
        lambda each: who.update(briefTitle=each or "x"),
        lambda each: who.update(acronym=each, officialTitle=f"Study of {each}"),
        lambda each: protocol["sponsorCollaboratorsModule"]["leadSponsor"].update(name=f"{each}x"),
        lambda each: protocol["sponsorCollaboratorsModule"].setdefault("collaborators", []).append({"name": each}),
        lambda each: where.setdefault("centralContacts", []).append(
            {"name": each, "phone": each, "email": each, "role": "CONTACT"}
        ),
        lambda each: where.setdefault("locations", []).append(
            {"facility": each, "city": each, "state": each, "zip": each, "country": each, "status": "RECRUITING"}
        ),
        lambda each: protocol["eligibilityModule"].update(
            eligibilityCriteria=f"Inclusion Criteria:\n\n* Adults\n* {each}\n\nExclusion Criteria:\n\n* {each}"
        ),
        lambda each: (
            protocol.setdefault("referencesModule", {})
            .setdefault("seeAlsoLinks", [])
            .append({"label": each, "url": each})
        ),
        lambda each: who.setdefault("secondaryIdInfos", []).append({"id": each, "domain": each, "link": each}),
        lambda each: protocol["statusModule"].update(whyStopped=each),
        lambda each: protocol["conditionsModule"].setdefault("conditions", []).append(each),
        lambda each: (
            protocol.setdefault("outcomesModule", {})
            .setdefault("primaryOutcomes", [])
            .append({"measure": each, "description": each, "timeFrame": each})
        ),
        lambda each: (
            protocol.setdefault("armsInterventionsModule", {})
            .setdefault("interventions", [])
            .append({"type": "DRUG", "name": each, "description": each})
        ),
        lambda each: protocol["statusModule"].update(overallStatus=each or "x"),
        lambda each: protocol.update({f"mood{each[:20]}": {each[:30] or "x": each}}),
    ]
    chance.shuffle(places)
    for put, each in zip(places, text, strict=False):
        put(each)


def _change(text: str, chance: random.Random) -> Change:
    told: tuple[tuple[str, str, Json, Json], ...] = (
        ("status", "status.overall", text, text),
        ("criteria", "eligibility.inclusion", None, text),
        ("contacts", "contacts.central", {"name": text}, {"name": text, "email": text}),
        ("sponsor", "sponsor.lead", text, f"{text} Inc"),
        ("other", f"other.{text}", {text: text}, [text, {text: [text]}]),
        ("locations", "locations.sites", None, [text]),
    )
    category, path, before, after = chance.choice(told)
    severity = chance.choice(("critical", "major", "minor"))
    detail: dict[str, Json] = {"direction": text, "reason": text, "pieces": [["=", text], ["-", text], ["+", text]]}
    return change(category, path, before, after, severity, f"It says {text} now.", detail=detail, strong=(text,))


def _row(key: RecordKey, record: TrialRecord) -> RecordRow:
    return RecordRow(
        id=1, key=key, state=RecordState.LIVE, registry_id=record.registry_id,
        title=record.identification.brief_title, sponsor=record.sponsor.lead, overall_status=record.status.overall,
        latest=2, raw_hash=None, data_timestamp=None, open_reason=None, verified_at=NOW, checked_at=NOW, next_due=NOW,
    )  # fmt: skip


def _watch(key: RecordKey, label: str) -> Watch:
    return Watch(
        id=1, reference=Reference(key=key, text=key.source_id), tags=frozenset({label}), label=label, source="both",
        every=None, origin="command", state=WatchState.ACTIVE, created_at=NOW,
    )  # fmt: skip


def _stored_text(text: str) -> str:
    """Half a surrogate pair is no text that a store could hold."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def _stored(number: int, told: Change, header: TrialHeader, label: str) -> StoredChange:
    return StoredChange(
        id=number, observed_at=NOW, record_id=1, source="ctgov", source_id="NCT07011550",
        registry_id=header.registry_id, watch=_stored_text(label), label=_stored_text(label),
        title=header.title, sponsor=header.sponsor,
        posted="2026-11-23", from_version=1, to_version=2, change=told,
    )  # fmt: skip
