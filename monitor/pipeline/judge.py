"""What a reading means for a record: one verdict, with the record's next state. Pure.

reading      verdict
Same         unchanged
Sound        first seen | unchanged | changed
Suspicious   suspect: kept aside, the baseline stays
Absent       gone, confirmed after three denials over 24 hours
Merged       gone; the surviving record is followed from now on
Refused, Throttled, Failed   says nothing about the trial
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.diff.compare import compare
from monitor.diff.correction import Earlier
from monitor.diff.signs import Sign, signs_of
from monitor.model.alert import AlertKind
from monitor.model.change import Change, Kind, Severity
from monitor.model.coverage import Outcome
from monitor.model.reading import (
    Absent,
    Body,
    Failed,
    Merged,
    Reading,
    Refused,
    Same,
    Sound,
    Suspicious,
    Throttled,
)
from monitor.model.record import TrialRecord
from monitor.model.version import NewVersion, RecordRow, RecordState, Version
from monitor.pipeline.baseline import carried_sections, hide
from monitor.pipeline.schedule import DUE_SLACK, SECOND_LOOK, next_check, next_try
from monitor.sources import NORMALISER_VERSION
from monitor.sources.damaged import damage_of
from monitor.text.canonical import content_hash, section_bytes

CONFIRMATIONS = 3
CONFIRMED_OVER = timedelta(hours=24)
SECOND_LOOK_REASON = "something went missing; a second look decides"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstance:
    """What a judgement depends on beside the reading.

    `chance` is between 0 and 1. `trusted` says that a person vouches for the body: its losses are believed at once.
    `severities` are the user's own.
    """

    now: datetime
    every: timedelta
    chance: float
    data_timestamp: str | None = None
    mirror: bool = False
    trusted: bool = False
    severities: Mapping[str, Severity] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The latest version of a record, the base of comparison made from it, and the record's changes of late.

    `body` is what that version was read from; it is asked for only where the new body may have been damaged on its way.
    """

    version: Version
    base: TrialRecord
    body: Body | None = None
    earlier: tuple[Earlier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a reading means.

    `row` is the record's state to store, `version` and `changes` what is new, `event` a turn in the record's life;
    `echo` says that the changes are a mirror's, told only if the registry goes on saying otherwise. `signs` are what
    would say, if many records showed it at once, that the source changed and not the trial; those that no earlier pass
    saw (of a page that awaits its second look) are `fresh`.
    """

    row: RecordRow
    outcome: Outcome
    record: TrialRecord | None = None
    version: NewVersion | None = None
    changes: tuple[Change, ...] = ()
    event: AlertKind | None = None
    problem: str | None = None
    suspect: Suspicious | None = None
    merged: Merged | None = None
    echo: bool = False
    signs: frozenset[Sign] = frozenset()
    fresh: frozenset[Sign] = frozenset()


def judge(row: RecordRow, reading: Reading, known: Known | None, at: Circumstance) -> Verdict:
    """Say what `reading` means. `known` is None for a record never seen, or where the reading needs no comparison."""
    match reading:
        case Same():
            return Verdict(row=_verified(row, at), outcome=Outcome.UNCHANGED, event=_return_of(row))
        case Sound():
            return _judge_sound(row, reading, known, at)
        case Suspicious():
            return _judge_suspicious(row, reading, at)
        case Absent():
            return _judge_absent(row, reading, at)
        case Merged():
            return _judge_merged(row, reading, at)
        case Refused() | Throttled() | Failed():
            return _judge_unread(row, reading, at)


def _judge_sound(row: RecordRow, reading: Sound, known: Known | None, at: Circumstance) -> Verdict:
    if damage := _damage(reading, known, at):
        return _judge_damaged(row, reading, damage, known, at)
    row = _described(row, reading)
    if known is None and row.latest is None:
        version = _new_version(reading, reading.record, {}, at)
        return Verdict(row=_verified(row, at), outcome=Outcome.FIRST_SEEN, record=reading.record, version=version)
    if known is None:
        return Verdict(row=_verified(row, at), outcome=Outcome.UNCHANGED, record=reading.record, event=_return_of(row))
    return _judge_against(row, reading, known, at)


def _damage(reading: Sound, known: Known | None, at: Circumstance) -> tuple[str, ...]:
    """Why the body seems damaged; nothing where a person vouches for it, or with no body to hold it against."""
    if at.trusted or known is None or known.body is None:
        return ()
    return damage_of(reading, known.base, known.body)


def _judge_damaged(
    row: RecordRow, reading: Sound, reasons: tuple[str, ...], known: Known | None, at: Circumstance
) -> Verdict:
    """Kept aside; with its signs, since many bodies that are damaged alike are one burst."""
    suspect = Suspicious(key=reading.key, body=reading.body, reasons=reasons, held=True)
    signs = signs_of(known.base, reading.record, carried=known.version.carried) if known else frozenset()
    fresh = frozenset(sign for sign in signs if _section_of(sign.path) not in row.losses)
    return replace(_judge_suspicious(row, suspect, at), signs=signs, fresh=fresh)


def _judge_against(row: RecordRow, reading: Sound, known: Known, at: Circumstance) -> Verdict:
    changes = compare(known.base, reading.record, mirror=at.mirror, severities=at.severities, earlier=known.earlier)
    losses, waiting = _losses(row, reading, changes, at)
    record = hide(reading.record, known.base, waiting, SECOND_LOOK_REASON)
    told = tuple(change for change in changes if _section_of(change.path) not in waiting)
    carried = carried_sections(record, known.base, known.version)
    signs = signs_of(known.base, reading.record, carried=known.version.carried)
    fresh = frozenset(sign for sign in signs if _section_of(sign.path) not in row.losses)
    event, row = _return_of(row), replace(_verified(row, at), losses=losses)
    if waiting and row.next_due:
        again = max(losses.values()) + SECOND_LOOK + DUE_SLACK  # no sooner: what is due within the slack is read
        row = replace(row, next_due=min(row.next_due, again))
    version = None
    if told or _shows_more(record, known.base) or any(sign.path in reading.record.unavailable for sign in signs):
        version = _new_version(reading, record, carried, at)
    return Verdict(
        row=row,
        outcome=Outcome.CHANGED if told else Outcome.UNCHANGED,
        record=record,
        version=version,
        changes=told,
        event=event,
        echo=at.mirror,
        signs=signs,
        fresh=fresh,
    )


def _losses(
    row: RecordRow, reading: Sound, changes: tuple[Change, ...], at: Circumstance
) -> tuple[Mapping[str, datetime], frozenset[str]]:
    """Sections of a page that lost something, with when that was first seen; and those still to be looked at again."""
    if reading.key.source != "ctv" or at.trusted:
        return {}, frozenset()
    lost = {_section_of(change.path) for change in changes if change.kind is Kind.REMOVED or change.after is None}
    first = {section: min(row.losses.get(section, at.now), at.now) for section in lost}  # a clock may have been ahead
    waiting = frozenset(section for section, since in first.items() if at.now - since < SECOND_LOOK)
    return {section: first[section] for section in waiting}, waiting


def _section_of(path: str) -> str:
    return path.partition(".")[0]


def _shows_more(record: TrialRecord, base: TrialRecord) -> bool:
    """True if a section is shown for the first time: nothing to compare with, and yet to be kept."""
    return any(section not in record.unavailable for section in base.unavailable)


def _new_version(reading: Sound, record: TrialRecord, carried: Mapping[str, int], at: Circumstance) -> NewVersion:
    posted = reading.record.dates.last_update_posted
    return NewVersion(
        observed_at=at.now,
        posted=posted.date if posted else None,
        content_hash=content_hash(reading.record),
        normaliser_version=NORMALISER_VERSION,
        body=reading.body,
        sections=section_bytes(record),
        carried=carried,
        data_timestamp=at.data_timestamp,
    )


def _described(row: RecordRow, reading: Sound) -> RecordRow:
    record = reading.record
    return replace(
        row,
        raw_hash=reading.raw_hash,
        registry_id=record.registry_id or row.registry_id,
        title=record.identification.brief_title,
        sponsor=record.sponsor.lead,
        overall_status=record.status.overall,
    )


def _return_of(row: RecordRow) -> AlertKind | None:
    return AlertKind.REAPPEARED if row.state is RecordState.GONE else None


def _verified(row: RecordRow, at: Circumstance) -> RecordRow:
    return replace(
        row,
        state=RecordState.LIVE,
        data_timestamp=at.data_timestamp,
        open_reason=None,
        verified_at=at.now,
        checked_at=at.now,
        next_due=next_check(at.every, now=at.now, chance=at.chance),
        failures=0,
        failing_since=None,
        absences=(),
    )


def _judge_suspicious(row: RecordRow, reading: Suspicious, at: Circumstance) -> Verdict:
    if reading.held:  # read soundly, so no sooner than usual: asking again at once would show the same
        row = replace(row, checked_at=at.now, next_due=next_check(at.every, now=at.now, chance=at.chance))
    else:
        row = _unread(row, at, None)
    row = replace(row, open_reason="suspect")
    return Verdict(row=row, outcome=Outcome.SUSPECT, problem=" ".join(reading.reasons), suspect=reading)


def _judge_absent(row: RecordRow, reading: Absent, at: Circumstance) -> Verdict:
    absences = (*(moment for moment in row.absences if moment <= at.now), at.now)  # a clock may have been ahead
    confirmed = len(absences) >= CONFIRMATIONS and absences[-1] - absences[0] >= CONFIRMED_OVER
    newly = confirmed and row.state is not RecordState.GONE
    row = replace(
        row,
        state=RecordState.GONE if confirmed else row.state,
        absences=(absences[0], *absences[1:][-(CONFIRMATIONS - 1) :]),
        open_reason="absent",
        checked_at=at.now,
        next_due=next_check(at.every, now=at.now, chance=at.chance),
    )
    event = AlertKind.GONE if newly and row.latest is not None else None
    return Verdict(row=row, outcome=Outcome.GONE, event=event, problem=reading.message)


def _judge_merged(row: RecordRow, reading: Merged, at: Circumstance) -> Verdict:
    row = replace(
        row,
        state=RecordState.MERGED,
        merged_into=reading.into.source_id,
        open_reason=None,
        checked_at=at.now,
        next_due=None,
    )
    problem = f"{reading.key} is now part of {reading.into}, which is followed from now on."
    return Verdict(row=row, outcome=Outcome.GONE, event=AlertKind.MERGED, problem=problem, merged=reading)


def _judge_unread(row: RecordRow, reading: Refused | Throttled | Failed, at: Circumstance) -> Verdict:
    outcomes = {Refused: Outcome.REFUSED, Throttled: Outcome.THROTTLED, Failed: Outcome.FAILED}
    until = None if isinstance(reading, Failed) else reading.until
    return Verdict(row=_unread(row, at, until), outcome=outcomes[type(reading)], problem=reading.message)


def _unread(row: RecordRow, at: Circumstance, until: datetime | None) -> RecordRow:
    failures = row.failures + 1
    return replace(
        row,
        open_reason="failing",
        checked_at=at.now,
        failures=failures,
        failing_since=row.failing_since or at.now,
        next_due=next_try(failures, at.every, now=at.now, chance=at.chance, until=until),
    )
