"""The rules about how the sources were asked, by the servers' own log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Any, Final

from tests.faults.evidence import Anomaly, Entry, Evidence

LONGEST: Final = 7 * 86_400.0
LEAST_REST: Final = 1.0
"""Seconds that a host is left alone after a 429 or 503 that names no time."""

LEAST_AFTER_REFUSAL: Final = 3_600.0
"""Seconds that a host is left alone after a 401 or 403."""

_ROW: Final = 3  # intervals over which the pace is measured
_MOMENT: Final = 1.0  # seconds within which an answer is read and kept, on a busy machine
_SLACK: Final = 0.05  # seconds between a clock read here and one read there
_BUSY: Final = (429, 503)
_REFUSED: Final = (401, 403)


def judge_politeness(evidence: Evidence) -> Iterator[Anomaly]:
    """PACE, CONNECTIONS, RETRY_AFTER, HARDER_AFTER_REFUSAL, NO_AGENT, AGENT_CHANGED."""
    asked = [entry for entry in evidence.log if entry["event"] == "asked"]
    answered = {entry["n"]: entry for entry in evidence.log if entry["event"] == "answered"}
    for host in sorted({str(entry["host"]) for entry in asked}):
        mine = [entry for entry in asked if entry["host"] == host]
        yield from _pace(host, mine, evidence.script.requests_per_second)
        yield from _connections(host, mine)
        yield from _rests(host, mine, answered, list(_forgotten(evidence)))
        yield from _agents(host, mine)


def _pace(host: str, asked: Sequence[Entry], rate: float) -> Iterator[Anomaly]:
    """Of some requests in a row the first may have been read late by a busy machine: one interval is forgiven."""
    row = min(_ROW, len(asked) - 1)
    least = max(row - 1, 0.5) / rate if rate else 0.0
    for one, other in zip(asked, asked[row:], strict=False):
        took = float(other["at"]) - float(one["at"])
        if took < least:
            yield Anomaly(rule="PACE", evidence=f"{host}: requests {one['n']} to {other['n']} came within {took:.3f} s")


def _connections(host: str, asked: Sequence[Entry]) -> Iterator[Anomaly]:
    for entry in asked:
        if entry["busy"]:
            yield Anomaly(
                rule="CONNECTIONS",
                evidence=f"{host}: request {entry['n']} came while {entry['busy']} were being answered",
            )


def _forgotten(evidence: Evidence) -> Iterator[tuple[float, float]]:
    """For each run that was killed, the time in which an answer to it may not have been kept.

    It is kept before anything else is done: from the run's last request or message on, and for a moment only.
    """
    acts = [float(entry["at"]) for entry in evidence.log if entry["event"] == "asked"]
    acts += [float(message["began"]) for message in evidence.messages]
    for run in evidence.runs:
        if run.killed is not None:
            last = max((at for at in acts if run.began <= at <= run.killed), default=run.killed)
            yield max(last, run.killed - _MOMENT), run.killed


def _rests(
    host: str, asked: Sequence[Entry], answered: dict[Any, Entry], forgotten: Sequence[tuple[float, float]]
) -> Iterator[Anomaly]:
    """After each answer that asks for quiet, when the next request came. By the run's clock, which can be set on."""
    for one, other in pairwise(asked):
        answer = answered.get(one["n"])
        if answer is None or answer["status"] not in (*_BUSY, *_REFUSED):
            continue
        if any(start <= float(answer["at"]) and float(one["at"]) <= end for start, end in forgotten):
            continue
        apart = float(other["now"]) - float(answer["now"])
        wait = wait_of(answer["retry_after"], float(answer["now"]))
        refused = answer["status"] in _REFUSED
        least = wait if wait is not None else LEAST_AFTER_REFUSAL if refused else LEAST_REST
        if apart < least - _SLACK:
            yield Anomaly(
                rule="HARDER_AFTER_REFUSAL" if refused else "RETRY_AFTER",
                evidence=f"{host}: {answer['status']} with Retry-After {answer['retry_after']!r} was followed by "
                f"request {other['n']} after {apart:.1f} s; at least {least:.1f} s are due "
                f"[{one['at']:.3f} asked on connection {one.get('connection')}, {answer['at']:.3f} answered, "
                f"{other['at']:.3f} asked on {other.get('connection')}; killed at {[end for _, end in forgotten]}]",
            )


def wait_of(retry_after: str | None, now: float) -> float | None:
    """The seconds that the header asks for, as RFC 9110 reads it, at most seven days; None if it names no wait."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        wait = min(float(text[:12]), LONGEST)
    else:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        wait = min((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now, LONGEST)
        wait = float(int(wait))  # a date names whole seconds
    return wait if wait > 0 else None


def _agents(host: str, asked: Sequence[Entry]) -> Iterator[Anomaly]:
    agents = [str(entry["headers"].get("user-agent", "")) for entry in asked]
    for entry, agent in zip(asked, agents, strict=True):
        if not agent.strip():
            yield Anomaly(rule="NO_AGENT", evidence=f"{host}: request {entry['n']} names no User-Agent")
    if len(found := sorted({agent for agent in agents if agent.strip()})) > 1:
        yield Anomaly(rule="AGENT_CHANGED", evidence=f"{host}: {found}")
