"""Plain text: the text part of a mail, json:// webhooks, and what brief.py makes to fit of it for chats."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from monitor.deliver.render.digest import below_one, closing, headline, why
from monitor.deliver.render.framing import noted, opening
from monitor.deliver.render.subject import subject
from monitor.deliver.render.telling import Statement, Story, below, compare_words, identity, known_as, tell
from monitor.deliver.render.terms import Terms
from monitor.deliver.render.words import NOTHING, counted
from monitor.model.message import (
    ChangeMessage,
    DigestMessage,
    Message,
    NoticeMessage,
    PlainMessage,
    TestMessage,
    TrialEventMessage,
    TrialHeader,
    WelcomeMessage,
)
from monitor.text.clean import harmless
from monitor.text.words import status_word

_WIDTH: Final = 72
_BAR: Final = 24


@dataclass(frozen=True, slots=True)
class PlainContent:
    """`title` is one line; `body` carries every change with its old and new value."""

    title: str
    body: str


def compose(message: Message) -> PlainContent:
    """A message as plain text, nothing folded."""
    return PlainContent(title=subject(message), body=text_body(message))


def text_body(message: Message) -> str:
    """Lines of at most 72 characters (longer words stay whole); nothing is folded or left out."""
    above = opening(message)
    lines = [*_paragraphs(above), *([""] if above else []), *_body(message), "", "-- ", *_paragraphs(below(message))]
    return escape_text("\n".join(lines)) + "\n"


def escape_text(text: str) -> str:
    """Text as any reader of plain text may show it: no control or bidirectional characters but line breaks."""
    return harmless(text, keep_newlines=True)


def _body(message: Message, terms: Terms | None = None) -> Iterator[str]:
    """`terms` are those of the digest that the message stands in."""
    match message.content:
        case ChangeMessage() as content:
            yield from _changes(content, (terms or Terms()).story(tell(content)), noted(message))
        case TrialEventMessage() as content:
            yield from _wrapped(known_as(content.header))
            yield ""
            yield from _paragraphs(content.sentences)
            yield ""
            yield from _identity(content.header)
            yield from _links(content.header)
        case WelcomeMessage() as content:
            yield from _welcome(content)
        case NoticeMessage() as content:
            yield from _notice(content)
        case TestMessage() as content:
            yield from _wrapped(f"A test message to {content.destination}.")
            yield ""
            yield from _wrapped("If you can read this, messages of the monitor reach you here. Nothing has changed.")
        case DigestMessage() as content:
            yield from _digest(content, message.timezone)
        case PlainMessage() as content:
            yield from _paragraphs(content.lines)


def _digest(content: DigestMessage, zone: ZoneInfo) -> Iterator[str]:
    yield from _wrapped(f"{headline(content)} {why(content)}")
    terms = Terms()
    for message in content.messages:
        yield from ("", "=" * _WIDTH, "")
        yield from _body(message, terms)
        yield ""
        yield from _paragraphs(below_one(message))
    yield from ("", "=" * _WIDTH, "") if content.messages else ("",)
    yield from _paragraphs(closing(content, zone))


def _changes(content: ChangeMessage, story: Story, note: str | None) -> Iterator[str]:
    yield from _wrapped(known_as(content.header))
    yield ""
    yield from _headline(story)
    yield ""
    yield from _identity(content.header)
    if story.others:
        yield from ("", "", "Also changed in this update" if story.headline.first else "What changed")
    for statement in story.others:
        yield ""
        yield from _statement(statement)
    if note:
        yield from ("", "")
        yield from _wrapped(note)
    if content.unchanged:
        yield from ("", "")
        yield from _wrapped(f"Not changed: {', '.join(content.unchanged)}.")
    yield from _links(content.header)


def _headline(story: Story) -> Iterator[str]:
    headline = story.headline
    two = len(headline.lines) > 1
    yield from _wrapped(" ".join(headline.lines).upper() if two else headline.lines[0])
    if headline.rest:
        yield from _wrapped("".join(part.text for part in headline.rest))
    if headline.note:
        yield ""
        yield from _wrapped(headline.note)
    if headline.first:
        if headline.first.weight:
            yield from _wrapped(f"[{headline.first.weight}]")
        if headline.first.bar:
            yield f"  {_bar(headline.first.bar.share)} {headline.first.bar.words}"
        yield from _values(headline.first)


def _statement(statement: Statement) -> Iterator[str]:
    tag = f" {statement.tag}" if statement.tag else ""
    yield from _wrapped(f"[{statement.weight or statement.severity.value}] {statement.word}")
    yield from _wrapped(statement.text + tag, indent="  ")
    if statement.bar:
        yield f"  {_bar(statement.bar.share)} {statement.bar.words}"
    yield from _values(statement)


def _values(statement: Statement) -> Iterator[str]:
    """Every old and new value, in full."""
    for delta in statement.deltas:
        if delta.lead:
            told = f"{delta.lead}: was {delta.old or NOTHING}, now {delta.new or NOTHING}"
            yield from _wrapped(told, indent="  ", hang="  ")
            continue
        if len(statement.deltas) > 1 and (delta.old is None or delta.new is None):
            sign, only = ("+", delta.new) if delta.old is None else ("-", delta.old)
            yield from _wrapped(f"{sign} {only or NOTHING}", indent="  ", hang="  ")
            continue
        yield from _wrapped(f"was: {delta.old or NOTHING}", indent="  ", hang="     ")
        yield from _wrapped(f"now: {delta.new or NOTHING}", indent="  ", hang="     ")


def _bar(share: int) -> str:
    full = round(share * _BAR / 100)
    return f"[{'#' * full}{'-' * (_BAR - full)}]"


def _identity(header: TrialHeader) -> Iterator[str]:
    number = header.registry_id or "No registry number shown"
    yield from _wrapped(", ".join((harmless(number), *identity(header))))
    if header.label:
        yield from _wrapped(header.title)


def _links(header: TrialHeader) -> Iterator[str]:
    yield from ("", "")
    if header.compare_url:
        yield from (f"{compare_words(header)}:", harmless(header.compare_url), "")
    yield from ("Read the record:", harmless(header.record_url))


def _welcome(content: WelcomeMessage) -> Iterator[str]:
    yield from _wrapped(f"Now watching {counted(len(content.trials), 'trial')}.")
    yield from _wrapped("This is how things stand today. From now on you are told what changes.")
    for header in content.trials:
        state = status_word(header.overall_status) if header.overall_status else "Not seen yet"
        yield ""
        yield from _wrapped(f"{state}: {known_as(header)}")
        yield from (f"  {line}" for line in _identity(header))
        yield f"  {harmless(header.record_url)}"


def _notice(content: NoticeMessage) -> Iterator[str]:
    yield from _wrapped("Trial Monitor, for its operator")
    for item in content.items:
        yield ""
        yield from _wrapped(f"What happened: {item.what}")
        yield from _wrapped(f"Can quiet be trusted? {item.trust}")
        yield from _wrapped(f"To do: {item.todo}")


def _paragraphs(sentences: tuple[str, ...]) -> Iterator[str]:
    for sentence in sentences:
        yield from _wrapped(sentence)


def _wrapped(text: str, *, indent: str = "", hang: str = "") -> list[str]:
    lines = textwrap.wrap(
        harmless(text),
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return lines or [indent.rstrip()]
