"""What troubles the monitor itself: its destinations, what it gave up, its clock, store, configuration, its own delay.

Each trouble is a condition: noted when it is met, told once to the operator, and once more when it is over. The
operator hears by their own destinations, or by another where all of those are among the troubles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from monitor.errors import DestinationDown, SendError
from monitor.model.alert import Alert, AlertKind, AlertState, PlannedAlert, Recipient
from monitor.model.condition import Condition
from monitor.model.json import Json
from monitor.model.message import NoticeItem
from monitor.pipeline.ways import Desk
from monitor.store import alerts, conditions
from monitor.store.conditions import Raised
from monitor.store.transaction import Tx

PATIENCE = timedelta(hours=24)
DOWN, STUCK, ORPHAN, DEAD = "down", "destination", "orphan", "dead"
CONFIGURATION, CLOCK, STORE, LATE = "configuration", "clock", "store", "late"
KINDS = frozenset({DOWN, STUCK, ORPHAN, DEAD, CONFIGURATION, CLOCK, STORE, LATE})
BLOCKS = frozenset({DOWN, STUCK})
ONCE = frozenset({CLOCK, STORE})
"""Over when they are met: told, and nothing more is to come."""
_LOOKS = 2  # at a configuration that cannot be read, so that one that is being written is no trouble


def down_key(destination: str) -> str:
    return f"{DOWN}:{destination}"


def orphan_key(recipient: Recipient) -> str:
    return f"{ORPHAN}:{recipient.destination}:{recipient.address}"


def raise_block(tx: Tx, recipient: Recipient, error: SendError, now: datetime, *, everyone: bool) -> None:
    """A destination (`everyone`) takes nothing, or a recipient is no longer named by the configuration."""
    name = recipient.destination if everyone else recipient.address or recipient.destination
    person = isinstance(error, DestinationDown)
    facts: dict[str, Json] = {"watch": name, "message": str(error), "person": person}
    key, kind = (down_key(recipient.destination), DOWN) if everyone else (orphan_key(recipient), ORPHAN)
    facts |= {"destination": recipient.destination, "address": recipient.address}
    conditions.raise_condition(tx, Raised(key=key, kind=kind, facts=facts), now)


def raise_dead(tx: Tx, told: Sequence[Alert], error: str, desk: Desk, now: datetime) -> None:
    """These are given up. A notice to the operator goes to somebody else instead, once."""
    notices = [alert for alert in told if alert.kind is AlertKind.NOTICE]
    facts: Mapping[int, dict[str, Json]] = {
        alert.id: {"watch": f"{alert.code} to {_name(alert.recipient)}", "message": error, "alert": alert.id}
        for alert in told
        if alert not in notices
    }
    found = [Raised(key=f"{DEAD}:{number}", kind=DEAD, facts=each) for number, each in facts.items()]
    conditions.raise_all(tx, found, now)
    for alert in notices:
        if "instead" not in alert.facts:
            alerts.plan(tx, _instead(alert, hearers(tx, desk, now, but=alert.recipient.destination)), now)


def _instead(alert: Alert, others: Iterable[Recipient]) -> list[PlannedAlert]:
    facts: dict[str, Json] = {**alert.facts, "instead": alert.code}
    return [
        PlannedAlert(kind=AlertKind.NOTICE, recipient=each, facts=facts, condition=f"instead of {alert.code}")
        for each in others
        if each.destination != alert.recipient.destination
    ]


def note(tx: Tx, kind: str, message: str, now: datetime) -> None:
    """Something about the clock, the store or the configuration is to be told."""
    key = f"{kind}:{now.isoformat()}" if kind in ONCE else kind
    facts: dict[str, Json] = {"watch": kind, "message": message}
    conditions.raise_condition(tx, Raised(key=key, kind=kind, facts=facts), now)


def look_round(tx: Tx, desk: Desk, now: datetime) -> None:
    """Note what waits too long, and which troubles are over. Nobody is away from what came before the way back."""
    standing = conditions.open_conditions(tx)
    down = {str(each.facts.get("destination")) for each in standing if each.kind == DOWN}
    down |= {name for name, hours in desk.hours.items() if hours.away_at(now) or hours.away_at(now - PATIENCE)}
    stuck = {name: said for name, said in alerts.stuck(tx, now - PATIENCE).items() if name not in down}
    raised = [
        Raised(key=f"{STUCK}:{name}", kind=STUCK, facts={"watch": name, "message": said, "destination": name})
        for name, said in stuck.items()
    ]
    conditions.raise_all(tx, raised, now)
    over = [each.key for each in standing if each.kind == STUCK and each.facts.get("watch") not in stuck]
    conditions.recover(tx, [*over, *_nothing_waits(tx, standing)], now)
    _close(tx, _decided(tx, standing), now)


def _nothing_waits(tx: Tx, standing: Iterable[Condition]) -> list[str]:
    """Destinations and recipients in trouble for whom nothing is left: sent, or dropped by a person."""
    blocked = [each for each in standing if each.kind in (DOWN, ORPHAN)]
    waiting = alerts.waiting(tx) if blocked else {}
    names = {recipient.destination for recipient in waiting}
    keys = {down_key(name) for name in names} | {orphan_key(recipient) for recipient in waiting}
    return [each.key for each in blocked if each.key not in keys]


def _decided(tx: Tx, standing: Iterable[Condition]) -> list[Condition]:
    """What was given up and is not any more: the person who decided that need not be told."""
    dead = [each for each in standing if each.kind == DEAD]
    still = {alert.id for alert in alerts.list_alerts(tx, [AlertState.DEAD])} if dead else set()
    return [each for each in dead if each.facts.get("alert") not in still]


def _close(tx: Tx, over: Sequence[Condition], now: datetime) -> None:
    """Over, and nothing more to be told of it."""
    conditions.recover(tx, [each.key for each in over], now)
    conditions.mark_told(tx, [each.id for each in over], now)


def is_ripe(condition: Condition, now: datetime) -> bool:
    """A destination that may come back by itself is told after a day, everything else at once."""
    match condition.kind:
        case "down":
            return bool(condition.facts.get("person")) or now - condition.first_seen >= PATIENCE
        case "configuration":
            return condition.passes >= _LOOKS
        case _:
            return True


def hearers(tx: Tx, desk: Desk, now: datetime, but: str | None = None) -> tuple[Recipient, ...]:
    """Whom to tell: the operator where that can be reached, else the first other destination; () if nothing can be."""
    standing = [each for each in conditions.open_conditions(tx) if each.kind in BLOCKS and is_ripe(each, now)]
    broken = {but, *(each.facts.get("destination") for each in standing)}
    reached = tuple(each for each in desk.operator if each.destination not in broken)
    others = (tuple(several) for name, several in desk.recipients.items() if name not in broken and several)
    return reached or next(others, ())


def untold(tx: Tx, desk: Desk, now: datetime) -> tuple[Condition, ...]:
    """What the operator has not been told. That a destination takes nothing is told to nobody at that destination."""
    deaf = not hearers(tx, desk, now)
    return tuple(each for each in conditions.untold(tx) if not (deaf and each.kind in BLOCKS))


def plan_telling(
    tx: Tx,
    ripe: Sequence[Condition],
    back: Sequence[Condition],
    *,
    items: Sequence[NoticeItem],
    desk: Desk,
    now: datetime,
) -> list[PlannedAlert]:
    """One message for each hearer. Without an operator nothing counts as told."""
    if not (ripe or back) or not desk.operator:
        return []
    to = hearers(tx, desk, now) or desk.operator
    conditions.mark_told(tx, [condition.id for condition in (*ripe, *back)], now)
    _close(tx, [each for each in ripe if each.kind in ONCE], now)
    facts: list[Json] = [asdict(item) for item in items]
    key = "notice:" + ",".join(str(condition.id) for condition in (*ripe, *back)) + f":{len(back)}"
    return [PlannedAlert(kind=AlertKind.NOTICE, recipient=each, facts={"items": facts}, condition=key) for each in to]


def _name(recipient: Recipient) -> str:
    return recipient.address or recipient.destination
