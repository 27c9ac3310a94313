"""The same words give the same record, whatever the markup around them."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pytest

from monitor.text.canonical import content_hash
from tests.sources_ctv.pages import plain_record, record_of
from tests.sources_ctv.random_skin import RandomSkin
from tests.sources_ctv.skins import (
    CRITERIA,
    LABELS,
    SKINS,
    WITH_NUMBER,
    WITHOUT_NUMBER,
    Content,
    Skin,
    content_of,
    headings,
    text_of,
)

SLUGS = (WITHOUT_NUMBER, WITH_NUMBER)
GROUPS = "20 participants in 1 patient group"


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("skin", SKINS, ids=lambda skin: skin.__name__)
def test_every_skin_gives_the_record_of_the_plain_text(skin: Skin, slug: str) -> None:
    record = record_of(skin(content_of(slug)))
    assert record == plain_record(slug)
    assert content_hash(record) == content_hash(plain_record(slug))


@pytest.mark.parametrize("seed", range(60))
def test_a_skin_made_by_chance_gives_the_record_of_the_plain_text(seed: int) -> None:
    slug = SLUGS[seed % 2]
    assert record_of(RandomSkin(seed).render(content_of(slug))) == plain_record(slug)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_set_as_one_preformatted_text_is_read_like_the_text(slug: str) -> None:
    assert record_of(f"<html><body><pre>{escape(text_of(slug))}</pre></body></html>") == plain_record(slug)


def _strong_and_br(page: Content) -> str:
    parts = [f"<h1>{escape(page.title)}</h1><p>{escape(page.sponsor)}</p>"]
    for label in LABELS:
        values = page.facts[label]
        if label in CRITERIA:
            values = [f"{n}) {value}" for n, value in enumerate(values, 1)]
        parts.append(f"<p><strong>{escape(label)}</strong><br>{'<br>'.join(map(escape, values))}</p>")
    return f"<body>{''.join(parts)}<p>Data sourced from clinicaltrials.gov</p></body>"


def _nested_lists(page: Content) -> str:
    parts = []
    for label in LABELS:
        items = "".join(f"<li>{escape(value)}</li>" for value in page.facts[label])
        parts.append(f"<li><h5>{escape(label)}</h5><ul>{items}</ul></li>")
    head = f"<h1>{escape(page.title)}</h1><p>{escape(page.sponsor)}</p>"
    return f"<body>{head}<ul>{''.join(parts)}</ul><p>Data sourced from clinicaltrials.gov</p></body>"


def _flat_spans(page: Content) -> str:
    parts = [f"<h1>{escape(page.title)}</h1><span>{escape(page.sponsor)}</span>"]
    for label in LABELS:
        cells = (label, *page.facts[label])
        parts.extend(f"<span>{escape(cell)}</span>" for cell in cells)
    return f"<body>{''.join(parts)}<span>Data sourced from clinicaltrials.gov</span></body>"


def _inline_emphasis(page: Content) -> str:
    return headings(page).replace("CD7 CAR T", "<em>CD7</em> CAR T").replace("CD5 CAR-T", "<i>CD5</i> CAR-T")


def _advertisements(page: Content) -> str:
    between = "</section>\n<div class=ad><p>Join 10,000 patients who found a trial</p></div>"
    return headings(page).replace("</section>", between, 7)


def _another_trial_first(page: Content) -> str:
    card = (
        "<div><h2>Related trials</h2><div><h3>Another trial of leukemia</h3><p>Another University</p>"
        "<h4>Status and phase</h4><p>Completed</p><h4>Conditions</h4><p>Asthma</p></div></div>"
    )
    return headings(page).replace("<main>", "<main>" + card)


def _groups_in_a_table(page: Content) -> str:
    label, kind, _, description, _, treatment = page.facts[GROUPS]
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in (label, kind, description, treatment))
    table = f"<table><tr><th>Group</th><th>Type</th><th>Description</th><th>Treatment</th></tr><tr>{cells}</tr></table>"
    stand_in = Content(page.title, page.logo, page.sponsor, {**page.facts, GROUPS: ["@@"]})
    return headings(stand_in).replace("<p>\n        @@\n      </p>", table)


def _heads_over_values(page: Content) -> str:
    four = ("Enrollment", "Sex", "Ages", "Volunteers")
    html = headings(page)
    for label in four:
        html = html.replace(f"<h3>{label}</h3>", "").replace(escape(page.facts[label][0]), "", 1)
    heads = "".join(f"<th>{label}</th>" for label in four)
    values = "".join(f"<td>{page.facts[label][0]}</td>" for label in four)
    table = f"<table><thead><tr>{heads}</tr></thead><tbody><tr>{values}</tr></tbody></table>"
    return html.replace("<h2>Trial design</h2>", f"{table}<h2>Trial design</h2>")


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize(
    "skin",
    [
        _strong_and_br,
        _nested_lists,
        _flat_spans,
        _inline_emphasis,
        _advertisements,
        _another_trial_first,
        _groups_in_a_table,
    ],
    ids=lambda skin: skin.__name__,
)
def test_odd_makes_of_a_page_give_the_record_of_the_plain_text(skin: Callable[[Content], str], slug: str) -> None:
    assert record_of(skin(content_of(slug))) == plain_record(slug)


def test_a_table_with_a_row_of_heads_over_a_row_of_values_is_read_by_columns() -> None:
    assert record_of(_heads_over_values(content_of(WITH_NUMBER))) == plain_record(WITH_NUMBER)


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "windows-1252"])
def test_the_charset_that_the_server_states_is_used(charset: str) -> None:
    from monitor.model.reading import Body
    from monitor.sources.ctv import normalise

    page = headings(content_of(WITH_NUMBER)).replace('<meta charset="utf-8">', "").replace("≥", "&ge;")
    body = Body(content=page.encode(charset), media_type=f"text/html; charset={charset}")
    assert normalise(body) == plain_record(WITH_NUMBER)


@pytest.mark.parametrize("holder", ["<footer>", '<div role="contentinfo">'])
def test_the_foot_of_a_page_is_no_fact_of_the_trial_even_if_it_names_the_source(holder: str) -> None:
    source = "<p>Data sourced from clinicaltrials.gov</p>"
    closing = "</footer>" if holder == "<footer>" else "</div>"
    page = _strong_and_br(content_of(WITH_NUMBER))
    assert source in page
    foot = f"{holder}<p>Datenschutz · Impressum</p>{source}{closing}"
    assert record_of(page.replace(source, foot)) == plain_record(WITH_NUMBER)


def test_the_source_may_be_named_after_other_words_of_the_same_line() -> None:
    page = _strong_and_br(content_of(WITH_NUMBER))
    assert record_of(page.replace("<p>Data sourced", "<p>© 2026 Veeva · Data sourced")) == plain_record(WITH_NUMBER)


def test_words_of_the_prose_that_look_like_labels_stay_prose() -> None:
    page = content_of(WITH_NUMBER)
    prose = ["The study has two parts.", "Inclusion criteria:", "Everyone.", "Masking", "Nobody is masked."]
    page.facts["Full description"][:] = prose
    record = record_of(headings(page))
    assert record.description.detailed == "\n\n".join(prose)
    assert record.eligibility == plain_record(WITH_NUMBER).eligibility
    assert record.design == plain_record(WITH_NUMBER).design
