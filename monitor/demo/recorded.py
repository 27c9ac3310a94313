"""The recorded trials, the days that were recorded, and the registry filled with them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files

import orjson

from monitor.demo.mirror import slug_of, text_of_study
from monitor.demo.pages import broken_page, page_of_text
from monitor.demo.registry import RecordedRegistry
from monitor.demo.studies import text_at
from monitor.model.json import JsonObject

_RECORDS = files("monitor.demo") / "records"

TRIALS = (
    "NCT04895709",
    "NCT05414032",
    "NCT06302556",
    "NCT07011550",
    "NCT07099898",
    "NCT07227597",
    "NCT07268053",
)
MIRRORED = "NCT07268053"
CD7_PAGE = "humanized-cd7-car-t-cell-therapy"
CD5_PAGE = "cd5-car-t-therapy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of the recording: when it was looked at, and the build of the registry that was seen then."""

    number: int
    at: datetime
    data_timestamp: str


def _day(number: int, at: str, build: str) -> Day:
    return Day(number=number, at=datetime.fromisoformat(at).astimezone(UTC), data_timestamp=f"{build}T09:00:05")


DAYS = (
    _day(1, "2026-02-16T12:26:49Z", "2026-02-13"),
    _day(2, "2026-02-18T01:02:50Z", "2026-02-17"),
    _day(3, "2026-02-20T00:58:13Z", "2026-02-19"),
    _day(4, "2026-02-21T00:56:40Z", "2026-02-20"),
    _day(5, "2026-02-24T00:59:08Z", "2026-02-23"),
    _day(6, "2026-02-26T00:57:52Z", "2026-02-25"),
    _day(7, "2026-03-03T01:01:15Z", "2026-03-02"),
    _day(8, "2026-03-10T02:08:16Z", "2026-03-09"),
    _day(9, "2026-03-12T02:13:56Z", "2026-03-11"),
)
BROKEN_ON = 4
MIRROR_FOLLOWS_ON = 9


def versions(number: str) -> Iterator[tuple[datetime, JsonObject]]:
    """The recorded versions of a trial, oldest first, each with the moment when it was seen."""
    lines = gzip.decompress((_RECORDS / f"{number}.jsonl.gz").read_bytes()).splitlines()
    for line in map(orjson.loads, lines):
        yield datetime.fromisoformat(line["observed_at"]), line["study"]


def page_text(slug: str) -> str:
    """The recorded text of a study page."""
    return (_RECORDS / f"{slug}.txt").read_text(encoding="utf-8")


def mirrored_slug() -> str:
    """The page of the trial whose mirror page is drawn from the registry's record."""
    _, study = next(versions(MIRRORED))
    return slug_of(text_at(study, ("identificationModule", "briefTitle")))


def fill(registry: RecordedRegistry) -> None:
    """Put all recorded days into `registry`, which stands on day 1 afterwards."""
    by_moment: Mapping[datetime, int] = {day.at: day.number for day in DAYS}
    for trial in TRIALS:
        for seen_at, study in versions(trial):
            registry.add_study(study, day=by_moment[seen_at])
    first, last = (study for _, study in versions(MIRRORED))
    registry.add_page(mirrored_slug(), page_of_text(text_of_study(first)))
    registry.add_page(mirrored_slug(), page_of_text(text_of_study(last)), day=MIRROR_FOLLOWS_ON)
    cd7_page = page_of_text(page_text(CD7_PAGE))
    registry.add_page(CD5_PAGE, page_of_text(page_text(CD5_PAGE)))
    registry.add_page(CD7_PAGE, cd7_page)
    registry.add_page(CD7_PAGE, broken_page(cd7_page), day=BROKEN_ON)
    registry.add_page(CD7_PAGE, cd7_page, day=BROKEN_ON + 1)
    turn_to(registry, DAYS[0])


def turn_to(registry: RecordedRegistry, day: Day) -> None:
    """Let `registry` answer as it did on `day`."""
    registry.set_day(day.number, data_timestamp=day.data_timestamp)
