"""Texts with planted edits, sent through the program as the registry's own bytes."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from monitor.diff.compare import compare
from monitor.model.change import Category
from monitor.model.reading import Body
from monitor.model.record import TrialRecord
from monitor.sources import normalise
from tests.diff.conftest import recorded_pairs
from tests.diff.planted_criteria.edits import plant
from tests.diff.planted_criteria.outline import read_outline
from tests.diff.planted_criteria.score import Score

STUDIES = Path(__file__).parents[2] / "payloads" / "ctgov"


def recorded_texts() -> dict[str, str]:
    """The criteria of the trials that are recorded here, by number."""
    studies = {pair["nct_id"]: pair["before"] for pair in recorded_pairs()}
    studies |= {path.stem: orjson.loads(path.read_bytes()) for path in STUDIES.glob("NCT*.json")}
    found = {number: _module(study).get("eligibilityCriteria") for number, study in studies.items()}
    return {number: text for number, text in sorted(found.items()) if text}


def play(texts: Mapping[str, str], seed: int, rounds: int = 1) -> Score:
    """One to five edits in each text, `rounds` times, with items of all texts to put in."""
    chance, score = random.Random(seed), Score()
    foreign = list(_items(list(texts.values())))
    shell = copy.deepcopy(next(recorded_pairs())["before"])
    shell["protocolSection"].pop("contactsLocationsModule", None)
    for name, raw in [*texts.items()] * rounds:
        if (edited := plant(raw, foreign, chance)) and edited[1]:
            old, new = (_record(shell, text) for text in (raw, edited[0]))
            changes = [change for change in compare(old, new) if change.category is not Category.ADMINISTRATIVE]
            score.add(name, edited[1], changes)
    return score


def _items(texts: Sequence[str]) -> Iterator[str]:
    for outline in filter(None, map(read_outline, texts)):
        yield from (line.text for line in outline.free())


def _record(shell: dict[str, Any], text: str) -> TrialRecord:
    _module(shell)["eligibilityCriteria"] = text
    return normalise("ctgov", Body(content=orjson.dumps(shell), media_type="application/json"))


def _module(study: dict[str, Any]) -> dict[str, Any]:
    module: dict[str, Any] = study["protocolSection"].setdefault("eligibilityModule", {})
    return module
