"""The accept step: what a batch of readings brought goes into the store in one transaction.

Versions, changes, alerts, what was kept aside and the records' next state become durable together or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.diff import COMPARER_VERSION
from monitor.model.alert import AlertKind, PlannedAlert
from monitor.model.change import Cause, Change
from monitor.model.version import RecordRow, Version
from monitor.model.watch import Watch
from monitor.pipeline import facts
from monitor.pipeline.agenda import Agenda
from monitor.pipeline.drafts import Draft
from monitor.pipeline.ground import ground_of
from monitor.pipeline.judge import Verdict
from monitor.pipeline.triaging import note_on
from monitor.pipeline.ways import Desk
from monitor.route.matching import Ground
from monitor.route.mutes import Silence, split_muted
from monitor.route.plan import (
    HEARD,
    STANDS_IN,
    all_addressed,
    pick_changes,
    routing_of,
    split_corrections,
    with_stand_ins,
)
from monitor.route.rules import Rule, rules_for
from monitor.sources.references import SITE_NAMES
from monitor.store import alerts, changes, mutes, plans, records, suspects, versions, watches
from monitor.store.transaction import Tx

ECHO_PATIENCE = timedelta(days=3)
"""How long a page may say something else than the registry before its readers are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One verdict as stored.

    `from_version` is the number of the version before, if there is one; `survivor` the record that a merged one became.
    """

    verdict: Verdict
    row: RecordRow
    version: Version | None
    from_version: int | None
    change_ids: tuple[int, ...] = ()
    survivor: RecordRow | None = None


def accept(
    tx: Tx, verdicts: Sequence[Verdict], agenda: Agenda, desk: Desk, *, now: datetime
) -> tuple[list[Accepted], int]:
    """Store what the verdicts say; how many alerts that planned. Planning the same alert twice adds nothing."""
    stored = _append_versions(tx, verdicts)
    done = [replace(accepted, change_ids=_store_changes(tx, accepted, now)) for accepted in stored]
    _set_aside(tx, done, now)
    done = [replace(accepted, survivor=_link_survivor(tx, accepted, agenda, now)) for accepted in done]
    planned = [alert for accepted in done for alert in _alerts(tx, accepted, agenda, desk, now)]
    plans.keep(tx, [plan for accepted in done if (plan := _plan(accepted, agenda, desk))])
    plans.expect(tx, [alert for alert in planned if not _is_beside_the_rules(alert)])
    plans.expect(tx, [alert for alert in planned if _is_beside_the_rules(alert)], late=True)
    new = alerts.plan(tx, planned, now) if planned else ()
    records.settle(tx, [accepted.row for accepted in done])
    return done, len(new)


def rehearse(tx: Tx, verdicts: Sequence[Verdict], agenda: Agenda, desk: Desk) -> tuple[list[Accepted], int]:
    """What `accept` would do, storing nothing: the verdicts, and how many messages about changes they would cause."""
    done = [_with_version(verdict, None) for verdict in verdicts]
    following = ((accepted, followers(accepted.row, agenda, desk)[1]) for accepted in done)
    picks = (
        pick_changes(accepted.verdict.changes, rules, desk.recipients, _ground(tx, accepted, rules))
        for accepted, rules in following
    )
    return done, sum(map(len, picks))


def _append_versions(tx: Tx, verdicts: Sequence[Verdict]) -> list[Accepted]:
    new = [(verdict.row, verdict.version) for verdict in verdicts if verdict.version]
    appended = {version.record_id: version for version in versions.append_all(tx, new)}
    return [_with_version(verdict, appended.get(verdict.row.id)) for verdict in verdicts]


def _with_version(verdict: Verdict, version: Version | None) -> Accepted:
    row = replace(verdict.row, latest=version.number) if version else verdict.row
    return Accepted(verdict=verdict, row=row, version=version, from_version=verdict.row.latest)


def _store_changes(tx: Tx, accepted: Accepted, now: datetime) -> tuple[int, ...]:
    verdict, before = accepted.verdict, accepted.from_version
    if not verdict.changes or before is None or accepted.version is None:
        return ()
    ids = changes.add(
        tx,
        accepted.row.id,
        from_version=before,
        to_version=accepted.version.number,
        observed_at=now,
        found=verdict.changes,
        comparer_version=COMPARER_VERSION,
    )
    if verdict.echo:  # what only a page has, the registry cannot come to say
        told = zip(ids, verdict.changes, strict=True)
        echoes = [number for number, change in told if not change.path.startswith("other.")]
        changes.await_echo(tx, echoes, now + ECHO_PATIENCE)
    return ids


def _plan(accepted: Accepted, agenda: Agenda, desk: Desk) -> plans.Plan | None:
    """How this version came to be told, for whoever checks it later."""
    if accepted.version is None or accepted.from_version is None:
        return None
    _, rules = followers(accepted.row, agenda, desk)
    return plans.Plan(
        record_id=accepted.row.id,
        to_version=accepted.version.number,
        comparer_version=COMPARER_VERSION,
        routing=routing_of(rules, desk.recipients),
    )


def _set_aside(tx: Tx, done: Sequence[Accepted], now: datetime) -> None:
    for accepted in done:
        suspect = accepted.verdict.suspect
        if suspect:
            kept = suspects.keep(tx, accepted.row.id, suspect.body, suspect.reasons, now)
            if suspect.held:  # read anew at each pass: only what the source shows now is to be decided on
                suspects.supersede(tx, kept, now)
    sound = [accepted.row.id for accepted in done if accepted.verdict.outcome.verified]
    suspects.clear_all(tx, sound, now)


def followers(row: RecordRow, agenda: Agenda, desk: Desk) -> tuple[tuple[Watch, ...], tuple[Rule, ...]]:
    """The watches that lead to a record, and the rules that follow them."""
    watching = agenda.watches_of(row.id)
    return watching, rules_for(desk.rules, watching, row.names)


def _alerts(tx: Tx, accepted: Accepted, agenda: Agenda, desk: Desk, now: datetime) -> tuple[PlannedAlert, ...]:
    told = _change_alerts(tx, accepted, agenda, desk, now) if accepted.change_ids else ()
    return (*_event_alerts(accepted, agenda, desk, now), *told)  # "found again" before what changed meanwhile


def _change_alerts(tx: Tx, accepted: Accepted, agenda: Agenda, desk: Desk, now: datetime) -> tuple[PlannedAlert, ...]:
    """Who heard of what is now taken back hears that, as a correction; all else is told by the rules."""
    verdict, row, version, before = accepted.verdict, accepted.row, accepted.version, accepted.from_version
    record = verdict.record
    if version is None or before is None or record is None:
        return ()
    watching, rules = followers(row, agenda, desk)
    draft = Draft(
        record_id=row.id,
        before=before,
        version=version.number,
        header=facts.trial_header(row, record, watching, desk, compare=(before, version.number)),
        record=record,
        origin=facts.origin_facts(version, before, agenda.rows[row.id].verified_at),
        changes=verdict.changes,
        ids=accepted.change_ids,
        note=note_on(tx, row),
    )
    ground = _ground(tx, accepted, rules)
    picks = pick_changes(verdict.changes, rules, desk.recipients, ground)
    takes_back = dict(taken_back(verdict.changes))
    heard = alerts.heard(tx, row.id, takes_back.values()) if takes_back else {}
    waiting = alerts.slots(tx, row.id, takes_back.values(), now) if takes_back else {}
    configured = {recipient for several in desk.recipients.values() for recipient in several}
    news, corrections = split_corrections(
        picks, takes_back, {who: told for who, told in heard.items() if who in configured}
    )
    silence = Silence(mutes=mutes.in_force(tx, now), watches=watching, names=row.names, ground=ground)
    news, muted = split_muted(news, verdict.changes, silence, desk)
    news = with_stand_ins(news, verdict.changes, desk.hours, desk.recipients, now)
    return (  # nothing is taken back before it was told
        *(draft.alert(AlertKind.CORRECTION, pick, waiting.get(pick.recipient, pick.slot(now))) for pick in corrections),
        *(draft.alert(AlertKind.CHANGE, pick, pick.slot(now)) for pick in news),
        *(draft.alert(AlertKind.CHANGE, pick, pick.slot(now), muted=True) for pick in muted),
    )


def _ground(tx: Tx, accepted: Accepted, rules: Sequence[Rule]) -> Ground:
    """Where the sites of an update are, whether it is stored or not."""
    verdict, before = accepted.verdict, accepted.from_version
    looked = (*([before] if before else ()), *([verdict.version.body] if verdict.version else ()))
    return ground_of(tx, accepted.row, rules, verdict.changes, *looked)


def taken_back(changes: Sequence[Change]) -> Iterator[tuple[int, int]]:
    """The positions of corrections, each with the change in the log that it takes back."""
    for position, change in enumerate(changes):
        undone = change.detail.get("takes_back")
        number = undone.get("change") if change.cause is Cause.CORRECTION and isinstance(undone, Mapping) else None
        if isinstance(number, int):
            yield position, number


def _is_beside_the_rules(alert: PlannedAlert) -> bool:
    """True for whom the rules would not tell it: they heard of what is taken back, or stand in for somebody."""
    origin = alert.facts.get("origin")
    reasons = origin.get("reasons") if isinstance(origin, Mapping) else None
    return isinstance(reasons, list) and all(each == HEARD or STANDS_IN in str(each) for each in reasons)


def _event_alerts(accepted: Accepted, agenda: Agenda, desk: Desk, now: datetime) -> tuple[PlannedAlert, ...]:
    verdict, row = accepted.verdict, accepted.row
    kind = verdict.event
    if kind is None:
        return ()
    watching, rules = followers(row, agenda, desk)
    header = facts.bare_header(row, watching, desk)
    names = {
        "name": header.registry_id or header.title,
        "site": SITE_NAMES[row.key.source],
        "into": str(verdict.merged.into) if verdict.merged else "",
    }
    told = facts.event_facts(header, facts.event_sentences(kind.value, names), now, row.latest)
    return tuple(
        PlannedAlert(
            kind=kind,
            recipient=recipient,
            facts=told,
            record_id=row.id,
            from_version=row.latest,
            to_version=row.latest,
            condition=f"{kind.value}:{row.id}:{now.isoformat()}",
        )
        for recipient in all_addressed(rules, desk.recipients)
    )


def _link_survivor(tx: Tx, accepted: Accepted, agenda: Agenda, now: datetime) -> RecordRow | None:
    """The watches of a merged record lead to the surviving one too, which is read in the same pass."""
    if accepted.verdict.merged is None:
        return None
    into = accepted.verdict.merged.into
    survivor = records.ensure(tx, [into], now)[into]
    for watch in agenda.watches_of(accepted.row.id):
        watches.link(tx, watch.id, survivor.id)
    return survivor
