"""The Slack message: a title of at most 140 characters, and a body in Slack's own syntax of at most 2,900."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from monitor.deliver.render.digest import closing, fold, why
from monitor.deliver.render.folds import grave_in, left_words, most_that_fit
from monitor.deliver.render.framing import footing, noted, opening, sample_mark
from monitor.deliver.render.slack_pieces import (
    FACT,
    NAME,
    SENTENCE,
    escaped,
    in_full,
    joined,
    old_and_new,
    say,
    shorter,
    shortest,
    strong,
    weight,
)
from monitor.deliver.render.slack_syntax import calm, escape_slack, link_slack
from monitor.deliver.render.subject import subject
from monitor.deliver.render.telling import (
    Headline,
    Story,
    identity,
    known_as,
    repeat,
    tell,
    when,
)
from monitor.deliver.render.words import MARKS, counted, cut
from monitor.model.alert import AlertKind
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
from monitor.text.words import status_word

TITLE: Final = 140
BODY: Final = 2_900
_MARGIN: Final = 10  # what joiners add to a title
_CHANGES: Final = 5
_TRIALS: Final = 12
_FOOT: Final = 620  # when it was seen, the source, a repeat's label, the alert
_FRAME: Final = 400  # what stands above and below the lines of a digest


@dataclass(frozen=True, slots=True)
class SlackContent:
    """`title` is plain (its carrier escapes & < >); `body` is finished mrkdwn: nothing of it may be escaped again."""

    title: str
    body: str


def compose(message: Message) -> SlackContent:
    """The message for one channel; links are ours, and nothing in it calls anybody."""
    title = calm(_title(message))
    shown = title if len(title) <= TITLE else calm(cut(_title(message), TITLE - _MARGIN))[:TITLE]
    return SlackContent(title=shown, body=_fit(*_lines(message, whole=shown == title), code=message.code))


def _title(message: Message) -> str:
    match message.content:
        case ChangeMessage() as content if message.wording.subject is None:
            title = _change_title(content, tell(content), taken_back=message.kind is AlertKind.CORRECTION)
            return sample_mark(message) + title
        case _:
            return subject(message, TITLE)


def _change_title(content: ChangeMessage, story: Story, *, taken_back: bool) -> str:
    start = "Taken back: " if taken_back else ""
    headline = story.headline
    mark = f"{MARKS[headline.severity]} " if headline.severity else ""
    name = content.header.registry_id or cut(known_as(content.header), 60)
    if len(headline.lines) > 1:
        now, was = (line.rstrip(".") for line in headline.lines[:2])
        now = f" is now {now.removeprefix('Now ')}" if now.startswith("Now ") else f": {now}"
        return f"{start}{mark}{name}{now} ({was[:1].lower()}{was[1:]})"
    return f"{start}{mark}{name}: {headline.lines[0]}"


def _lines(message: Message, *, whole: bool) -> tuple[list[str], list[str], list[str]]:
    """What stands first, what may be cut from its end, and what stands last. `whole`: the title says all it has to."""
    match message.content:
        case ChangeMessage() as content:
            first, middle, last = _changes(content, whole=whole, worded=message.wording.subject is not None)
            note = noted(message)
            last = [*(["", say(note)] if note else []), *last]
        case TrialEventMessage() as content:
            first, middle, last = [_who(content.header)], [say(s) for s in content.sentences], _links(content.header)
        case WelcomeMessage() as content:
            first, middle, last = ["This is how they stand today. From now on you are told what changes."], [], []
            middle = _welcome(content)
        case NoticeMessage() as content:
            first, last = [], []
            middle = [line for item in content.items for line in _notice(item.what, item.trust, item.todo)]
        case TestMessage():
            first, middle, last = ["If you can read this, messages of the monitor reach you here."], [], []
        case DigestMessage() as content:
            first, middle, last = _digest(content, message.timezone)
        case PlainMessage() as content:
            first, middle, last = [], [say(line) for line in content.lines], []
    return [*(escaped(line, NAME) for line in opening(message)), *first], middle, [*last, *_foot(message)]


def _changes(content: ChangeMessage, *, whole: bool, worded: bool) -> tuple[list[str], list[str], list[str]]:
    story = tell(content)
    first = [_who(content.header)]
    headline = story.headline
    if worded:  # a title of the user's own need not say what happened
        first.append(say(" ".join(headline.lines)))
    if headline.rest:
        first.append(joined(headline.rest))
    if headline.first and len(headline.lines) == 1:
        first += _under_title(headline, whole=whole or worded)
    if headline.first and headline.first.weight:
        first.append(weight(headline.first))
    head = [*first, ""] if story.others else first
    return head, _fitting(content, story, head), _links(content.header)


def _fitting(content: ChangeMessage, story: Story, head: list[str]) -> list[str]:
    """Five changes, and every critical or major one that fits; of the others how many, of what, and a link to all."""
    room = BODY - _FOOT - len("\n".join([*head, *_links(content.header)]))
    wanted = max(_CHANGES - bool(story.headline.first), grave_in(story.others))
    best: list[str] = []
    most = -1
    for form in (in_full, shorter, shortest):
        lines = [form(each) for each in story.others[:wanted]]
        number, told = _most(partial(_folded, content, story, lines), len(lines), room)
        if number > most:
            best, most = told, number
    return best


def _most(made: Callable[[int], list[str]], number: int, room: int) -> tuple[int, list[str]]:
    found = most_that_fit(number, lambda shown: len("\n".join(made(shown))) <= room)
    return found, made(found)


def _folded(content: ChangeMessage, story: Story, lines: list[str], shown: int) -> list[str]:
    left = story.others[shown:]
    if not left:
        return lines
    words = left_words(left).partition(" more: ")
    url = content.header.compare_url or content.header.record_url
    return [*lines[:shown], f"○ {words[0]} more: {link_slack(url, words[2]) or escape_slack(words[2])}"]


def _under_title(headline: Headline, *, whole: bool) -> list[str]:
    """The sentence again where the title had to be cut; the values where the sentence does not name them."""
    if headline.first is None:
        return []
    told = old_and_new(headline.first).strip()
    return [line for line in ("" if whole else say(headline.lines[0]), told) if line]


def _who(header: TrialHeader) -> str:
    facts = [escaped(header.registry_id, 20)] if header.registry_id else []
    facts += [escaped(header.title, NAME), *(escaped(fact, FACT) for fact in identity(header))]
    line = ", ".join(facts)
    return f"{strong(header.label, NAME)}\n{line}" if header.label else line


def _links(header: TrialHeader) -> list[str]:
    links = (link_slack(header.compare_url, "Side by side"), link_slack(header.record_url, "The record"))
    line = "  ·  ".join(link for link in links if link)
    return ["", line] if line else []


def _welcome(content: WelcomeMessage) -> list[str]:
    lines = [_watched(header) for header in content.trials[:_TRIALS]]
    left = len(content.trials) - len(lines)
    return [*lines, f"○ {counted(left, 'more trial')}: trial-monitor watch list"] if left > 0 else lines


def _watched(header: TrialHeader) -> str:
    state = status_word(header.overall_status) if header.overall_status else "Not seen yet"
    number = link_slack(header.record_url, header.registry_id or "Study page") or escape_slack(header.registry_id or "")
    return f"{strong(state, FACT)}: {escaped(known_as(header), NAME)} ({number})"


def _notice(what: str, trust: str, todo: str) -> list[str]:
    return [
        strong(what, SENTENCE),
        f"Can quiet be trusted? {say(trust)}",
        f"To do: {say(todo)}",
        "",
    ]


def _digest(content: DigestMessage, zone: ZoneInfo) -> tuple[list[str], list[str], list[str]]:
    first = [escaped(why(content), SENTENCE)]
    below = [escaped(line, SENTENCE) for line in closing(content, zone)]
    room = BODY - _FRAME - len("\n".join([*first, *below]))
    told = fold(content.messages, lambda each: escaped(_title(each), TITLE), lambda lines: len("\n".join(lines)) < room)
    return first, [], [*told, *below]


def _foot(message: Message) -> list[str]:
    content = message.content
    lines: list[str] = []
    if isinstance(content, ChangeMessage | TrialEventMessage):
        lines += [escaped(when(content.origin, message), NAME), "Source: ClinicalTrials.gov; not medical advice."]
    if isinstance(content, WelcomeMessage | DigestMessage):
        lines.append("Source: ClinicalTrials.gov; not medical advice.")
    own, label = footing(message), repeat(message)
    lines += [escaped(own, NAME)] if own else []
    lines += [label] if label else []
    lines.append(f"Alert {message.code}.")
    return [f"_{' '.join(lines).replace('_', '＿')}_"]


def _fit(first: list[str], middle: list[str], last: list[str], *, code: str) -> str:
    """All lines, those of the middle cut from their end until Slack takes the whole; it then says how many are left."""
    left = 0
    while True:
        more = [f"○ {counted(left, 'more line')}: trial-monitor alerts show {code}"] if left else []
        body = "\n".join([*first, *middle, *more, *last]).strip()
        if len(body) <= BODY or not middle:
            return body
        middle = middle[:-1]
        left += 1
