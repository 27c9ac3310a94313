"""The changes between two records hold enough to make the newer one from the older one."""

from __future__ import annotations

import random
from itertools import islice, pairwise
from pathlib import Path

import orjson
from hypothesis import HealthCheck, assume, given, settings

from monitor.diff.compare import compare
from monitor.model.record import TrialRecord
from tests.diff.conftest import recorded_pairs, study_record
from tests.diff.generated import pairs
from tests.planted.compared import compared
from tests.planted.planting import plant
from tests.planted.proof import record_of
from tests.planted.rebuilt import rebuilt
from tests.planted.studies import recorded_studies, repository_studies

few = settings(
    max_examples=100, deadline=None, suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large)
)


def amiss(before: TrialRecord, after: TrialRecord) -> list[str]:
    """The paths that came out otherwise than the newer record has them."""
    made, wanted = rebuilt(before, compare(before, after)).told(), compared(after).told()
    if before.locations.sites or after.locations.sites:  # their number is theirs, whatever else is said of it
        made.pop("locations.count", None)
        wanted.pop("locations.count", None)
    return sorted(path for path in {*made, *wanted} if made.get(path) != wanted.get(path))


def has_twins(record: TrialRecord) -> bool:
    """True if two outcomes, arms or treatments say exactly the same: nobody can tell which of them was edited."""
    bags = compared(record).bags
    return any(len(set(bags[path])) < len(bags[path]) for path in bags if path.startswith(("outcomes.", "arms.")))


def test_recorded_updates_can_be_made_again_from_their_changes() -> None:
    for pair in recorded_pairs():
        assert amiss(study_record(pair["before"]), study_record(pair["after"])) == [], pair["nct_id"]


def test_planted_edits_can_be_made_again_from_their_changes() -> None:
    for trial, study in repository_studies().items():
        before = record_of(orjson.dumps(study))
        for turn in range(12):
            assert amiss(before, record_of(plant(study, f"again {trial}:{turn}").body)) == [], turn


def test_one_trial_can_be_made_of_any_other() -> None:
    """The hardest pairs: nearly everything differs."""
    records = [study_record(study) for study in repository_studies().values()]
    for before, after in pairwise([*records, *reversed(records)]):
        assert amiss(before, after) == [], (before.registry_id, after.registry_id)


@few
@given(pairs())
def test_any_record_can_be_made_of_another_of_its_changes(both: tuple[TrialRecord, TrialRecord]) -> None:
    before, after = both
    assume(not any(record.unavailable or has_twins(record) for record in both))
    assert amiss(before, after) == []


def test_recorded_trials_can_be_made_of_one_another(corpora: Path) -> None:
    studies = list(islice(sorted(recorded_studies(corpora).items()), 0, None, 36))
    random.Random(7).shuffle(studies)
    records = [study_record(study) for _, study in studies]
    for before, after in pairwise(records):
        assert amiss(before, after) == [], (before.registry_id, after.registry_id)
