"""Study pages of the recorded mirror: the text of a page in a plain HTML skin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby

TITLE_STANDS_AFTER = "Menu"
PAGE_ENDS_AT = "Data sourced from clinicaltrials.gov"
_CHAPTERS = ("Details and patient eligibility", "Trial design", "Trial contacts and locations")
_LABELS = (
    *_CHAPTERS,
    *("Status and phase", "Conditions", "Treatments", "Study type", "Funder types", "Identifiers", "About"),
    *("Full description", "Enrollment", "Sex", "Ages", "Volunteers", "Inclusion criteria", "Exclusion criteria"),
    *("Primary purpose", "Allocation", "Interventional model", "Masking", "Central trial contact"),
)
_ITEM = re.compile(r"\s+(?:\d+\.|\*)\s+(?P<text>.+)")
_ITEM_TEXT = r"\g<text>"
_STYLE = "body{font-family:sans-serif;max-width:48rem;margin:auto}h3{margin-bottom:.2rem}p,li{margin:.2rem 0}"


def page_of_text(text: str) -> str:
    """The HTML of a page whose visible text is `text`: one heading a label, one list item a criterion."""
    lines = [line for line in text.splitlines() if line.strip()]
    title_at = lines.index(TITLE_STANDS_AFTER) + 1
    ends_at = lines.index(PAGE_ENDS_AT)
    title = escape(lines[title_at])
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">',
            f"<title>{title} | ClinicalTrials.Veeva</title><style>{_STYLE}</style></head>\n<body>",
            f"<header>{_paragraphs(lines[:title_at])}</header>",
            f"<main>\n<h1>{title}</h1>",
            *_content(lines[title_at + 1 : ends_at]),
            "</main>",
            f"<footer>{_paragraphs(lines[ends_at:])}</footer>\n</body>\n</html>\n",
        )
    )


def _paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{escape(line.strip())}</p>" for line in lines)


def _content(lines: list[str]) -> Iterator[str]:
    for is_list, group in groupby(lines, key=lambda line: _ITEM.fullmatch(line) is not None):
        if is_list:
            yield "<ol>" + "".join(f"<li>{escape(_ITEM.sub(_ITEM_TEXT, line))}</li>" for line in group) + "</ol>"
        else:
            yield from (_block(line.strip()) for line in group)


def _block(line: str) -> str:
    if line in _LABELS:
        level = 2 if line in _CHAPTERS else 3
        return f"<h{level}>{escape(line)}</h{level}>"
    return f"<p>{escape(line)}</p>"


def broken_page(page: str) -> str:
    """The same page as a server in trouble gives it: the frame and the start of the record, and then nothing."""
    return page[: page.index("<h3>About</h3>")] + "<p>Loading...</p></main></body></html>\n"
