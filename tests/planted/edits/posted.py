"""Posted results: posted, withdrawn, and single values, rows and parts within them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.planted.plot import Editor, Fact, Plot, odd
from tests.planted.said import said

_ROWS = ("seriousEvents", "otherEvents", "outcomeMeasures", "measures", "analyses", "milestones", "reasons", "classes")
_NAMES = ("id", "groupId", "term", "title", "name", "label", "type", "units")


def _fact(edit: str, module: str, leaf: dict[str, Any]) -> list[Fact]:
    path = f"results.modules.{module}"
    detail = {"values": [leaf]}
    return [Fact(edit=edit, category="results", path=path, kind="changed", detail=detail, group=path)]


def _modules(plot: Plot) -> list[str]:
    posted = plot.study.get("resultsSection", {})
    return [name for name in sorted(posted) if ("module", name) not in plot.taken and name != "costsModule"]


def _lists(value: Any) -> Iterator[tuple[str, list[Any]]]:
    """Every list of objects within, with its key."""
    for key, inner in value.items() if isinstance(value, dict) else ():
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            yield key, inner
            for each in inner:
                yield from _lists(each)
        elif isinstance(inner, dict):
            yield from _lists(inner)


def number(plot: Plot) -> list[Fact]:
    """One number, somewhere deep in."""
    found = [(m, row) for m in _modules(plot) for _, rows in _lists(plot.study["resultsSection"][m]) for row in rows]
    spots = [(m, row, key) for m, row in found for key in _numbers(row)]
    if not spots:
        return []
    module, row, key = plot.some(spots)
    if not plot.free(("value", id(row))):
        return []
    before = row[key]
    row[key] = type(before)(plot.chance.randrange(1, 10**6))
    if row[key] == before:
        return []
    plot.taken.add(("touched", module))
    return _fact("results value", module, {"before": before, "after": row[key]})


def _numbers(row: dict[str, Any]) -> Iterator[str]:
    for key, value in row.items():
        counted = isinstance(value, int) and not isinstance(value, bool)
        written = isinstance(value, str) and value.replace(".", "").isdigit()
        if counted or (written and key in ("value", "numSubjects", "spread")):
            yield key


def words(plot: Plot) -> list[Fact]:
    """A text of a part: a description given or replaced."""
    modules = _modules(plot)
    if not modules:
        return []
    module = plot.some(modules)
    holder, key = plot.study["resultsSection"][module], plot.some(["description", "populationDescription", "timeFrame"])
    if odd(holder.get(key)) or not plot.free(("words", module, key)):
        return []
    before, holder[key] = holder.get(key), plot.sentence(9)
    plot.taken.add(("touched", module))
    return _fact("results words", module, {"before": before, "after": holder[key]})


def row(plot: Plot) -> list[Fact]:
    """A row more or less: an adverse event, an analysis, a measure, a reason."""
    found = [
        (m, key, rows) for m in _modules(plot) for key, rows in _lists(plot.study["resultsSection"][m]) if key in _ROWS
    ]
    if not found:
        return []
    module, key, rows = plot.some(found)
    if (
        odd(rows)
        or not plot.free(("row", id(rows)))
        or any(("value", id(each)) in plot.taken for each in _within(rows))
    ):
        return []
    plot.taken.add(("touched", module))
    if len(rows) > 1 and plot.chance.randrange(2):
        gone = rows.pop(plot.chance.randrange(len(rows)))
        plot.taken.update(("value", id(each)) for each in _within([gone]))
        return _fact("results row gone", module, {"before": gone, "after": None})
    name = next((each for each in _NAMES if each in rows[0]), "title")
    fresh: dict[str, Any] = {name: plot.sentence(3)}
    if key.endswith("Events"):
        fresh["organSystem"] = "Cardiac disorders"
    rows.append(fresh)
    plot.taken.add(("value", id(fresh)))
    return _fact("results row", module, {"before": None, "after": fresh})


def _within(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _within(inner)


def posted(plot: Plot) -> list[Fact]:
    """Results where there were none, or none any more."""
    study = plot.study
    if odd(study.get("resultsSection")) or any(
        slot[:1] == ("touched",) for slot in plot.taken if isinstance(slot, tuple)
    ):
        return []
    if not plot.free("posted", "part", "new results", *(("module", name) for name in study.get("resultsSection", {}))):
        return []
    if study.get("resultsSection"):
        had = {"has_results": True, "modules": study.pop("resultsSection")} if study.get("hasResults") else {}
        study["hasResults"] = False
        return [Fact(edit="results withdrawn", category="results", path="results", before=had)] if had else []
    if study.get("hasResults"):
        return []
    study["hasResults"] = True
    flow = {"title": plot.sentence(2), "milestones": [{"type": "STARTED", "comment": plot.sentence(4)}]}
    study["resultsSection"] = {"participantFlowModule": {"periods": [flow]}}
    plot.taken.add(("module", "participantFlowModule"))
    told = {"has_results": True, "modules": study["resultsSection"]}
    return [Fact(edit="results posted", category="results", path="results", after=told)]


def part(plot: Plot) -> list[Fact]:
    """A whole module more or less."""
    section = plot.study.get("resultsSection")
    module = plot.some(["moreInfoModule", "participantFlowModule"])
    if not section or odd(section.get(module)) or ("touched", module) in plot.taken or "posted" in plot.taken:
        return []
    if not plot.free(("module", module)) or not plot.free("part"):
        return []
    before = section.pop(module, None)
    if before is not None and not said(before):
        section[module] = before
        return []
    if before is None:
        section[module] = {"limitationsAndCaveats": {"description": plot.sentence(9)}}
    elif len(section) == 0:
        section[module] = before
        return []
    path = f"results.modules.{module}"
    return [Fact(edit="results part", category="results", path=path, before=before, after=section.get(module))]


def annotation(plot: Plot) -> list[Fact]:
    """What the registry notes beside the results: a violation, results not yet shown."""
    notes = plot.study.setdefault("annotationSection", {}).setdefault("annotationModule", {})
    if notes.get("violationAnnotation") or not plot.free("note"):
        return []
    path = "results.annotations.violationAnnotation"
    event = {"type": "VIOLATION_IDENTIFIED", "description": plot.sentence(6), "creationDate": "2025-01-07"}
    notes["violationAnnotation"] = {"violationEvents": [event]}
    return [Fact(edit="annotation", category="results", path=path, after=notes["violationAnnotation"])]


def editors() -> Iterator[tuple[str, Editor]]:
    """Each editor with the category that its edits are told in."""
    for editor in (number, number, words, row, row, posted, part, annotation):
        yield "results", editor
