"""The tables as this release declares them. Migrations must build exactly these (a test compares both)."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)

from monitor.store.append_only import forbid_edits
from monitor.store.outbox_tables import alerts, attempts, expected_alerts, mutes, plans
from monitor.store.table_base import Id, metadata
from monitor.store.triage_tables import triage, triage_log
from monitor.store.types import FreeText, JsonText, UtcDateTime

SCHEMA = "0008"  # the newest migration; a test holds them equal

schema_version = Table(
    "schema_version",
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="schema_version_pkc"),
)

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", FreeText, nullable=False),
)

records = Table(
    "records",
    metadata,
    Column("id", Id, primary_key=True),
    Column("source", Text, nullable=False),
    Column("source_id", FreeText, nullable=False),
    Column("state", Text, nullable=False),
    Column("registry_id", Text),
    Column("title", FreeText),
    Column("sponsor", FreeText),
    Column("overall_status", FreeText),
    Column("latest", Integer),
    Column("raw_hash", Text),
    Column("data_timestamp", Text),
    Column("open_reason", Text),
    Column("verified_at", UtcDateTime),
    Column("checked_at", UtcDateTime),
    Column("next_due", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("failing_since", UtcDateTime),
    Column("absences", JsonText),
    Column("losses", JsonText),
    Column("merged_into", Text),
    Column("welcomed_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("source", "source_id"),
    Index(None, "registry_id"),
)

aliases = Table(
    "aliases",
    metadata,
    Column("source", Text, primary_key=True),
    Column("source_id", FreeText, primary_key=True),
    Column("record_id", Id, ForeignKey("records.id"), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Index(None, "record_id"),
)

watches = Table(
    "watches",
    metadata,
    Column("id", Id, primary_key=True),
    Column("source", Text, nullable=False),
    Column("source_id", FreeText, nullable=False),
    Column("reference", FreeText, nullable=False),
    Column("label", FreeText),
    Column("reads", Text, nullable=False),
    Column("every_seconds", Integer),
    Column("in_file", Boolean, nullable=False),
    Column("by_command", Boolean, nullable=False),
    Column("file_tags", JsonText, nullable=False),
    Column("command_tags", JsonText, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    UniqueConstraint("source", "source_id"),
)

watch_records = Table(
    "watch_records",
    metadata,
    Column("watch_id", Id, ForeignKey("watches.id"), primary_key=True),
    Column("record_id", Id, ForeignKey("records.id"), primary_key=True),
    Index(None, "record_id"),
)

bodies = Table(
    "bodies",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("media_type", FreeText, nullable=False),
    Column("codec", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary),
    Column("pruned_at", UtcDateTime),
    Column("contacts", Text, nullable=False, server_default=text("'full'")),  # how much of the data of persons is left
    Column("rest_digest", Text),  # of what is left, where that is not what the source gave
    Column("reduced_at", UtcDateTime),  # when it became less than was stored at first
)

versions = Table(
    "versions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("record_id", Id, ForeignKey("records.id"), nullable=False),
    Column("series", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("observed_at", UtcDateTime, nullable=False),
    Column("posted", Text),
    Column("data_timestamp", Text),
    Column("content_hash", Text, nullable=False),
    Column("normaliser_version", Integer, nullable=False),
    Column("body_digest", Text, ForeignKey("bodies.digest"), nullable=False),
    Column("section_digests", JsonText, nullable=False),
    Column("carried", JsonText, nullable=False),
    Column("previous_hash", Text),
    Column("chain_hash", Text, nullable=False),
    UniqueConstraint("record_id", "series", "number"),
    CheckConstraint("number >= 1", name="counts_from_one"),
    Index(None, "body_digest"),
)

version_sections = Table(
    "version_sections",
    metadata,
    Column("version_id", Id, ForeignKey("versions.id"), primary_key=True, autoincrement=False),
    Column("codec", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("pruned", JsonText, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("record_id", Id, ForeignKey("records.id"), nullable=False),
    Column("from_version", Integer, nullable=False),
    Column("to_version", Integer, nullable=False),
    Column("observed_at", UtcDateTime, nullable=False),
    Column("category", Text, nullable=False),
    Column("path", FreeText, nullable=False),
    Column("kind", Text, nullable=False),
    Column("severity_rank", Integer, nullable=False),
    Column("cause", Text, nullable=False),
    Column("sentence", FreeText, nullable=False),
    Column("before", JsonText),
    Column("after", JsonText),
    Column("detail", JsonText, nullable=False),
    Column("strong", JsonText, nullable=False),
    Column("comparer_version", Integer, nullable=False),
    Column("echo_due", UtcDateTime),
    Index(None, "record_id", "to_version"),
    Index(None, "observed_at"),
    Index(None, "echo_due"),
    sqlite_autoincrement=True,  # alerts name changes by id: none is ever given twice
)

suspects = Table(
    "suspects",
    metadata,
    Column("id", Id, primary_key=True),
    Column("record_id", Id, ForeignKey("records.id"), nullable=False),
    Column("body_digest", Text, ForeignKey("bodies.digest"), nullable=False),
    Column("reasons", JsonText, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_at", UtcDateTime),
    UniqueConstraint("record_id", "body_digest"),
    Index(None, "state"),
)

passes = Table(
    "passes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("outcomes", JsonText, nullable=False),
    Column("sources", JsonText, nullable=False),
    Column("problems", JsonText, nullable=False),
)

forgotten = Table(
    "forgotten",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
)

host_rests = Table(
    "host_rests",
    metadata,
    Column("host", Text, primary_key=True),
    Column("status", Integer, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("refusals", Integer, nullable=False),
)

conditions = Table(
    "conditions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", FreeText, nullable=False),
    Column("open_key", FreeText),  # the key while open, null afterwards: unique among the open ones
    Column("kind", Text, nullable=False),
    Column("record_id", Id, ForeignKey("records.id")),
    Column("facts", JsonText, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    Column("passes", Integer, nullable=False),
    Column("told_at", UtcDateTime),
    Column("recovered_at", UtcDateTime),
    Column("recovery_told_at", UtcDateTime),
    UniqueConstraint("open_key"),
)

event.listen(versions, "after_create", forbid_edits)

__all__ = [
    "SCHEMA",
    "alerts",
    "aliases",
    "attempts",
    "bodies",
    "changes",
    "conditions",
    "expected_alerts",
    "forgotten",
    "host_rests",
    "meta",
    "metadata",
    "mutes",
    "passes",
    "plans",
    "records",
    "schema_version",
    "suspects",
    "triage",
    "triage_log",
    "version_sections",
    "versions",
    "watch_records",
    "watches",
]
