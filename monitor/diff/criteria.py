"""Who can join: the criteria item by item, and the structured ages, sex and volunteers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

from monitor.diff.align import by_identity, by_likeness
from monitor.diff.directions import Direction, Judgement, judge_change, judge_item
from monitor.diff.found import Found
from monitor.diff.pieces import pieces, pieces_json
from monitor.diff.rows import SECTIONS, Row, bare, flat_rows, row_key
from monitor.diff.splits import Shifts
from monitor.model.change import Category, Kind
from monitor.model.json import Json
from monitor.model.sections import Eligibility

_REWORDED = 60  # of 100: two texts of one section that are one item
_MOVED = 85  # of 100: the same over two sections
_HEADING = 70


Pair = tuple[Row, Row]


def item_changes(before: Eligibility, after: Eligibility) -> Iterator[Found]:
    """One change for each item or heading that came, went, changed or moved; order and numbering are nothing."""
    old, new = flat_rows(before), flat_rows(after)
    headings = _aligned_headings([r for r in old if r.heading], [r for r in new if r.heading])
    names = {was.key: now.key for was, now in headings}
    pairs, removed, added = _aligned(_untouched(old, headings, 0), _untouched(new, headings, 1), names)
    kept = frozenset(names.values())
    parents: dict[str, set[str]] = defaultdict(set)
    for was, now in pairs:
        parents[was.key].add(now.key)
    shifted = Shifts(pairs, removed, added)
    for was, now in (*headings, *pairs):
        moved = _has_moved(was, now, names, parents)
        yield from _pair_change(was, now, moved=moved, shifted=shifted.direction(was, now))
    for gone in removed:
        known = all(names.get(key) in kept for key in gone.cohort)
        yield _item(gone, None, known=known, shifted=shifted.direction(gone, None))
    for come in added:
        known = all(key in kept for key in come.cohort)
        yield _item(None, come, known=known, shifted=shifted.direction(None, come))


def _untouched(rows: Sequence[Row], headings: Sequence[Pair], side: int) -> list[Row]:
    taken = {id(pair[side]) for pair in headings}
    return [row for row in rows if id(row) not in taken]


def _aligned_headings(old: Sequence[Row], new: Sequence[Row]) -> list[Pair]:
    same = by_identity(old, new, lambda row: (row.section, row.cohort, row.key))
    near = by_identity(same.removed, same.added, lambda row: row.key)
    pairs = [*same.pairs, *near.pairs]
    for section in SECTIONS:
        like = by_likeness(
            [r for r in near.removed if r.section == section],
            [r for r in near.added if r.section == section],
            _key,
            cutoff=_HEADING,
        )
        pairs.extend(like.pairs)
    return pairs


def _key(row: Row) -> str:
    return row.key


def _aligned(old: Sequence[Row], new: Sequence[Row], names: dict[str, str]) -> tuple[list[Pair], list[Row], list[Row]]:
    """Equal items where they stood, then elsewhere; then like ones in the section, then anywhere."""
    pairs: list[Pair] = []
    renamed = {id(row): tuple(names.get(key, key) for key in row.cohort) for row in old}
    keys: tuple[Callable[[Row], Hashable], ...] = (
        lambda r: (r.section, renamed.get(id(r), r.cohort), row_key(r.parent or ""), r.key),
        lambda r: (r.section, renamed.get(id(r), r.cohort), r.key),
        lambda r: (r.section, r.key),
        lambda r: (r.section, r.key.casefold()),
        lambda r: r.key,
    )
    for key in keys:
        found = by_identity(old, new, key)
        pairs.extend(found.pairs)
        old, new = found.removed, found.added
    for section in SECTIONS:
        like = by_likeness(
            [r for r in old if r.section == section], [r for r in new if r.section == section], _key, cutoff=_REWORDED
        )
        pairs.extend(like.pairs)
        old = [r for r in old if r.section != section or r in like.removed]
        new = [r for r in new if r.section != section or r in like.added]
    rest = by_likeness(old, new, _key, cutoff=_MOVED)
    return [*pairs, *rest.pairs], list(rest.removed), list(rest.added)


def _has_moved(was: Row, now: Row, names: dict[str, str], parents: Mapping[str, set[str]]) -> bool:
    """Into another section, another cohort that stood before, or under another item that stood before.

    A level more or less (an item now told as a sub-item) is layout and says nothing.
    """
    if was.section != now.section:
        return True
    known = frozenset(names.values())
    told = all(key in names for key in was.cohort) and all(key in known for key in now.cohort)
    if told and tuple(names[key] for key in was.cohort) != now.cohort:
        return True
    if was.parent is None or now.parent is None:
        return False
    before, after = parents.get(row_key(was.parent)), row_key(now.parent)
    return bool(before) and after not in (before or ()) and any(after in known for known in parents.values())


def _pair_change(was: Row, now: Row, *, moved: bool, shifted: Direction | None) -> Iterator[Found]:
    if was.key == now.key and not moved:
        return
    if was.key == now.key:
        yield _found(Kind.MOVED, was, now, Judgement("unclear"))
    else:
        judged = Judgement(shifted) if shifted else judge_change(now.section, bare(was.text), bare(now.text))
        if now.heading or moved:
            judged = Judgement(
                judged.direction if judged.direction == "reworded" and not moved else "unclear", judged.bounds
            )
        yield _found(Kind.MOVED if moved else Kind.CHANGED, was, now, judged)


def _item(gone: Row | None, come: Row | None, *, known: bool, shifted: Direction | None) -> Found:
    """An item that came or went; with a whole cohort (`known` is False) it says nothing of who fits elsewhere."""
    row = come or gone
    if row is None:
        raise ValueError
    direction: Direction = shifted or "unclear"
    if known and not row.heading and not shifted:
        direction = judge_item(row.section, row.text, row.parent, added=come is not None)
    return _found(Kind.ADDED if come else Kind.REMOVED, gone, come, Judgement(direction))


def _found(kind: Kind, was: Row | None, now: Row | None, judged: Judgement) -> Found:
    row = now or was
    if row is None:
        raise ValueError
    detail: dict[str, Json] = {"section": row.section}
    if kind is Kind.MOVED and was is not None:
        detail["from_section"] = was.section
        detail["from_cohort"] = was.cohort[-1] if was.cohort else None
    detail |= {
        "cohort": row.cohort[-1] if row.cohort else None,
        "direction": judged.direction,
        "bounds": list(judged.bounds),
        "pieces": pieces_json(pieces(bare(was.text) if was else "", bare(now.text) if now else "")),
        "number": row.number,
        "heading": row.heading,
    }
    if judged.spans:
        detail["limit"] = list(judged.spans)
    return Found(
        event=f"criteria.{judged.direction}",
        category=Category.CRITERIA,
        path=f"eligibility.{row.section}",
        kind=kind,
        before=was.text if was else None,
        after=now.text if now else None,
        detail=detail,
    )
