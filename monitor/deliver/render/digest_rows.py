"""One message of a digest as a row of a mail: what changed in a trial, the lesser changes folded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from monitor.deliver.render import sheet
from monitor.deliver.render.digest import below_one
from monitor.deliver.render.framing import noted
from monitor.deliver.render.markup import Html, html, join_html, linkable
from monitor.deliver.render.rows import parts_html, values_html
from monitor.deliver.render.subject import subject
from monitor.deliver.render.telling import Statement, identity, kinds_of, known_as, statements_of
from monitor.deliver.render.terms import Terms
from monitor.deliver.render.words import cut
from monitor.model.change import Severity
from monitor.model.message import ChangeMessage, Message, TrialEventMessage, TrialHeader

_SHOWN: Final = 4  # lesser changes of one trial
_MOST: Final = 10  # changes of one trial, so that one row never fills the mail
_NAME: Final = 300
_LINE: Final = 1_000
_NOTE: Final = 1_400


def digest_row(terms: Terms, message: Message, rule: Html) -> Html:
    """A row with the trial, what is told of it, and the code of its alert; `rule` stands above it.

    `terms` are those of the whole digest.
    """
    said = join_html([*_said(message, terms), html(sheet.SMALL, text=" ".join(below_one(message)))])
    return html(sheet.PLAIN_ROW, rule=rule, said=said)


def _said(message: Message, terms: Terms) -> Iterator[Html]:
    match message.content:
        case ChangeMessage() as content:
            yield from _trial(content.header)
            yield from _changes(terms.statements(statements_of(content)))
            note = noted(message)
            if note:
                yield html(sheet.VALUES, text=html(sheet.STRONG, text=cut(note, _NOTE)))
        case TrialEventMessage() as content:
            yield from _trial(content.header)
            yield from (html(sheet.VALUES, text=cut(sentence, _LINE)) for sentence in content.sentences[:_MOST])
        case _:
            yield html(sheet.STRONG, text=subject(message))


def _trial(header: TrialHeader) -> Iterator[Html]:
    url, name = linkable(header.record_url), header.registry_id or "At the source"
    facts = [html(sheet.LINK, url=url, text=name) if url else html("$name", name=name)]
    facts += [html(" · $fact", fact=cut(fact, _NAME)) for fact in identity(header)]
    yield html(sheet.STRONG, text=cut(known_as(header), _NAME))
    yield html(sheet.SMALL, text=join_html(facts))


def _changes(statements: tuple[Statement, ...]) -> Iterator[Html]:
    grave = sum(each.severity in (Severity.CRITICAL, Severity.MAJOR) for each in statements)
    shown = min(max(grave, _SHOWN), _MOST)
    for each in statements[:shown]:
        kind = each.severity.value
        mark = html(sheet.MARK, kind=kind, colour=sheet.COLOURS[kind], mark=each.mark)
        said = html("$mark $word: $parts", mark=mark, word=each.word, parts=parts_html(each.parts))
        yield html(sheet.VALUES, text=said)
        yield values_html(each)
    left = statements[shown:]
    if left:
        words = f"{len(left):,} more: {kinds_of(left)}. All of them are in the text part of this mail."
        yield html(sheet.SMALL, text=words)
