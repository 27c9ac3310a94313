"""How changes stand with the people who look after them. Pure: values in, text and JSON out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from monitor.cli.days import day_of, short_day, show_day, show_utc
from monitor.cli.history_view import name_of, sentence
from monitor.cli.json_out import history_json
from monitor.cli.terminal import Screen, Span, Style, hang
from monitor.cli.words import count
from monitor.model.change import StoredChange
from monitor.model.json import Json
from monitor.model.triage import Deed, Triage, TriageEntry, TriageState

_DID = {Deed.ACKNOWLEDGE: "acknowledged", Deed.REOPEN: "reopened"}


def triage_mark(found: Triage | None) -> str:
    """ "acknowledged, for Bo, 2 notes"; "" for what nobody touched, or opened again and nothing else."""
    if found is None:
        return ""
    seen = "acknowledged" if found.state is TriageState.ACKNOWLEDGED else ""
    whose = f"for {found.assignee}" if found.assignee else ""
    notes = count(len(found.notes), "note") if found.notes else ""
    return ", ".join(part for part in (seen, whose, notes) if part)


def triage_json(found: Triage) -> dict[str, Json]:
    """`triage` of a change in `history --json` and `triage list --json`; the log is whole, oldest first."""
    return {
        "state": found.state.value,
        "assignee": found.assignee,
        "log": [
            {"deed": each.deed.value, "by": each.by, "at": show_utc(each.at), "text": each.text}
            for each in found.entries
        ],
    }


def with_triage(changes: Sequence[StoredChange], triage: Mapping[int, Triage]) -> list[dict[str, Json]]:
    """As `history_json`, each change that somebody did something about with how it stands."""
    told = zip(history_json(changes), (triage.get(stored.id) for stored in changes), strict=True)
    return [{**row, "triage": triage_json(found)} if found else row for row, found in told]


UNTOUCHED: Final = Triage(state=TriageState.OPEN, assignee=None, entries=())
"""A change that nobody did anything about yet."""


def render_triage(
    changes: Sequence[StoredChange], triage: Mapping[int, Triage], screen: Screen, zone: ZoneInfo, year: int
) -> str:
    """One block for each change: its number, its sentence, how it stands, and what was done about it."""
    blocks = ["\n".join(_block(stored, triage.get(stored.id), screen, zone, year)) for stored in changes]
    open_ones = sum(is_open(triage.get(stored.id)) for stored in changes)
    told = f"{count(len(changes), 'change')}, {open_ones:,} of them open."
    return "\n\n".join([*blocks, "\n".join(hang((), (Span(told),), screen))])


def is_open(found: Triage | None) -> bool:
    return found is None or found.state is TriageState.OPEN


def _block(stored: StoredChange, found: Triage | None, screen: Screen, zone: ZoneInfo, year: int) -> Iterable[str]:
    seen = short_day(day_of(stored.observed_at, zone), year)
    known = stored.label or stored.title or ""
    head = (Span(str(stored.id), Style.STRONG), Span("  "), Span(screen.fit(name_of(stored)), Style.ID), Span("  "))
    yield from hang(head, (Span(screen.fit(f"{known}, seen {seen}" if known else f"seen {seen}")),), screen)
    margin = (Span("    "),)
    mark = screen.mark(stored.change.severity)
    yield from hang(margin, (mark, Span(" "), *sentence(stored.change, screen)), screen)
    yield from hang(margin, (Span(screen.fit(triage_mark(found) or "open"), Style.DIM),), screen)
    for entry in found.entries if found else ():
        yield from hang((*margin, Span("- ")), (Span(screen.fit(_entry(entry, zone))),), screen)


def _entry(entry: TriageEntry, zone: ZoneInfo) -> str:
    """A line of the log: when, who, what."""
    match entry.deed:
        case Deed.NOTE:
            said = f'"{entry.text}"'
        case Deed.ASSIGN:
            said = f"assigned to {entry.text}"
        case _:
            said = _DID[entry.deed]
    return f"{show_day(day_of(entry.at, zone))}, {entry.by}: {said}"
