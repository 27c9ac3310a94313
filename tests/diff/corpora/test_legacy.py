"""Versions of the registry's XML of before 2024: each part that differs is told in its category, and nothing else."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree.ElementTree import ParseError

import pytest

from monitor.diff.compare import compare
from monitor.model.change import Change, change_json
from tests.diff.corpora.columns import plain
from tests.diff.corpora.legacy import study_of
from tests.diff.corpora.reading import following, lines_of, partial_record
from tests.diff.corpora.test_any_two import ill_told

CATEGORIES = {
    "identificationModule": "identifiers",
    "identificationModule.organization": "sponsor",
    "statusModule.overallStatus": "status",
    "statusModule.lastKnownStatus": "status",
    "statusModule.whyStopped": "status",
    "statusModule.startDateStruct": "dates",
    "statusModule.primaryCompletionDateStruct": "dates",
    "statusModule.completionDateStruct": "dates",
    "statusModule.expandedAccessInfo": "administrative",
    "statusModule": "bookkeeping",
    "sponsorCollaboratorsModule": "sponsor",
    "oversightModule": "oversight",
    "descriptionModule": "description",
    "conditionsModule": "conditions",
    "designModule": "design",
    "designModule.enrollmentInfo": "enrollment",
    "armsInterventionsModule": "arms",
    "outcomesModule": "outcomes",
    "eligibilityModule": "criteria",
    "contactsLocationsModule": "contacts",
    "contactsLocationsModule.locations": "locations",
    "referencesModule": "references",
    "ipdSharingStatementModule": "sharing",
    "largeDocumentModule": "documents",
}
RECRUITING = ("RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE")
SIDES = ("before", "after")
UNTOLD = ("eligibilityModule", "statusModule")  # criteria are cut into items; dates of the record are its own affair

Study: TypeAlias = dict[str, Any]
Version: TypeAlias = tuple[Study, Study, tuple[Change, ...]]


@pytest.fixture(scope="module")
def versions(corpora: Path) -> list[Version]:
    """Two documents that follow each other, and their changes."""
    return [(old, new, compare(partial_record(old), partial_record(new))) for old, new in documents(corpora)]


def documents(corpora: Path) -> Iterator[tuple[Study, Study]]:
    for before, after in following(lines_of(corpora / "ctgov_legacy_xml.jsonl.zst"), "nct_id"):
        try:
            yield study_of(before["xml"]), study_of(after["xml"])
        except (ParseError, ValueError):
            continue  # some were edited by hand until they broke


def said_of(value: Any, name: str = "") -> Any:
    """A value without what says nothing: white space, marks of a list, the order of its items."""
    if isinstance(value, dict):
        return {key: said_of(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return sorted((said_of(inner) for inner in value), key=json.dumps)
    return re.findall(r"\w+", value) if name == "eligibilityCriteria" else plain(value)


def lost_with_the_trial(before: Study, after: Study) -> bool:
    """True if the trial stopped recruiting: what its sites state of it goes without a word."""
    statuses = [study["protocolSection"]["statusModule"].get("overallStatus") for study in (before, after)]
    return statuses[0] != statuses[1] and statuses[1] not in RECRUITING


def leaves(value: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)
    elif value is not None and not isinstance(value, bool):
        yield plain(value)


def categories(before: Study, after: Study) -> set[str]:
    found = set()
    parts = [_modules(before), _modules(after)]
    if lost_with_the_trial(before, after):
        for study in parts:
            study["contactsLocationsModule"] = _without_states(study.get("contactsLocationsModule", {}))
    for module in {*parts[0], *parts[1]}:
        old, new = (said_of(part.get(module, {})) for part in parts)
        for name in {*old, *new}:
            if old.get(name) != new.get(name):
                found.add(CATEGORIES.get(f"{module}.{name}") or CATEGORIES[module])
    moved = found - {"bookkeeping"}
    return moved or ({"administrative"} if found else set())


def _modules(study: Study) -> Study:
    documents: Study = study.get("documentSection", {})
    protocol: Study = study["protocolSection"]
    return protocol | documents


def _without_states(module: Study) -> Study:
    stated = ("status", "contacts")
    sites = [{key: site[key] for key in site if key not in stated} for site in module.get("locations", ())]
    return module | {"locations": sites}


def test_each_part_that_differs_is_told_in_its_category_and_nothing_else(versions: list[Version]) -> None:
    wrong = []
    for before, after, changes in versions:
        told, due = {change.category.value for change in changes}, categories(before, after)
        if told != due:
            wrong.append((before["protocolSection"]["identificationModule"]["nctId"], told - due, due - told))
    assert wrong == []
    assert len(versions) > 80


def test_every_text_that_came_or_went_stands_in_the_changes(versions: list[Version]) -> None:
    missing = []
    for before, after, changes in versions:
        told = [set(leaves([change_json(change)[side] for change in changes] + details(changes))) for side in SIDES]
        texts = [
            {leaf for name, module in _modules(study).items() if name not in UNTOLD for leaf in leaves(module)}
            for study in (before, after)
        ]
        missing += [texts[0] - texts[1] - told[0], texts[1] - texts[0] - told[1]]
    assert [each for each in missing if each] == []


def details(changes: tuple[Change, ...]) -> list[Any]:
    """What a change lists beside its values: sites, and the texts that were edited alike."""
    return [change.detail.get(name) for change in changes for name in ("sites", "items", "outcomes", "now", "id")]


def test_nothing_is_told_twice_and_each_in_a_whole_sentence(versions: list[Version]) -> None:
    for _, _, changes in versions:
        assert ill_told(changes) == []
        told = Counter((change.path, change.kind, str(change.before), str(change.after)) for change in changes)
        assert [twice for twice, number in told.items() if number > 1] == []
