"""Plain text: the text part of a mail, json:// webhooks, and every service that has no form of its own."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from monitor.deliver.render.digest import below_one, closing, fold, headline, why
from monitor.deliver.render.framing import footing, noted, opening
from monitor.deliver.render.subject import subject
from monitor.deliver.render.telling import Statement, Story, below, compare_words, identity, known_as, repeat, tell
from monitor.deliver.render.terms import Terms
from monitor.deliver.render.words import NOTHING, counted, cut
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
_SHARE: Final = 3
_OWN: Final = 150  # characters of a user's own line where there is little room,
_AMPLE: Final = 600  # and below this room there is none for it
_BESIDE: Final = 40  # characters that services without titles put around one
_JOINER: Final = "\u200d"
_CALL: Final = re.compile(r"(?<!\w)@(?=[\w*&!])|<(?=[@!#]|users/)")


@dataclass(frozen=True, slots=True)
class PlainContent:
    """`title` is one line; `body` carries every change with its old and new value."""

    title: str
    body: str


def compose(message: Message) -> PlainContent:
    """A message as plain text, nothing folded."""
    return PlainContent(title=subject(message), body=text_body(message))


def compose_brief(message: Message, limit: int) -> PlainContent:
    """For services that show a message to many: whole if it fits into `limit` characters, else the gravest changes.

    What is left out is counted, and the record is named. Nothing in it calls anybody.
    """
    title = uncalled(subject(message))
    room = limit - len(title) - _BESIDE
    body = uncalled(text_body(message))
    if len(body) > room:
        body = _brief_body(message, room)
    return PlainContent(title=title, body=body)


def uncalled(text: str) -> str:
    """Plain text in which no service sees a mention: @everyone, @**all**, <@id>, <users/all>."""
    return _CALL.sub(lambda found: found[0] + _JOINER, text)


def _brief_body(message: Message, room: int) -> str:
    ample = room > _AMPLE
    first, middle, last = ([harmless(line) for line in lines] for lines in _brief_lines(message))
    first = [*(cut(line, _OWN) for line in opening(message) if ample or message.sample), *first]
    note = noted(message)
    if note:
        (last if ample else middle).insert(0 if ample else len(middle), cut(note, 300))
    foot = uncalled("\n".join(["", *last, *_brief_foot(message, footing(message) if ample else None)]))
    if isinstance(message.content, DigestMessage):
        above = [uncalled(line) for line in first]
        fits = room - len(foot) - 1 - len("\n".join([*above, ""]))
        below = [harmless(line) for line in closing(message.content, message.timezone)]
        taken = len(uncalled("\n".join(below))) + 1
        if taken > fits // _SHARE:  # the codes of the alerts come first
            below, taken = [], 0
        fits -= taken
        lines = fold(message.content.messages, _brief_line, lambda made: len(uncalled("\n".join(made))) < fits)
        return f"{chr(10).join([*above, uncalled(chr(10).join([*lines, *below]))])}\n{foot}"
    left = 0
    while True:
        more = [f"… and {counted(left, 'more line')}: see the record."] if left else []
        head = uncalled("\n".join([*first, *middle, *more]))
        if len(head) + len(foot) < room or not middle:
            return f"{cut(head, max(room - len(foot) - 1, 1))}\n{foot}"
        middle = middle[:-1]
        left += 1


def _brief_line(message: Message) -> str:
    return harmless(subject(message))


def _brief_lines(message: Message) -> tuple[list[str], list[str], list[str]]:
    """What stands first, what may be cut from its end, and the address of the record."""
    match message.content:
        case ChangeMessage() as content:
            story = Terms().story(tell(content))
            parts = (*story.headline.lines, "".join(part.text for part in story.headline.rest))
            first = [" ".join(part for part in parts if part), cut(known_as(content.header), 120)]
            lines = [f"{each.mark} {each.word}: {cut(each.text, 300)}" for each in story.others]
            return first, lines, [content.header.record_url]
        case TrialEventMessage() as content:
            return [cut(known_as(content.header), 120)], list(content.sentences), [content.header.record_url]
        case _:
            return [], list(_body(message)), []


def _brief_foot(message: Message, own: str | None) -> list[str]:
    label = repeat(message)
    said = [*([cut(own, _OWN)] if own else []), *([label] if label else [])]
    return [*said, f"Alert {message.code}. Not medical advice."]


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
