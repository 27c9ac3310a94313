"""Outcomes: added, dropped, promoted, demoted, reworded, described anew, measured at another time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.planted.plot import Editor, Fact, Plot, odd, reworded, spelled, texts_once

_NAMES = {"measure": "measure", "description": "description", "timeFrame": "time_frame"}
_RANKS = {"primary": "primaryOutcomes", "secondary": "secondaryOutcomes", "other": "otherOutcomes"}


def _lists(plot: Plot) -> dict[str, list[dict[str, Any]]]:
    module = plot.module("outcomesModule")
    return {rank: module.setdefault(key, []) for rank, key in _RANKS.items()}


def _free(plot: Plot) -> list[tuple[str, dict[str, Any]]]:
    """Outcomes by rank that no edit has touched; none if two of them have one name."""
    lists = _lists(plot)
    listed = [(rank, each) for rank, items in lists.items() for each in items]
    if not texts_once([each["measure"] for _, each in listed]):
        return []
    return [(rank, each) for rank, each in listed if ("outcome", each["measure"]) not in plot.taken and not odd(each)]


def _pick(plot: Plot) -> tuple[str, dict[str, Any]] | None:
    free = _free(plot)
    return plot.some(free) if free else None


def _single(step: str, rank: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[Fact]:
    detail = {"step": step, "rank": rank}
    sides = [spelled(each, _NAMES) if each else None for each in (before, after)]
    path = f"outcomes.{rank}"
    return [Fact(edit=f"{path} {step}", category="outcomes", path=path, before=sides[0], after=sides[1], detail=detail)]


def added(plot: Plot) -> list[Fact]:
    """A new outcome of any rank."""
    rank, lists = plot.some(sorted(_RANKS)), _lists(plot)
    fresh = {"measure": plot.sentence(7), "timeFrame": f"{plot.chance.randrange(1, 90)} weeks"}
    if plot.chance.randrange(2):
        fresh["description"] = plot.sentence(12)
    if not plot.unlike("measure", fresh["measure"]):
        return []
    plot.free(("outcome", fresh["measure"]))
    lists[rank].append(fresh)
    return _single("added", rank, None, fresh)


def removed(plot: Plot) -> list[Fact]:
    """An outcome that is no longer measured."""
    found = _pick(plot)
    if found is None or not plot.unlike("measure", found[1]["measure"]):
        return []
    rank, gone = found
    plot.free(("outcome", gone["measure"]))
    _lists(plot)[rank].remove(gone)
    return _single("removed", rank, gone, None)


def moved(plot: Plot) -> list[Fact]:
    """Promoted or demoted; now and then with another time frame, which is a change of its own."""
    found = _pick(plot)
    if found is None:
        return []
    rank, outcome = found
    to = plot.some([name for name in _RANKS if name != rank])
    before = spelled(outcome, _NAMES)
    plot.free(("outcome", outcome["measure"]))
    _lists(plot)[rank].remove(outcome)
    _lists(plot)[to].append(outcome)
    facts = _retimed(plot, to, outcome) if outcome.get("timeFrame") and not plot.chance.randrange(3) else []
    step = "promoted" if list(_RANKS).index(to) < list(_RANKS).index(rank) else "demoted"
    return [
        Fact(
            edit=f"outcomes {step}",
            category="outcomes",
            path=f"outcomes.{to}",
            kind="moved",
            before=before,
            after=spelled(outcome, _NAMES),
            detail={"step": step, "from_rank": rank, "rank": to},
        ),
        *facts,
    ]


def _retimed(plot: Plot, rank: str, outcome: dict[str, Any]) -> list[Fact]:
    before, outcome["timeFrame"] = outcome["timeFrame"], f"{plot.sentence(3)} months"
    return [_edited(rank, outcome, "timeFrame", before, ("all", before, outcome["timeFrame"]))]


def _edited(rank: str, outcome: dict[str, Any], key: str, before: str | None, group: tuple[Any, ...]) -> Fact:
    after = outcome.get(key)
    touched = {"rank": rank, "measure": outcome["measure"], "before": before, "after": after}
    return Fact(
        edit=f"outcomes {_NAMES[key]}",
        category="outcomes",
        path=f"outcomes.{rank}",
        before=before,
        after=after,
        detail={"field": _NAMES[key], "outcomes": [touched]},
        group=("outcomes", key, *group),
    )


def measure(plot: Plot) -> list[Fact]:
    """The measure itself in other words."""
    found = _pick(plot)
    changed = reworded(plot, found[1]["measure"]) if found else None
    if found is None or changed is None or not plot.unlike("measure", found[1]["measure"]):
        return []
    rank, outcome = found
    before, outcome["measure"] = outcome["measure"], changed.text
    plot.free(("outcome", before), ("outcome", changed.text))
    return [_edited(rank, outcome, "measure", before, changed.edit)]


def detail(plot: Plot) -> list[Fact]:
    """A description or time frame reworded, replaced, given or taken away."""
    found = _pick(plot)
    if found is None:
        return []
    rank, outcome = found
    key = plot.some(["description", "timeFrame"])
    plot.free(("outcome", outcome["measure"]))
    before = outcome.get(key)
    changed = reworded(plot, before or "") if plot.chance.randrange(3) else None
    if changed:
        outcome[key] = changed.text
        return [_edited(rank, outcome, key, before, changed.edit)]
    if before and not plot.chance.randrange(4):
        del outcome[key]
        return [_edited(rank, outcome, key, before, ("gone", before))]
    outcome[key] = plot.sentence(9)
    return [_edited(rank, outcome, key, before, ("all", before, outcome[key]))]


def together(plot: Plot) -> list[Fact]:
    """The same new time frame in several outcomes: one change that names them all."""
    free = _free(plot)
    if len(free) < 2:
        return []
    chosen = plot.chance.sample(free, plot.chance.randrange(2, min(len(free), 9) + 1))
    new = f"up to {plot.chance.randrange(61, 9000)} months"
    texts = {each["measure"]: each.get("timeFrame") for _, each in chosen}
    if len(set(texts.values())) > 1:
        return []
    shared = next(iter(texts.values()))
    facts = []
    for rank, outcome in chosen:
        plot.free(("outcome", outcome["measure"]))
        outcome["timeFrame"] = new
        facts.append(_edited(rank, outcome, "timeFrame", shared, ("all", shared, new)))
    return facts


def swapped(plot: Plot) -> list[Fact]:
    """A primary outcome dropped and another taken in its place."""
    found = [each for rank, each in _free(plot) if rank == "primary"]
    gone = plot.some(found) if found else None
    fresh = {"measure": plot.sentence(7), "timeFrame": f"{plot.chance.randrange(1, 90)} weeks"}
    if gone is None or not plot.unlike("measure", gone["measure"], fresh["measure"]):
        return []
    plot.free(("outcome", gone["measure"]), ("outcome", fresh["measure"]))
    _lists(plot)["primary"].remove(gone)
    _lists(plot)["primary"].append(fresh)
    return [*_single("removed", "primary", gone, None), *_single("added", "primary", None, fresh)]


def both_details(plot: Plot) -> list[Fact]:
    """Description and time frame of one outcome: two changes."""
    found = _pick(plot)
    if found is None:
        return []
    rank, outcome = found
    plot.free(("outcome", outcome["measure"]))
    facts = []
    for key in ("description", "timeFrame"):
        before, outcome[key] = outcome.get(key), plot.sentence(8)
        facts.append(_edited(rank, outcome, key, before, ("all", before, outcome[key])))
    return facts


def word_in_many(plot: Plot) -> list[Fact]:
    """One word exchanged alike in several descriptions: one change that names them all."""
    free = [(rank, each) for rank, each in _free(plot) if len(each.get("description", "")) > 60]
    words = [word for _, each in free for word in set(each["description"].split()) if word.isalpha() and len(word) > 4]
    shared = sorted({word for word in words if words.count(word) > 1})
    if not shared:
        return []
    old, new = plot.some(shared), plot.phrase(1)
    facts = []
    for rank, outcome in free:
        parts = outcome["description"].split(" ")
        if parts.count(old) == 1 and outcome["description"].count(old) == 1:
            plot.free(("outcome", outcome["measure"]))
            before = outcome["description"]
            outcome["description"] = " ".join(new if part == old else part for part in parts)
            facts.append(_edited(rank, outcome, "description", before, (old, new)))
    return facts


def renamed_and_retimed(plot: Plot) -> list[Fact]:
    """The measure in other words and another time: the second names the outcome as it is now called."""
    facts = measure(plot)
    if not facts:
        return []
    rank = facts[0].path.partition(".")[2]
    outcome = next(each for each in _lists(plot)[rank] if each["measure"] == facts[0].after)
    return [*facts, *(_retimed(plot, rank, outcome) if outcome.get("timeFrame") else [])]


def editors() -> Iterator[tuple[str, Editor]]:
    """Each editor with the category that its edits are told in."""
    for editor in (
        added,
        removed,
        moved,
        measure,
        detail,
        detail,
        together,
        swapped,
        both_details,
        word_in_many,
        renamed_and_retimed,
    ):
        yield "outcomes", editor
