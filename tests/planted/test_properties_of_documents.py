"""What holds for any study document: noise says nothing, order is nothing, whatever passed the gate compares."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import fields, is_dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from monitor.diff.compare import compare
from monitor.errors import NotARecord
from monitor.model.change import Category, change_json
from monitor.model.record import TrialRecord
from monitor.text.canonical import content_hash
from monitor.text.clean import clean, fold
from tests.diff.generated import shuffled
from tests.planted.maul import mauled
from tests.planted.noise import add_noise
from tests.planted.proof import record_of
from tests.planted.studies import recorded_studies, repository_studies


def record(study: dict[str, Any]) -> TrialRecord:
    return record_of(orjson.dumps(study))


def noisy_faults(studies: dict[str, dict[str, Any]], rounds: int) -> list[str]:
    """Where noise alone was told as anything but bookkeeping, either way."""
    found = []
    for trial, study in studies.items():
        before = record(study)
        for turn in range(rounds):
            after = record(add_noise(study, random.Random(f"noise {trial}:{turn}")))
            told = {change.category for both in ((before, after), (after, before)) for change in compare(*both)}
            found += [f"{trial}:{turn}"] if told - {Category.ADMINISTRATIVE} else []
    return found


def test_noise_alone_is_told_as_nothing_but_bookkeeping() -> None:
    assert noisy_faults(repository_studies(), rounds=15) == []


def test_noise_alone_in_recorded_documents_is_told_as_nothing_but_bookkeeping(corpora: Path) -> None:
    assert noisy_faults(dict(islice(sorted(recorded_studies(corpora).items()), 0, None, 18)), rounds=1) == []


def test_a_document_and_a_record_say_the_same_in_any_order() -> None:
    for trial, study in repository_studies().items():
        chance = random.Random(trial)
        first = record(study)
        assert compare(first, first) == ()
        assert compare(first, record(shuffled(study, chance))) == ()
        assert content_hash(first) == content_hash(record(shuffled(study, chance)))


def test_normalising_twice_is_once() -> None:
    for study in repository_studies().values():
        for text in _texts(record(study)):
            assert clean(text) == text
            assert fold(fold(text)) == fold(text)


def test_whatever_the_gate_let_through_compares_with_anything() -> None:
    passed = 0
    for trial, study in repository_studies().items():
        before = record(study)
        for turn in range(40):
            with suppress(NotARecord):
                after = record(mauled(orjson.loads(orjson.dumps(study)), random.Random(f"maul {trial}:{turn}")))
                for both in ((before, after), (after, before)):
                    assert all(orjson.dumps(change_json(change)) and change.sentence for change in compare(*both))
                assert compare(after, after) == ()
                passed += 1
    assert passed > 100


def _texts(value: Any) -> list[str]:
    """All texts of a record but the raw criteria, which are kept as they came."""
    if isinstance(value, str):
        return [value]
    if is_dataclass(value) and not isinstance(value, type):
        held = [getattr(value, each.name) for each in fields(value) if each.name not in ("raw", "url")]
        return [text for each in held for text in _texts(each)]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else ()
    return [text for each in inner for text in _texts(each)]
