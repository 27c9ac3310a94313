"""Skins by chance: each seed makes a page of its own make from the same words."""

from __future__ import annotations

import random
from collections.abc import Callable
from html import escape

from tests.sources_ctv.skins import CRITERIA, LABELS, Content

_SHORT = ("Study type", "Enrollment", "Sex", "Ages", "Volunteers", "Primary purpose", "Allocation", "Masking")
_NOISE = (
    "<aside><h3>Similar trials</h3><p>Status and phase</p><p>Completed</p><p>Sex</p><p>Male</p></aside>",
    "<script>document.write('<p>Sex</p><p>Female</p>')</script>",
    "<div hidden><p>Enrollment</p><p>9 actual patients</p></div>",
    "<nav><ul><li>About</li><li>Conditions</li><li>Sex</li></ul></nav>",
    "<style>p::before{content:'Sex'}</style><template><p>Ages</p><p>1 to 2 years old</p></template>",
    "<!-- <p>Sex</p><p>Female</p> --><noscript>Please enable JavaScript</noscript>",
    "<form><label>E-mail</label><input value='Sex'><button>Subscribe</button></form>",
    "<div role=dialog><p>We use cookies.</p><button>Accept all</button></div>",
)


class RandomSkin:
    """Chooses the make of a page: what holds a label, what holds values, how criteria are listed, what is around."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self._chance = chance
        self._label_tag = chance.choice(
            ("h2", "h3", "h4", "dt", "div", "p", "strong-p", "span-div", "button", "summary")
        )
        self._value_tag = chance.choice(("p", "div", "dd", "li", "span-div", "div-div", "article"))
        self._letters: Callable[[str], str] = chance.choice((str, str.upper, str.lower, str.title))
        self._colon = chance.choice(("", "", ":", " :", "&nbsp;"))
        self._wrap = chance.choice((0, 1, 1, 2, 3))
        self._space = chance.choice(("", "\n", "\n    "))
        self._list = chance.choice(("ol", "ul", "p", "br", "cells", "li-p", "running", "pre"))
        self._beside = chance.random() < 0.3
        self._noisy = chance.random() < 0.6
        self._shuffled = chance.random() < 0.5

    @property
    def runs_on(self) -> bool:
        """True if criteria stand in one paragraph, so that only their numbers say where one ends."""
        return self._list == "running"

    def render(self, page: Content) -> str:
        order = list(LABELS)
        if self._shuffled:
            self._chance.shuffle(order)
        sections = [self._section(label, page.facts[label]) for label in order]
        title, sponsor = self._element("h1", escape(page.title)), self._element(self._value_tag, escape(page.sponsor))
        head = f"<div>{title}{self._space}<img alt='{escape(page.logo)}'>{sponsor}</div>"
        pieces = [head, *sections, "<p>Data sourced from clinicaltrials.gov</p>"]
        if self._noisy:
            for noise in self._chance.sample(_NOISE, 4):
                pieces.insert(self._chance.randrange(len(pieces)), noise)
        body = self._space.join(pieces)
        return f"<!doctype html><html><head><meta charset='utf-8'></head><body><main>{body}</main></body></html>"

    def _section(self, label: str, values: list[str]) -> str:
        if label in CRITERIA:
            body = self._criteria(values)
        elif self._beside and label in _SHORT:
            return self._wrapped(f"<p><b>{escape(self._letters(label))}:</b> {escape(values[0])}</p>")
        else:
            body = self._space.join(self._element(self._value_tag, escape(value)) for value in values)
        return self._wrapped(self._label(label) + self._space + body)

    def _label(self, label: str) -> str:
        text = escape(self._letters(label)) + self._colon
        return self._element(self._label_tag, text)

    def _wrapped(self, html: str) -> str:
        tags = [self._chance.choice(("div", "section", "article")) for _ in range(self._wrap)]
        return (
            "".join(f"<{tag} class=c{n}>" for n, tag in enumerate(tags))
            + html
            + "".join(f"</{tag}>" for tag in reversed(tags))
        )

    def _element(self, tag: str, text: str) -> str:
        outer, _, inner = tag.partition("-")
        if inner:
            tags = (inner, outer) if outer in ("strong", "span") else (outer, inner)
            return f"<{tags[0]}><{tags[1]} data-x='1'>{text}</{tags[1]}></{tags[0]}>"
        return f"<{tag}>{self._space}{text}{self._space}</{tag}>"

    def _criteria(self, values: list[str]) -> str:
        numbered = [f"{n}. {escape(value)}" for n, value in enumerate(values, 1)]
        if self._list in ("ol", "ul"):
            return (
                f"<{self._list}>" + "".join(f"<li>{escape(v)}{self._space}</li>" for v in values) + f"</{self._list}>"
            )
        forms = {
            "p": "".join(f"<p>{each}</p>" for each in numbered),
            "br": "<div>" + "<br>".join(numbered) + "</div>",
            "cells": "<table>"
            + "".join(f"<tr><td>{n}.</td><td>{escape(v)}</td></tr>" for n, v in enumerate(values, 1))
            + "</table>",
            "li-p": "<ul>"
            + "".join(f"<li><span>{n}.</span> <p>{escape(v)}</p></li>" for n, v in enumerate(values, 1))
            + "</ul>",
            "running": f"<div>{' '.join(numbered)}</div>",
            "pre": "<pre>\n  " + "\n  ".join(numbered) + "\n</pre>",
        }
        return forms[self._list]
