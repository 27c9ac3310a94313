"""A message as every form of it tells it: who is meant, what stands first, what follows, what stands below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.deliver.render.framing import footing, muting
from monitor.deliver.render.values import Delta, deltas
from monitor.deliver.render.words import (
    CAUSES,
    DIRECTIONS,
    MARKS,
    REGISTRY,
    STOPS,
    category_word,
    counted,
    listed,
    show_data_day,
    show_moment,
    source_words,
)
from monitor.model.change import Category, Change, Severity, in_telling_order, weight_words
from monitor.model.message import (
    ChangeMessage,
    DigestMessage,
    Message,
    Origin,
    TrialEventMessage,
    TrialHeader,
    WelcomeMessage,
)
from monitor.text.clean import harmless
from monitor.text.dates import show_date
from monitor.text.words import phase_words

_SHORT: Final = 160  # characters up to which a sentence serves as a headline
_FULL: Final = 100
_FAIR: Final = 15
_NOW_AND_WAS: Final = re.compile(r"([^.]{3,80}\.) (It was [^.]{3,80}\.)(?= |\Z)")
_END: Final = re.compile(r"(?<=[a-z0-9)”\"])\.(?= [A-Z0-9])")


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a sentence; `strong` if it states what is new."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """How full a trial is: people of those planned."""

    share: int  # whole per cent, 0 to 100
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One change, ready to be set: mark and words first, then its values.

    `weight` says why it is critical or major ("critical: stopped for safety"); None for what is less.
    """

    severity: Severity
    category: Category
    parts: tuple[Part, ...]
    deltas: tuple[Delta, ...]
    tag: str | None = None
    bar: Bar | None = None
    weight: str | None = None

    @property
    def mark(self) -> str:
        return MARKS[self.severity]

    @property
    def word(self) -> str:
        return category_word(self.category)

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)

    @property
    def says_it_all(self) -> bool:
        """True if the sentence itself names the only old and new value."""
        return len(self.deltas) == 1 and self.deltas[0].told_by(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What stands large. `lines` name no trial; `rest` says why or how, `first` is the change itself, if one."""

    severity: Severity | None
    lines: tuple[str, ...]
    rest: tuple[Part, ...] = ()
    note: str | None = None
    first: Statement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An update of a trial: its headline and what else changed, gravest first."""

    headline: Headline
    others: tuple[Statement, ...]


def statements_of(content: ChangeMessage) -> tuple[Statement, ...]:
    """Every change ready to be set, gravest first."""
    return tuple(_statement(change) for change in in_telling_order(content.changes))


def tell(content: ChangeMessage) -> Story:
    """The gravest change as the headline, if a reader can take it in at a glance; else how many there are."""
    ordered = in_telling_order(content.changes)
    if not ordered:
        return Story(headline=Headline(severity=None, lines=("The record was updated.",)), others=())
    statements = statements_of(content)
    headline = _status_headline(ordered[0], statements[0]) or _short_headline(ordered[0], statements[0])
    if headline:
        return Story(headline=headline, others=statements[1:])
    return Story(headline=_count_headline(statements), others=statements)


def _status_headline(change: Change, statement: Statement) -> Headline | None:
    """What is now and what was on two lines, where the sentence begins so."""
    found = _NOW_AND_WAS.match(statement.text)
    if change.path != "status.overall" or not found:
        return None
    rest = statement.text[found.end() :].strip()
    return Headline(
        severity=change.severity,
        lines=(found[1], found[2]),
        rest=parts_of(rest, _strong_in(change.strong, rest)),
        note=STOPS.get(str(change.after)),
        first=statement,
    )


def _short_headline(change: Change, statement: Statement) -> Headline | None:
    """The whole text if it is short, else its first sentence, with what follows below it."""
    text = statement.text
    end = len(text) if len(text) <= _SHORT else _first_sentence(text)
    if not end:
        return None
    rest = text[end:].strip()
    return Headline(
        severity=statement.severity,
        lines=(text[:end].strip(),),
        rest=parts_of(rest, _strong_in(change.strong, rest)),
        first=statement,
    )


def _first_sentence(text: str) -> int:
    """Where the first sentence of a fair length ends; 0 if none does."""
    return next((found.end() for found in _END.finditer(text) if _FAIR <= found.end() <= _SHORT), 0)


def _count_headline(statements: Sequence[Statement]) -> Headline:
    number = counted(len(statements), "change")
    return Headline(severity=statements[0].severity, lines=(f"{number}: {kinds_of(statements)}.",))


def _statement(change: Change) -> Statement:
    sentence = harmless(change.sentence)
    cause = CAUSES.get(change.cause)
    noted = f" ({cause})" if cause and cause not in sentence else ""
    return Statement(
        severity=change.severity,
        category=change.category,
        parts=(*parts_of(sentence, change.strong), *((Part(noted),) if noted else ())),
        deltas=deltas(change),
        tag=_direction(change, sentence),
        bar=_bar(change),
        weight=harmless(weight_words(change) or "") or None,
    )


def _direction(change: Change, sentence: str) -> str | None:
    direction = change.detail.get("direction")
    if change.category is not Category.CRITERIA or not isinstance(direction, str):
        return None
    return None if direction in sentence.casefold() else DIRECTIONS.get(direction)


def _bar(change: Change) -> Bar | None:
    share, after, before = change.detail.get("of_plan"), change.after, change.before
    if not isinstance(share, int) or not isinstance(after, dict) or not isinstance(before, dict):
        return None
    enrolled, planned = after.get("count"), before.get("count")
    if not isinstance(enrolled, int) or not isinstance(planned, int):
        return None
    return Bar(share=min(max(share, 0), _FULL), words=f"{enrolled:,} of {planned:,}, {share}% of the plan.")


def parts_of(sentence: str, strong: Sequence[str]) -> tuple[Part, ...]:
    """A sentence cut at its strong parts, each looked for after the one before it."""
    return tuple(_cut_at(sentence, [harmless(each) for each in strong if each]))


def _strong_in(strong: Sequence[str], text: str) -> tuple[str, ...]:
    return tuple(each for each in strong if harmless(each) in text)


def _cut_at(sentence: str, strong: Sequence[str]) -> Iterator[Part]:
    start = 0
    for each in strong:
        at = sentence.find(each, start) if each else -1
        if at < 0:
            continue
        if at > start:
            yield Part(sentence[start:at])
        yield Part(each, strong=True)
        start = at + len(each)
    if start < len(sentence):
        yield Part(sentence[start:])


def kinds_of(statements: Sequence[Statement]) -> str:
    """ "contacts, outcomes (2) and sites": what a fold holds."""
    words = [statement.word.lower() for statement in statements]
    numbers = {word: words.count(word) for word in words}
    return listed([word if number == 1 else f"{word} ({number:,})" for word, number in numbers.items()])


def known_as(header: TrialHeader) -> str:
    """The reader's own label, else the title."""
    return harmless(header.label or header.title)


def identity(header: TrialHeader) -> tuple[str, ...]:
    """Small facts that identify: sponsor, phase, sites. The number stands apart, it is a link."""
    found = (harmless(header.sponsor or ""), harmless(phase_words(header.phases)), _sites(header))
    return tuple(each for each in found if each)


def _sites(header: TrialHeader) -> str:
    if header.site_count is None:
        return ""
    number = counted(header.site_count, "site") if header.site_count else "no sites listed"
    return f"{number}, {harmless(header.single_site_city)}" if header.single_site_city else number


def compare_words(header: TrialHeader) -> str:
    """What the link to a comparison says: the registry's own, or ours."""
    registry = (header.compare_url or "").startswith(REGISTRY)
    return "Compare versions at the registry" if registry else "See it side by side"


def dated(message: Message) -> str:
    """When its facts were seen, or when it was written if it has none of a record."""
    content = message.content
    if isinstance(content, ChangeMessage | TrialEventMessage):
        return when(content.origin, message)
    return f"Written {show_moment(message.created_at, message.timezone)}."


def when(origin: Origin, message: Message) -> str:
    """ "Posted 19 Feb 2026. Seen 20 Feb 2026, 00:58 UTC, in registry data of 19 Feb 2026."."""
    posted = f"Posted {harmless(show_date(origin.posted))}. " if origin.posted else ""
    seen = f"Seen {show_moment(origin.seen_at, message.timezone)}"
    data = f", in registry data of {harmless(show_data_day(origin.data_timestamp))}" if origin.data_timestamp else ""
    day = show_moment(origin.unread_since, message.timezone).partition(",")[0] if origin.unread_since else ""
    gap = f" It had not been read since {day}." if day else ""
    return f"{posted}{seen}{data}.{gap}"


def why(origin: Origin) -> str | None:
    """Why the reader gets this."""
    if not origin.reasons:
        return None
    return f"You get this because {listed([harmless(reason).rstrip('.') for reason in origin.reasons])}."


def repeat(message: Message) -> str | None:
    """The label of a possible repeat."""
    if not message.maybe_repeat:
        return None
    return f"This may be a repeat of alert {message.code}: an earlier try ended without an answer."


def below(message: Message) -> tuple[str, ...]:
    """The lines at the foot of every form: when, why, where from, which alert."""
    lines: list[str | None] = []
    content = message.content
    lines.append(dated(message))
    if isinstance(content, ChangeMessage | TrialEventMessage):
        lines += [why(content.origin), source_words(content.header.record_url)]
    if isinstance(content, WelcomeMessage | DigestMessage):
        lines.append(source_words(None))
    lines += [footing(message), muting(message), repeat(message), f"Alert {message.code}."]
    return tuple(line for line in lines if line)
