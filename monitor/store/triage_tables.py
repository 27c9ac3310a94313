"""The tables of what people did about changes: how each stands, and a log to which rows are only added."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from monitor.store.table_base import Id, metadata
from monitor.store.types import FreeText, UtcDateTime

triage = Table(
    "triage",
    metadata,
    Column("change_id", Id, ForeignKey("changes.id"), primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("assignee", FreeText),
)

triage_log = Table(
    "triage_log",
    metadata,
    Column("id", Id, primary_key=True),
    Column("change_id", Id, ForeignKey("changes.id"), nullable=False),
    Column("deed", Text, nullable=False),
    Column("by", FreeText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", FreeText),
    Index(None, "change_id"),
    sqlite_autoincrement=True,  # ids are the order in which things were done: none is ever given twice
)
