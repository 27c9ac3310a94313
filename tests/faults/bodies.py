"""Answers that are not what was asked for: by name, made from the true answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from monitor.demo.mirror import text_of_study
from monitor.demo.pages import broken_page, page_of_text

_FRAME = "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1><p>{1}</p></body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a fault may draw on: the true answer, and as documents the record, another trial's and an older version.

    The documents are None in an answer that is about no single trial.
    """

    true: bytes
    page: bool
    number: str = ""
    record: Any = None
    other: Any = None
    older: Any = None

    def show(self, document: Any) -> bytes:
        """A record as its source shows it."""
        return page_of_text(text_of_study(document)).encode() if self.page else orjson.dumps(document)


Body = Callable[[Sight], bytes]


def _said(title: str, text: str) -> Body:
    return lambda _: _FRAME.format(title, text).encode()


def _half(sight: Sight) -> bytes:
    return sight.true[: len(sight.true) // 2]


def _loading(sight: Sight) -> bytes:
    """The frame of a page with nothing in it yet."""
    if sight.page and sight.record:
        return broken_page(sight.true.decode()).encode()
    return b'<html><head><title>App</title></head><body><div id="root">Loading...</div></body></html>'


_LABELS = {
    "Enrollment": "People wanted",
    "Conditions": "What is treated",
    "Study type": "Kind",
    "Sex": "Gender",
    "Inclusion criteria": "You can join if",
    "Exclusion criteria": "You cannot join if",
}
_KEYS = {"statusModule": "stateModule", "eligibilityModule": "criteriaModule", "overallStatus": "currentStatus"}


def _renamed(sight: Sight) -> bytes:
    """The same record in a new layout: headings of the page, or keys of the document, have other names."""
    text = sight.true.decode()
    for old, new in _LABELS.items() if sight.page else ():
        text = text.replace(f"<h3>{old}</h3>", f"<h3>{new}</h3>")
    for old, new in () if sight.page else _KEYS.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    return text.encode()


def _without_enrollment(sight: Sight) -> bytes:
    """One optional field is gone from its place: shown under another name."""
    text = sight.true.decode()
    if sight.page:
        return text.replace("<h3>Enrollment</h3>", "<h3>Participants</h3>").encode()
    return text.replace('"enrollmentInfo"', '"enrolment"').encode()


def _stripped(sight: Sight) -> bytes:
    """Little more than the name of the trial."""
    if sight.page:
        return re.sub(rb"<h3>Conditions</h3>.*<h3>Sex</h3>", b"<h3>Sex</h3>", sight.true, flags=re.DOTALL)
    identification = {"nctId": sight.number, "briefTitle": "A study"}
    return orjson.dumps({"protocolSection": {"identificationModule": identification}})


BODIES: Mapping[str, Body] = {
    "empty": lambda _: b"",
    "blank": lambda _: b" \r\n\t\n",
    "captcha": _said("One moment", "Please verify that you are human (captcha)."),
    "maintenance": _said("Scheduled maintenance", "The site is temporarily unavailable. Please try again later."),
    "login": _said("Sign in", "Log in to your account. Forgot your password?"),
    "cookie wall": _said("Cookies", "Please accept cookies to go on. <button>Accept all</button>"),
    "search results": _said("3 trials found", "Refine your search."),
    "not found page": _said("Page not found", "The study could not be found."),
    "not found": lambda sight: f"NCT number {sight.number} not found".encode(),
    "loading": _loading,
    "half": _half,
    "garbage": lambda sight: bytes((byte * 73 + 41) % 256 for byte in sight.true[:4096]),
    "null": lambda _: b"null",
    "list": lambda _: b"[]",
    "text": lambda _: b'"nothing"',
    "no list": lambda _: b'{"studies": null}',
    "deep": lambda _: b"[" * 100_000 + b"]" * 100_000,
    "utf-16": lambda sight: sight.true.decode().encode("utf-16"),
    "latin-1": lambda sight: sight.true.decode().encode("latin-1", "replace") + b"<!-- \xe9\xff -->",
    "nul": lambda sight: sight.true.replace(b"a", b"\0"),
    "other trial": lambda sight: sight.show(sight.other),
    "older": lambda sight: sight.show(sight.older),
    "renamed": _renamed,
    "field renamed": _without_enrollment,
    "stripped": _stripped,
}
OF_ONE_RECORD = frozenset({"other trial", "older", "renamed", "field renamed", "stripped"})
"""Bodies that are made from one record: in a list they change its members, not the list as a whole."""

MISSING = "missing"
"""Not a body: the trial is left out of a list."""


def member(name: str, sight: Sight) -> Any:
    """What stands in a list in place of the record of `sight`: JSON if the body is, else its text."""
    content = BODIES[name](sight)
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return content.decode("latin-1")
