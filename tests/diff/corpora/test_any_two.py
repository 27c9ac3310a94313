"""Any two records of the corpora, be they of one trial or of two: compared without a fault, told in whole sentences."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from monitor.diff.compare import compare
from monitor.errors import NotARecord
from monitor.model.change import Change
from monitor.model.record import TrialRecord
from tests.diff.conftest import study_record
from tests.diff.corpora.judge import Study, categories
from tests.diff.corpora.reading import Line, following, lines_of, partial_record
from tests.portion import least, portion

PAIRS = least(2000, one_of=5)
WHOLE = ("v2_studies.jsonl.gz", "v2_series_all.jsonl.zst")
PARTIAL = "v2_partial.jsonl.gz"
LONG = "v2_longrange_versions.jsonl.gz"
CODE = re.compile(r"[A-Z]{2,}_[A-Z]{2,}")  # a word of the registry that no reader knows
OURS = re.compile(r"\bNone\b(?! (?:\(open label|was|were|of|closed|opened|retained))|\[\]|[{}]")


def ill_told(changes: Iterable[Change]) -> list[str]:
    """The sentences that are none, or show what is not for readers; what a record is quoted with is its own."""
    return [change.sentence for change in changes if _ill_told(change)]


def _ill_told(change: Change) -> bool:
    own = re.sub(r'"[^"]*"', '""', change.sentence)
    return not change.sentence.endswith(".") or bool(CODE.search(own) or OURS.search(own))


@pytest.fixture(scope="module")
def records(corpora: Path) -> dict[str, TrialRecord]:
    """One whole record of each trial."""
    studies = {line["nct_id"]: line["study"] for name in WHOLE for line in lines_of(corpora / name)}
    return {number: study_record(study) for number, study in portion(sorted(studies.items()), one_of=3)}


def test_two_records_of_different_trials_compare_into_whole_sentences(records: dict[str, TrialRecord]) -> None:
    chance, wrong = random.Random(20261125), []
    for _ in range(PAIRS):
        wrong += ill_told(compare(*chance.sample(list(records.values()), 2)))
    assert wrong == []


def registrys_own(study: Study) -> Study:
    """The study without what the registry derives, and without what those who kept the copy put into it."""
    kept: Study = json.loads(json.dumps(study))
    protocol = kept["protocolSection"]
    protocol["eligibilityModule"].pop("stdAges", None)
    places = protocol.get("contactsLocationsModule", {})
    places.pop("locations_nested", None)
    for each in (*places.get("locations", ()), *protocol.get("armsInterventionsModule", {}).get("interventions", ())):
        each.pop("geoPoint", None)
        each.pop("interventionMappedName", None)
    return kept


def test_versions_kept_years_apart_are_told_part_by_part(corpora: Path) -> None:
    wrong, compared, refused = [], 0, 0
    for old, new in following(lines_of(corpora / LONG), "nct_id"):
        before, after = registrys_own(old["study"]), registrys_own(new["study"])
        try:
            changes = compare(study_record(before), study_record(after))
        except NotARecord:
            refused += 1  # those who kept these flattened lists of one item
            continue
        compared += 1
        told, due = {change.category.value for change in changes}, categories(before, after)
        wrong += [*ill_told(changes), *(told ^ due)]
    assert wrong == []
    assert (compared, refused) == (6, 6)


REQUIRED = {
    "identificationModule": ("nctId", "briefTitle"),
    "statusModule": ("overallStatus",),
    "sponsorCollaboratorsModule": ("leadSponsor",),
    "descriptionModule": (),
    "conditionsModule": (),
    "designModule": ("studyType",),
    "eligibilityModule": (),
}


def is_whole(study: Line) -> bool:
    modules = study.get("protocolSection", {})
    return all(modules.get(name) and all(map(modules[name].get, keys)) for name, keys in REQUIRED.items())


def test_a_document_that_lacks_a_module_is_refused_and_never_compared(corpora: Path) -> None:
    refused = 0
    for line in lines_of(corpora / PARTIAL):
        if is_whole(line["study"]):
            study_record(line["study"])
            continue
        refused += 1
        with pytest.raises(NotARecord, match="missing"):
            study_record(line["study"])
    assert refused == 79


def test_what_a_person_vouches_for_compares_as_far_as_it_goes(corpora: Path, records: dict[str, TrialRecord]) -> None:
    chance, wrong = random.Random(20261125), []
    partial = [partial_record(line["study"]) for line in lines_of(corpora / PARTIAL)]
    for record in partial:
        for other in (*chance.sample(partial, 2), *chance.sample(list(records.values()), 2)):
            wrong += ill_told([*compare(other, record), *compare(record, other)])
    assert wrong == []
