"""What is no complete study page is never read as one, and what is still to come is never read as empty."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import NotARecord
from monitor.model.reading import Body
from monitor.model.record import TrialRecord
from monitor.sources.ctv import normalise
from tests.sources_ctv.pages import plain_record, record_of, record_with
from tests.sources_ctv.skins import CRITERIA, LABELS, SKINS, WITH_NUMBER, WITHOUT_NUMBER, Skin, content_of, headings

SECTIONS = {
    "Status and phase": "status",
    "Conditions": "conditions",
    "Treatments": "arms",
    "Study type": "design",
    "Funder types": "sponsor",
    "Identifiers": "identification",
    "About": "description",
    "Full description": "description",
    "Enrollment": "enrollment",
    "Sex": "eligibility",
    "Inclusion criteria": "eligibility",
    "Masking": "design",
    "20 participants in 1 patient group": "arms",
    "Trial contacts and locations": "locations",
    "Central trial contact": "contacts",
}


def reasons_of(page: str, media_type: str = "text/html") -> str:
    with pytest.raises(NotARecord) as raised:
        record_of(page, media_type)
    return " ".join(raised.value.reasons)


@pytest.mark.parametrize("word", ["Loading...", "Loading…", "loading", "Please wait..."])
@pytest.mark.parametrize(("label", "section"), SECTIONS.items())
def test_a_section_that_is_loading_is_unavailable(label: str, section: str, word: str) -> None:
    page = content_of(WITH_NUMBER)
    page.facts[label][:] = [word]
    record = record_of(headings(page))
    assert record.unavailable[section] == "loaded later"
    assert word not in str(record)


def test_a_label_that_is_not_there_is_missing_and_not_empty() -> None:
    page = content_of(WITH_NUMBER)
    for label in ("About", "Full description", "Treatments", "20 participants in 1 patient group"):
        del page.facts[label]
    kept = [label for label in LABELS if label in page.facts]
    text = "\n\n".join([page.title, page.sponsor, *(f"{k}\n\n" + "\n".join(page.facts[k]) for k in kept)])
    record = record_of(text + "\n\nData sourced from clinicaltrials.gov", "text/plain")
    assert {"description", "arms"} <= set(record.unavailable)


@pytest.mark.parametrize("skin", SKINS, ids=lambda skin: skin.__name__)
def test_a_page_cut_anywhere_is_no_record_or_the_whole_one(skin: Skin) -> None:
    page = skin(content_of(WITH_NUMBER))
    whole = plain_record(WITH_NUMBER)
    cut = 0
    for end in range(0, len(page), 101):
        try:
            assert record_of(page[:end]) == whole
        except NotARecord:
            cut += 1
    assert cut > 30


@pytest.mark.parametrize("label", ["Status and phase", "Conditions", "Study type", "Enrollment", "Sex", "Ages"])
def test_a_page_without_a_mandatory_label_names_it(label: str) -> None:
    text = headings(content_of(WITH_NUMBER)).replace(f"<h3>{label}</h3>", "")
    assert f'The page does not show "{label}".' in reasons_of(text)


def test_a_page_that_states_nothing_under_a_mandatory_label_names_it() -> None:
    page = content_of(WITH_NUMBER)
    page.facts["Enrollment"][:] = []
    assert 'The page states nothing under "Enrollment".' in reasons_of(headings(page))


def test_a_page_without_criteria_is_no_record() -> None:
    page = content_of(WITH_NUMBER)
    for label in CRITERIA:
        page.facts[label][:] = []
    assert "no inclusion and no exclusion criteria" in reasons_of(headings(page))


def test_a_page_that_is_mostly_loading_is_no_record() -> None:
    page = content_of(WITH_NUMBER)
    for label in ("Status and phase", "Conditions", "Study type", "Enrollment"):
        page.facts[label][:] = ["Loading..."]
    assert "still loading" in reasons_of(headings(page))


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<html><title>Just a moment</title><body><h1>Verify you are human</h1></body></html>", "human"),
        ("<html><body><h1>Access denied</h1></body></html>", "access is denied"),
        ("<html><body><h1>Down for maintenance</h1><p>Please try again later.</p></body></html>", "not available"),
        ("<html><body><h1>Trial not found</h1></body></html>", "not found"),
        ("<html><body><form><p>Sign in to continue</p></form><p>Sign in to continue</p></body></html>", "log-in"),
        ("<html><body><h1>Search results</h1><p>12 results</p></body></html>", "search results"),
        ("<html><body><div id=root></div><script src=app.js></script></body></html>", "empty shell"),
        ("<html><body><noscript>x</noscript><p>You need to enable JavaScript</p></body></html>", "empty shell"),
        ("<html><body><h1>Cookies</h1><p>We use cookies. Please accept to go on.</p></body></html>", "consent"),
    ],
)
def test_a_page_of_another_kind_is_told_apart(page: str, reason: str) -> None:
    said = reasons_of(page)
    assert "This is not a study page" in said
    assert reason in said


def test_a_list_of_trials_is_no_record() -> None:
    card = "<div><h3>A trial of something</h3><p>A University</p><p>Enrolling</p><p>Conditions: Asthma</p></div>"
    page = f"<html><body><h1>Search results</h1><p>3 results</p>{card * 3}<p>Data sourced from x</p></body></html>"
    assert "This is not a study page" in reasons_of(page)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (Body(content=b"", media_type="text/html"), "empty"),
        (Body(content=b"  \n", media_type="text/html"), "empty"),
        (Body(content=b'{"protocolSection": {}}', media_type="text/html"), "JSON"),
        (Body(content=b"<html><body>\xff\xfe\xfd</body>", media_type="text/html"), "not text in utf-8"),
        (Body(content="é".encode("latin-1"), media_type="text/html; charset=utf-8"), "not text in utf-8"),
    ],
)
def test_bytes_that_are_no_page_are_no_record(body: Body, reason: str) -> None:
    with pytest.raises(NotARecord, match=reason):
        normalise(body)


def test_hidden_text_and_scripts_are_never_read() -> None:
    page = headings(content_of(WITHOUT_NUMBER))
    hidden = "<div style='display:none'><h3>Identifiers</h3><p>NCT00000001</p></div>"
    script = '<script type=\'application/json\'>{"nct": "NCT00000002"}</script>'
    record = record_of(page.replace("<main>", "<main>" + hidden + script))
    assert record == plain_record(WITHOUT_NUMBER)


def test_markup_in_a_value_is_text() -> None:
    record = record_with(Conditions=["<script>alert(1)</script>", "A & B"])
    assert record.conditions.conditions == ("<script>alert(1)</script>", "A & B")


def test_deep_nesting_does_no_harm() -> None:
    page = headings(content_of(WITH_NUMBER))
    deep = page.replace("<main>", "<main>" + "<div>" * 4_000).replace("</main>", "</div>" * 4_000 + "</main>")
    assert record_of(deep) == plain_record(WITH_NUMBER)
    with pytest.raises(NotARecord, match="nested far deeper"):
        record_of(page.replace("<main>", "<main>" + "<div>" * 20_000))


def test_a_page_of_very_many_small_elements_is_read() -> None:
    """What closes itself, or needs no end tag, is no nesting."""
    page = headings(content_of(WITH_NUMBER))
    small = "<svg>" + '<path d="M0"/>' * 6_000 + "</svg>" + "<br><img src='x'>" * 6_000
    assert record_of(page.replace("<main>", f"<main>{small}")) == plain_record(WITH_NUMBER)


WORDS = st.sampled_from(
    [
        *LABELS,
        *("Loading...", "1", "NCT04762485", "Enrolling", "Experimental group", "Description:", "Treatment:", "x; y"),
        *("Data sourced from clinicaltrials.gov", "18+ years old", "Facility: A", "Phase 1", "20 patients", "1. a"),
    ]
)
TAGS = st.sampled_from(["div", "p", "li", "h2", "span", "dt", "dd", "td", "b", "ul", "table", "tr", "pre", "a"])
NODES = st.recursive(
    st.one_of(WORDS, st.text(max_size=20)).map(escape),
    lambda inner: st.tuples(TAGS, st.lists(inner, max_size=6)).map(lambda it: f"<{it[0]}>{''.join(it[1])}</{it[0]}>"),
    max_leaves=60,
)


@settings(max_examples=150, deadline=None)
@given(NODES)
def test_any_page_is_a_record_or_none(page: str) -> None:
    try:
        assert isinstance(record_of(page), TrialRecord)
    except NotARecord as fault:
        said = fault.reasons
    else:
        said = ("a record",)
    assert all(said)
    assert said


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["text/html", "text/html; charset=utf-16", "x; charset=zip", ""]))
def test_any_bytes_are_a_record_or_none(content: bytes, media_type: str) -> None:
    with pytest.raises(NotARecord):
        normalise(Body(content=content, media_type=media_type))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(LABELS), st.lists(st.one_of(WORDS, st.text(max_size=40)), max_size=5))
def test_any_words_under_a_label_are_a_record_or_none(label: str, words: list[str]) -> None:
    page = content_of(WITH_NUMBER)
    page.facts[label] = words
    try:
        assert isinstance(record_of(headings(page)), TrialRecord)
    except NotARecord as fault:
        said = fault.reasons
    else:
        said = ("a record",)
    assert all(said)
    assert said
