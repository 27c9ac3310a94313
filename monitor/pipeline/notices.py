"""The operator's notice: one message a pass at most, with what is new. What it says is decided by pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from monitor.model.alert import PlannedAlert
from monitor.model.condition import Condition
from monitor.model.coverage import Coverage, Outcome
from monitor.model.json import Json
from monitor.model.message import NoticeItem
from monitor.pipeline import bursts, troubles
from monitor.pipeline.agenda import Agenda
from monitor.pipeline.bursts import BURST
from monitor.pipeline.trouble_items import MOST_NAMED, back_items, names_of, trouble_items
from monitor.pipeline.ways import Desk
from monitor.store import conditions
from monitor.store.conditions import Raised
from monitor.store.transaction import Tx

PATIENCE_PASSES = 3
PATIENCE_TIME = timedelta(hours=24)
MOST_UNKNOWN = 200  # things of one record that were never seen before, and
LONGEST_UNKNOWN = 200  # characters of each: a record may hold anything
DISAGREEMENT = "disagreement"
"""The kind of condition that is about what is stored: it does not agree with itself (see verifying.py)."""


def plan_notice(tx: Tx, agenda: Agenda, desk: Desk, coverage: Coverage, now: datetime) -> list[PlannedAlert]:
    """Note what is wrong and what is right again, and plan one message for each of the operator's addresses."""
    troubles.look_round(tx, desk, now)
    conditions.raise_all(tx, [*_raised(agenda), *map(bursts.raised, agenda.bursts)], now)
    over = bursts.ended(tx, agenda.bursts, agenda.rows.keys())
    conditions.recover(tx, [*_recovered(agenda), *over], now)
    ripe = [each for each in troubles.untold(tx, desk, now) if is_ripe(each, now) and _is_followed(each, agenda)]
    back = [each for each in conditions.untold_recoveries(tx) if _is_followed(each, agenda)]
    items = notice_items(ripe, back, coverage)
    return troubles.plan_telling(tx, ripe, back, items=items, desk=desk, now=now)


def _is_followed(condition: Condition, agenda: Agenda) -> bool:
    """False where it is about a trial that nobody follows now; it is told if somebody does again."""
    return condition.record_id is None or condition.kind == "unknown" or condition.record_id in agenda.rows


def _raised(agenda: Agenda) -> Iterable[Raised]:
    held = frozenset[int]().union(*(burst.records for burst in agenda.bursts))
    for record_id, (outcome, message) in sorted(agenda.results.items()):
        if outcome is Outcome.SUSPECT and record_id in held:
            continue  # told once for all of them
        kind = "unmatched" if agenda.is_unmatched(record_id) else _KINDS.get(outcome)
        if kind and not (outcome is Outcome.GONE and agenda.rows[record_id].latest is not None):
            told: dict[str, Json] = {"watch": agenda.name(record_id), "message": message}
            yield Raised(key=f"{kind}:{record_id}", kind=kind, record_id=record_id, facts=told)
    for record_id, words in agenda.unknown.items():
        for word in (each[:LONGEST_UNKNOWN] for each in words[:MOST_UNKNOWN]):
            facts: dict[str, Json] = {"watch": agenda.name(record_id), "message": word}
            yield Raised(key=f"unknown:{word}", kind="unknown", record_id=record_id, facts=facts)


_KINDS = {
    Outcome.SUSPECT: "suspect",
    Outcome.FAILED: "failing",
    Outcome.REFUSED: "failing",
    Outcome.THROTTLED: "failing",
    Outcome.GONE: "absent",
}


def _recovered(agenda: Agenda) -> list[str]:
    sound = [record_id for record_id, (outcome, _) in agenda.results.items() if outcome.verified]
    return [f"{kind}:{record_id}" for record_id in sound for kind in ("suspect", "failing", "absent", "unmatched")]


def is_ripe(condition: Condition, now: datetime) -> bool:
    """Failures are told when they last, everything else at once."""
    if condition.kind in troubles.KINDS:
        return troubles.is_ripe(condition, now)
    lasting = condition.passes >= PATIENCE_PASSES or now - condition.first_seen >= PATIENCE_TIME
    return condition.kind != "failing" or lasting


def notice_items(ripe: Sequence[Condition], back: Sequence[Condition], coverage: Coverage) -> tuple[NoticeItem, ...]:
    """What happened, whether quiet can still be trusted, what to do; like things in one item."""
    ours = [condition for condition in ripe if condition.kind in troubles.KINDS]
    theirs = [condition for condition in ripe if condition.kind not in troubles.KINDS]
    grouped = groupby(sorted(theirs, key=_alike), key=_alike)
    items = [_told(kind, said, list(same)) for (kind, said), same in grouped]
    ended = [condition for condition in back if condition.kind == BURST]
    read = [condition for condition in back if condition.kind not in troubles.KINDS | {BURST, DISAGREEMENT}]
    items += [*trouble_items(ours), *([_back(read, coverage)] if read else []), *([_ended(ended)] if ended else [])]
    return (*items, *back_items(back))


def _alike(condition: Condition) -> tuple[str, str]:
    """What shares one item: all that a source changed at once, all that disagrees, else what has the same message."""
    what = {BURST: condition.facts.get("source"), DISAGREEMENT: ""}
    return condition.kind, str(what.get(condition.kind, condition.facts.get("message")))


def _told(kind: str, message: str, same: Sequence[Condition]) -> NoticeItem:
    if kind == DISAGREEMENT:
        return _disagreement(same)
    return _burst(same) if kind == BURST else _item(kind, message, same)


def _disagreement(what: Sequence[Condition]) -> NoticeItem:
    several = f" (and {len(what) - 1} more)" if len(what) > 1 else ""
    about = names_of(what[:1])
    return NoticeItem(
        what=f"What is stored does not agree with itself: {about}. {what[0].facts.get('message')}{several}",
        trust="Trials are checked as usual, but something that was found may not have been told, or was told wrongly.",
        todo="Run trial-monitor verify, look at the trial's history, and keep a backup before anything else is done.",
    )


def _item(kind: str, message: str, same: Sequence[Condition]) -> NoticeItem:
    names = names_of(same)
    match kind:
        case "suspect":
            return NoticeItem(
                what=f"What came for {names} did not prove to be the complete record, and was kept aside. {message}",
                trust="Nothing was compared with it and readers were told nothing. Until a sound one comes, silence "
                "about this trial does not mean that nothing changed.",
                todo="Look at it: trial-monitor suspect list. If it is right, accept it; else nothing.",
            )
        case "absent":
            return NoticeItem(
                what=f"{names} was never seen: {message}",
                trust="Nothing can be said about this trial.",
                todo="Check the reference, and remove the watch if it is wrong: trial-monitor watch remove.",
            )
        case "unmatched":
            return NoticeItem(
                what=f"A study page names {names}, but the registry does not have it. {message}",
                trust="The page is watched by itself, and its changes are told.",
                todo="Nothing. The registry is asked again at each pass.",
            )
        case "unknown":
            return NoticeItem(
                what=f"The source uses something that we do not know yet: {message} (first seen at {names}).",
                trust="It is kept and compared as it stands; nothing is lost.",
                todo="Nothing. A newer release may know it.",
            )
        case _:
            return NoticeItem(
                what=f"{names} could not be checked since {same[0].first_seen:%d %b %Y %H:%M} UTC. {message}",
                trust="Silence about these trials does not mean that nothing changed. What changes is told when "
                "they can be read again.",
                todo="Try trial-monitor doctor. We go on asking by ourselves.",
            )


def _burst(same: Sequence[Condition]) -> NoticeItem:
    said = [str(condition.facts.get("message")) for condition in same]
    more = f"; and {len(said) - MOST_NAMED} more such changes" if len(said) > MOST_NAMED else ""
    return NoticeItem(
        what=f"{names_of(same)} changed, not its trials: {'; '.join(said[:MOST_NAMED])}{more}, all in the same pass "
        "and without a new update date. What came for these trials was kept aside.",
        trust="Readers were told nothing of it. Until the source shows these trials as before, or you accept what it "
        "shows now, silence about them does not mean that nothing changed.",
        todo="Look at one of them: trial-monitor suspect list. If it is right, accept them all at once: trial-monitor "
        "suspect accept ID --alike. Else nothing: they are compared as usual when a pass no longer shows it.",
    )


def _ended(back: Sequence[Condition]) -> NoticeItem:
    fields = list(dict.fromkeys(f'"{condition.facts.get("field")}"' for condition in back))
    more = f" and {len(fields) - MOST_NAMED} more" if len(fields) > MOST_NAMED else ""
    return NoticeItem(
        what=f"Nothing is kept aside any more for what {names_of(back)} changed at once in many trials "
        f"({', '.join(fields[:MOST_NAMED])}{more}).",
        trust="These trials are compared as usual again, and what changed meanwhile was told.",
        todo="Nothing.",
    )


def _back(back: Sequence[Condition], coverage: Coverage) -> NoticeItem:
    checked = f"{coverage.checked} of {coverage.due} trials were checked in the latest pass."
    return NoticeItem(
        what=f"{names_of(back)} can be read again.",
        trust=f"What changed meanwhile was told as usual. {checked}",
        todo="Nothing.",
    )
