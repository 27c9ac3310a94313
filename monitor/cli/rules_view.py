"""What the rules make of a change, and of a stretch of history. Pure: values in, text out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from monitor.cli.days import day_of, short_day, show_day, show_moment
from monitor.cli.record_view import paragraph
from monitor.cli.terminal import Screen, Span, Style, hang, stressed, table
from monitor.cli.words import category_word, count, listed
from monitor.deliver.render.plain import PlainContent
from monitor.model.alert import Recipient
from monitor.pipeline.rehearsal import Answer, Hearer, Tested, Told

NO_RULES = "There are no rules and no destinations: nobody is told anything."
NOT_WATCHED = "No active watch leads to this trial: no rule tells anything of it."
ECHO = (
    "This is what a study page says later than the registry. Nobody is told at once; if the registry still says"
    " otherwise after three days, it is told as a minor change."
)
NOW = (
    "Rehearsed with the rules, tags and destinations of now. Left out: welcomes, trials that are gone or merged, what"
    " a page says otherwise than the registry, and the operator's messages. Nothing was sent."
)


class Count(NamedTuple):
    messages: int
    changes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A message that would have been sent: to whom and why, its name, and its text."""

    told: Told
    code: str
    content: PlainContent


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """A stretch of history before the rules. `letters` None means that nobody asked for them."""

    since: date
    until: date | None
    changes: int
    updates: int
    told: Sequence[Told]
    zone: ZoneInfo
    letters: Sequence[Written] | None

    @property
    def untold(self) -> int:
        """Changes of which nobody would have heard."""
        return self.changes - len({stored.id for told in self.told for stored in told.changes})

    @property
    def weeks(self) -> Mapping[tuple[str, str], Count]:
        """Messages, and changes in them, by ISO week and destination, in order."""
        counted: dict[tuple[str, str], Count] = {}
        for told in self.told:
            key = (week_of(told.update.first.observed_at, self.zone), told.pick.recipient.destination)
            sofar = counted.get(key, Count(0, 0))
            counted[key] = Count(sofar.messages + 1, sofar.changes + len(told.pick.changes))
        return dict(sorted(counted.items()))


def week_of(moment: datetime, zone: ZoneInfo) -> str:
    """2026-W08"""
    year, week, _ = day_of(moment, zone).isocalendar()
    return f"{year:04}-W{week:02}"


def tested_view(tested: Tested, screen: Screen, zone: ZoneInfo) -> str:
    """The change, then a block for each rule."""
    lines = [*_head(tested, screen, zone), ""]
    if tested.echo:
        return "\n".join([*lines, paragraph(ECHO, screen)])
    if not tested.watches:
        return "\n".join([*lines, paragraph(NOT_WATCHED, screen)])
    for answer in tested.answers:
        lines += _answer(answer, screen)
    if tested.heard:
        names = listed(recipient_word(each) for each in tested.heard)
        told = f"It takes back what {names} had been told, so they hear of it whatever the rules say."
        lines.append(paragraph(told, screen))
    return "\n".join([*lines, paragraph(_summary(tested), screen)])


def _head(tested: Tested, screen: Screen, zone: ZoneInfo) -> Iterator[str]:
    """Which change it is: number, trial, sentence, kind and day."""
    stored, change = tested.stored, tested.stored.change
    name = " ".join(part for part in (stored.registry_id, stored.label) if part) or stored.source_id
    yield screen.paint((Span(f"Change {stored.id}", Style.STRONG), Span("  "), Span(screen.fit(name), Style.ID)))
    said = stressed(screen.fit(change.sentence), [screen.fit(part) for part in change.strong])
    yield from hang((Span("  "), screen.mark(change.severity), Span(" ")), said, screen)
    kind = f"{category_word(change.category)}, {change.severity.value}; seen {show_moment(stored.observed_at, zone)}"
    yield from hang((Span("    "),), (Span(kind, Style.DIM),), screen)


def _answer(answer: Answer, screen: Screen) -> Iterator[str]:
    explained = answer.explained
    verdict = f"tells {_hearers(answer.to)}" if explained.told else "does not tell it"
    head = (Span(screen.fit(f'Rule "{explained.rule.name}"'), Style.STRONG), Span(" "))
    yield from hang(head, (Span(screen.fit(verdict)),), screen, indent=2)
    for reason in (*explained.against, *explained.found):
        yield from hang((Span("  - "),), (Span(screen.fit(reason)),), screen)


def _hearers(to: Sequence[Hearer]) -> str:
    """team (a@example.org) and chat, at once; board, in the next digest"""
    by_moment: dict[str, list[str]] = {}
    for each in to:
        by_moment.setdefault(each.when, []).append(recipient_word(each.recipient))
    return "; ".join(f"{listed(names)}, {moment}" for moment, names in by_moment.items()) or "nobody"


def recipient_word(recipient: Recipient) -> str:
    """team (team@example.org)"""
    return f"{recipient.destination} ({recipient.address})" if recipient.address else recipient.destination


def _summary(tested: Tested) -> str:
    told = {each.recipient for answer in tested.answers if answer.explained.told for each in answer.to} | {
        *tested.heard
    }
    if not tested.answers:
        return NO_RULES
    return f"{count(len(told), 'recipient')} told, each once." if told else "Nobody is told of this change."


def rehearsal_view(rehearsed: Rehearsed, screen: Screen, year: int) -> str:
    """A line for each week and destination, the messages if they were asked for, and what was left out."""
    blocks = [_table(rehearsed, screen, year)] if rehearsed.told else []
    blocks += [_letter(letter, screen, rehearsed.zone) for letter in rehearsed.letters or ()]
    return "\n\n".join([*blocks, paragraph(_total(rehearsed), screen), paragraph(NOW, screen)])


def _table(rehearsed: Rehearsed, screen: Screen, year: int) -> str:
    rows = [
        (
            Span(week),
            Span(screen.fit(short_day(_monday(week), year)), Style.DIM),
            Span(screen.fit(destination)),
            Span(f"{counted.messages:,}"),
            Span(f"{counted.changes:,}"),
        )
        for (week, destination), counted in rehearsed.weeks.items()
    ]
    return table(rows, screen, head=("Week", "From", "To", "Messages", "Changes"))


def _monday(week: str) -> date:
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def _letter(letter: Written, screen: Screen, zone: ZoneInfo) -> str:
    told = letter.told
    seen = show_moment(told.update.first.observed_at, zone)
    head = f"To {recipient_word(told.pick.recipient)}, seen {seen}"
    body = "\n".join(screen.spell(line) for line in letter.content.body.rstrip("\n").split("\n"))
    rule = screen.paint((Span("=" * min(screen.measure, 72), Style.DIM),))
    subject = hang((Span("Subject: "),), (Span(screen.fit(letter.content.title), Style.STRONG),), screen)
    return "\n".join([rule, *hang((), (Span(screen.fit(head)),), screen), *subject, "", body])


def _total(rehearsed: Rehearsed) -> str:
    span = f"since {show_day(rehearsed.since)}"
    if rehearsed.until:
        span = f"between {show_day(rehearsed.since)} and {show_day(rehearsed.until)}"
    if not rehearsed.changes:
        return f"Nothing has changed {span}."
    seen = f"{count(rehearsed.changes, 'change')} in {count(rehearsed.updates, 'update')} seen {span}"
    if not rehearsed.told:
        return f"{seen}. The rules would have told none of it."
    sent = count(len(rehearsed.told), "message")
    left = "" if not rehearsed.untold else f" Nobody would have heard of {count(rehearsed.untold, 'change')}."
    return f"{seen}: {sent}.{left}"
