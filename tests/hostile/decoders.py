"""Judges that know an output's syntax and nothing of the program: what in it is more than text."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

HOSTS: Final = frozenset({"clinicaltrials.gov", "ctv.veeva.com"})
UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_SCHEMES: Final = frozenset({"https"})
_ACTIVE_TAGS: Final = frozenset(
    "script iframe object embed form input button base link svg math img video audio frame applet textarea".split()  # noqa: SIM905 (a list of words reads best as words)
)
_OURS_SGR: Final = re.compile(r"\x1b\[(?:31|33|34|2|36|1|9;31|4;36|0)m")
_SLACK_TOKEN: Final = re.compile(r"<([^<>]*)>")
_SLACK_CALL: Final = re.compile(r"(?<!\w)@\w|&lt;[!@#]\w+&gt;\Z(?!)")
_SLACK_FORMAT: Final = re.compile(r"(?<![^\W_])([*_~`])(?=\S)([^\n]*?\S)\1(?![^\W_])")
_CSV_START: Final = "=+-@\t\r\n|%＝＋－＠﹢﹣−"
_NUMERIC: Final = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?\Z")


def unseen(text: str, *, besides: str = "") -> list[str]:
    """The control, format, surrogate and line-parting characters of a text."""
    return [hex(ord(each)) for each in text if each not in besides and unicodedata.category(each) in UNSEEN]


def bare(text: str) -> str:
    """The letters of a text that a reader sees, one after another: what must arrive literally."""
    return "".join(each for each in text if not each.isspace() and unicodedata.category(each) not in UNSEEN)


class Page(HTMLParser):
    """Every tag with its attributes, and every address, as a browser would take them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: Counter[object] = Counter()
        self.addresses: list[str] = []
        self.odd: list[str] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        looks = tuple(value for name, value in attrs if name in ("style", "class"))
        self.tags[tag, tuple(name for name, _ in attrs), looks] += 1
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action", "background")]
        self.odd += [name for name, _ in attrs if name.startswith("on") or name in ("srcdoc", "formaction")]
        self.odd += [tag] if tag in _ACTIVE_TAGS else []

    def handle_comment(self, data: str) -> None:
        self.tags["comment", data] += 1

    def handle_decl(self, decl: str) -> None:
        self.tags["declaration", decl] += 1

    def handle_pi(self, data: str) -> None:
        self.odd.append(f"instruction {data[:20]}")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def is_ours(address: str) -> bool:
    """True for a plain address of a host that we may link to."""
    parts = urlsplit(address)
    plain = not unseen(address) and not any(each.isspace() or each in "\"'<>\\" for each in address)
    return parts.scheme in _SCHEMES and parts.netloc in HOSTS and plain


def html_faults(html: str, twin: str, *, known: AbstractSet[object], same: bool) -> Iterator[str]:
    """`twin` is the same mail made of harmless words: with the `same` tags as often, or at least of no other
    kinds than it and `known`, which are those of other mails of harmless words.

    Which values stand beside a sentence depends on what it says already, so that only the kinds can be the same then.
    """
    page, harmless = Page(html), Page(twin)
    yield from (f"HTML: active {each}" for each in page.odd)
    yield from (f"HTML: link to {each[:80]}" for each in page.addresses if not is_ours(each))
    more, fewer = (_names(a - b) for a, b in ((page.tags, harmless.tags), (harmless.tags, page.tags)))
    if same and (more or fewer):
        yield f"HTML: other tags than harmless words: more {more}, fewer {fewer}"
    strange = set(page.tags) - set(harmless.tags) - known
    yield from (f"HTML: a strange tag {str(tag)[:90]}" for tag in strange)
    yield from (f"HTML: unseen {each}" for each in unseen(html, besides="\n"))


def _names(tags: Counter[object]) -> list[str]:
    return [f"{count} {str(tag)[:60]}" for tag, count in tags.items()][:4]


def slack_faults(title: str, body: str) -> Iterator[str]:
    """What Slack would do with a text beside showing it; our bold lines aside, nothing may be formatted."""
    for token in _SLACK_TOKEN.findall(body):
        address = token.partition("|")[0].replace("&amp;", "&")
        if token[:1] in "!@#" or not is_ours(address):
            yield f"SLACK: token {token[:80]}"
    rest = _SLACK_TOKEN.sub(" ", body)
    if "<" in rest or ">" in rest:
        yield "SLACK: a bare angle bracket"
    if re.search(r"&(?!(?:amp|lt|gt);)", body):
        yield "SLACK: a bare ampersand"
    yield from (f"SLACK: calls {found}" for found in re.findall(r"(?<!\w)@\w+", f"{rest}\n{title}"))
    yield from (f"SLACK: picture {found}" for found in re.findall(r":[a-z0-9_+'-]+:", rest) if not _is_time(found))
    yield from (
        f"SLACK: address {found}" for found in re.findall(r"[a-z]+://\S+", rest, re.IGNORECASE) if not is_ours(found)
    )
    yield from (f"SLACK: unseen {each}" for each in unseen(body + title, besides="\n\u200d"))


def _is_time(found: str) -> bool:
    return found.strip(":").isdigit()


def slack_formats(body: str) -> Counter[str]:
    """How often each mark opens and closes a format."""
    rest = _SLACK_TOKEN.sub("link", body)
    quoted = Counter({">": sum(line.startswith(("&gt;", ">")) for line in rest.split("\n"))})
    return Counter(found[1] for found in _SLACK_FORMAT.finditer(rest)) + quoted


def csv_faults(content: bytes, rows: int, columns: int) -> Iterator[str]:
    text = content.decode("utf-8")
    table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    if len(table) != rows + 1 or any(len(row) != columns for row in table):
        yield f"CSV: {len(table)} rows of {sorted({len(row) for row in table})} columns"
    for row in table[1:]:
        for cell in row:
            if is_active(cell):
                yield f"CSV: active {cell[:60]!r}"
            if odd := unseen(cell, besides="\n"):
                yield f"CSV: unseen {odd[0]} in {cell[:60]!r}"


def is_active(cell: str) -> bool:
    """True if a spreadsheet that strips space, marks and quotes would find a formula; a number is a number."""
    start = cell.lstrip(' \u00a0\u3000\u200b\ufeff"`“”‘’«»＂＇')
    return not cell.startswith("'") and start[:1] != "" and start[0] in _CSV_START and not _NUMERIC.fullmatch(cell)


def terminal_faults(text: str) -> Iterator[str]:
    rest = _OURS_SGR.sub("", text)
    yield from (f"TERMINAL: unseen {each}" for each in unseen(rest, besides="\n"))


def log_faults(line: str) -> Iterator[str]:
    """A handler ends each event with one line feed."""
    event = line.removesuffix("\n")
    if len(event.splitlines()) != 1:
        yield f"LOG: {len(event.splitlines())} lines"
    yield from (f"LOG: unseen {each}" for each in unseen(event))
