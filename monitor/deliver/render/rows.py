"""One change as a row of a mail: its sentence with what is new in bold, and the old and new value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from monitor.deliver.render import sheet
from monitor.deliver.render.markup import Html, html, join_html
from monitor.deliver.render.telling import Bar, Part, Statement
from monitor.deliver.render.values import Delta, Piece
from monitor.deliver.render.words import NOTHING, cut

_SENTENCE: Final = 1_200
_VALUE: Final = 500
_INLINE: Final = 120  # characters that read well on one line, struck through or underlined
_PIECES: Final = 2_500
_KEPT: Final = 70  # characters of unchanged text kept on either side of an edit
_SITES: Final = 8


def row(statement: Statement, rule: Html) -> Html:
    """A row with mark, category, sentence and values, and `rule` above it."""
    kind = statement.severity.value
    said = [parts_html(statement.parts)]
    if statement.tag:
        said.append(html(sheet.TAG, text=statement.tag))
    return html(
        sheet.ROW,
        rule=rule,
        mark=html(sheet.MARK, kind=kind, colour=sheet.COLOURS[kind], mark=statement.mark),
        word=statement.word,
        said=join_html([*said, weight_html(statement), values_html(statement)]),
    )


def weight_html(statement: Statement) -> Html:
    """Why it is critical or major; nothing for what is less."""
    weight = statement.weight
    return html(sheet.SMALL, text=cut(weight[:1].upper() + weight[1:], _INLINE)) if weight else html("")


def parts_html(parts: Iterable[Part]) -> Html:
    """A sentence with its strong parts in bold, long ones cut."""
    return join_html(_parts(parts))


def _parts(parts: Iterable[Part]) -> Iterator[Html]:
    room = _SENTENCE
    for part in parts:
        if room <= 0:
            return
        text = cut(part.text, room)
        room -= len(text)
        yield html(sheet.STRONG, text=text) if part.strong else html("$text", text=text)


def values_html(statement: Statement) -> Html:
    """The old and new values of a change, unless its sentence names them."""
    made: list[Html] = []
    if statement.bar:
        made.append(_share(statement.bar))
    if not statement.says_it_all:
        made += [_delta(delta) for delta in statement.deltas[:_SITES]]
        more = len(statement.deltas) - _SITES
        if more > 0:
            made.append(html(sheet.SMALL, text=f"And {more:,} more; all are in the text part of this mail."))
    return join_html(made)


def _delta(delta: Delta) -> Html:
    if delta.pieces:
        return html(sheet.VALUES, text=_word_by_word(delta.pieces))
    was, now = delta.brief or (delta.old, delta.new)
    if max(len(was or ""), len(now or "")) > _INLINE:
        return join_html([*_long("Was", was), *_long("Now", now)])
    return html(sheet.VALUES, text=_short(was, now, delta.lead))


def _short(was: str | None, now: str | None, lead: str | None) -> Html:
    """Both values on one line; what only came or only went stands alone."""
    old, new = html(sheet.OLD, text=was or ""), html(sheet.NEW, text=now or "")
    if lead:
        none = html("$none", none=NOTHING)
        return html("$lead: was $old, now $new", lead=lead, old=old if was else none, new=new if now else none)
    if was and now:
        return html("Was $old, now $new", old=old, new=new)
    return new if now else old if was else html("$none", none=NOTHING)


def _long(word: str, value: str | None) -> Iterator[Html]:
    """A value of several lines, not struck through: it is to be read."""
    if value:
        yield html(
            sheet.VALUES, text=html("$word: $value", word=html(sheet.STRONG, text=word), value=cut(value, _VALUE))
        )


def _word_by_word(pieces: tuple[Piece, ...]) -> Html:
    made: list[Html] = []
    room = _PIECES
    last = len(pieces) - 1
    for n, (sign, text) in enumerate(pieces):
        shown = _kept(text, first=n == 0, last=n == last) if sign == "=" else text
        if room <= 0:
            made.append(html("… The rest is in the text part of this mail."))
            break
        shown = cut(shown, room)
        room -= len(shown)
        made.append(_piece(sign, shown))
        if sign == "-" and n < last and pieces[n + 1][0] == "+" and not pieces[n + 1][1][:1].isspace():
            made.append(html(" "))
    return join_html(made)


def _piece(sign: str, text: str) -> Html:
    """Space around a word stays outside its mark-up."""
    inner = text.strip()
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :] if inner else ""
    if sign == "=" or not inner:
        return html("$text", text=text)
    made = html(sheet.OLD if sign == "-" else sheet.NEW, text=inner)
    return html("$before$made$after", before=before, made=made, after=after)


def _kept(text: str, *, first: bool, last: bool) -> str:
    """Unchanged text, its middle left out where it is long."""
    if len(text) <= 2 * _KEPT + 40:  # an ellipsis that saves less is none
        return text
    head = "" if first else cut(text, _KEPT)
    tail = "" if last else text[len(text) - _KEPT :].partition(" ")[2]
    return f"{head or '…'} {tail}" if tail else head or "…"


def _share(bar: Bar) -> Html:
    cells = [html(sheet.FILL, share=bar.share)] if bar.share else []
    cells += [html(sheet.REST, share=100 - bar.share)] if bar.share < 100 else []  # noqa: PLR2004 (per cent)
    return html(sheet.SHARE, cells=join_html(cells), words=bar.words)
