"""Plain text that fits: for every service that shows a message to many and has no form of its own, Teams among them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from monitor.deliver.render.digest import closing, fold
from monitor.deliver.render.folds import left_words, listed_elsewhere, most_that_fit
from monitor.deliver.render.framing import footing, noted, opening
from monitor.deliver.render.plain import PlainContent, text_body
from monitor.deliver.render.subject import subject
from monitor.deliver.render.telling import Statement, dated, identity, known_as, repeat, tell
from monitor.deliver.render.terms import Terms
from monitor.deliver.render.values import Delta
from monitor.deliver.render.words import counted, cut
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

Measure: TypeAlias = Callable[[str], int]

_SHARE: Final = 3
_OWN: Final = 150  # characters of a user's own line where there is little room,
_AMPLE: Final = 600  # and below this room there is none for it
_BESIDE: Final = 40  # characters that services without titles put around one
_JOINER: Final = "\u200d"
_CALL: Final = re.compile(r"(?<!\w)@(?=[\w*&!])|<(?=[@!#]|users/|/?at\b)", re.IGNORECASE)
_NAME: Final = 120
_VALUE: Final = 200
_SENTENCE: Final = 300
_SHORT: Final = 120
_LINES: Final = 6  # of a short message; a note may take one of them
_LEAST: Final = 40  # characters of a note that say something


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folded:
    """Lines of a message in their order: what stands first, items that may be folded from their end, and the last."""

    first: tuple[str, ...]
    items: tuple[str, ...]
    left: Callable[[int], str]
    """What is said where only so many items are shown."""
    last: tuple[str, ...]

    def shown(self, number: int) -> str:
        more = () if number == len(self.items) else (f"… and {self.left(number)}",)
        return "\n".join(harmless(line) for line in (*self.first, *self.items[:number], *more))


def compose(message: Message, limit: int) -> PlainContent:
    """Whole if it fits into `limit` characters, else the gravest changes.

    What is left out is counted by kind, and a link leads to the whole. Nothing in it calls anybody.
    """
    title = uncalled(subject(message))
    room = limit - len(title) - _BESIDE
    body = uncalled(text_body(message))
    if len(body) > room:
        body = _body(message, room, len)
    return PlainContent(title=title, body=body)


def compose_lines(message: Message, limit: int, measure: Measure) -> PlainContent:
    """The same in lines that are not wrapped, one for each change, within `limit` as `measure` counts."""
    title = uncalled(subject(message))
    return PlainContent(title=title, body=_body(message, limit - measure(title), measure, when=dated(message)))


def uncalled(text: str) -> str:
    """Plain text in which no service sees a mention: @everyone, @**all**, <@id>, <users/all>, <at>name</at>."""
    return _CALL.sub(lambda found: found[0] + _JOINER, text)


def _body(message: Message, room: int, measure: Measure, when: str | None = None) -> str:
    ample = room > _AMPLE
    above = tuple(cut(line, _OWN) for line in opening(message) if ample or message.sample)
    foot = _foot(message, when, _SENTENCE if ample else room // _LINES)
    if isinstance(message.content, DigestMessage):
        return _digest(message, message.content, (above, foot), room, measure)
    forms = [replace(form, first=(*above, *form.first)) for form in _forms(message)]
    return _fitted(forms, foot, room, measure)


def _foot(message: Message, when: str | None, line: int) -> list[str]:
    """The note of a person in so many characters, unless they are too few; the user's own line where there is room."""
    note, own = noted(message), footing(message)
    told = cut(note, line) if note and line >= _LEAST else None
    said = (told, cut(own, _OWN) if own and line == _SENTENCE else None)
    lines = (*said, when, repeat(message), f"Alert {message.code}. Not medical advice.")
    return [harmless(line) for line in lines if line]


def _digest(
    message: Message,
    content: DigestMessage,
    around: tuple[Sequence[str], Sequence[str]],
    room: int,
    measure: Measure,
) -> str:
    """A line for each alert; what is said of the whole view only where it leaves room for them."""
    above, foot = around
    end = uncalled("\n".join(["", "", *foot]))
    start = uncalled("".join(f"{harmless(line)}\n" for line in above))
    below = uncalled("".join(f"\n{harmless(line)}" for line in closing(content, message.timezone)))
    fits = room - measure(end) - measure(start) - 1
    if measure(below) > fits // _SHARE:  # the codes of the alerts come first
        below = ""
    fits -= measure(below)
    lines = fold(content.messages, _line, lambda made: measure(uncalled("\n".join(made))) < fits)
    return f"{start}{uncalled(chr(10).join(lines))}{below}{end}"


def _fitted(forms: Sequence[_Folded], foot: Sequence[str], room: int, measure: Measure) -> str:
    """The first form that shows as much as any; each next one says less of each item."""
    best, most = "", -1
    for form in forms:
        end = uncalled("\n".join(["", "", *(harmless(line) for line in form.last), *foot]))
        number, text = _most(form, room - measure(end), measure)
        if number > most:
            best, most = f"{text}{end}", number
    return best


def _most(form: _Folded, room: int, measure: Measure) -> tuple[int, str]:
    """How many items fit, and the text with them; where not even what stands first fits it is cut."""

    def fits(number: int) -> bool:
        return measure(uncalled(form.shown(number))) <= room

    number = most_that_fit(len(form.items), fits)
    text = uncalled(form.shown(number))
    while measure(text) > room and text != (shorter := cut(text, len(text) * 9 // 10)):
        text = shorter
    return number, text


def _line(message: Message) -> str:
    return harmless(subject(message))


def _forms(message: Message) -> Sequence[_Folded]:
    """From the fullest to the shortest; all say the same number of things."""
    match message.content:
        case ChangeMessage() as content:
            return _changes(content)
        case TrialEventMessage() as content:
            header = content.header
            return [
                _plain((cut(known_as(header), _NAME),), content.sentences, _links(header), "sentence", "the record")
            ]
        case WelcomeMessage() as content:
            lines = tuple(map(_watched, content.trials))
            return [
                _plain(("Now watching. Changes are told from now on.",), lines, (), "trial", "trial-monitor watch list")
            ]
        case NoticeMessage() as content:
            items = tuple(
                f"{item.what}\nCan quiet be trusted? {item.trust}\nTo do: {item.todo}" for item in content.items
            )
        case PlainMessage() as content:
            items = content.lines
        case TestMessage() as content:
            items = (f"A test message to {content.destination}.",)
        case DigestMessage():
            items = ()
    return [_plain((), items, (), "line", f"trial-monitor alerts show {message.code}")]


def _plain(first: tuple[str, ...], items: tuple[str, ...], last: tuple[str, ...], what: str, where: str) -> _Folded:
    return _Folded(
        first=first, items=items, left=lambda n: f"{counted(len(items) - n, f'more {what}')}: see {where}.", last=last
    )


def _watched(header: TrialHeader) -> str:
    state = status_word(header.overall_status) if header.overall_status else "Not seen yet"
    return f"{state}: {cut(known_as(header), _NAME)} ({header.registry_id or header.record_url})"


def _links(header: TrialHeader) -> tuple[str, ...]:
    return tuple(url for url in (header.compare_url, header.record_url) if url)


def _changes(content: ChangeMessage) -> Sequence[_Folded]:
    """With values, without them, and with the beginning of each sentence: the grave ones come first in each."""
    story = Terms().story(tell(content))
    parts = (*story.headline.lines, "".join(part.text for part in story.headline.rest))
    values = _weight(story.headline.first) + _values(story.headline.first) if story.headline.first else ""
    facts = (content.header.registry_id or "", *identity(content.header))
    first = (
        " ".join(part for part in parts if part) + values,
        cut(known_as(content.header), _NAME),
        cut(", ".join(fact for fact in facts if fact), _NAME),
    )
    whole = tuple(_statement(each, _SENTENCE) + _values(each) for each in story.others)
    told = tuple(_statement(each, _SENTENCE) + listed_elsewhere(each) for each in story.others)
    short = tuple(_statement(each, _SHORT) for each in story.others)
    links = _links(content.header)
    forms = (_Folded(first=first, items=each, left=_left(story.others), last=links) for each in (whole, told, short))
    return tuple(forms)


def _left(others: Sequence[Statement]) -> Callable[[int], str]:
    return lambda shown: f"{left_words(others[shown:])}. All of it stands at the link."


def _statement(statement: Statement, room: int) -> str:
    tag = f" {statement.tag}." if statement.tag else ""
    return f"{statement.mark} {statement.word}: {cut(statement.text, room)}{tag}{_weight(statement)}"


def _weight(statement: Statement) -> str:
    """Why it is critical or major."""
    return f" [{statement.weight}]" if statement.weight else ""


def _values(statement: Statement) -> str:
    """Old and new where the sentence does not name them."""
    if len(statement.deltas) != 1 or statement.says_it_all:
        return listed_elsewhere(statement)
    return _old_and_new(statement.deltas[0])


def _old_and_new(delta: Delta) -> str:
    old, new = (cut(value, _VALUE) if value else None for value in (delta.old, delta.new))
    if old and new:
        return f" Was “{old}”, now “{new}”."
    return f" Now “{new}”." if new else f" Was “{old}”." if old else ""
