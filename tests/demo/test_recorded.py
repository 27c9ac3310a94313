"""What is recorded is real, and the days of the demo show what its story says."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import httpx
import pytest

from monitor.demo import recorded
from monitor.demo.mirror import text_of_study
from monitor.demo.pages import broken_page, page_of_text
from monitor.demo.registry import RecordedRegistry


def protocol(study: Mapping[str, Any]) -> Mapping[str, Any]:
    section: Mapping[str, Any] = study["protocolSection"]
    return section


def test_every_recorded_version_belongs_to_a_day_and_names_its_trial() -> None:
    moments = {day.at for day in recorded.DAYS}
    for trial in recorded.TRIALS:
        seen = list(recorded.versions(trial))
        assert {moment for moment, _ in seen} <= moments
        assert seen[0][0] == recorded.DAYS[0].at
        assert {protocol(study)["identificationModule"]["nctId"] for _, study in seen} == {trial}


def test_the_second_day_is_pure_registry_noise() -> None:
    first, second = recorded.DAYS[0].at, recorded.DAYS[1].at
    moved = 0
    for trial in recorded.TRIALS:
        by_moment: dict[Any, Any] = dict(recorded.versions(trial))
        if second in by_moment:
            assert by_moment[first] != by_moment[second]
            assert protocol(by_moment[first]) == protocol(by_moment[second])
            moved += 1
    assert moved >= 3


@pytest.mark.parametrize(
    ("module", "field"),
    [
        ("statusModule", "overallStatus"),
        ("designModule", "enrollmentInfo"),
        ("contactsLocationsModule", "centralContacts"),
        ("contactsLocationsModule", "locations"),
        ("eligibilityModule", "eligibilityCriteria"),
    ],
)
def test_each_kind_of_change_happens_in_the_recorded_days(module: str, field: str) -> None:
    changed = set()
    for trial in recorded.TRIALS:
        studies: list[Any] = [study for _, study in recorded.versions(trial)]
        values = [protocol(study)[module].get(field) for study in studies]
        if any(before != after for before, after in pairwise(values)):
            changed.add(trial)
    assert changed


def test_the_registry_answers_with_the_version_of_the_day(registry: RecordedRegistry, client: httpx.Client) -> None:
    recorded.fill(registry)
    url = f"{registry.ctgov_url}/studies/NCT07011550"
    statuses = []
    for day in recorded.DAYS[:4]:
        recorded.turn_to(registry, day)
        statuses.append(client.get(url).json()["protocolSection"]["statusModule"]["overallStatus"])
    assert statuses == ["RECRUITING", "RECRUITING", "SUSPENDED", "SUSPENDED"]


def test_the_mirror_follows_the_registry_two_days_late(registry: RecordedRegistry, client: httpx.Client) -> None:
    recorded.fill(registry)
    url = f"{registry.ctv_url}/study/{recorded.mirrored_slug()}"
    pages = []
    for day in recorded.DAYS[-3:]:
        recorded.turn_to(registry, day)
        pages.append(client.get(url).text)
    assert pages[0] == pages[1]
    assert "<p>Not yet enrolling</p>" in pages[1]
    assert "<p>Enrolling</p>" in pages[2]


def test_one_page_breaks_for_one_day(registry: RecordedRegistry, client: httpx.Client) -> None:
    recorded.fill(registry)
    url = f"{registry.ctv_url}/study/{recorded.CD7_PAGE}"
    whole = []
    for day in recorded.DAYS:
        recorded.turn_to(registry, day)
        answer = client.get(url)
        assert answer.status_code == 200
        whole.append("Exclusion criteria" in answer.text)
    assert [n for n, fine in enumerate(whole, start=1) if not fine] == [recorded.BROKEN_ON]


@pytest.mark.parametrize("slug", [recorded.CD7_PAGE, recorded.CD5_PAGE])
def test_the_skin_keeps_every_word_of_the_recorded_page(slug: str) -> None:
    text = recorded.page_text(slug)
    page = page_of_text(text)
    for line in text.splitlines():
        words = line.strip().lstrip("0123456789. ") if line.startswith(" ") else line.strip()
        assert words.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;") in page
    assert page.count("<li>") == sum(line.startswith("  ") for line in text.splitlines())


def test_a_broken_page_keeps_its_title_and_loses_the_record() -> None:
    page = page_of_text(recorded.page_text(recorded.CD7_PAGE))
    broken = broken_page(page)
    assert "<h1>Humanized CD7" in broken
    assert "Inclusion criteria" not in broken
    assert broken.endswith("</html>\n")


def test_criteria_of_another_shape_are_refused_rather_than_drawn_wrong() -> None:
    _, study = next(recorded.versions("NCT07011550"))
    with pytest.raises(ValueError, match="criteria"):
        text_of_study(study)
