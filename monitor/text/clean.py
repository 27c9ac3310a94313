"""Three forms of a text: as shown (`clean`), as compared (`fold`), and fit for any output (`harmless`)."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

TAGS = (
    "a|abbr|b|blockquote|body|br|center|cite|code|col|dd|div|dl|dt|em|font|h[1-6]|hr|html|i|img|li|ol|p|pre|q|s|small"
    "|span|strong|sub|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul"
)
_BREAKING = "blockquote|br|center|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|table|tr|ul"
_LEVELS = 8  # an escape of an escape of an escape ...: deeper ones stay as they are

_ASCII_WORK = re.compile(r"[\\&<\x00-\x1f\x7f]| {2}")
_NEWLINE = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACE = re.compile(r"[^\S\n]+")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_AMPERSANDS = re.compile(r"&(?:amp;|#0{0,5}38;|#[xX]0{0,5}26;)+")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ESCAPE = re.compile(r"(?<!\\)\\+([!-/:-@\[\]-`{-~])")
_BACKSLASHES = re.compile(r"\\{2,}")
_TAG = re.compile(rf"<(?P<close>/?)(?P<name>{TAGS})(?:\s*/?|\s[^<>=]*=[^<>]*)>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--[^>]{0,200}-->")
_BREAKS = re.compile(rf"(?:{_BREAKING})\Z", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[ \n]*\n")
_LONE_BULLET = re.compile(r"^([-*+•])\n\n", re.MULTILINE)  # its text is a paragraph of its own in HTML
_LIST_START = re.compile(r"(?:[-*+•·◦▪●‣⁃∙○■□–—o] |[•◦▪●‣⁃]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)] )")

_BULLET = re.compile(r"(?:(?:[-*+·∙○■□o] |[•◦▪●‣⁃] ?)\s*)+")
_NUMBER = re.compile(r"\(?(\d{1,3})[.)] +")
_FOLDED = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹣－", "-") | dict.fromkeys("‘’‚‛`´′ʼ", "'") | dict.fromkeys("“”„‟«»″", '"') | {"…": "..."}
)
_SPECIAL = re.compile(r"[`\n]|''|\A[-*+(0-9o]")


def clean(text: str) -> str:
    """The text as people see it: NFC, no escapes, entities, tags or control characters.

    Spaces are collapsed; paragraphs are parted by one blank line, list items by a line break. Cleaning twice is once.
    """
    if text.isascii() and not _ASCII_WORK.search(text):
        return text.strip()
    return _lay_out(_decode(text))


@lru_cache(maxsize=4096)  # a record says the same words again and again: countries, codes, names of drugs
def fold(text: str) -> str:
    """The text as it is compared: two texts say the same in the same words if they fold to the same string.

    Beyond `clean`: all white space is one space; dashes, quotes, bullets and running list numbers do not count.
    """
    text = clean(text)
    if not text.isascii():
        text = text.translate(_FOLDED)
        if "\\" in text:
            text = clean(text)  # a mark that was folded can be one that is escaped
    if not _SPECIAL.search(text) and "•" not in text[:1]:
        return text if text.isascii() else " ".join(text.split())
    joined = " ".join(_without_markers(" ".join(_without_markers(text)).strip()))
    return " ".join(joined.replace("`", "'").replace("''", '"').split())


def harmless(text: str, *, keep_newlines: bool = False) -> str:
    """The text without control, bidirectional and invisible characters, on one line unless `keep_newlines`."""
    if text.isprintable():
        return text
    text = _NEWLINE.sub("\n", text)
    text = text.replace("\t", " ") if keep_newlines else text.replace("\n", " ").replace("\t", " ")
    if text.isprintable():
        return text
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))


def _decode(text: str) -> str:
    text = _NEWLINE.sub("\n", text)
    for _ in range(_LEVELS):
        decoded = _decode_once(text)
        if decoded == text:
            break
        text = decoded
    return text


def _decode_once(text: str) -> str:
    if "<" in text:
        text = _TAG.sub(_tag_space, _COMMENT.sub("", text))
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), _AMPERSANDS.sub("&", text))
    if "\\" in text:
        text = _BACKSLASHES.sub(r"\\", _ESCAPE.sub(r"\1", text))
    text = _INVISIBLE.sub("", _NEWLINE.sub("\n", text))
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _tag_space(found: re.Match[str]) -> str:
    name = found["name"].lower()
    if name == "li" and not found["close"]:
        return "\n* "
    if not _BREAKS.match(name):
        return ""
    return "\n" if name in ("br", "li", "tr") else "\n\n"


def _lay_out(text: str) -> str:
    text = _SPACE.sub(" ", text)
    if "\n" not in text:
        return text.strip()
    paragraphs = (_join_lines(part) for part in _BLANK_LINE.split(text))
    return _LONE_BULLET.sub(r"\1 ", "\n\n".join(part for part in paragraphs if part))


def _join_lines(paragraph: str) -> str:
    pieces: list[str] = []
    for line in paragraph.split("\n"):
        stripped = line.strip()
        if not stripped:
            continue
        if pieces:
            pieces.append("\n" if _LIST_START.match(stripped) else " ")
        pieces.append(stripped)
    return "".join(pieces)


def _without_markers(text: str) -> Iterator[str]:
    """The lines of `text` without bullets, and without numbers that run 1, 2, 3 ... down the text."""
    last = 0
    for line in text.split("\n"):
        rest = line
        while True:
            found = _BULLET.match(rest)
            if not found:
                found = _NUMBER.match(rest)
                if not found or int(found[1]) not in (1, last + 1):
                    break
                last = int(found[1])
            rest = rest[found.end() :]
        yield rest
