"""The report of one pass: how complete it was, what changed, what went wrong, what was sent. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from monitor.cli.coverage_line import coverage_line
from monitor.cli.days import day_of
from monitor.cli.history_view import Group, change_lines, heading, quiet_lines
from monitor.cli.terminal import Screen, Span, Style, hang
from monitor.cli.words import count
from monitor.model.change import Severity, StoredChange
from monitor.model.coverage import Coverage, Outcome, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """`alerts` counts planned, sent, pending and dead ones. `dry` says that nothing was stored or sent."""

    coverage: Coverage
    changes: Sequence[StoredChange]
    alerts: Mapping[str, int]
    zone: ZoneInfo
    dry: bool = False


def render_check(report: CheckReport, screen: Screen) -> str:
    """The changes by trial, then problems and alerts; the coverage line is always last."""
    groups = _groups(report)
    blocks = ["\n".join(_trial(group, screen)) for group in groups if not group.bookkeeping]
    if quiet := [group for group in groups if group.bookkeeping]:
        blocks.append("\n".join(quiet_lines(quiet, screen)))
    if problems := _problems(report.coverage.problems, screen):
        blocks.append("\n".join(problems))
    said = [line for text in _notes(report) for line in hang((), (Span(screen.fit(text)),), screen)]
    return "\n\n".join([*blocks, "\n".join(said)])


def _groups(report: CheckReport) -> list[Group]:
    """The changes of each record, the gravest first."""
    by_record: dict[int, list[StoredChange]] = {}
    for stored in report.changes:
        by_record.setdefault(stored.record_id, []).append(stored)
    groups = [Group.of(day_of(report.coverage.started_at, report.zone), rows) for rows in by_record.values()]
    return sorted(groups, key=lambda group: group.changes[0].severity.rank)


def _trial(group: Group, screen: Screen) -> list[str]:
    told = [change for change in group.changes if change.severity is not Severity.ADMINISTRATIVE]
    quiet = len(group.changes) - len(told)
    lines = [*heading(group.first, screen), *(line for change in told for line in change_lines(change, screen))]
    if quiet:
        lines.append(screen.paint((Span("  "), screen.mark(Severity.ADMINISTRATIVE), Span(f" {quiet} administrative"))))
    return lines


def _notes(report: CheckReport) -> list[str]:
    year = report.coverage.started_at.astimezone(report.zone).year
    closing = coverage_line(report.coverage, report.zone, year) if report.coverage.due else "No watch was due."
    if report.dry:
        closing = f"{closing} A trial run: nothing was stored, nothing sent."
    nothing = [] if report.changes else [_nothing(report.coverage)]
    return [*nothing, *_first_seen(report), *_alerts(report), closing]


def _nothing(coverage: Coverage) -> str:
    return "Nothing has changed." if coverage.checked else "Nothing could be compared."


def _first_seen(report: CheckReport) -> list[str]:
    number = report.coverage.outcomes.get(Outcome.FIRST_SEEN, 0)
    if not number:
        return []
    return [f"{count(number, 'trial')} seen for the first time: from now on their changes are told."]


def _problems(problems: Sequence[Problem], screen: Screen) -> list[str]:
    lines = [screen.paint((Span("Problems", Style.STRONG),))] if problems else []
    for problem in problems:
        head = (Span("  "), Span(screen.fit(problem.watch), Style.ID), Span("  "))
        lines += hang(head, (Span(screen.fit(problem.message)),), screen, indent=4)
    return lines


def _alerts(report: CheckReport) -> list[str]:
    words = {"sent": "sent", "pending": "waiting", "dead": "given up (trial-monitor alerts)"}
    told = [f"{report.alerts[key]:,} {word}" for key, word in words.items() if report.alerts.get(key)]
    return [f"Alerts: {', '.join(told)}."] if told else []
