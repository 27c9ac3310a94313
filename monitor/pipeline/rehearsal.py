"""What the rules of the configuration make of what is stored: of one change, or of a stretch of history.

Reads only. The watches, tags, rules and recipients are those of now; what was seen is that of then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from monitor.errors import StoreDamaged
from monitor.model.alert import Alert, AlertKind, AlertState, PlannedAlert, Recipient
from monitor.model.change import Cause, Change, StoredChange
from monitor.model.message import Message
from monitor.model.version import RecordRow
from monitor.model.watch import Watch
from monitor.pipeline import facts
from monitor.pipeline.accept import followers, taken_back
from monitor.pipeline.agenda import Agenda, standing_agenda
from monitor.pipeline.baseline import load_base
from monitor.pipeline.drafts import Draft
from monitor.pipeline.ground import BARE, ground_of
from monitor.pipeline.letters import write_letter
from monitor.pipeline.ways import Desk
from monitor.route.explain import Explained, explain
from monitor.route.plan import Pick, addressed, pick_changes, split_corrections
from monitor.route.rules import Rule
from monitor.store import alerts, changes, versions
from monitor.store.alert_key import alert_key, codes
from monitor.store.transaction import Tx

AT_ONCE = "at once"


def when(rule: Rule, recipient: Recipient, desk: Desk) -> str:
    """When what a rule tells a recipient leaves, to follow a comma."""
    hours = desk.hours.get(recipient.destination)
    quiet = f", but in {hours.quiet}" if hours and hours.quiet else ""
    return f"{f'in the digest {rule.digest}' if rule.digest else AT_ONCE}{quiet}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearer:
    """One whom a rule tells, and when."""

    recipient: Recipient
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one rule makes of a change, with whom it would tell."""

    explained: Explained
    to: tuple[Hearer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """One change before every rule. `heard` are those who were told of what it takes back: they hear that too.

    `echo` says that it is a page's late word, which nobody is told while the registry says the same.
    """

    stored: StoredChange
    watches: tuple[Watch, ...]
    answers: tuple[Answer, ...]
    heard: tuple[Recipient, ...]
    echo: bool


def lay_before_rules(tx: Tx, desk: Desk, number: int) -> Tested | None:
    """Lay the change of this number before every rule; None if there is no such change."""
    found = changes.history(tx, ids=[number])
    if not found:
        return None
    (stored,) = found
    agenda = standing_agenda(tx)
    row = agenda.rows[stored.record_id]
    watching, change = agenda.watches_of(row.id), stored.change
    ground = ground_of(tx, row, desk.rules, [change], stored.from_version, stored.to_version)
    return Tested(
        stored=stored,
        watches=watching,
        answers=tuple(
            Answer(
                explained=explain(rule, change, watching, row.names, ground),
                to=tuple(Hearer(recipient=to, when=when(rule, to, desk)) for to in addressed(rule, desk.recipients)),
            )
            for rule in desk.rules
        ),
        heard=_heard(tx, row, change, desk),
        echo=change.cause is Cause.MIRROR,
    )


def _heard(tx: Tx, row: RecordRow, change: Change, desk: Desk) -> tuple[Recipient, ...]:
    undone = [earlier for _, earlier in taken_back([change])]
    told = alerts.heard(tx, row.id, undone) if undone else {}
    return tuple(each for several in desk.recipients.values() for each in several if each in told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What one version of a record brought. `rules` are those that follow one of the watches that lead to it."""

    row: RecordRow
    watches: tuple[Watch, ...]
    rules: tuple[Rule, ...]
    changes: tuple[StoredChange, ...]

    @property
    def first(self) -> StoredChange:
        return self.changes[0]

    @property
    def found(self) -> tuple[Change, ...]:
        return tuple(stored.change for stored in self.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One message that an update would have caused."""

    update: Update
    kind: AlertKind
    pick: Pick

    @property
    def changes(self) -> tuple[StoredChange, ...]:
        return tuple(self.update.changes[n] for n in self.pick.changes)


def updates(tx: Tx, desk: Desk, since: datetime, until: datetime | None) -> Iterator[Update]:
    """What was seen from `since` on and before `until`, oldest first."""
    agenda = standing_agenda(tx)
    found = sorted(
        changes.history(tx, since=since, until=until),
        key=lambda stored: (stored.observed_at, stored.record_id, stored.to_version, stored.id),
    )
    for (record_id, _), several in groupby(found, key=lambda stored: (stored.record_id, stored.to_version)):
        yield _update(agenda, desk, agenda.rows[record_id], tuple(several))


def _update(agenda: Agenda, desk: Desk, row: RecordRow, several: tuple[StoredChange, ...]) -> Update:
    watching, rules = followers(row, agenda, desk)
    return Update(row=row, watches=watching, rules=rules, changes=several)


def rehearse_all(tx: Tx, desk: Desk, several: Sequence[Update]) -> Iterator[Told]:
    """The messages about changes that these updates, oldest first, would have caused by the rules of now.

    Who was told of a change in this rehearsal is told that it was taken back, as in life. What a page says otherwise
    than the registry for days, and what is no change (a trial that is gone, a welcome) is not rehearsed.
    """
    told: defaultdict[Recipient, set[int]] = defaultdict(set)
    for update in several:
        for each in _rehearse(tx, desk, update, told):
            told[each.pick.recipient].update(stored.id for stored in each.changes)
            yield each


def _rehearse(tx: Tx, desk: Desk, update: Update, told: dict[Recipient, set[int]]) -> list[Told]:
    found, first = update.found, update.first
    ground = BARE
    if update.rules:
        ground = ground_of(tx, update.row, update.rules, found, first.from_version, first.to_version)
    picks = pick_changes(found, update.rules, desk.recipients, ground)
    heard: dict[Recipient, Collection[int]] = dict(told)
    news, corrections = split_corrections(picks, dict(taken_back(found)), heard)
    return [
        Told(update=update, kind=kind, pick=pick)
        for kind, several in ((AlertKind.CORRECTION, corrections), (AlertKind.CHANGE, news))
        for pick in several
    ]


def write(tx: Tx, desk: Desk, told: Told, zone: ZoneInfo) -> Message:
    """The message as it would have left, its name included; times are those of `zone`."""
    update, first = told.update, told.update.first
    version = versions.get(tx, update.row.id, first.to_version)
    if version is None:
        raise StoreDamaged(
            f"Version {first.to_version} of {update.row.key} is not in the store, though changes name it."
        )
    record = load_base(tx, update.row, version)
    pair = (first.from_version, first.to_version)
    draft = Draft(
        record_id=update.row.id,
        before=first.from_version,
        version=first.to_version,
        header=facts.trial_header(update.row, record, update.watches, desk, compare=pair),
        record=record,
        origin=facts.origin_facts(version, first.from_version),
        changes=update.found,
        ids=[stored.id for stored in update.changes],
    )
    planned = draft.alert(told.kind, told.pick)
    return write_letter(_unsent(planned, update.row, first.observed_at), told.changes, zone)


def _unsent(planned: PlannedAlert, row: RecordRow, made: datetime) -> Alert:
    """The alert as the outbox would hold it."""
    return Alert(
        id=0,
        code=next(codes(alert_key(planned, row.key))),
        kind=planned.kind,
        recipient=planned.recipient,
        record_id=planned.record_id,
        registry_id=row.registry_id,
        from_version=planned.from_version,
        to_version=planned.to_version,
        change_ids=planned.change_ids,
        facts=planned.facts,
        state=AlertState.PENDING,
        attempts=0,
        maybe_sent=False,
        created_at=made,
        next_attempt_at=None,
        sent_at=None,
        last_error=None,
    )
