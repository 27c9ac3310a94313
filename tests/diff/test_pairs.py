"""Recorded pairs: noise is silent, real changes are told in the categories that their labels name."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections import defaultdict
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import zstandard

from monitor.diff.compare import compare
from monitor.errors import NotARecord
from monitor.model.change import Cause, Change, Severity
from monitor.model.record import TrialRecord
from tests.diff.conftest import detail_of, expected_categories, recorded_pairs, study_record

CODE = re.compile(r"[A-Z]{2,}_[A-Z]{2,}")  # a word of the registry that no reader knows
RECORDED = {(pair["nct_id"], pair["from"][:13]): pair for pair in recorded_pairs()}


def changes_of(nct: str, day: str) -> tuple[Change, ...]:
    pair = next(pair for (number, moment), pair in RECORDED.items() if number == nct and moment.startswith(day))
    return compare(study_record(pair["before"]), study_record(pair["after"]))


@pytest.mark.parametrize("key", RECORDED, ids=str)
def test_a_real_pair_is_told_in_exactly_the_categories_that_changed(key: tuple[str, str]) -> None:
    pair = RECORDED[key]
    before, after = study_record(pair["before"]), study_record(pair["after"])
    assert {change.category.value for change in compare(before, after)} == expected_categories(pair, after)


def test_a_suspension_is_told_with_its_reason_and_holds_what_the_site_lost() -> None:
    status = changes_of("NCT07011550", "2026-02-19")[0]
    assert status.sentence == 'Now Suspended. It was Recruiting. Reason given: "FDA".'
    assert (status.severity, status.cause) == (Severity.CRITICAL, Cause.SPONSOR)
    assert status.strong == ("Suspended", '"FDA"')
    assert status.detail["reason_classes"] == ["regulator"]
    (site,) = detail_of(status)["sites"]
    assert site["before"]["status"] == "RECRUITING"
    assert "status" not in site["after"]


def test_the_other_changes_of_a_suspension_are_told_once_each() -> None:
    assert [change.sentence for change in changes_of("NCT07011550", "2026-02-19")[1:]] == [
        "Enrolled 7 people (final count) of 40 planned, 18%.",
        "The contact Kim Ross is no longer listed. Contacts are usually withdrawn when a trial stops recruiting.",
        "Started on 15 Aug 2025, 107 days before the expected day (30 Nov 2025).",
    ]


def test_a_status_set_by_the_registry_says_so() -> None:
    (change,) = changes_of("NCT06302556", "2026-02-28")
    assert (change.severity, change.cause) == (Severity.MINOR, Cause.REGISTRY)
    assert change.sentence.startswith("Now Unknown; last known as Not yet recruiting. The registry sets this")


def test_a_cohort_that_was_renamed_does_not_repeat_itself_in_the_treatments() -> None:
    arms = [change for change in changes_of("NCT05414032", "2026-02-25") if change.category.value == "arms"]
    renamed = "MRD positive and/or radiological/clinical progression Cohort"
    assert [change.sentence for change in arms] == [
        'The arm "MRD positive Cohort - Arm B (observation)" was removed. It was the arm without treatment.',
        f'The arm "MRD positive Cohort - Arm A (treatment)" is now called "{renamed}".',
    ]


def test_time_frames_that_moved_together_are_one_change() -> None:
    outcomes = [change for change in changes_of("NCT07227597", "2026-02-16") if change.category.value == "outcomes"]
    (change,) = outcomes
    assert change.sentence == '25 of 26 outcomes have a new time frame: "58 months" instead of "59 months".'
    assert len(detail_of(change)["outcomes"]) == 25


def test_one_word_more_in_a_criterion_is_quoted_with_the_word_it_belongs_to() -> None:
    criteria = {str(c.detail["number"]): c for c in changes_of("NCT07227597", "2026-02-16") if "number" in c.detail}
    assert (
        criteria["18"].sentence == 'Exclusion 18 now says "allocation/randomization". It said "allocation". Reworded.'
    )
    assert criteria["2"].detail["direction"] == "unclear"
    assert set(criteria) == {"2", "18"}


def series(path: Path) -> dict[str, dict[str, Any]]:
    studies: dict[str, dict[str, Any]] = defaultdict(dict)
    with path.open("rb") as packed:
        lines = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(packed)
        for line in io.TextIOWrapper(lines, encoding="utf-8"):
            document = json.loads(line)
            studies[document["nct_id"]][document["observed_at"]] = document["study"]
    return studies


def test_every_labelled_pair_of_the_corpus_is_told_as_labelled_and_noise_is_silent(corpora: Path) -> None:
    with gzip.open(corpora / "v2_pair_labels.jsonl.gz", "rt", encoding="utf-8") as lines:
        pairs = [json.loads(line) for line in lines]
    studies = series(corpora / "v2_series_all.jsonl.zst")

    @cache
    def record(nct: str, moment: str) -> TrialRecord:
        return study_record(studies[nct][moment])

    assert len(pairs) == 2410
    wrong = []
    for pair in pairs:
        before, after = (record(pair["nct_id"], pair[side]) for side in ("from", "to"))
        noise = any(label.startswith("NOISE") for label in pair["labels"])
        expected = set() if noise else expected_categories(pair, after)
        found = {change.category.value for change in compare(before, after)}
        if found != expected:
            wrong.append((pair["nct_id"], pair["from"], expected, found))
    assert wrong == []


def test_versions_years_apart_compare_with_a_sentence_for_each_change(corpora: Path) -> None:
    versions: dict[str, list[Any]] = defaultdict(list)
    with gzip.open(corpora / "v2_longrange_versions.jsonl.gz", "rt", encoding="utf-8") as lines:
        for document in map(json.loads, lines):
            with suppress(NotARecord):  # some copies were flattened by those who kept them
                versions[document["nct_id"]].append(study_record(document["study"]))
    compared = 0
    for studies in versions.values():
        for old, new in pairwise(studies):
            compared += 1
            for change in compare(old, new):
                assert change.sentence.endswith(".")
                assert not CODE.search(change.sentence)
    assert compared
