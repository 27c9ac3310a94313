"""The tables of the outbox: what is to be told, every try to tell it, and what was to be told of each version."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    event,
    false,
    text,
)

from monitor.store.table_base import Id, metadata
from monitor.store.types import FreeText, JsonText, UtcDateTime

OPEN_INDEX = "CREATE INDEX ix_alerts_open ON alerts (destination, id) WHERE state IN ('pending', 'retry')"
"""What waits, in the order in which it is sent. A query uses this index only if it spells the two states out too.

As text, since SQLAlchemy's own form of it would load the dialects of both databases.
"""

alerts = Table(
    "alerts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("destination", FreeText, nullable=False),
    Column("recipient", FreeText, nullable=False),
    Column("record_id", Id, ForeignKey("records.id")),
    Column("from_version", Integer),
    Column("to_version", Integer),
    Column("condition", FreeText),
    Column("change_ids", JsonText, nullable=False),
    Column("facts", JsonText, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("maybe_sent", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_attempt_at", UtcDateTime),
    Column("not_before", UtcDateTime),  # the wait that the other side asked for
    Column("sent_at", UtcDateTime),
    Column("last_error", FreeText),
    Column("holder", Text),
    Column("lease_until", UtcDateTime),
    Column("digest", Text),  # the code of the message that tells it together with others
    Column("refusals", Integer, nullable=False, server_default=text("0")),  # tries in which the message was at fault
    Column("critical", Boolean, nullable=False, server_default=false()),  # passes quiet hours
    Column("schedule", Text),  # of the digest that tells it
    Column("due_at", UtcDateTime),  # when that digest is due
    UniqueConstraint("key"),
    UniqueConstraint("code"),
    Index(None, "record_id", "destination", "recipient", "id"),
    Index(None, "state", "next_attempt_at"),
    Index(None, "condition"),
    sqlite_autoincrement=True,  # ids are the order in which a reader is told: none is ever given twice
)


def _index_what_is_open(table: Table, connection: Connection, **_: object) -> None:  # noqa: ARG001 (called by sqlalchemy)
    connection.exec_driver_sql(OPEN_INDEX)


event.listen(alerts, "after_create", _index_what_is_open)

attempts = Table(
    "attempts",
    metadata,
    Column("alert_id", Id, ForeignKey("alerts.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("outcome", Text),
    Column("message", FreeText),
)

mutes = Table(
    "mutes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False),  # watch, category or destination
    Column("name", FreeText, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
)

plans = Table(
    "plans",
    metadata,
    Column("record_id", Id, ForeignKey("records.id"), primary_key=True),
    Column("to_version", Integer, primary_key=True),
    Column("comparer_version", Integer, nullable=False),
    Column("routing", Text, nullable=False),
)

expected_alerts = Table(
    "expected_alerts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("record_id", Id, ForeignKey("records.id"), nullable=False),
    Column("to_version", Integer, nullable=False),
    Column("destination", FreeText, nullable=False),
    Column("recipient", FreeText, nullable=False),
    Column("late", Boolean, nullable=False),
    Index(None, "record_id"),
)
