"""Two versions of a record against each other, category by category. Pure: values in, text out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.cli.days import show_day
from monitor.cli.history_view import SHORTEST_TITLE, label, sentence
from monitor.cli.json_out import Side
from monitor.cli.pieces_view import Pieces, inline, read_pieces, shortened, side_by_side
from monitor.cli.sites_view import country_table, site_lines, sites_headline
from monitor.cli.terminal import WIDE, Screen, Span, Style, cells, cut, hang, wrap
from monitor.cli.values import leaves, one_line
from monitor.cli.words import category_word, count
from monitor.model.change import Category, Change, Kind, in_telling_order, weight_words
from monitor.model.record import PRUNED, TrialRecord
from monitor.model.sections import Criterion
from monitor.text.dates import show_date

INDENT = 4
SITES_SHOWN = 5

SECTION_WORDS = {
    "identification": "title and identifiers", "status": "status", "dates": "dates", "sponsor": "sponsor",
    "design": "design", "enrollment": "enrollment", "conditions": "conditions", "arms": "arms",
    "outcomes": "outcomes", "eligibility": "criteria", "contacts": "contacts", "locations": "sites",
    "description": "description", "documents": "documents", "results": "results", "references": "references",
    "oversight": "oversight", "sharing": "sharing", "other": "other fields",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What is compared. `unfolded` shows equal stretches of long texts and every site."""

    before: TrialRecord
    after: TrialRecord
    old: Side
    new: Side
    changes: Sequence[Change]
    unfolded: bool = False
    only: Category | None = None


def render_diff(view: Comparison, screen: Screen) -> str:
    """The heading, a block for each category that changed, and what is the same."""
    told = [change for change in in_telling_order(tuple(view.changes)) if view.only in (None, change.category)]
    by_category: dict[Category, list[Change]] = {}
    for change in told:
        by_category.setdefault(change.category, []).append(change)
    blocks = ["\n".join(_block(category, changes, view, screen)) for category, changes in by_category.items()]
    return "\n\n".join(["\n".join(_head(view, screen)), *blocks, "\n".join(_foot(view, told, screen))])


def _head(view: Comparison, screen: Screen) -> list[str]:
    name = view.after.registry_id or view.after.url
    title = screen.fit(view.after.identification.brief_title or "")
    room = screen.width - 1 - cells(name) - 2
    number = Span(screen.fit(name), Style.ID)
    if room < SHORTEST_TITLE:
        lines = hang((), (number, Span(f"  {title}")), screen)
    else:
        lines = [screen.paint((number, Span(f"  {cut(title, room, screen.spell('…'))}")))]
    arrow = screen.spell("   →   ")
    lines += hang((), (Span(f"{screen.fit(side_words(view.old))}{arrow}{screen.fit(side_words(view.new))}"),), screen)
    for side in (view.old, view.new):
        if side.pruned:
            lines += hang((), (Span(screen.fit(f"{side_words(side)}: {side.pruned}")),), screen)
    return lines


def side_words(side: Side) -> str:
    """version 1, posted 20 Jan 2026"""
    name = side.file if side.file is not None else f"version {side.version}"
    if side.posted:
        return f"{name}, posted {show_date(side.posted)}"
    return f"{name}, seen {show_day(side.observed_at.date())}" if side.observed_at else name


def _block(category: Category, changes: Sequence[Change], view: Comparison, screen: Screen) -> list[str]:
    if category is Category.CRITERIA:
        return _criteria(changes, view, screen)
    if category is Category.LOCATIONS:
        return _sites(changes, view, screen)
    lines: list[str] = []
    for change in changes:
        first = not lines
        lines += _line(change, screen, named=first)
        lines += _values(change, view, screen)
    return lines


def _line(change: Change, screen: Screen, *, named: bool) -> list[str]:
    """The category's word stands at its first line only."""
    head = label(change.severity, category_word(change.category) if named else "", screen)
    return hang(head, _told(change, screen), screen)


def _told(change: Change, screen: Screen) -> list[Span]:
    if (
        change.path == "status.overall"
        and "reason" not in change.sentence.lower()
        and isinstance(change.before, str)
        and isinstance(change.after, str)
    ):
        words = [screen.fit(word) for value in (change.before, change.after) for word in leaves(value)]
        told = [Span(f"{words[0]} {screen.spell('→')} "), Span(words[1], Style.STRONG)]
        weight = weight_words(change)
        return [*told, Span(f"  ({screen.fit(weight)})", Style.DIM)] if weight else told
    return sentence(change, screen)


def _values(change: Change, view: Comparison, screen: Screen) -> list[str]:
    """The text word by word, or the old and the new value where the sentence does not give them."""
    pieces = read_pieces(change.detail.get("pieces"))
    if pieces:
        return _pieces_lines(pieces, view, screen)
    if change.path == "status.overall" or (_given(change.before, change) and _given(change.after, change)):
        return []
    was = [("was", change.before, Style.REMOVED)] if change.before is not None else []
    now = [("now", change.after, Style.ADDED)] if change.after is not None else []
    return [
        line
        for word, value, style in (*was, *now)
        for line in hang((Span(f"{' ' * INDENT}{word}  ", Style.DIM),), _marked(one_line(value), style, screen), screen)
    ]


def _marked(text: str, style: Style, screen: Screen) -> list[Span]:
    sign = "-" if style is Style.REMOVED else "+"
    return inline([(sign, text)], screen)


def _given(value: object, change: Change) -> bool:
    """True if the sentence holds every word of the value."""
    said = change.sentence.casefold()
    return all(leaf.casefold() in said for leaf in leaves(value, codes=False))  # type: ignore[arg-type] # a JSON value


def _pieces_lines(pieces: Pieces, view: Comparison, screen: Screen) -> list[str]:
    if screen.width >= WIDE and view.only is not None:
        return side_by_side(pieces, screen, indent=INDENT)
    spans = inline(pieces if view.unfolded else shortened(pieces), screen)
    margin = (Span(" " * INDENT),)
    return hang(margin, spans, screen)


def _criteria(changes: Sequence[Change], view: Comparison, screen: Screen) -> list[str]:
    gravest = min((change.severity for change in changes), key=lambda severity: severity.rank)
    added = sum(change.kind is Kind.ADDED for change in changes)
    total = count_criteria(view.before) + added
    head = label(gravest, category_word(Category.CRITERIA), screen)
    lines = hang(head, (Span(f"{len(changes)} of {total} changed"),), screen)
    for change in changes:
        lines += hang((Span("  "), screen.mark(change.severity), Span(" ")), sentence(change, screen), screen)
        lines += _values(change, view, screen)
    return lines


def count_criteria(record: TrialRecord) -> int:
    """Items of the criteria with their sub-items; headings do not count."""
    lists = (record.eligibility.inclusion, record.eligibility.exclusion, record.eligibility.other)
    return sum(_items(node) for nodes in lists for node in nodes)


def _items(node: Criterion) -> int:
    return (0 if node.heading else 1) + sum(_items(child) for child in node.children)


def _sites(changes: Sequence[Change], view: Comparison, screen: Screen) -> list[str]:
    gravest = changes[0].severity
    shown = "locations" not in view.after.unavailable
    headline = sites_headline(view.after.locations) if shown else "the sites are not shown by the source"
    lines = hang(label(gravest, category_word(Category.LOCATIONS), screen), (Span(screen.fit(headline)),), screen)
    for change in changes:
        lines += hang((Span("  "), screen.mark(change.severity), Span(" ")), sentence(change, screen), screen)
        table = country_table(change, view.after.locations, screen, every=view.unfolded) if change is changes[0] else []
        lines += table + _each_site(change, view, screen)
    return lines


def _each_site(change: Change, view: Comparison, screen: Screen) -> list[str]:
    sites = site_lines(change, screen)
    if not view.unfolded and len(sites) > SITES_SHOWN:
        more = f"{screen.spell('…')} {count(len(sites), 'site')} one by one: --all"
        return hang((Span(" " * INDENT),), (Span(more),), screen)
    return [line for spans in sites for line in hang((Span(" " * INDENT),), spans, screen)]


def _foot(view: Comparison, told: Sequence[Change], screen: Screen) -> list[str]:
    lines: list[str] = []
    if not told:
        lines.append("Nothing differs." if view.only is None else f"Nothing differs in {category_word(view.only)}.")
    if view.only is None:
        lines += _same(view)
    return [screen.paint(line) for text in lines for line in wrap((Span(screen.fit(text)),), screen.measure)]


def _same(view: Comparison) -> list[str]:
    hidden = {**view.before.unavailable, **view.after.unavailable}
    moved = {change.path.partition(".")[0] for change in view.changes}
    same = [words for name, words in SECTION_WORDS.items() if name not in hidden and name not in moved]
    lines = [f"Same: {', '.join(same)}."] if same and view.changes else []
    named = {name: f"{SECTION_WORDS.get(name, name)} ({reason})" for name, reason in hidden.items()}
    gone = [words for name, words in named.items() if hidden[name].startswith(PRUNED)]
    missing = [words for words in named.values() if words not in gone]
    lines += [f"Not compared, for they are no longer kept: {', '.join(gone)}."] if gone else []
    return lines + ([f"Not compared, for the source does not show them: {', '.join(missing)}."] if missing else [])
