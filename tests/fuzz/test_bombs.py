"""Bodies made to exhaust a reader: each is a record or none, within the time and memory that one body may take."""

from __future__ import annotations

import resource
from collections.abc import Callable

import orjson
import pytest

from monitor.model.reading import Body
from tests.fuzz.case import Asked
from tests.fuzz.desk import Baseline, first_seen, judged
from tests.fuzz.of_page import HTML
from tests.fuzz.of_registry import JSON
from tests.fuzz.pages import GROWTH, SECONDS, at_most
from tests.planted.studies import repository_studies
from tests.sources_ctv.skins import WITH_NUMBER, content_of, headings

NUMBER = "NCT04762485"
PAGE = headings(content_of(WITH_NUMBER))
TRIAL, STUDY = next(iter(repository_studies().items()))
MILLION = 1_000_000
LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9)) + "]>"


def within(text: str) -> str:
    return PAGE.replace("<main>", f"<main>{text}")


PAGES: dict[str, Callable[[], str]] = {
    "entities of entities": lambda: within("").replace("<!DOCTYPE html>", LAUGHS) + "&a9;",
    "a million nested elements": lambda: within("<div>" * MILLION),
    "a million nested elements that end": lambda: within("<b>" * MILLION + "</b>" * MILLION),
    "tables in tables": lambda: within("<table><tr><td>" * 20_000),
    "a comment without an end": lambda: within("<!--" + "-" * MILLION),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_is_a_bomb_is_judged_in_time(name: str) -> None:
    asked = Asked(source="ctv", source_id="a-trial", number=NUMBER)
    base = first_seen(asked, Body(content=PAGE.encode(), media_type=HTML))
    content = PAGES[name]().encode()
    assert bounded(asked, base, content, HTML) == []


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "nested lists": lambda: with_more(b"[" * 100_000 + b"]" * 100_000),
    "nested objects": lambda: with_more(b'{"a":' * 1_000 + b"1" + b"}" * 1_000),
    "a number of a million digits": lambda: with_more(b"1" * MILLION),
}


def with_more(value: bytes) -> bytes:
    return orjson.dumps(STUDY)[:-1] + b',"more":' + value + b"}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_that_is_a_bomb_is_judged_in_time(name: str) -> None:
    asked = Asked(source="ctgov", source_id=TRIAL, number=TRIAL)
    base = first_seen(asked, Body(content=orjson.dumps(STUDY), media_type=JSON))
    assert bounded(asked, base, DOCUMENTS[name](), JSON) == []


def bounded(asked: Asked, base: Baseline, content: bytes, media_type: str) -> list[str]:
    """What of the field that was blown up is told as lost; raises Hung if it takes too long."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with at_most(SECONDS):
        done = judged(asked, base, content, media_type)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < GROWTH
    return [change.path for change in done.verdict.changes if change.kind == "removed"]
