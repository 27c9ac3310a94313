"""A pair of documents from a seed: a real one, and the same with one to five edits and noise."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import orjson

from tests.planted.edits import (
    criteria,
    measures,
    papers,
    people,
    plain,
    posted,
    sites,
    sponsors,
    state,
    treatments,
    unmodelled,
)
from tests.planted.noise import add_noise
from tests.planted.plot import Editor, Fact, Plot

_MOST = 5
_TRIES = 40


def _by_category() -> dict[str, list[Editor]]:
    shelves: defaultdict[str, list[Editor]] = defaultdict(list)
    for module in (plain, state, sponsors, people, sites, measures, treatments, papers, posted, unmodelled, criteria):
        for category, editor in module.editors():
            shelves[category].append(editor)
    return dict(shelves)


EDITORS = _by_category()
_WEIGHTS = {"administrative": 0, "oversight": 4, "conditions": 4, "description": 5, "enrollment": 5, "sharing": 5}
_USUAL = 10
_ALONE = 0.05  # of all pairs: an update that moves nothing but the record's own dates


@dataclass(frozen=True, slots=True)
class Planted:
    """`facts` are the edits; `body` is the edited, noisy document."""

    facts: list[Fact]
    edits: int
    body: bytes


def plant(study: dict[str, Any], seed: str) -> Planted:
    """The same pair for the same seed."""
    chance = random.Random(seed)
    plot = Plot(orjson.loads(orjson.dumps(study)), chance)
    if chance.random() < _ALONE:
        facts = EDITORS["administrative"][0](plot)
        return Planted(facts, len(facts), orjson.dumps(plot.study))
    facts, edits = _edited(plot)
    return Planted(facts, edits, orjson.dumps(add_noise(plot.study, chance)))


def _edited(plot: Plot) -> tuple[list[Fact], int]:
    wanted, facts, edits = plot.chance.randrange(1, _MOST + 1), [], 0
    weights = [_WEIGHTS.get(category, _USUAL) for category in EDITORS]
    for _ in range(_TRIES):
        category = plot.chance.choices(list(EDITORS), weights)[0]
        planted = plot.some(EDITORS[category])(plot)
        facts += planted
        edits += bool(planted)
        if edits == wanted:
            break
    return facts, edits
