"""The HTML part of a mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from monitor.deliver.render import digest, sheet
from monitor.deliver.render.digest_rows import digest_row
from monitor.deliver.render.fitting import fit_rows
from monitor.deliver.render.framing import noted, opening
from monitor.deliver.render.markup import Html, html, join_html, linkable
from monitor.deliver.render.rows import parts_html, row, values_html, weight_html
from monitor.deliver.render.subject import subject
from monitor.deliver.render.telling import Headline, Part, Story, below, compare_words, identity, known_as, tell
from monitor.deliver.render.terms import Terms
from monitor.deliver.render.words import MARKS, cut
from monitor.model.change import Severity
from monitor.model.message import (
    ChangeMessage,
    DigestMessage,
    Message,
    NoticeItem,
    NoticeMessage,
    PlainMessage,
    TestMessage,
    TrialEventMessage,
    TrialHeader,
    WelcomeMessage,
)
from monitor.text.words import status_word

_TITLE: Final = 600
_NAME: Final = 300
_LINE: Final = 1_000
_NOTE: Final = 1_400  # a whole note, and whose it is
_TEST: Final = (
    "If you can read this, messages of the monitor reach you here. Nothing has changed; there is nothing to do."
)


def letter(message: Message) -> Html:
    """The whole document, under 90 kB whatever the message holds."""
    severity, corner, preview, card = _inside(message)
    return html(
        sheet.PAGE,
        title=subject(message),
        preview=cut(preview, 200),
        filler=html(sheet.FILLER),
        corner=corner,
        bar=_stripe(severity),
        card=join_html([*(html(sheet.OPENING, text=cut(line, _LINE)) for line in opening(message)), card]),
        foot=join_html(html(sheet.FOOT, text=cut(line, _LINE)) for line in below(message)),
    )


def _inside(message: Message) -> tuple[Severity, Html, str, Html]:  # noqa: PLR0911 (one for each kind of message)
    """How grave it is, what stands in the corner, the line an inbox shows, and the card."""
    match message.content:
        case ChangeMessage() as content:
            story = tell(content)
            grave = story.headline.severity or Severity.MINOR
            return grave, _corner(content.header), _preview(story), _changes_card(message, content, story)
        case TrialEventMessage() as content:
            return Severity.MAJOR, _corner(content.header), " ".join(content.sentences), _event_card(content, message)
        case WelcomeMessage() as content:
            return Severity.MINOR, html(""), "Changes will be told from now on.", _welcome_card(content)
        case NoticeMessage() as content:
            preview = " ".join(item.trust for item in content.items)
            return Severity.MAJOR, html("For the operator"), preview, _notice_card(content)
        case TestMessage() as content:
            return Severity.MINOR, html(""), _TEST, _test_card(content)
        case DigestMessage() as content:
            preview = " ".join(subject(each) for each in content.messages[:3]) or digest.why(content)
            return digest.gravest(content), html(""), preview, _digest_card(content, message.timezone)
        case PlainMessage() as content:
            return (
                Severity.MINOR,
                html(""),
                content.title,
                _head(content.title, Headline(severity=None, lines=content.lines)),
            )


def _stripe(severity: Severity) -> Html:
    return html(sheet.STRIPE, kind=severity.value, colour=sheet.COLOURS[severity.value])


def _mark(severity: Severity | None) -> Html:
    if severity is None:
        return html("")
    kind = severity.value
    mark = html(sheet.MARK, kind=kind, colour=sheet.COLOURS[kind], mark=MARKS[severity])
    return html("$mark ", mark=mark)


def _preview(story: Story) -> str:
    rest = "".join(part.text for part in story.headline.rest)
    return " ".join([rest, *(statement.text for statement in story.others[:3])]).strip()


def _corner(header: TrialHeader) -> Html:
    return _linked(header.record_url, header.registry_id or "At the source")


def _linked(url: str | None, text: str) -> Html:
    target = linkable(url)
    return html(sheet.LINK, url=target, text=text) if target else html("$text", text=text)


def _lines(lines: Sequence[str]) -> Html:
    shown = [cut(line, _TITLE) for line in lines]
    return join_html(html("<br>$line", line=line) if n else html("$line", line=line) for n, line in enumerate(shown))


def _head(label: str, headline: Headline, extra: Iterable[Html] = ()) -> Html:
    inside = [
        html(sheet.LABEL, text=cut(label, _NAME)),
        html(sheet.H1, mark=_mark(headline.severity), lines=_lines(headline.lines)),
    ]
    if headline.rest:
        inside.append(html(sheet.SAY, text=parts_html(headline.rest)))
    if headline.note:
        inside.append(html(sheet.NOTE, text=headline.note))
    return html(sheet.BLOCK, inside=join_html([*inside, *extra]))


def _identity(header: TrialHeader) -> Html:
    facts = [_linked(header.record_url, header.registry_id or "No registry number shown")]
    facts += [html(" · $fact", fact=cut(fact, _NAME)) for fact in identity(header)]
    title = html(sheet.TITLE, title=cut(header.title, _TITLE)) if header.label else html("")
    return html(sheet.IDENTITY, facts=join_html(facts), title=title)


def _changes_card(message: Message, content: ChangeMessage, story: Story) -> Html:
    story = Terms().story(story)
    first = story.headline.first
    shown = (weight_html(first), values_html(first)) if first else ()
    card = [_head(known_as(content.header), story.headline, shown), _identity(content.header)]
    if story.others:
        heading = "Also changed in this update" if first else "What changed"
        rows = fit_rows(story.others, row)
        card.append(html(sheet.LIST, heading=heading, rows=rows))
    note = noted(message)
    if note:
        card.append(html(sheet.ASIDE, text=html(sheet.STRONG, text=cut(note, _NOTE))))
    if content.unchanged:
        card.append(html(sheet.ASIDE, text=cut(f"Not changed: {', '.join(content.unchanged)}.", _LINE)))
    return join_html([*card, _buttons(content.header)])


def _buttons(header: TrialHeader) -> Html:
    compare, record = linkable(header.compare_url), linkable(header.record_url)
    buttons: list[Html] = []
    if compare:
        buttons.append(html(sheet.FIRST_BUTTON, url=compare, text=compare_words(header)))
    if record:
        words = "Read the record"
        buttons += (
            [html(sheet.GAP), html(sheet.BUTTON, url=record, text=words)]
            if compare
            else [html(sheet.FIRST_BUTTON, url=record, text=words)]
        )
    return html(sheet.BUTTONS, buttons=join_html(buttons)) if buttons else html(sheet.SPACE)


def _event_card(content: TrialEventMessage, message: Message) -> Html:
    first, *others = content.sentences or (subject(message),)
    headline = Headline(severity=Severity.MAJOR, lines=(first,), rest=())
    extra = [html(sheet.NOTE, text=cut(sentence, _LINE)) for sentence in others[:20]]
    return join_html(
        [_head(known_as(content.header), headline, extra), _identity(content.header), _buttons(content.header)]
    )


def _welcome_card(content: WelcomeMessage) -> Html:
    number = len(content.trials)
    one = number == 1
    line = "Now watching this trial." if one else f"Now watching {number:,} trials."
    rest = (
        "This is how it stands today. From now on you are told what changes."
        if one
        else ("This is how they stand today. From now on you are told what changes.")
    )
    head = _head("Welcome", Headline(severity=None, lines=(line,), rest=(Part(rest),)))
    rows = fit_rows(content.trials, _trial_row)
    return join_html([head, html(sheet.LIST, heading="Watched from now on", rows=rows), html(sheet.SPACE)])


def _trial_row(header: TrialHeader, rule: Html) -> Html:
    facts = [_linked(header.record_url, header.registry_id or "Study page")]
    facts += [html(" · $fact", fact=cut(fact, _NAME)) for fact in identity(header)]
    said = [
        html(sheet.STRONG, text=status_word(header.overall_status) if header.overall_status else "Not seen yet"),
        html(" · $name", name=cut(known_as(header), _NAME)),
        html(sheet.SMALL, text=cut(header.title, _NAME)) if header.label else html(""),
        html(sheet.SMALL, text=join_html(facts)),
    ]
    return html(sheet.PLAIN_ROW, rule=rule, said=join_html(said))


def _notice_card(content: NoticeMessage) -> Html:
    number = len(content.items)
    line = "One thing to know." if number == 1 else f"{number:,} things to know."
    head = _head("Trial Monitor, for its operator", Headline(severity=None, lines=(line,)))
    rows = fit_rows(content.items, _notice_row)
    return join_html([head, html(sheet.LIST, heading="What happened", rows=rows), html(sheet.SPACE)])


def _notice_row(item: NoticeItem, rule: Html) -> Html:
    said = join_html(_notice_lines(item))
    return html(sheet.PLAIN_ROW, rule=rule, said=said)


def _notice_lines(item: NoticeItem) -> Iterator[Html]:
    yield html(sheet.STRONG, text=cut(item.what, _LINE))
    for word, said in (("Can quiet be trusted?", item.trust), ("To do:", item.todo)):
        yield html(sheet.VALUES, text=html("$word $said", word=html(sheet.STRONG, text=word), said=cut(said, _LINE)))


def _digest_card(content: DigestMessage, zone: ZoneInfo) -> Html:
    line = digest.headline(content)
    head = _head("Trial Monitor", Headline(severity=None, lines=(line,), rest=(Part(digest.why(content)),)))
    rows = fit_rows(content.messages, partial(digest_row, Terms()))
    told = [html(sheet.LIST, heading=digest.heading(content), rows=rows)] if content.messages else []
    below = [html(sheet.ASIDE, text=cut(each, _LINE)) for each in digest.closing(content, zone)]
    return join_html([head, *told, *below, html(sheet.SPACE)])


def _test_card(content: TestMessage) -> Html:
    headline = Headline(severity=None, lines=("It works.",), rest=(Part(_TEST),))
    head = _head(f"A test message to {content.destination}", headline)
    return join_html([head, html(sheet.SPACE)])
