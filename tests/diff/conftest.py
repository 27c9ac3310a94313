"""Records to compare: small ones made by hand, generated ones, and recorded ones."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from monitor.diff.compare import compare
from monitor.model.change import Change
from monitor.model.reading import Body
from monitor.model.record import TrialRecord
from monitor.model.sections import Dates, StudyDate
from monitor.sources import normalise

PAIRS = Path(__file__).parents[1] / "payloads" / "pairs" / "changed_pairs.jsonl.gz"

Make = Callable[..., TrialRecord]
Told = Callable[..., list[Change]]


@pytest.fixture
def make() -> Make:
    """A record with the sections given; posted on a day of its own if `posted` says so."""

    def build(*, posted: str = "2026-02-01", **sections: Any) -> TrialRecord:
        dates = sections.pop("dates", Dates(last_update_posted=StudyDate(date=posted, type="ACTUAL")))
        url = "https://clinicaltrials.gov/study/NCT01234567"
        return TrialRecord(source="ctgov", registry_id="NCT01234567", url=url, dates=dates, **sections)

    return build


@pytest.fixture
def told(make: Make) -> Told:
    """The changes between two states of one section, the second posted a day later."""

    def changes(section: str, before: Any, after: Any, **both: Any) -> list[Change]:
        old = make(**{section: before}, **both)
        new = make(**{section: after}, posted="2026-02-02", **both)
        return [change for change in compare(old, new) if change.detail["event"] != "bookkeeping"]

    return changes


def recorded_pairs() -> Iterator[dict[str, Any]]:
    """The recorded pairs, each with its labels."""
    with gzip.open(PAIRS, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def study_record(study: dict[str, Any]) -> TrialRecord:
    return normalise("ctgov", Body(content=orjson.dumps(study), media_type="application/json"))


def detail_of(change: Change) -> Any:
    """The detail of a change, as any JSON."""
    return change.detail


EXPECTED = {
    "overallStatus": "status",
    "whyStopped": "status",
    "enrollmentInfo": "enrollment",
    "centralContacts": "contacts",
    "locations": "locations",
    "eligibilityCriteria": "criteria",
    "startDateStruct": "dates",
    "primaryCompletionDateStruct": "dates",
    "completionDateStruct": "dates",
    "primaryOutcomes": "outcomes",
    "secondaryOutcomes": "outcomes",
    "armsInterventionsModule": "arms",
    "sponsorCollaboratorsModule": "sponsor",
    "descriptionModule": "description",
    "briefTitle": "identifiers",
    "acronym": "identifiers",
    "referencesModule": "references",
    "ipdSharingStatementModule": "sharing",
    "bookkeeping dates only": "administrative",
}


def expected_categories(pair: dict[str, Any], after: TrialRecord) -> set[str]:
    """The categories that a pair's labels name, and what of them only the registry derives taken out."""
    expected = {EXPECTED[label] for label in pair["labels"] if label in EXPECTED}
    if "locations: geoPoint only" in pair["labels"]:
        expected.discard("locations")  # map points are the registry's own
    if "overallStatus" in pair["labels"] and all(site.status is None for site in after.locations.sites):
        expected.discard("locations")  # site status and contacts that vanished with the trial's own are told there
    if not pair["labels"]:
        expected.add("administrative")  # "has no expanded access" is no longer stated
    return expected
