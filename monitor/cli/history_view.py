"""What changed, by day and by trial, as the terminal tells it. Pure: values in, text out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from monitor.cli.coverage_line import coverage_line, coverage_note
from monitor.cli.days import day_of, short_date, show_day
from monitor.cli.terminal import NARROW, TINY, WIDE, Line, Screen, Span, Style, cells, cut, hang, right, stressed, wrap
from monitor.cli.words import CAUSE_WORDS, DIRECTION_WORDS, category_word, count
from monitor.model.change import Category, Cause, Change, Severity, StoredChange, telling_place, weight_words
from monitor.model.coverage import Coverage

CATEGORY_WIDTH = 12
FOLDED_FROM = 3  # as many minor changes of one trial on one day become one line,
FOLDED_FROM_WIDE = 6  # and on a wide screen as many as this
SHORTEST_TITLE = 24
NAMED = 6  # trials of a day by name


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryView:
    """`unfolded` tells everything. `passes` are the last pass of each day that had one; `latest` is the last of all.

    `firsts` are the days on which trials were first seen, with their names; `marks` say how changes stand, by id.
    """

    changes: Sequence[StoredChange]
    zone: ZoneInfo
    year: int
    latest: Coverage | None = None
    passes: Mapping[date, Coverage] = field(default_factory=dict)
    firsts: Sequence[tuple[date, str]] = ()
    unfolded: bool = False
    marks: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of one record on one day, in telling order."""

    day: date
    first: StoredChange
    rows: tuple[StoredChange, ...]

    @classmethod
    def of(cls, day: date, rows: Sequence[StoredChange]) -> Group:
        return cls(day, rows[-1], tuple(sorted(rows, key=lambda row: telling_place(row.change))))

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(row.change for row in self.rows)

    @property
    def bookkeeping(self) -> bool:
        return all(change.severity is Severity.ADMINISTRATIVE for change in self.changes)

    @property
    def mirrored(self) -> bool:
        return any(change.cause is Cause.MIRROR for change in self.changes)


def render_history(view: HistoryView, screen: Screen) -> str:
    """The whole view. There must be changes to tell."""
    groups = _groups(view)
    told = [group for group in groups if not _is_quiet(group, view)]
    quiet = [group for group in groups if _is_quiet(group, view)]
    blocks = [_render_day(day, list(of_day), view, screen) for day, of_day in groupby(told, key=lambda g: g.day)]
    if quiet:
        blocks.append("\n".join(quiet_lines(quiet, screen)))
    if view.firsts:
        blocks.append("\n".join(_first_lines(view, screen)))
    blocks.append("\n".join([*_totals(view, screen), *closing(view, screen)]))
    return "\n\n".join(blocks)


def _is_quiet(group: Group, view: HistoryView) -> bool:
    """Bookkeeping that nobody did anything about."""
    return group.bookkeeping and not view.unfolded and not any(view.marks.get(row.id) for row in group.rows)


def closing(view: HistoryView, screen: Screen) -> list[str]:
    """The coverage line, which is always the last."""
    return hang((), (Span(screen.fit(coverage_line(view.latest, view.zone, view.year))),), screen)


def _groups(view: HistoryView) -> list[Group]:
    found: dict[tuple[date, int], list[StoredChange]] = {}
    for stored in view.changes:
        found.setdefault((day_of(stored.observed_at, view.zone), stored.record_id), []).append(stored)
    groups = [Group.of(day, rows) for (day, _), rows in found.items()]
    return sorted(groups, key=lambda g: (-g.day.toordinal(), g.changes[0].severity.rank, name_of(g.first)))


def name_of(stored: StoredChange) -> str:
    """What identifies the record: its NCT number, else the address of its page."""
    return stored.registry_id or f"ctv.veeva.com/study/{stored.source_id}"


def _render_day(day: date, groups: Sequence[Group], view: HistoryView, screen: Screen) -> str:
    head = (Span(show_day(day), Style.STRONG),)
    passed = view.passes.get(day)
    note = Span(screen.fit(coverage_note(passed, day.year)), Style.DIM) if passed else None
    line = right(head, note, screen) if note and screen.width >= WIDE else screen.paint(head)
    return "\n\n".join(
        ["\n".join([line, *_render_group(groups[0], view, screen)])]
        + ["\n".join(_render_group(group, view, screen)) for group in groups[1:]]
    )


def _render_group(group: Group, view: HistoryView, screen: Screen) -> list[str]:
    lines = heading(group.first, screen)
    shown, minor, administrative = _fold(group.rows, view, screen)
    for row in shown:
        lines += change_lines(row.change, screen, view.marks.get(row.id, ""))
    if minor:
        also = f"; {_administrative(administrative, screen)}" if administrative else ""
        lines += _folded_line(Severity.MINOR, f"{len(minor)} minor", _categories(minor) + also, screen)
    elif administrative:
        lines += _folded_line(Severity.ADMINISTRATIVE, f"{len(administrative)} administrative", "", screen)
    return lines


def _fold(
    rows: Sequence[StoredChange], view: HistoryView, screen: Screen
) -> tuple[Sequence[StoredChange], Sequence[Change], Sequence[Change]]:
    """What is told, the minor ones folded, the administrative ones folded.

    Critical and major ones are always told, and those that somebody did something about.
    """
    if view.unfolded:
        return rows, (), ()
    left = [row.change for row in rows if not view.marks.get(row.id)]
    minor = [change for change in left if change.severity is Severity.MINOR]
    administrative = [change for change in left if change.severity is Severity.ADMINISTRATIVE]
    few = len(minor) < (FOLDED_FROM if screen.width < WIDE else FOLDED_FROM_WIDE)
    least = Severity.MINOR if few else Severity.MAJOR
    shown = [row for row in rows if view.marks.get(row.id) or row.change.severity.at_least(least)]
    return shown, () if few else minor, administrative


def _categories(changes: Iterable[Change]) -> str:
    return ", ".join(dict.fromkeys(category_word(change.category) for change in changes))


def _administrative(changes: Sequence[Change], screen: Screen) -> str:
    return f"{screen.mark(Severity.ADMINISTRATIVE).text} {len(changes)} administrative"


def _folded_line(severity: Severity, number: str, words: str, screen: Screen) -> list[str]:
    if not words:
        return [screen.paint((*_margin(screen), screen.mark(severity), Span(f" {number}")))]
    return hang((*_margin(screen), *label(severity, number, screen)), (Span(words),), screen)


def heading(stored: StoredChange, screen: Screen) -> list[str]:
    """The number and the title, which alone is cut; on a wide screen also the sponsor and the registry's date."""
    number = Span(screen.fit(name_of(stored)), Style.ID)
    margin = _margin(screen)
    title = screen.fit(_title(stored))
    room = screen.measure - cells(number.text) - 4
    if screen.width < TINY or room < SHORTEST_TITLE:
        return hang(margin, (number, Span(f"  {title}" if title else "")), screen)
    extra = _extra(stored, screen) if screen.width >= WIDE else ""
    short = cut(title, room - (cells(extra) + 2 if extra else 0), screen.spell("…"))
    return [screen.paint((*margin, number, Span(f"  {short}"), Span(f"  {extra}" if extra else "", Style.DIM)))]


def _title(stored: StoredChange) -> str:
    title = stored.title or ""
    return f"{stored.label}: {title}" if stored.label and title else stored.label or title


def _extra(stored: StoredChange, screen: Screen) -> str:
    posted = f"posted {short_date(stored.posted, stored.observed_at.year)}" if stored.posted else ""
    sponsor = cut(screen.fit(stored.sponsor or ""), 32, screen.spell("…"))
    return "  ".join(part for part in (sponsor, posted) if part)


def _margin(screen: Screen) -> Line:
    return (Span("  "),) if screen.width >= TINY else ()


def label(severity: Severity, word: str, screen: Screen) -> Line:
    """The mark and, from 60 columns on, the category's word in its column."""
    mark = screen.mark(severity)
    if screen.width < NARROW:
        return (mark, Span(" "))
    return (mark, Span(" "), Span(word.ljust(CATEGORY_WIDTH), Style.DIM if word[:1].isalpha() else Style.PLAIN))


def change_lines(change: Change, screen: Screen, triage: str = "") -> list[str]:
    """One change as its sentence, wrapped under itself, and how it stands, where somebody did something about it."""
    head = (*_margin(screen), *label(change.severity, category_word(change.category), screen))
    mark = [Span(f"  [{screen.fit(triage)}]", Style.DIM)] if triage else []
    return hang(head, [*sentence(change, screen), *mark], screen, indent=None if screen.width >= TINY else 0)


def sentence(change: Change, screen: Screen) -> list[Span]:
    """The sentence with what is now in bold, what it means for who can enter; why it is grave; who caused it."""
    spans = stressed(screen.fit(change.sentence), [screen.fit(part) for part in change.strong])
    direction = str(change.detail.get("direction", "")) if change.category is Category.CRITERIA else ""
    if direction in DIRECTION_WORDS and direction not in change.sentence.lower():
        spans.append(Span(f"  {screen.spell(DIRECTION_WORDS[direction])}"))
    aside = [word for word in (weight_words(change), CAUSE_WORDS.get(change.cause)) if word]
    if aside:
        spans.append(Span(f"  ({screen.fit('; '.join(aside))})", Style.DIM))
    return spans


def quiet_lines(groups: Sequence[Group], screen: Screen) -> list[str]:
    """One line for the records whose bookkeeping alone moved, one for pages that only follow the registry."""
    lines: list[str] = []
    for mirrored in (False, True):
        names = list(dict.fromkeys(name_of(group.first) for group in groups if group.mirrored is mirrored))
        if names:
            text = f"{_quiet(len(names), mirrored=mirrored)}: {', '.join(map(screen.fit, names))}"
            lines += hang((screen.mark(Severity.ADMINISTRATIVE), Span(" ")), (Span(text),), screen)
    return lines


def _first_lines(view: HistoryView, screen: Screen) -> list[str]:
    """One line for each day on which trials were first seen, the latest first."""
    lines: list[str] = []
    for day, of_day in groupby(
        sorted(view.firsts, key=lambda first: (-first[0].toordinal(), first[1])), lambda f: f[0]
    ):
        names = [screen.fit(name) for _, name in of_day]
        shown = names if view.unfolded else names[:NAMED]
        more = f" and {len(names) - len(shown):,} more" if len(names) > len(shown) else ""
        lines += hang((), (Span(f"First seen {show_day(day)}: {', '.join(shown)}{more}"),), screen)
    return lines


def _quiet(number: int, *, mirrored: bool) -> str:
    if not mirrored:
        return f"{count(number, 'record')} with bookkeeping only"
    return f"{count(number, 'study page that only follows', 'study pages that only follow')} the registry"


def _totals(view: HistoryView, screen: Screen) -> list[str]:
    trials = len({stored.registry_id or stored.source_id for stored in view.changes})
    text = f"{count(len(view.changes), 'change')} in {count(trials, 'trial')}."
    if not view.unfolded:
        text += " Everything, nothing folded: --all."
    return [screen.paint(line) for line in wrap((Span(text),), screen.measure)]
