"""From the bytes of a page to its lines, and to what its head says of it."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from monitor.errors import NotARecord
from monitor.model.reading import Body
from monitor.sources.ctv.lines import Line, lines_of_html, lines_of_text
from monitor.text.clean import clean

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|div|main|section|article|table|h[1-6]|p|ul|span|dl)\b[^<>]*>", re.IGNORECASE
)
_OPENED = re.compile(r"<(html|body)\b", re.IGNORECASE)
_CLOSED = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_SITE = re.compile(r"\s*[|–—-]\s*(?:Clinical ?Trials?\b.*|ctv\b.*|Veeva\b.*)\Z", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)\b[^<>]*?(/?)>", re.IGNORECASE)
_LEFT_OPEN = frozenset(
    """
    area base br col colgroup dd dt embed hr img input li link meta option p rp rt source tbody td tfoot th thead tr
    track wbr
    """.split()  # noqa: SIM905 (a list of words reads best as words)
)
"""Elements that have no end tag, or need none."""

_DEEPEST = 5000  # elements open at once; the parser's time grows with the square of it
_HEAD = 4096  # bytes in which a page may name its charset
_LARGEST = 20_000_000
_TORN = "\x00" * 16  # a stretch of a file that was never written
_MOST_NUL = 50  # one NUL among so many characters: text of two bytes a letter, read as one of one


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`closed` is False for HTML that was opened and never closed; `cut` if it ends within a tag."""

    lines: tuple[Line, ...]
    title: str | None = None
    canonical: str | None = None
    closed: bool = True
    cut: bool = False


def read_document(body: Body) -> Document:
    """Decode and flatten a body, HTML or plain text. Raises NotARecord where it is no text."""
    if not body.content.strip():
        raise NotARecord(["The answer is empty."])
    if len(body.content) > _LARGEST:
        raise NotARecord(["The answer is far too large for a study page."])
    text = decode(body)
    if _TORN in text or text.count("\x00") * _MOST_NUL > len(text):
        raise NotARecord(["The answer is torn or in another encoding: it holds characters that mean nothing."])
    text = text.replace("\x00", "").removeprefix("\ufeff")
    if text.lstrip()[:1] in ("{", "["):
        raise NotARecord(["The answer is data (JSON), not a study page."])
    if not _MARKUP.search(text):
        return Document(lines=lines_of_text(text))
    if _is_too_deep(text):
        raise NotARecord(["The answer is nested far deeper than a study page."])
    page = LexborHTMLParser(text)
    return Document(
        lines=lines_of_html(page),
        title=_title(page),
        canonical=_canonical(page),
        closed=bool(_CLOSED.search(text)) or not _OPENED.search(text),
        cut=text.rfind("<") > text.rfind(">"),
    )


def _is_too_deep(text: str) -> bool:
    """True for markup that would keep the parser busy for minutes; found by counting tags."""
    depth = 0
    for tag in _TAG.finditer(text) if text.count("<") > _DEEPEST else ():
        if tag[3] or tag[2].lower() in _LEFT_OPEN:
            continue
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        if depth > _DEEPEST:
            return True
    return False


def decode(body: Body) -> str:
    """The text of a body; raises NotARecord where it is none.

    By the response's charset, else the byte order mark, else the page's own word, else UTF-8; never by guessing.
    """
    stated = _CHARSET.search(body.media_type)
    marked = next((name for mark, name in _BOMS if body.content.startswith(mark)), None)
    meta = _META.search(body.content[:_HEAD])
    named = [stated[1] if stated else None, marked, meta[1].decode("ascii", "replace") if meta else None, "utf-8"]
    encoding = next(name for name in named if name and _exists(name))
    try:
        return body.content.decode(encoding)
    except (UnicodeDecodeError, ValueError):
        raise NotARecord([f"The answer is not text in {encoding}."]) from None


def _exists(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding)._is_text_encoding  # noqa: SLF001 (the only way to tell text codecs from others)
    except (LookupError, ValueError):
        return False


def _title(page: LexborHTMLParser) -> str | None:
    for selector in ('meta[property="og:title"]', "title"):
        node = page.css_first(selector)
        if node is not None:
            title = _SITE.sub("", clean((node.attributes.get("content") or "") if selector != "title" else node.text()))
            if title:
                return title
    return None


def _canonical(page: LexborHTMLParser) -> str | None:
    node = page.css_first('link[rel="canonical"]') if page.head is not None else None
    return (node.attributes.get("href") or None) if node is not None else None
