"""The sweep of texts that make the package's regular expressions work: through the product, at two lengths each.

What a pattern does to a text that cannot reach it harms nobody; so each bait goes the way of a record's texts, and
the whole judgement is timed. Four times the text may take six times as long: linear, and half as much again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from re import _parser as parser  # type: ignore[attr-defined]  # the parser that `re` itself compiles with
from typing import Any, Final

import orjson

from monitor.model.reading import Body
from tests.fuzz.case import Asked
from tests.fuzz.desk import Baseline, first_seen, judged
from tests.fuzz.nested import least_texts
from tests.fuzz.of_page import HTML
from tests.fuzz.of_registry import JSON
from tests.fuzz.pages import Hung, at_most
from tests.fuzz.patterns import patterns
from tests.planted.studies import repository_studies
from tests.sources_ctv.skins import WITH_NUMBER, content_of, headings
from tests.sweep.sweep import Outcome, Sweep

SEEDS: Final = 40
SHORT: Final = 1_500  # characters
LONG: Final = 4 * SHORT
GROWTH: Final = 6.0
NOTICED: Final = 0.25  # seconds of processor time: what takes less is not measured well enough to be judged
SECONDS: Final = 20
NUMBER: Final = "NCT04762485"


def run(seed: int, folder: Path) -> Outcome:
    """One slice of the patterns, with all their baits."""
    del folder
    counts, faults, shapes = {"patterns": 0, "baits": 0}, [], []
    ways = (_document(), _page())
    for found in patterns()[seed::SEEDS]:
        counts["patterns"] += 1
        tree = parser.parse(found.pattern.pattern, found.pattern.flags & ~32)
        for pump in sorted(least_texts(list(tree))):
            counts["baits"] += 1
            shapes.append(pump)
            for asked, base, made in ways:
                faults += [f"{fault} [{found.place} {pump[:40]!r}]" for fault in _slow(asked, base, made, pump)]
    return Outcome(counts=counts, faults=faults, shapes=shapes)


def _slow(asked: Asked, base: Baseline, made: Any, pump: str) -> Iterator[str]:
    def taken(length: int) -> float:
        content, media_type = made(pump * (length // len(pump)) + "\x01!")
        began = time.process_time()
        judged(asked, base, content, media_type)
        return time.process_time() - began

    try:
        with at_most(SECONDS):
            long = taken(LONG)
            short = max(taken(SHORT), 0.001) if long > NOTICED else long
            if long > NOTICED and long / short > GROWTH and min(long, taken(LONG)) / max(short, taken(SHORT)) > GROWTH:
                yield f"GROWTH: {asked.source} {short:.2f} s at {SHORT}, {long:.2f} s at {LONG} characters"
    except Hung:
        yield f"HANG: {asked.source}"


def _document() -> tuple[Asked, Baseline, Any]:
    number, study = next(iter(repository_studies().items()))
    content = orjson.dumps(study)
    asked = Asked(source="ctgov", source_id=number, number=number)

    def made(text: str) -> tuple[bytes, str]:
        edited = orjson.loads(content)
        protocol = edited["protocolSection"]
        protocol["eligibilityModule"]["eligibilityCriteria"] = f"Inclusion Criteria:\n\n* {text}\n* {text[::-1]}"
        protocol["descriptionModule"]["briefSummary"] = text
        protocol["statusModule"]["whyStopped"] = text
        protocol["outcomesModule"] = {"primaryOutcomes": [{"measure": text, "timeFrame": text}]}
        site = {"facility": text[: len(text) // 4], "city": "Bonn", "country": "Germany"}
        protocol["contactsLocationsModule"] = {"locations": [site], "centralContacts": [{"name": text}]}
        return orjson.dumps(edited), JSON

    return asked, first_seen(asked, Body(content=content, media_type=JSON)), made


def _page() -> tuple[Asked, Baseline, Any]:
    asked = Asked(source="ctv", source_id="a-trial", number=NUMBER)

    def made(text: str) -> tuple[bytes, str]:
        page = content_of(WITH_NUMBER)
        for label in ("Inclusion criteria", "About", "Ages", "Enrollment", "Status and phase", "Conditions"):
            page.facts[label].append(text)
        return headings(page).encode("utf-8", "replace"), HTML

    plain = headings(content_of(WITH_NUMBER)).encode()
    return asked, first_seen(asked, Body(content=plain, media_type=HTML)), made


SWEEP: Final = Sweep(
    name="patterns",
    what="Baits for each regular expression of the package, as texts of a record: growth at most linear and a half.",
    seeds=SEEDS,
    goal={"patterns": 350, "baits": 1_000},
    run=run,
)
