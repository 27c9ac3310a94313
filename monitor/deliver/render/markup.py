"""HTML, and the one way to make it: fixed patterns, into which every value is escaped."""

from __future__ import annotations

import html as _html
from collections.abc import Iterable
from string import Template
from typing import Final, LiteralString
from urllib.parse import urlsplit

from monitor.text.clean import harmless

_LINKED: Final = frozenset({"https", "http"})


class Html:
    """Markup that is safe to send. Only this module makes it: from patterns of ours and escaped text."""

    __slots__ = ("_markup",)

    def __init__(self, markup: str) -> None:
        self._markup = markup

    def __str__(self) -> str:
        return self._markup

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return len(self._markup.encode())


def escape_html(text: str) -> str:
    """Text as HTML shows it, in an element or a quoted attribute. No control or bidirectional character stays."""
    return _html.escape(harmless(text), quote=True)


def html(pattern: LiteralString, **values: str | int | Html) -> Html:
    """A pattern of ours with its $names replaced; whatever is not Html already is escaped, and never read again."""
    safe = {name: str(value) if isinstance(value, Html) else escape_html(str(value)) for name, value in values.items()}
    return Html(Template(pattern).substitute(safe))


def join_html(pieces: Iterable[Html]) -> Html:
    """Pieces side by side."""
    return Html("".join(str(piece) for piece in pieces))


def linkable(url: str | None) -> str | None:
    """The address if it is a plain web address that a reader may be sent to, else None."""
    if not url or harmless(url) != url or any(c.isspace() or c in '"<>\\^`{|}' for c in url):
        return None
    try:
        parts = urlsplit(url)
        named = parts.scheme in _LINKED and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        return None
    return url if named else None
