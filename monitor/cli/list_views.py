"""Tables of watches, alerts and bodies kept aside, and one alert in full. Pure: values in, text out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.cli.days import show_moment
from monitor.cli.terminal import Screen, Span, Style, hang, table
from monitor.cli.words import count
from monitor.model.alert import Alert, AlertState, Attempt
from monitor.model.version import RecordRow, RecordState, SuspectRow
from monitor.model.watch import Watch, WatchState
from monitor.text.words import status_word

ALERT_WORDS = {
    AlertState.PENDING: "waiting",
    AlertState.CLAIMED: "being sent",
    AlertState.RETRY: "will be tried again",
    AlertState.HELD: "held",
    AlertState.DEAD: "given up",
    AlertState.SENT: "sent",
    AlertState.DROPPED: "dropped",
    AlertState.MUTED: "muted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A watch with the records that it leads to."""

    watch: Watch
    records: Sequence[RecordRow]


def watch_table(rows: Sequence[Watched], screen: Screen, zone: ZoneInfo, year: int) -> str:
    """One line a watch: reference, state now, when it was last verified, tags, title."""
    own = any(each.watch.every for each in rows)
    body = [_watch_row(each, screen, zone, year, own=own) for each in rows]
    paused = sum(each.watch.state is WatchState.PAUSED for each in rows)
    total = count(len(rows), "watch", "watches") + (f", {paused} paused" if paused else "")
    head = ("Trial", "Status", "Verified", *(("Every",) if own else ()), "Tags", "Title")
    return f"{table(body, screen, head=head)}\n\n{total}."


def _watch_row(each: Watched, screen: Screen, zone: ZoneInfo, year: int, *, own: bool) -> list[Span]:
    """`own` asks for the interval as well: there are watches that do not go by the default."""
    row = next((row for row in each.records if row.key.source == "ctgov"), None) or next(iter(each.records), None)
    watch = each.watch
    titles = [watch.label, row.title if row else None]
    return [
        Span(screen.fit((row.registry_id if row else None) or str(watch.reference.key)), Style.ID),
        Span(screen.fit(_state(watch, row))),
        Span(moment(row.verified_at if row else None, zone, year) or "not yet"),
        *([Span(interval(watch.every) if watch.every else "default", Style.DIM)] if own else []),
        Span(screen.fit(", ".join(sorted(watch.tags))) or screen.spell("–"), Style.DIM),
        Span(screen.fit(": ".join(part for part in titles if part))),
    ]


def _state(watch: Watch, row: RecordRow | None) -> str:
    if watch.state is WatchState.PAUSED:
        return "paused"
    if row is None or row.state is RecordState.NEW:
        return "not seen yet"
    if row.state is RecordState.GONE:
        return "gone from the source"
    return status_word(row.overall_status)


def interval(every: timedelta) -> str:
    """6h, 30m, 1d"""
    minutes = int(every.total_seconds() // 60)
    for unit, size in (("d", 1440), ("h", 60)):
        if minutes >= size and minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def moment(at: datetime | None, zone: ZoneInfo, year: int) -> str:
    """3 Mar 09:00"""
    if at is None:
        return ""
    local = at.astimezone(zone)
    shown = f"{local.day} {local:%b}"
    return f"{shown} {local:%H:%M}" if local.year == year else f"{shown} {local.year}"


def alert_table(alerts: Sequence[Alert], screen: Screen, zone: ZoneInfo, year: int) -> str:
    """One line an alert, with what stands in its way."""
    body = [_alert_row(alert, screen, zone, year) for alert in alerts]
    head = ("Alert", "State", "Tries", "Next", "To", "About", "Last answer")
    dead = sum(alert.state is AlertState.DEAD for alert in alerts)
    told = f"{count(len(alerts), 'alert')}." + (
        f" {count(dead, 'alert')} given up. To try again: trial-monitor alerts retry ID" if dead else ""
    )
    return f"{table(body, screen, head=head)}\n\n" + "\n".join(hang((), (Span(told),), screen))


def _alert_row(alert: Alert, screen: Screen, zone: ZoneInfo, year: int) -> list[Span]:
    style = Style.CRITICAL if alert.state is AlertState.DEAD else Style.PLAIN
    return [
        Span(alert.code, Style.ID),
        Span(ALERT_WORDS[alert.state], style),
        Span(str(alert.attempts)),
        Span(moment(alert.sent_at or alert.next_attempt_at, zone, year) or screen.spell("–")),
        Span(screen.fit(recipient_words(alert))),
        Span(screen.fit(" ".join(part for part in (alert.kind.value, alert.registry_id) if part))),
        Span(screen.fit(alert.last_error or "")),
    ]


def recipient_words(alert: Alert) -> str:
    """team (team@example.org)"""
    recipient = alert.recipient
    return f"{recipient.destination} ({recipient.address})" if recipient.address else recipient.destination


def alert_view(
    alert: Alert, sentences: Sequence[str], attempts: Sequence[Attempt], screen: Screen, zone: ZoneInfo
) -> str:
    """One alert: what it says, to whom, and every try to send it."""
    lines = [screen.paint((Span(f"Alert {alert.code}", Style.ID), Span(f"  {ALERT_WORDS[alert.state]}")))]
    facts = [
        ("To", recipient_words(alert)),
        ("About", " ".join(part for part in (alert.kind.value, alert.registry_id) if part)),
        ("Made", show_moment(alert.created_at, zone)),
        ("Next try", show_moment(alert.next_attempt_at, zone) if alert.next_attempt_at else ""),
        ("Sent", show_moment(alert.sent_at, zone) if alert.sent_at else ""),
        ("Digest", f"told together with others in {alert.digest}" if alert.digest else ""),
        ("Repeat", "an earlier try ended without an answer; it may arrive twice" if alert.maybe_sent else ""),
    ]
    for word, text in facts:
        if text:
            lines += hang((Span(f"  {word:<10}", Style.DIM),), (Span(screen.fit(text)),), screen)
    for text in sentences:
        lines += hang((Span("  - "),), (Span(screen.fit(text)),), screen)
    return "\n".join([*lines, *_attempts(attempts, screen, zone)])


def _attempts(attempts: Sequence[Attempt], screen: Screen, zone: ZoneInfo) -> list[str]:
    lines: list[str] = []
    for attempt in attempts:
        answer = " ".join(part for part in (attempt.outcome or "unfinished", attempt.message) if part)
        head = (Span(f"  try {attempt.number}  ", Style.DIM),)
        lines += hang(head, (Span(screen.fit(f"{show_moment(attempt.started_at, zone)}: {answer}")),), screen)
    return lines


def suspect_table(rows: Sequence[SuspectRow], titles: Mapping[int, str], screen: Screen, zone: ZoneInfo) -> str:
    """One block for each body kept aside: what it was to be, why it was not believed, what can be done."""
    lines: list[str] = []
    for row in rows:
        head = (Span(f"{row.id:>4}  "), Span(screen.fit(str(row.key)), Style.ID))
        lines.append(screen.paint((*head, Span(f"  {screen.fit(titles.get(row.record_id, ''))}"))))
        seen = f"seen {show_moment(row.seen_at, zone)}"
        if row.last_seen_at != row.seen_at:
            seen += f", last {show_moment(row.last_seen_at, zone)}"
        state = f", {row.state}" if row.state != "waiting" else ""
        lines += hang((Span(" " * 6),), (Span(f"{seen}{state}", Style.DIM),), screen)
        for reason in row.reasons:
            lines += hang((Span(" " * 6),), (Span(screen.fit(reason)),), screen)
    waiting = sum(row.state == "waiting" for row in rows)
    told = (
        f"{count(waiting, 'body', 'bodies')} kept aside. To look at one: trial-monitor suspect show ID."
        " To decide: suspect accept ID, or suspect discard ID."
    )
    return "\n".join([*lines, "", *hang((), (Span(told),), screen)])
