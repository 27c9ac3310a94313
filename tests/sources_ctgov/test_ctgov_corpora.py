"""Every recorded document of the registry, real noise and real changes."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard

from monitor.errors import NotARecord
from monitor.sources.ctgov import normalise, raw_hash
from monitor.text.canonical import content_hash
from tests.portion import least, portion

ADDED_BY_OTHERS = (  # keys that the collecting projects put into their copies; the registry never had them
    "protocolSection.contactsLocationsModule.locations_nested",
    "protocolSection.armsInterventionsModule.interventions[].interventionMappedName",
)


def lines(path: Path) -> Iterator[Any]:
    if path.suffix == ".gz":
        with gzip.open(path) as plain:
            yield from map(orjson.loads, plain)
    else:
        with path.open("rb") as packed:
            plain_text = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(packed), encoding="utf-8")
            yield from map(orjson.loads, plain_text)


def reasons_against(study: Any) -> tuple[str, ...]:
    """Why a document is no record; empty if it is one."""
    try:
        normalise(study)
    except NotARecord as fault:
        return fault.reasons
    return ()


@pytest.mark.parametrize("name", ["v2_studies.jsonl.gz", "v2_series_all.jsonl.zst", "v2_changed_pairs.jsonl.gz"])
def test_every_document_is_a_record_and_nothing_known_is_left_over(corpora: Path, name: str) -> None:
    count = 0
    for line in portion(lines(corpora / name), one_of=3):
        record = normalise(line["study"], asked=line["nct_id"])
        assert set(record.other) <= set(ADDED_BY_OTHERS), line["nct_id"]
        assert set(record.unknown) <= {f"key {place}" for place in ADDED_BY_OTHERS}, line["nct_id"]
        count += 1
    assert count > least(60, one_of=3)


def test_documents_cut_by_others_are_refused_for_what_they_lack(corpora: Path) -> None:
    found = [reasons_against(line["study"]) for line in lines(corpora / "v2_partial.jsonl.gz")]
    assert all(reason.endswith("is missing.") for reasons in found for reason in reasons)
    assert sum(not reasons for reasons in found) <= len(found) // 8


def test_documents_flattened_by_others_are_refused_by_place(corpora: Path) -> None:
    found = [reasons_against(line["study"]) for line in lines(corpora / "v2_longrange_versions.jsonl.gz")]
    assert all(reason.endswith("where a list is expected.") for reasons in found for reason in reasons)
    assert sum(not reasons for reasons in found) > len(found) // 2


def test_noise_never_moves_the_content_and_real_changes_always_do(corpora: Path) -> None:
    labels = {(line["nct_id"], line["to"]): line["labels"] for line in lines(corpora / "v2_pair_labels.jsonl.gz")}
    last: dict[str, Any] = {}
    noise = real = 0
    for line in lines(corpora / "v2_series_all.jsonl.zst"):
        number, study = line["nct_id"], line["study"]
        if number in last:
            if labels[number, line["observed_at"]] == ["NOISE versionHolder only"]:
                noise += 1
                assert raw_hash(study) == raw_hash(last[number]), number
            else:
                real += 1
                same = content_hash(normalise(study)) == content_hash(normalise(last[number]))
                assert same == (steady(study) == steady(last[number])), number
        last[number] = study
    assert noise > 2000
    assert real >= 30


def steady(study: Any) -> Any:
    """A document without what moves with the registry's builds, written out by other means than the code's."""
    protocol = orjson.loads(orjson.dumps(study["protocolSection"]))
    for site in protocol.get("contactsLocationsModule", {}).get("locations", []):
        site.pop("geoPoint", None)
    protocol["eligibilityModule"].pop("stdAges", None)
    return [protocol, study.get("resultsSection"), study.get("documentSection"), study["hasResults"]]
