"""The report of one pass: how complete it was, what changed, what went wrong, what was sent. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from monitor.cli.coverage_line import coverage_line
from monitor.cli.history_view import change_lines, heading
from monitor.cli.terminal import Screen, Span, Style, hang
from monitor.cli.words import count
from monitor.model.change import Severity, StoredChange, in_telling_order
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
    blocks = ["\n".join(lines) for lines in _trials(report, screen)]
    notes = [*_first_seen(report), *_alerts(report)]
    if not report.changes:
        notes.insert(0, _nothing(report.coverage))
    if problems := _problems(report.coverage.problems, screen):
        blocks.append("\n".join(problems))
    year = report.coverage.started_at.astimezone(report.zone).year
    closing = coverage_line(report.coverage, report.zone, year) if report.coverage.due else "No watch was due."
    if report.dry:
        closing = f"{closing} A trial run: nothing was stored, nothing sent."
    said = [line for text in (*notes, closing) for line in hang((), (Span(screen.fit(text)),), screen)]
    return "\n\n".join([*blocks, "\n".join(said)])


def _trials(report: CheckReport, screen: Screen) -> list[list[str]]:
    by_record: dict[int, list[StoredChange]] = {}
    for stored in report.changes:
        by_record.setdefault(stored.record_id, []).append(stored)
    return [_trial(rows, screen) for rows in sorted(by_record.values(), key=_gravest)]


def _gravest(rows: Sequence[StoredChange]) -> int:
    return min(row.change.severity.rank for row in rows)


def _trial(rows: Sequence[StoredChange], screen: Screen) -> list[str]:
    changes = in_telling_order(tuple(row.change for row in rows))
    told = [change for change in changes if change.severity is not Severity.ADMINISTRATIVE]
    quiet = len(changes) - len(told)
    lines = heading(rows[0], screen)
    for change in told:
        lines += change_lines(change, screen)
    if quiet:
        lines.append(screen.paint((Span("  "), screen.mark(Severity.ADMINISTRATIVE), Span(f" {quiet} administrative"))))
    return lines


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
