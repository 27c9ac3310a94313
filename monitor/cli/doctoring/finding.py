"""A thing that `doctor` found, and how findings are told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.cli.terminal import Screen, Span, Style, hang
from monitor.cli.words import count


class Level(StrEnum):
    WELL = "well"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`topic` is a word or two ("store", "mail to team"); `remedy` says what to do where something is not well."""

    level: Level
    topic: str
    what: str
    remedy: str = ""


def well(topic: str, what: str) -> Finding:
    return Finding(level=Level.WELL, topic=topic, what=what)


def warning(topic: str, what: str, remedy: str) -> Finding:
    return Finding(level=Level.WARNING, topic=topic, what=what, remedy=remedy)


def fault(topic: str, what: str, remedy: str) -> Finding:
    return Finding(level=Level.FAULT, topic=topic, what=what, remedy=remedy)


MARKS = {
    Level.WELL: ("✓", "ok", Style.DIM),
    Level.WARNING: ("▲", "^", Style.MAJOR),
    Level.FAULT: ("◆", "!", Style.CRITICAL),
}
TOPIC_WIDTH = 16


def render_findings(findings: Iterable[Finding], screen: Screen) -> str:
    """One block a finding, faults first, and a closing line."""
    found = sorted(findings, key=lambda each: -list(Level).index(each.level))
    lines = [line for each in found for line in _finding(each, screen)]
    return "\n".join([*lines, "", *hang((), (Span(verdict(found)),), screen)])


def _finding(finding: Finding, screen: Screen) -> list[str]:
    shape, plain, style = MARKS[finding.level]
    mark = Span((shape if screen.utf8 else plain).ljust(2), style)
    head = (mark, Span(" "), Span(screen.fit(finding.topic).ljust(TOPIC_WIDTH), Style.DIM), Span(" "))
    lines = hang(head, (Span(screen.fit(finding.what)),), screen)
    if finding.remedy:
        lines += hang((Span(" " * (TOPIC_WIDTH + 4)),), (Span(screen.fit(finding.remedy), Style.STRONG),), screen)
    return lines


def verdict(findings: Sequence[Finding]) -> str:
    """2 faults, 1 warning. / Everything looked at is well."""
    faults = sum(each.level is Level.FAULT for each in findings)
    warnings = sum(each.level is Level.WARNING for each in findings)
    if not faults and not warnings:
        return "Everything looked at is well."
    return f"{count(faults, 'fault')}, {count(warnings, 'warning')}."
