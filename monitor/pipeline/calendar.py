"""Messages that the calendar asks for, though nothing changed: quiet digests, and once a month "still watching"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model.alert import AlertKind, PlannedAlert, Recipient
from monitor.model.message import Occasion
from monitor.pipeline.scribe import Scribe
from monitor.pipeline.standing import standing_facts, standing_of
from monitor.pipeline.ways import Desk
from monitor.route.plan import addressed, all_addressed
from monitor.route.schedule import Hours, month_of
from monitor.store import alerts
from monitor.store.transaction import Tx

KNOWN_FOR = timedelta(days=20)
"""Who was welcomed later than this before the first of a month need not be told that all is still watched."""
LATEST = timedelta(days=7)
""" "Still watching" comes in the first week of a month, or not at all: the next one says by when it comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """Something to tell at a moment to who has been told things since before `known_since`.

    Where it is the time of a digest, it is told only if nothing was planned for that one. `name` is the digest's
    schedule, or the month.
    """

    recipient: Recipient
    occasion: Occasion
    name: str
    moment: datetime
    known_since: datetime
    next_by: str | None = None

    @property
    def condition(self) -> str:
        return f"{self.occasion.value}:{self.name}:{self.moment.isoformat()}"


def dates_due(tx: Tx, desk: Desk, now: datetime) -> tuple[Date, ...]:
    """What is due and was not told yet. It is asked every few seconds, so it looks at few rows."""
    dates = [*_quiet_digests(desk, now), *_months(desk, now)]
    told = alerts.conditions_told(tx, [date.condition for date in dates])
    return tuple(date for date in dates if (date.condition, date.recipient) not in told and _is_open(tx, date))


def _is_open(tx: Tx, date: Date) -> bool:
    if date.occasion is Occasion.SCHEDULE and alerts.had_digest(tx, date.recipient, date.name, date.moment):
        return False
    first = alerts.first_planned(tx, date.recipient)
    return first is not None and first <= date.known_since


async def keep_dates(scribe: Scribe, desk: Desk, now: datetime) -> int:
    """Plan what is due by the calendar; how many alerts that are new."""
    if not await scribe.read(lambda tx: dates_due(tx, desk, now)):
        return 0
    return await scribe.write(lambda tx: plan_dates(tx, desk, now))


def plan_dates(tx: Tx, desk: Desk, now: datetime) -> int:
    """Plan what is due; how many alerts that are new."""
    planned = [
        PlannedAlert(
            kind=AlertKind.DIGEST,
            recipient=date.recipient,
            facts={
                "occasion": date.occasion.value,
                "name": date.name,
                "next_by": date.next_by,
                "standing": standing_facts(standing_of(tx, desk, date.recipient, now)),
            },
            condition=date.condition,
        )
        for date in dates_due(tx, desk, now)
    ]
    return len(alerts.plan(tx, planned, now)) if planned else 0


def _quiet_digests(desk: Desk, now: datetime) -> Iterator[Date]:
    for rule in desk.rules:
        if rule.digest is None or not rule.even_when_quiet:
            continue
        moment = rule.digest.latest(now)
        for recipient in addressed(rule, desk.recipients):
            yield Date(
                recipient=recipient,
                occasion=Occasion.SCHEDULE,
                name=str(rule.digest),
                moment=moment,
                known_since=moment,
            )


def _months(desk: Desk, now: datetime) -> Iterator[Date]:
    for recipient in all_addressed(desk.rules, desk.recipients):
        hours = desk.hours.get(recipient.destination, Hours())
        moment, next_first = month_of(now, hours.zone)
        if not hours.still or not timedelta() <= now - moment < LATEST:
            continue
        yield Date(
            recipient=recipient,
            occasion=Occasion.STILL,
            name=f"{moment.astimezone(hours.zone):%Y-%m}",
            moment=moment,
            known_since=moment - KNOWN_FOR,
            next_by=(next_first + LATEST).isoformat(),
        )
