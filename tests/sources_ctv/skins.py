"""One page, many looks: renders the content of a study page in markups that share nothing but their words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

PAGES = Path(__file__).parents[1] / "payloads" / "ctv"
WITHOUT_NUMBER = "cd5-car-t-therapy"
WITH_NUMBER = "humanized-cd7-car-t-cell-therapy"
LABELS = (
    "Status and phase",
    "Conditions",
    "Treatments",
    "Study type",
    "Funder types",
    "Identifiers",
    "About",
    "Full description",
    "Enrollment",
    "Sex",
    "Ages",
    "Volunteers",
    "Inclusion criteria",
    "Exclusion criteria",
    "Primary purpose",
    "Allocation",
    "Interventional model",
    "Masking",
    "20 participants in 1 patient group",
    "Trial contacts and locations",
    "Central trial contact",
)
CRITERIA = ("Inclusion criteria", "Exclusion criteria")
CHAPTERS = ("Details and patient eligibility", "Trial design")


@dataclass(frozen=True)
class Content:
    """What a page says: `facts` maps labels to lines; lists of criteria are without their numbers."""

    title: str
    logo: str
    sponsor: str
    facts: dict[str, list[str]]


def text_of(slug: str) -> str:
    return (PAGES / f"{slug}.txt").read_text(encoding="utf-8")


def content_of(slug: str) -> Content:
    """The content of a recorded page, read by the fixed order of its lines."""
    lines = [line.strip() for line in text_of(slug).splitlines() if line.strip()]
    lines = [line for line in lines if line not in CHAPTERS]
    places = [lines.index(label) for label in LABELS]
    ends = [*places[1:], lines.index("Data sourced from clinicaltrials.gov")]
    facts = {label: lines[place + 1 : end] for label, place, end in zip(LABELS, places, ends, strict=True)}
    for label in CRITERIA:
        facts[label] = [line.split(". ", 1)[1] for line in facts[label]]
    title, logo, sponsor = lines[2:5]
    return Content(title, logo, sponsor, facts)


Skin = Callable[[Content], str]


def headings(page: Content) -> str:
    """h1, h2 and h3, paragraphs, ordered lists; pretty printed."""

    def section(label: str) -> str:
        values = page.facts[label]
        if label in CRITERIA:
            items = "\n".join(f"        <li>\n          {escape(each)}\n        </li>" for each in values)
            body = f"      <ol>\n{items}\n      </ol>"
        else:
            body = "\n".join(f"      <p>\n        {escape(each)}\n      </p>" for each in values)
        return f"    <section>\n      <h3>{escape(label)}</h3>\n{body}\n    </section>"

    first, second, third = LABELS[:6], LABELS[6:14], LABELS[14:]
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{escape(page.title)} | ClinicalTrials.Veeva</title>
<style>h3 {{ color: red }}</style></head>
<body>
  <header><a href="/">ClinicalTrials.Veeva</a> <button>Menu</button></header>
  <main>
    <h1>{escape(page.title)}</h1>
    <img src="logo.png" alt="{escape(page.logo)}">
    <p>{escape(page.sponsor)}</p>
{chr(10).join(map(section, first))}
    <h2>Details and patient eligibility</h2>
{chr(10).join(map(section, second))}
    <h2>Trial design</h2>
{chr(10).join(map(section, third))}
    <p>Data sourced from <a href="https://clinicaltrials.gov">clinicaltrials.gov</a></p>
  </main>
  <footer><h4>Clinical trials</h4><a href="/a">Find clinical trials</a><a href="/b">Trials by location</a>
  <p>&copy; Copyright 2026 Veeva Systems</p></footer>
</body>
</html>
"""


def definitions(page: Content) -> str:
    """A definition list with colons and unordered lists, attributes everywhere."""

    def entry(n: int, label: str) -> str:
        values = page.facts[label]
        if label in CRITERIA:
            inner = "<ul>" + "".join(f'<li class="x{i}">{escape(v)}</li>' for i, v in enumerate(values)) + "</ul>"
            return f'<dt id="t{n}" class="a b">{escape(label)}:</dt><dd data-n="{n}">{inner}</dd>'
        cells = "".join(f'<dd class="v" data-i="{i}">{escape(v)}</dd>' for i, v in enumerate(values)) or "<dd></dd>"
        return f'<dt class="a b" id="t{n}">{escape(label)}:</dt>{cells}'

    body = "".join(entry(n, label) for n, label in enumerate(LABELS))
    return (
        f"<html><head><title>x</title></head><body><script>var Sex='Female';</script>"
        f'<div role="banner"><div>ClinicalTrials.Veeva</div><div>Menu</div></div>'
        f'<h1 class="t">{escape(page.title)}</h1><div>{escape(page.logo)}</div><div>{escape(page.sponsor)}</div>'
        f"<dl>{body}</dl><small>Data sourced from clinicaltrials.gov</small>"
        f"<template><dl><dt>Sex</dt><dd>Female</dd></dl></template></body></html>"
    )


def table(page: Content) -> str:
    """One table; labels in capitals; criteria numbered by hand, a paragraph each; no-break spaces."""

    def row(label: str) -> str:
        values = page.facts[label]
        if label in CRITERIA:
            values = [f"{n}. {value}" for n, value in enumerate(values, 1)]
        cells = "".join(f"<p>{escape(value).replace(' ', '&nbsp;', 1)}</p>" for value in values)
        return f"<tr><th scope=row>{escape(label.upper())}&nbsp;</th><td>{cells}</td></tr>"

    return (
        f"<!doctype html><title>{escape(page.title)}</title><body><p>ClinicalTrials.Veeva</p>"
        f"<h2>{escape(page.title)}</h2>"
        f"<p>{escape(page.sponsor)}</p><table><tbody>{''.join(map(row, LABELS))}</tbody></table>"
        "<p>Data sourced from clinicaltrials.gov</p></body>"
    )


def soup(page: Content) -> str:
    """Minified nested div and span, label and values side by side, criteria parted by br."""

    def block(label: str) -> str:
        values = page.facts[label]
        if label in CRITERIA:
            text = "<br/>".join(f"{n}. {escape(value)}" for n, value in enumerate(values, 1))
            return f"<div><div><div><span>{label}</span></div></div><div><div>{text}</div></div></div>"
        if label in ("Enrollment", "Sex", "Ages", "Volunteers", "Study type", "Masking", "Allocation"):
            return f"<div><span>{label}</span><span>{escape(values[0])}</span></div>"
        cells = "".join(f"<div><span>{escape(value)}</span></div>" for value in values)
        return f"<div><div><span>{escape(label)}</span></div><div>{cells}</div></div>"

    return (
        f"<!doctype html><html><body><div id=root><div><div><a href=/>ClinicalTrials.Veeva</a><span>Menu</span></div>"
        f"<div><div><div><span>{escape(page.title)}</span></div><div><span>{page.sponsor[0]}</span></div>"
        f"<div><span>{escape(page.sponsor)}</span></div></div>{''.join(map(block, LABELS))}"
        "<div><span>Data sourced from</span> <a>clinicaltrials.gov</a></div></div></div></div></body></html>"
    )


def inline(page: Content) -> str:
    """Other order, "Label: value" in one paragraph where there is one value, and noise on all sides."""

    def block(label: str) -> str:
        values = page.facts[label]
        if label in CRITERIA:
            items = "".join(f"<li><div><p>{escape(v)}</p></div></li>" for v in values)
            return f"<h4>{label}</h4><ol>{items}</ol>"
        if len(values) == 1 and label not in ("Full description", "About"):
            return f"<p><b>{escape(label)}:</b> {escape(values[0])}</p>"
        return f"<h4>{escape(label)}</h4>" + "".join(f"<div>{escape(v)}</div>" for v in values)

    order = [*LABELS[12:14], *LABELS[6:12], *LABELS[:6], *LABELS[14:]]
    links = "".join(f'<li><a href="#{n}">{label}</a></li>' for n, label in enumerate(LABELS))
    card = (
        "<div><h5>Another trial of something else</h5><p>Some Other Sponsor</p><p>Status and phase</p><p>Completed</p>"
        "<p>Conditions</p><p>Asthma</p><p>Sex: Female</p></div>"
    )
    return (
        "<!doctype html><html><head><meta charset=utf-8><meta property='og:title' content='"
        f"{escape(page.title, quote=True)}'></head><body><nav><a>About</a><a>Conditions</a></nav>"
        "<div class=cookie>We use cookies to improve our site. <button>Accept all</button></div>"
        f"<div style='display: none'><h4>Sex</h4><p>Female</p></div><ul>{links}</ul>"
        f"<article><h2>{escape(page.title)}</h2><figure><img alt='{escape(page.logo)}'></figure>"
        f"<p>{escape(page.sponsor)}</p>"
        f"{''.join(map(block, order))}</article><section><h3>Related trials</h3>{card}{card}</section>"
        "<p>Data sourced from clinicaltrials.gov</p><div aria-hidden=true>Enrollment<p>7 actual patients</p></div>"
        "<footer><h3>About us</h3><p>Subscribe to our newsletter</p></footer></body></html>"
    )


def roles(page: Content) -> str:
    """No element with a meaning: roles, custom elements, criteria as nested divs with their numbers in cells."""

    def block(label: str) -> str:
        values = page.facts[label]
        if label in CRITERIA:
            rows = "".join(f"<x-row><div>{n}.</div><div>{escape(v)}</div></x-row>" for n, v in enumerate(values, 1))
            return f"<x-card><div role='heading' aria-level='3'>{label.title()}</div>{rows}</x-card>"
        rows = "".join(f"<x-row><span>{escape(v)}</span></x-row>" for v in values)
        return f"<x-card><div aria-level='3' role='heading'>{escape(label)}</div><x-rows>{rows}</x-rows></x-card>"

    return (
        "<html><body><x-app><x-bar>ClinicalTrials.Veeva</x-bar>"
        f"<x-head><div role='heading' aria-level='1'>{escape(page.title)}</div><em>{escape(page.logo)}</em>"
        f"<x-sponsor>{escape(page.sponsor)}</x-sponsor></x-head>{''.join(map(block, LABELS))}"
        "<x-foot>Data sourced from clinicaltrials.gov</x-foot></x-app></body></html>"
    )


SKINS: tuple[Skin, ...] = (headings, definitions, table, soup, inline, roles)
