"""What a team has done about a change: who looked at it, what they noted, whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TriageState(StrEnum):
    """A change is open until somebody acknowledges it, and again when somebody reopens it."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"


class Deed(StrEnum):
    """What can be done about a change. Only a note and an assignment carry a text."""

    ACKNOWLEDGE = "acknowledge"
    NOTE = "note"
    ASSIGN = "assign"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageEntry:
    """One line of the log: `text` is the note, or the name of whom the change is assigned to."""

    deed: Deed
    by: str
    at: datetime
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """The state of a change that somebody did something about; `entries` are the whole log, oldest first."""

    state: TriageState
    assignee: str | None
    entries: tuple[TriageEntry, ...]

    @property
    def notes(self) -> tuple[TriageEntry, ...]:
        return tuple(entry for entry in self.entries if entry.deed is Deed.NOTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageNote:
    """The newest note of a trial, as messages about it end; `assignee` is whose the noted change is."""

    text: str
    by: str
    at: datetime
    assignee: str | None = None
