"""Tables of trials, day after day: each column that differs is told, each site event, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.diff.compare import compare
from monitor.model.change import Cause, Change
from tests.diff.corpora.columns import Row, differing, plain, study_of
from tests.diff.corpora.places import Places, one_place, told_sites
from tests.diff.corpora.reading import following, lines_of, partial_record

PIPELINE = ("Phase", "EnrollmentType")  # columns that the keepers of the table made anew without an update
TEXTS = {
    "identification.brief_title": "BriefTitle",
    "status.overall": "OverallStatus",
    "description.brief_summary": "BriefSummary",
    "sponsor.lead": "LeadSponsor",
    "eligibility.minimum_age": "MinAge",
    "eligibility.maximum_age": "MaxAge",
}
UNTOLD = ("locations.sites", "dates")  # sites are judged by themselves; the record's own dates are no column


def changes(before: Row, after: Row) -> tuple[Change, ...]:
    return compare(partial_record(study_of(before)), partial_record(study_of(after)))


def faults(before: Row, after: Row, found: tuple[Change, ...]) -> list[object]:
    """What was told and does not differ, or differs and was not told."""
    paths = Counter({change.path for change in found if change.path not in UNTOLD})
    places = Places(before, after)
    told, due = places.told(found), places.events(before, after)
    wrong: list[object] = []
    if set(paths) != differing(before, after):
        wrong.append((set(paths), differing(before, after)))
    if told != due:
        wrong.append((told, due))
    wrong += [each for each in told_sites(found) if each[0] == "sites.respelled" and not one_place(*each[1:])]
    quoted = [(each, TEXTS[each.path]) for each in found if each.path in TEXTS]
    for each, column in quoted:
        if (plain(each.before), plain(each.after)) != (plain(before.get(column)), plain(after.get(column))):
            wrong.append(each.sentence)
    return wrong


def cart_pairs(corpora: Path) -> Iterator[tuple[Row, Row]]:
    for before, after in following(lines_of(corpora / "cart_csv_series.jsonl.gz"), "source", "nct_id"):
        old, new = before["row"], after["row"]
        if old["LastUpdatePostDate"] == new["LastUpdatePostDate"]:
            kept = {name: value for name, value in new.items() if name not in PIPELINE}
            new = kept | {name: old[name] for name in PIPELINE if name in old}
        yield old, new


def test_each_column_and_site_that_differs_in_a_daily_table_is_told_and_nothing_else(corpora: Path) -> None:
    wrong, silent, told = [], 0, 0
    for before, after in cart_pairs(corpora):
        found = changes(before, after)
        wrong += [(before["NCTId"], fault) for fault in faults(before, after, found)]
        silent += not found
        told += len(found)
    assert wrong == []
    assert silent > 200
    assert told > 600


def test_what_differs_without_an_update_is_the_registrys_own_act(corpora: Path) -> None:
    causes: Counter[tuple[bool, Cause]] = Counter()
    for before, after in cart_pairs(corpora):
        updated = before["LastUpdatePostDate"] != after["LastUpdatePostDate"]
        causes.update((updated, change.cause) for change in changes(before, after))
    assert set(causes) == {(True, Cause.SPONSOR), (False, Cause.REGISTRY)}


def test_an_update_that_moves_no_column_is_told_as_bookkeeping_alone(corpora: Path) -> None:
    alone = 0
    for before, after in cart_pairs(corpora):
        kept = {name: value for name, value in before.items() if name != "LastUpdatePostDate"}
        if kept == {name: value for name, value in after.items() if name != "LastUpdatePostDate"} and before != after:
            (change,) = changes(before, after)
            assert change.path == "dates"
            alone += 1
    assert alone > 100


def innovators(record: Row) -> dict[str, Any]:
    names = {
        "nctId": "NCTId",
        "title": "BriefTitle",
        "status": "OverallStatus",
        "phase": "Phase",
        "startDate": "StartDate",
        "completionDate": "CompletionDate",
        "sponsor": "LeadSponsor",
        "conditions": "Conditions",
        "interventions": "Interventions",
        "enrollment": "EnrollmentCount",
    }
    return {new: record[old] for old, new in names.items()}


def eyes(record: Row) -> dict[str, Any]:
    """Phase, type and country stand there in the words of the table's keeper."""
    names = {
        "nct": "NCTId",
        "title": "BriefTitle",
        "status": "OverallStatus",
        "start": "StartDate",
        "completion": "CompletionDate",
        "sponsor": "LeadSponsor",
        "conditions": "Conditions",
        "interventions": "Interventions",
        "enroll": "EnrollmentCount",
    }
    return {new: record[old] for old, new in names.items()}


def catalysts(record: Row) -> dict[str, Any]:
    names = {
        "nct": "NCTId",
        "title": "BriefTitle",
        "status": "OverallStatus",
        "phase": "Phase",
        "pcd": "PrimaryCompletionDate",
        "pcd_type": "PrimaryCompletionType",
        "condition": "Conditions",
    }
    return {new: record[old] for old, new in names.items()}


def carts(record: Row) -> dict[str, Any]:
    names = {
        "nct_id": "NCTId",
        "title": "BriefTitle",
        "status": "OverallStatus",
        "start_date": "StartDate",
        "last_updated": "LastUpdatePostDate",
        "sponsor": "LeadSponsor",
        "conditions": "Conditions",
        "interventions": "Interventions",
        "enrollment": "EnrollmentCount",
        "summary": "BriefSummary",
        "primary_outcomes": "PrimaryEndpoints",
    }
    sites = [{"Country": country} for country in record["countries"]]
    return {new: record[old] for old, new in names.items()} | {"sites": sites}


SHAPES: dict[str, Callable[[Row], dict[str, Any]]] = {
    "PaleoFaire/innovators-league": innovators,
    "frankf19-19/EYENEWS": eyes,
    "suminleeeeeee/catalyst-desk": catalysts,
    "afoley135/cart-intelligence": carts,
}


@pytest.mark.parametrize("source", SHAPES)
def test_each_column_that_differs_in_a_table_of_another_shape_is_told_and_nothing_else(
    corpora: Path, source: str
) -> None:
    wrong, pairs = [], 0
    for before, after in following(lines_of(corpora / "flat_series.jsonl.gz"), "source", "nct_id"):
        if before["source"] == source:
            pairs += 1
            old, new = SHAPES[source](before["record"]), SHAPES[source](after["record"])
            wrong += [(before["nct_id"], fault) for fault in faults(old, new, changes(old, new))]
    assert wrong == []
    assert pairs


def angelman(record: Row, other: Row) -> dict[str, Any]:
    """What both runs of the table's keeper asked for: a column that one left out is taken as the other shows it."""

    def shown(name: str) -> Any:
        return record.get(name) or other.get(name)

    sites = [{name.capitalize(): each for name, each in site.items()} for site in shown("AllLocations") or ()]
    return {
        "NCTId": record["NCTId"],
        "BriefTitle": record["BriefTitle"],
        "OverallStatus": record["OverallStatus"],
        "BriefSummary": record["BriefSummary"],
        "LeadSponsor": shown("Sponsor"),
        "StartDate": shown("StartDate"),
        "MinAge": shown("MinimumAge"),
        "MaxAge": shown("MaximumAge"),
        "sites": sites,
    }


def test_a_table_whose_columns_come_and_go_from_run_to_run_is_told_only_where_a_value_differs(corpora: Path) -> None:
    wrong, silent, pairs = [], 0, 0
    for before, after in following(lines_of(corpora / "flat_series.jsonl.gz"), "source", "nct_id"):
        if before["source"] == "gerardoughduenas/angelman-data":
            old = angelman(before["record"], after["record"])
            new = angelman(after["record"], before["record"])
            found = changes(old, new)
            pairs, silent = pairs + 1, silent + (not found)
            wrong += [(before["nct_id"], fault) for fault in faults(old, new, found)]
    assert wrong == []
    assert silent > pairs * 0.8
