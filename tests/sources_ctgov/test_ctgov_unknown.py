"""A key or word that was never seen, wherever it stands in a document: kept, compared as a path, and named once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from monitor.diff.compare import compare
from monitor.model.change import Category
from monitor.sources.ctgov import normalise, words
from tests.sources_ctgov.documents import whole_model

Steps = tuple[str | int, ...]

VOLATILE = ("derivedSection", "geoPoint")  # dropped whole: they move with every build of the registry
LISTS = frozenset().union(*(each for each in vars(words).values() if isinstance(each, frozenset)))
NAMES = ("overallStatus", "lastKnownStatus", "ipdSharing", "typeAbbrev", "phases", "whoMasked", "infoTypes")


def places(value: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Everything in a document, with the way to it."""
    yield steps, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inner:
        if step not in VOLATILE:
            yield from places(each, (*steps, step))


def at(document: Any, steps: Steps) -> Any:
    for step in steps:
        document = document[step]
    return document


def dotted(steps: Steps) -> str:
    return "".join("[]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")


OBJECTS = [steps for steps, value in places(whole_model()) if isinstance(value, dict)]
WORDS = [
    steps
    for steps, value in places(whole_model())
    if isinstance(value, str) and value in LISTS and steps[-1] not in ("name", "label", "id")
]


def test_the_document_has_every_module_and_many_words() -> None:
    modules = {steps[-1] for steps in OBJECTS if str(steps[-1:] and steps[-1]).endswith("Module")}
    assert len(modules) >= 20
    assert len(WORDS) >= 40
    assert set(NAMES) <= {step for steps in WORDS for step in steps}


@pytest.mark.parametrize("steps", OBJECTS, ids=dotted)
def test_a_key_never_seen_is_compared_as_a_path_and_named(steps: Steps) -> None:
    study = whole_model()
    at(study, steps)["neverSeen"] = {"a": "b"}
    record = normalise(study)
    place = dotted((*steps, "neverSeen"))
    kind = "module" if len(steps) < 2 and steps != ("hasResults",) else "key"
    assert record.unknown == (f"{kind} {place}",)
    (change,) = compare(normalise(whole_model()), record)
    posted = "resultsSection." in place or "annotationModule.unposted" in place or "annotationModule.violation" in place
    assert change.category is (Category.RESULTS if posted and kind == "key" else Category.OTHER)
    assert posted or change.path == f"other.{place}"


@pytest.mark.parametrize("steps", WORDS, ids=dotted)
def test_a_word_never_seen_is_kept_and_named(steps: Steps) -> None:
    study = whole_model()
    at(study, steps[:-1])[steps[-1]] = "NEVER_SEEN"
    record = normalise(study)
    (told,) = record.unknown
    assert told.endswith(": NEVER_SEEN")
    assert "NEVER_SEEN" in repr(record).replace(told, "")
