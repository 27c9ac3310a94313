"""Damage, edits and noise for study pages: done to what a page says, then to its markup."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from tests.fuzz.case import Case, Due
from tests.fuzz.of_registry import SHELLS
from tests.sources_ctv.random_skin import RandomSkin
from tests.sources_ctv.skins import CRITERIA, LABELS, SKINS, Content, Skin

HTML: Final = "text/html; charset=utf-8"
MANDATORY: Final = ("Status and phase", "Conditions", "Study type", "Enrollment", "Sex", "Ages")
OPTIONAL: Final = tuple(label for label in LABELS if label not in (*MANDATORY, *CRITERIA))
LOOKS: Final[tuple[Skin, ...]] = (
    *SKINS,
    *(skin.render for skin in map(RandomSkin, range(40)) if not skin.runs_on),
)
_LOADING: Final = ("Loading...", "Loading…", "loading", "Please wait...")
_TAG: Final = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)
_STRANGE: Final = ("\x00", "\u202e", "\u200b", "\ufeff", "\u2028", "e\u0301", "<", ">", "&", "\x1b[31m", "𝔘", "']\"")
_INTRUDERS: Final = (
    "<div>" * 300,
    "<table><tr><td>" * 60,
    "<!-- ",
    "<script>document.write('x')</script>",
    "<script>",
    "<style>",
    "<textarea>",
    "<template>",
    "<noscript>",
    "<svg><title>",
    "<select><option>",
    "</main></body>",
    "<plaintext>",
    f"<p title='{'A' * 50_000}'>",
    "<b " + "x " * 2_000 + ">",
    "<p>Loading...</p>",
    "<div style='display:none'>",
    "<div hidden>",
    "<h3>Sex</h3><p>Male</p>",
    "<h3>Enrollment</h3><p>7 actual patients</p>",
    "<h3>Identifiers</h3><p>NCT00000001</p>",
    "<aside><h3>Similar trials</h3><p>Status and phase</p><p>Completed</p></aside>",
    "\x00" * 40,
    "&#x202e;&#0;&#xd800;&#1114112;",
    "]]><![CDATA[",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>&b;",
)


@dataclass(frozen=True, slots=True)
class Press:
    """What a page says, another trial's page, and the look that the baseline had."""

    page: Content
    other: Content
    look: Skin
    chance: random.Random

    def copy(self) -> Content:
        facts = {label: list(values) for label, values in self.page.facts.items()}
        return Content(self.page.title, self.page.logo, self.page.sponsor, facts)


Work: TypeAlias = Callable[[Press], Case]


def case(kind: str, due: Due, html: str, spot: str = "", told: tuple[str, str] | None = None) -> Case:
    content = html.encode("utf-8", "surrogatepass")
    return Case(kind=kind, due=due, content=content, media_type=HTML, spot=spot, told=told)


def drift(press: Press) -> Case:
    """The same words in a layout that shares nothing with the one before."""
    return case("layout drift", Due.QUIET, press.chance.choice(LOOKS)(press.copy()))


def stirred(press: Press) -> Case:
    """White space, comments and attributes that move from build to build."""

    def stir(found: re.Match[str]) -> str:
        tag = found[0]
        if tag.startswith("</") or press.chance.random() < 0.7:
            return tag
        return f"{tag[:-1]} data-build='{press.chance.randrange(10**9)}'>" if tag[-2] != "/" else tag

    html = _TAG.sub(stir, press.look(press.copy()))
    return case("build stamps", Due.QUIET, html.replace("</body>", f"<!-- {press.chance.random()} --></body>"))


def edit(press: Press) -> Case:
    """One real edit: it must be told, and nothing of another section."""
    page, (section, label, words) = press.copy(), press.chance.choice(_EDITS)
    value = words(press.chance)
    if label in ("Enrollment", "About"):
        page.facts[label] = [value]
    elif label == "Central trial contact":
        page.facts[label][-1] += f"; {value}"
    else:
        page.facts[label].insert(press.chance.randrange(len(page.facts[label]) + 1), value)
    shown = value.partition(" ")[0] if label == "Enrollment" else value.partition(": ")[2] or value
    look = press.look if press.chance.random() < 0.5 else press.chance.choice(LOOKS)
    return case("edit", Due.EDITS, look(page), label, (section, shown))


def _count(chance: random.Random) -> str:
    return f"{chance.randrange(10_000, 99_999)} estimated patients"


def _invented(start: str) -> Callable[[random.Random], str]:
    return lambda chance: f"{start} number {chance.randrange(10**6)}"


_EDITS: Final[Sequence[tuple[str, str, Callable[[random.Random], str]]]] = (
    ("enrollment", "Enrollment", _count),
    ("conditions", "Conditions", _invented("Rare disease")),
    ("arms", "Treatments", _invented("Drug: Invented substance")),
    ("eligibility", "Inclusion criteria", _invented("Willing to take part in substudy")),
    ("eligibility", "Exclusion criteria", _invented("Known allergy against compound")),
    ("contacts", "Central trial contact", _invented("Professor Someone")),
    ("description", "About", _invented("An altogether different aim, with aim")),
)


def of_another(press: Press) -> Case:
    """Another trial's page; with this one's title or sponsor on it, or without any number."""
    page = Content(press.other.title, press.other.logo, press.other.sponsor, dict(press.other.facts))
    how = press.chance.choice(("whole", "our title", "our sponsor", "no number"))
    if how == "our title":
        page = Content(press.page.title, page.logo, page.sponsor, page.facts)
    elif how == "our sponsor":
        page = Content(page.title, page.logo, press.page.sponsor, page.facts)
    elif how == "no number":
        page.facts["Identifiers"] = ["None"]
    return case("another trial", Due.AWAY, press.look(page), how)


def other_number(press: Press) -> Case:
    page = press.copy()
    page.facts["Identifiers"] = [f"NCT{press.chance.randrange(10**8):08}"]
    return case("another number", Due.AWAY, press.look(page))


def without_mandatory(press: Press) -> Case:
    """A mandatory label that is gone, is called otherwise, or has nothing under it."""
    page, label = press.copy(), press.chance.choice(MANDATORY)
    how = press.chance.choice(("gone", "renamed", "emptied"))
    if how == "emptied":
        page.facts[label] = []
        return case("mandatory", Due.AWAY, press.look(page) if _has_room(press) else "", f"{label} {how}")
    html = SKINS[0](page)
    heading = f"<h3>{label}</h3>"
    html = html.replace(heading, "" if how == "gone" else "<h3>Blorp</h3>")
    return case("mandatory", Due.AWAY, html, f"{label} {how}")


def _has_room(press: Press) -> bool:
    """Some looks put the first value beside its label, and cannot show none."""
    return press.look in (SKINS[0], SKINS[1], SKINS[2])


def without_criteria(press: Press) -> Case:
    page = press.copy()
    for label in CRITERIA:
        page.facts[label] = []
    return case("mandatory", Due.AWAY, SKINS[0](page), "criteria")


def mostly_loading(press: Press) -> Case:
    page = press.copy()
    for label in press.chance.sample(MANDATORY, 4):
        page.facts[label] = [press.chance.choice(_LOADING)]
    return case("mostly loading", Due.AWAY, press.look(page))


def section_loading(press: Press) -> Case:
    page = press.copy()
    for label in press.chance.sample(OPTIONAL, press.chance.randrange(1, 6)):
        page.facts[label] = [press.chance.choice(_LOADING)]
    return case("loading", Due.QUIET, SKINS[0](page))


def section_lost(press: Press) -> Case:
    """Labels that are gone, renamed or doubled, and values that are."""
    html, label = SKINS[0](press.copy()), press.chance.choice((*OPTIONAL, *CRITERIA))
    start = html.index(f"<h3>{label}</h3>")
    end = html.index("</section>", start)
    body, how = html[start:end], press.chance.choice(("gone", "label gone", "renamed", "values gone", "doubled"))
    made = {
        "gone": "",
        "label gone": body.replace(f"<h3>{label}</h3>", ""),
        "renamed": body.replace(f"<h3>{label}</h3>", "<h3>Blorp and more</h3>"),
        "values gone": f"<h3>{label}</h3>",
        "doubled": f"{body}</section><section>{body}",
    }[how]
    due = Due.QUIET if how in ("doubled", "gone") and label not in CRITERIA else Due.NO_LOSS
    return case("section", due, html[:start] + made + html[end:], f"{label} {how}")


def values_lost(press: Press) -> Case:
    """Lines of a section that did not come."""
    page, label = press.copy(), press.chance.choice(LABELS)
    values = page.facts[label]
    for _ in range(press.chance.randrange(1, 4)):
        if len(values) > 1:
            values.pop(press.chance.randrange(len(values)))
    return case("values lost", Due.NO_LOSS, press.look(page), label)


def strange_words(press: Press) -> Case:
    page, label = press.copy(), press.chance.choice(LABELS)
    values = page.facts[label]
    spot, place = press.chance.randrange(len(values)), press.chance.randrange(12)
    values[spot] = values[spot][:place] + press.chance.choice(_STRANGE) + values[spot][place:]
    return case("strange text", Due.NO_LOSS, press.look(page), label)


def broken_markup(press: Press) -> Case:
    """Tags that are gone, doubled or turned round, and things between them that belong on no page."""
    html = press.look(press.copy())
    for _ in range(press.chance.randrange(1, 4)):
        tags = list(_TAG.finditer(html))
        tag = press.chance.choice(tags)
        torn = ("", tag[0] * 2, tag[0].replace("<", "</", 1), tag[0][:-1])
        made = press.chance.choice((*torn, press.chance.choice(_INTRUDERS)))
        html = html[: tag.start()] + made + html[tag.end() :]
    return case("markup", Due.NO_LOSS, html)


def intruder(press: Press) -> Case:
    html, what = press.look(press.copy()), press.chance.choice(_INTRUDERS)
    spot = press.chance.choice([found.start() for found in _TAG.finditer(html)])
    return case("intruder", Due.NO_LOSS, html[:spot] + what + html[spot:], what[:30])


def shell(press: Press) -> Case:
    body = press.chance.choice((*SHELLS, *_NOTICES))
    return Case(kind="shell", due=Due.AWAY, content=body, media_type=HTML)


_NOTICES: Final = (
    b"<html><body><h1>Access denied</h1></body></html>",
    b"<html><body><h1>Trial not found</h1><p>404</p></body></html>",
    b"<html><body><form><p>Sign in to continue</p></form></body></html>",
    b"<html><body><h1>Search results</h1><p>12 results</p><p>Conditions: Asthma</p></body></html>",
    b"<html><body><h1>Cookies</h1><p>We use cookies. Please accept to go on.</p></body></html>",
    b"<html><body>" + b"<p>Loading...</p>" * 20 + b"</body></html>",
)
WORKS: Final[Sequence[tuple[int, Work]]] = (
    (12, drift),
    (5, stirred),
    (12, edit),
    (5, of_another),
    (3, other_number),
    (5, without_mandatory),
    (1, without_criteria),
    (2, mostly_loading),
    (7, section_loading),
    (10, section_lost),
    (8, values_lost),
    (5, strange_words),
    (10, broken_markup),
    (6, intruder),
    (2, shell),
)
