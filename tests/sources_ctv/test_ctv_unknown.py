"""A label that was never seen: kept under its words, named for the operator, and no part of what stands around it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.model.reading import Body
from monitor.model.record import TrialRecord
from monitor.sources import normalise
from tests.sources_ctv.random_skin import RandomSkin
from tests.sources_ctv.skins import WITH_NUMBER, Skin, content_of, definitions, headings

NAME, VALUE = "Mood of the team", "Good, mostly"
CONTENT = content_of(WITH_NUMBER)


def read(page: str) -> TrialRecord:
    return normalise("ctv", Body(content=page.encode(), media_type="text/html; charset=utf-8"))


def with_label(page: str, after: str, element: str) -> str:
    """The page with a labelled fact more, behind the one that ends with `after`."""
    assert page.count(after) == 1
    return page.replace(after, after + element)


IN_HEADINGS = f"\n<section>\n<h3>{NAME}</h3>\n<p>{VALUE}</p>\n</section>"
IN_DEFINITIONS = f'<dt class="a b">{NAME}:</dt><dd class="v">{VALUE}</dd>'


@pytest.mark.parametrize("label", ["Enrollment", "Sex", "Study type", "Inclusion criteria", "About"])
def test_a_label_never_seen_is_kept_and_named_and_leaves_the_others_alone(label: str) -> None:
    page = headings(CONTENT)
    head, rest = page.split(f"<h3>{label}</h3>")
    record = read(f"{head}<h3>{label}</h3>{rest.replace('</section>', '</section>' + IN_HEADINGS, 1)}")
    assert record.other == {"mood_of_the_team": VALUE}
    assert record.unknown == (f"label {NAME}",)
    assert replace(record, other={}, unknown=()) == read(page)


def test_it_is_told_from_values_in_a_list_of_definitions_too() -> None:
    page = definitions(CONTENT)
    sex = page.index(">Sex:<")
    end = page.index("<dt", sex)
    record = read(page[:end] + IN_DEFINITIONS + page[end:])
    assert (record.other, record.unknown) == ({"mood_of_the_team": VALUE}, (f"label {NAME}",))
    assert replace(record, other={}, unknown=()) == read(page)


@pytest.mark.parametrize("seed", range(150))
def test_no_page_as_it_is_has_a_label_never_seen(seed: int) -> None:
    record = read(RandomSkin(seed).render(CONTENT))
    assert (record.other, record.unknown) == ({}, ())


@pytest.mark.parametrize("skin", [headings, definitions])
@pytest.mark.parametrize(
    "around",
    [
        "<h2>Similar trials</h2><div><h3>Another trial of leukemia</h3><p>Another University</p></div>",
        "<aside><h3>From our sponsor</h3><p>Join our registry</p></aside>",
        "<form><h3>Stay in touch</h3><p>Your address</p></form>",
    ],
)
def test_what_stands_around_the_facts_is_no_label(skin: Skin, around: str) -> None:
    page = skin(CONTENT)
    place = page.index("Data sourced from")
    record = read(page[: page.rindex("<", 0, place)] + around + page[page.rindex("<", 0, place) :])
    assert (record.other, record.unknown) == ({}, ())


def test_a_heading_among_the_criteria_stays_one() -> None:
    page = headings(CONTENT).replace("<ol>", "<h4>Cohort A</h4><ol>", 1)
    record = read(page)
    assert (record.other, record.unknown) == ({}, ())
