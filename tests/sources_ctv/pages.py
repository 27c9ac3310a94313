"""Short ways to a record from a page's words."""

from __future__ import annotations

from monitor.model.reading import Body
from monitor.model.record import TrialRecord
from monitor.model.sections import Criterion
from monitor.sources.ctv import normalise
from tests.sources_ctv.skins import WITH_NUMBER, Content, content_of, headings, text_of


def record_of(page: str, media_type: str = "text/html; charset=utf-8", *, url: str | None = None) -> TrialRecord:
    return normalise(Body(content=page.encode(), media_type=media_type), url=url)


def plain_record(slug: str) -> TrialRecord:
    return record_of(text_of(slug), "text/plain")


def with_facts(**facts: list[str]) -> Content:
    """The page with a number, with other values under some labels ("Study_type" for "Study type")."""
    page = content_of(WITH_NUMBER)
    changed = {**page.facts, **{label.replace("_", " "): values for label, values in facts.items()}}
    return Content(page.title, page.logo, page.sponsor, changed)


def record_with(**facts: list[str]) -> TrialRecord:
    return record_of(headings(with_facts(**facts)))


def texts(nodes: tuple[Criterion, ...]) -> list[str]:
    return [node.text for node in nodes]
