"""References in every shape that people paste, hostile ones included."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import BadReference
from monitor.model.watch import RecordKey, Reference
from monitor.sources.references import (
    compare_url,
    find_references,
    history_url,
    page_url,
    parse_reference,
    public_url,
    registry_url,
)

NUMBER = Reference(key=RecordKey(source="ctgov", source_id="NCT04762485"), text="NCT04762485")
PAGE = Reference(
    key=RecordKey(source="ctv", source_id="cd5-car-t-therapy"), text="https://ctv.veeva.com/study/cd5-car-t-therapy"
)


@pytest.mark.parametrize(
    "text",
    [
        "NCT04762485",
        "nct04762485",
        "  NCT 0476 2485\n",
        "NCT-04762485",
        "NCT: 04762485",
        "NCT\u200b04762485",
        "ＮＣＴ０４７６２４８５",
        "https://clinicaltrials.gov/study/NCT04762485",
        "https://clinicaltrials.gov/study/NCT04762485?term=car-t&rank=3&tab=history#version-content-panel",
        "http://www.clinicaltrials.gov/ct2/show/nct04762485",
        "https://clinicaltrials.gov/ct2/show/study/NCT04762485",
        "https://clinicaltrials.gov/ct2/show/results/NCT04762485?view=results",
        "https://clinicaltrials.gov/ct2/history/NCT04762485",
        "https://classic.clinicaltrials.gov/show/NCT04762485",
        "https://clinicaltrials.gov/api/v2/studies/NCT04762485",
        "clinicaltrials.gov/study/NCT04762485/",
        "HTTPS://ClinicalTrials.GOV/study/NCT04762485",
    ],
)
def test_a_number_is_read_from_every_shape_of_it(text: str) -> None:
    assert parse_reference(text) == NUMBER


@pytest.mark.parametrize(
    "text",
    [
        "https://ctv.veeva.com/study/cd5-car-t-therapy",
        "ctv.veeva.com/study/cd5-car-t-therapy",
        "http://ctv.veeva.com/study/CD5-CAR-T-Therapy/?utm_source=mail#contacts",
        "https://www.ctv.veeva.com:443/study/cd5-car-t-therapy",
        " https://ctv.veeva.com/study/cd5%2Dcar-t-therapy ",
    ],
)
def test_a_page_is_read_from_every_shape_of_its_address(text: str) -> None:
    assert parse_reference(text) == PAGE


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("\u200b \x00", "empty"),
        ("NCT123", "it has 3 digits where 8 are needed"),
        ("NCT047624855", "it has 9 digits"),
        ("NCT00000000", "no number that the registry gives out"),
        ("04762485", "NCT04762485 may be meant"),
        ("NCT04762485 NCT04762486", "several trials"),
        ("ISRCTN12345678", "ISRCTN registry"),
        ("2019-001234-12", "European register"),
        ("search:lymphoma", "searches cannot be watched yet"),
        ("SEARCH: car-t", "searches cannot be watched yet"),
        ("a trial of my aunt", "names no trial"),
        ("https://clinicaltrials.gov/search?cond=lymphoma&term=NCT04762485", "does not name one study"),
        ("https://clinicaltrials.gov/study/NCT04762485/NCT04762486", "does not name one study"),
        ("https://ctv.veeva.com/", "not a study page"),
        ("https://ctv.veeva.com/study-search?q=x", "not a study page"),
        ("https://ctv.veeva.com/study/..", "not a study page"),
        ("https://ctv.veeva.com/study/%2e%2e%2fadmin", "not a study page"),
        ("https://ctv.veeva.com/study/a%0d%0ab", "not a study page"),
        ("https://example.org/NCT04762485", "a site that is not watched"),
        ("https://ctv.veeva.com.example.org/study/x", "a site that is not watched"),
        ("https://clinicaltrials.gov@example.org/study/NCT04762485", "not the address of a study page"),
        ("ftp://clinicaltrials.gov/study/NCT04762485", "not the address of a study page"),
        ("file:///etc/passwd", "not the address of a study page"),
        ("http://[::1/study/NCT04762485", "no readable address"),
        ("javascript:alert(1)", "names no trial"),
        ("NCT" + "1" * 5000, "too long"),
    ],
)
def test_what_names_no_trial_is_refused_with_a_remedy(text: str, told: str) -> None:
    with pytest.raises(BadReference) as refused:
        parse_reference(text)
    assert told in str(refused.value)
    assert "NCT04762485" in str(refused.value) or "https://ctv.veeva.com/study/" in str(refused.value)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 400


@given(st.text(max_size=200))
def test_any_text_is_a_reference_or_refused_in_printable_words(text: str) -> None:
    read = read_or_refusal(text)
    if isinstance(read, str):
        assert read.isprintable()
    else:
        assert parse_reference(read.text) == read
        assert find_references(read.text) == (read,)


def read_or_refusal(text: str) -> Reference | str:
    try:
        return parse_reference(text)
    except BadReference as refused:
        return str(refused)


@given(st.text(max_size=200))
def test_what_is_found_in_any_text_reads_as_a_reference(text: str) -> None:
    for found in find_references(f"NCT04762485 {text}"):
        assert parse_reference(found.text) == found


def test_every_reference_of_a_text_is_found_once_and_in_order() -> None:
    text = (
        "label,id\nours,nct04762485\n"
        "see https://ctv.veeva.com/study/CD5-car-t-therapy. and (NCT 01234567), again NCT04762485;\n"
        "not: XNCT01234568 NCT012345678 NCT00000000 notctv.veeva.com/study/x "
        "https://ctv.veeva.com/study/a-trial-like-nct01234569-b"
    )
    assert [found.text for found in find_references(text)] == [
        "NCT04762485",
        "https://ctv.veeva.com/study/cd5-car-t-therapy",
        "NCT01234567",
        "https://ctv.veeva.com/study/a-trial-like-nct01234569-b",
    ]


def test_links_show_the_public_sites() -> None:
    assert registry_url("NCT04762485") == "https://clinicaltrials.gov/study/NCT04762485"
    assert history_url("NCT04762485") == "https://clinicaltrials.gov/study/NCT04762485?tab=history"
    assert (
        compare_url("NCT04762485", 3, 4)
        == "https://clinicaltrials.gov/study/NCT04762485?tab=history&a=3&b=4#version-content-panel"
    )
    assert public_url(NUMBER.key) == registry_url("NCT04762485")
    assert public_url(PAGE.key) == page_url("cd5-car-t-therapy") == PAGE.text
    assert page_url('x"><script>') == "https://ctv.veeva.com/study/x%22%3E%3Cscript%3E"
