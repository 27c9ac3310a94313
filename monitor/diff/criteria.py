"""Who can join: the criteria item by item, and the structured ages, sex and volunteers."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.diff.directions import Direction, Judgement, judge_change, judge_item
from monitor.diff.found import Found
from monitor.diff.pairing import Places, paired
from monitor.diff.pieces import pieces, pieces_json
from monitor.diff.rows import Row, bare, flat_rows
from monitor.diff.splits import Shifts
from monitor.model.change import Category, Kind
from monitor.model.json import Json
from monitor.model.sections import Eligibility


def item_changes(before: Eligibility, after: Eligibility) -> Iterator[Found]:
    """One change for each item or heading that came, went, changed or moved; order and numbering are nothing."""
    pairing = paired(flat_rows(before), flat_rows(after))
    places = Places(pairing)
    shifts = Shifts(pairing.items, pairing.removed, pairing.added, pairing.joints)
    for was, now in (*pairing.headings, *pairing.items):
        yield from _pair_change(was, now, moved=places.moved(was, now), shifted=shifts.direction(was, now))
    for gone in pairing.removed:
        yield _item(gone, None, known=places.stood(gone), shifted=shifts.direction(gone, None))
    for come in pairing.added:
        yield _item(None, come, known=places.stands(come), shifted=shifts.direction(None, come))


def _pair_change(was: Row, now: Row, *, moved: bool, shifted: Direction | None) -> Iterator[Found]:
    if was.key == now.key and not moved:
        return
    if was.key == now.key:
        yield _found(Kind.MOVED, was, now, Judgement("unclear"))
    else:
        judged = Judgement(shifted) if shifted else _judged(was, now)
        if now.heading or moved:
            judged = Judgement(
                judged.direction if judged.direction == "reworded" and not moved else "unclear", judged.bounds
            )
        yield _found(Kind.MOVED if moved else Kind.CHANGED, was, now, judged)


def _judged(was: Row, now: Row) -> Judgement:
    """A changed item under the sentence that it stands under, if that stayed the same."""
    above = now.parent if was.parent == now.parent else None
    return judge_change(now.section, bare(was.text), bare(now.text), above)


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
