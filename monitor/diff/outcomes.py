"""What the trial measures: added, dropped, promoted, demoted, reworded, measured at another time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.diff.align import by_identity, by_likeness, equal_ends
from monitor.diff.edits import TextPair, grouped
from monitor.diff.found import Found, kind_of
from monitor.diff.pieces import pieces, pieces_json
from monitor.diff.sameness import as_json, folded, same, spelled, telling, whole
from monitor.model.change import Category, Kind
from monitor.model.json import Json
from monitor.model.record import TrialRecord
from monitor.model.sections import Outcome, StudyDate

RANKS = ("primary", "secondary", "other")
_REWORDED = 65  # of 100: two measures of one rank that are one outcome
_MOVED = 88  # of 100: the same over two ranks
_BEGUN = frozenset(
    {"RECRUITING", "ENROLLING_BY_INVITATION", "ACTIVE_NOT_RECRUITING", "SUSPENDED", "TERMINATED"}
)  # a WITHDRAWN trial never began


@dataclass(frozen=True, slots=True)
class Ranked:
    """An outcome and the list it stands in."""

    rank: str
    outcome: Outcome


Pair = tuple[Ranked, Ranked]


def outcome_changes(before: TrialRecord, after: TrialRecord) -> Iterator[Found]:
    """One change for each outcome that came, went or moved; one for each like edit of several."""
    pairs, removed, added = _aligned(_ranked(before), _ranked(after))
    when: Json = _when(after)
    swapped = _swaps(pairs, removed, added)
    for gone in removed:
        yield _single("removed", gone, None, when, swap="primary" in swapped and gone.rank == "primary")
    for come in added:
        yield _single("added", None, come, when, swap="primary" in swapped and come.rank == "primary")
    for old, new in pairs:
        if old.rank != new.rank:
            yield _moved(old, new, when)
    for field in ("measure", "description", "time_frame"):
        yield from _edited(field, pairs, when)


def _ranked(record: TrialRecord) -> list[Ranked]:
    return [Ranked(rank, outcome) for rank in RANKS for outcome in telling(getattr(record.outcomes, rank))]


def _aligned(old: Sequence[Ranked], new: Sequence[Ranked]) -> tuple[list[Pair], list[Ranked], list[Ranked]]:
    """Equal ones, then the same measure in the same rank, then in another, then a like measure."""
    equal = equal_ends(old, new)
    pairs, old, new = list(equal.pairs), equal.removed, equal.added
    for key in (
        lambda r: (r.rank, whole(r.outcome)),
        lambda r: (r.rank, spelled(r.outcome.measure), spelled(r.outcome.time_frame)),
        lambda r: (r.rank, spelled(r.outcome.measure)),
        lambda r: (spelled(r.outcome.measure), spelled(r.outcome.time_frame)),
        lambda r: spelled(r.outcome.measure),
    ):
        found = by_identity(old, new, key)
        pairs.extend(found.pairs)
        old, new = found.removed, found.added
    for rank in RANKS:
        ranked = by_likeness(
            [r for r in old if r.rank == rank], [r for r in new if r.rank == rank], _text, cutoff=_REWORDED
        )
        pairs.extend(ranked.pairs)
        paired = {id(each) for pair in ranked.pairs for each in pair}
        old, new = ([r for r in side if id(r) not in paired] for side in (old, new))
    rest = by_likeness(old, new, _text, cutoff=_MOVED)
    return [*pairs, *rest.pairs], list(rest.removed), list(rest.added)


def _text(ranked: Ranked) -> str:
    return folded(ranked.outcome.measure) or ""


def _swaps(pairs: Sequence[Pair], removed: Sequence[Ranked], added: Sequence[Ranked]) -> frozenset[str]:
    """Ranks that lost one outcome and gained another: what is measured was swapped."""
    lost = {r.rank for r in removed} | {o.rank for o, n in pairs if o.rank != n.rank}
    won = {r.rank for r in added} | {n.rank for o, n in pairs if o.rank != n.rank}
    return frozenset(lost & won)


def _when(after: TrialRecord) -> str | None:
    """Where the trial stood when the record was changed; None where neither dates nor status say."""
    told, status = after.dates.last_update_posted or after.dates.last_update_submitted, after.status.overall
    if told is None:
        return None
    if _passed(after.dates.primary_completion, told.date) or status == "COMPLETED":
        return "after_primary_completion"
    if _passed(after.dates.start, told.date) or status in _BEGUN:
        return "running"
    ahead = after.dates.start is not None and after.dates.start.date > told.date
    return "before_start" if ahead or status == "NOT_YET_RECRUITING" else None


def _passed(date: StudyDate | None, day: str) -> bool:
    """True if the date lies on or before the day and is not merely planned (old records give no type).

    Dates of unlike precision count as passed when they meet.
    """
    return date is not None and date.type != "ESTIMATED" and date.date <= day[: len(date.date)]


def _single(step: str, old: Ranked | None, new: Ranked | None, when: Json, *, swap: bool) -> Found:
    rank = (new or old or Ranked("other", Outcome(measure=""))).rank
    return Found(
        event=f"outcomes.{rank}.swapped" if swap else f"outcomes.{rank}.{step}",
        category=Category.OUTCOMES,
        path=f"outcomes.{rank}",
        kind=Kind.ADDED if old is None else Kind.REMOVED,
        before=as_json(old.outcome) if old else None,
        after=as_json(new.outcome) if new else None,
        detail={"step": step, "rank": rank, "when": when},
    )


def _moved(old: Ranked, new: Ranked, when: Json) -> Found:
    step = "promoted" if RANKS.index(new.rank) < RANKS.index(old.rank) else "demoted"
    rank = "primary" if "primary" in (old.rank, new.rank) else new.rank
    return Found(
        event=f"outcomes.{rank}.{step}",
        category=Category.OUTCOMES,
        path=f"outcomes.{new.rank}",
        kind=Kind.MOVED,
        before=as_json(old.outcome),
        after=as_json(new.outcome),
        detail={"step": step, "from_rank": old.rank, "rank": new.rank, "when": when},
    )


def _edited(field: str, pairs: Sequence[Pair], when: Json) -> Iterator[Found]:
    """The like edits of one field, each told once with all the outcomes that it touches."""
    texts = [TextPair((o, n), getattr(o.outcome, field), getattr(n.outcome, field)) for o, n in pairs]
    for group in grouped(texts):
        first = group[0]
        ranks = {new.rank for each in group for _, new in [each.item]}
        respelled = all(spelled(each.before) == spelled(each.after) for each in group)
        rank = ranks.pop() if len(ranks) == 1 else "several"
        before, after = _one_or_all([each.before for each in group]), _one_or_all([each.after for each in group])
        yield Found(
            event=f"outcomes.{rank}.{field}" + (".respelled" if respelled else ""),
            category=Category.OUTCOMES,
            path="outcomes" if rank == "several" else f"outcomes.{rank}",
            kind=Kind.CHANGED if first.before and first.after else kind_of(before, after),
            before=before,
            after=after,
            detail={
                "field": field,
                "rank": rank,
                "of": len(pairs),
                "when": when,
                "outcomes": [_touched(each) for each in group],
                "pieces": pieces_json(pieces(first.before or "", first.after or "")),
            },
        )


def _touched(each: TextPair[Pair]) -> Json:
    """`now` is the outcome whole, as it is after this and every other edit of it."""
    _, new = each.item
    named: dict[str, Json] = {"rank": new.rank, "measure": new.outcome.measure, "now": as_json(new.outcome)}
    return {**named, "before": each.before, "after": each.after}


def _one_or_all(texts: Sequence[str | None]) -> Json:
    """The text if all are the same, else all of them."""
    if all(same(text, texts[0]) for text in texts):
        return texts[0] or None
    return list(texts)
