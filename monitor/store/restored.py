"""After a backup was restored nothing is sent until a person chooses.

The machine that made the backup may have sent since then what the backup says is still to be sent, and may have told
what will be found again. So the store remembers that it was restored, and up to which alert the backup knew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, true, update

from monitor.model.alert import AlertState
from monitor.store import batches, claims, meta
from monitor.store.tables import alerts
from monitor.store.transaction import Tx
from monitor.store.types import refusing

KEY = "restored"
HELD = "Held since a backup was restored: choose trial-monitor restore --resend or --skip."


@dataclass(frozen=True, slots=True)
class Restored:
    """`last_alert` is the id of the newest alert that the backup knew (0 for none)."""

    at: datetime
    last_alert: int


def hold(tx: Tx, now: datetime) -> int:
    """Nothing goes out from here until `resend` or `skip`; how many alerts wait."""
    last = tx.run(select(func.coalesce(func.max(alerts.c.id), 0))).scalar_one()
    meta.write(tx, KEY, f"{now.isoformat()} {last}")
    claims.release_all(tx, now)  # those that were being sent when the backup was made
    values = {"state": AlertState.HELD.value, "next_attempt_at": None, "last_error": HELD}
    return tx.run(update(alerts).where(alerts.c.state.in_(batches.OPEN)).values(values)).rowcount


def holding(tx: Tx) -> Restored | None:
    """Set while nobody has chosen yet."""
    kept = meta.read(tx, KEY)
    if kept is None:
        return None
    with refusing(kept):
        moment, last = kept.split(" ")
        return Restored(datetime.fromisoformat(moment), int(last))


def resend(tx: Tx, since: Restored, now: datetime) -> int:
    """All that waits goes out, each message saying that it may be a repeat; how many alerts of the backup."""
    sent = _decide(tx, since, {"state": AlertState.RETRY.value, "next_attempt_at": now, "not_before": None})
    _may_be_repeats(tx)
    return sent


def skip(tx: Tx, since: Restored) -> int:
    """What the backup had waiting is dropped (and stays visible); how many.

    What was found since then goes out, saying that it may be a repeat: it may be what nobody was told yet.
    """
    dropped = _decide(tx, since, {"state": AlertState.DROPPED.value, "next_attempt_at": None})
    _may_be_repeats(tx)
    return dropped


def _decide(tx: Tx, since: Restored, values: dict[str, object]) -> int:
    meta.write(tx, KEY, None)
    held = alerts.c.state == AlertState.HELD.value
    return tx.run(update(alerts).where(held, alerts.c.id <= since.last_alert).values(values)).rowcount


def _may_be_repeats(tx: Tx) -> None:
    tx.run(update(alerts).where(alerts.c.state.in_(batches.OPEN)).values(maybe_sent=true()))
