"""What the record does not model: a module, a key or a value never seen before is told by its path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.planted.edits.sites import SITE_SLOT
from tests.planted.plot import Editor, Fact, Plot

_PLACES = ("newModule.level", "statusModule.mood", "designModule.designInfo.shape", "outlookModule.weather.tomorrow")


def _fact(path: str, before: Any, after: Any) -> list[Fact]:
    where = f"other.{path}"
    return [Fact(edit="unmodelled", category="other", path=where, before=before, after=after)]


def key(plot: Plot) -> list[Fact]:
    """A key never met, with a word, a number, a list or an object."""
    place = plot.some(list(_PLACES))
    steps = place.split(".")
    if not plot.free(place):
        return []
    holder = plot.study["protocolSection"]
    for step in steps[:-1]:
        holder = holder.setdefault(step, {})
    value = plot.some([plot.sentence(3), plot.chance.randrange(10**6), [plot.phrase(1), plot.phrase(2)]])
    holder[steps[-1]] = value
    if steps[0].startswith(("new", "outlook")):  # a module never met is told as it stands
        whole = plot.study["protocolSection"][steps[0]]
        return _fact(f"protocolSection.{steps[0]}", None, whole)
    return _fact(f"protocolSection.{place}", None, value)


def in_a_list(plot: Plot) -> list[Fact]:
    """A key never met in the items of a list: all that they have there, under one path."""
    sites = plot.module("contactsLocationsModule").get("locations", [])
    if not sites or not plot.free(SITE_SLOT):
        return []
    chosen = plot.chance.sample(sites, min(len(sites), plot.chance.randrange(1, 4)))
    values = [plot.phrase(2) for _ in chosen]
    for site, value in zip(chosen, values, strict=True):
        site["mood"] = value
    return _fact("protocolSection.contactsLocationsModule.locations[].mood", None, values)


def in_results(plot: Plot) -> list[Fact]:
    """A module of posted results that is new to us."""
    posted = plot.study.get("resultsSection")
    if not posted or not plot.free("new results"):
        return []
    posted["costsModule"] = {"total": plot.chance.randrange(10**6)}
    return _fact("resultsSection.costsModule", None, posted["costsModule"])


def editors() -> Iterator[tuple[str, Editor]]:
    """Each editor with the category that its edits are told in."""
    for editor in (key, key, in_a_list, in_results):
        yield "other", editor
