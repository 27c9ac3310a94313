"""Taking secrets out of what is said."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable
from urllib.parse import unquote

from monitor.text.clean import harmless

HIDDEN = "***"
_CODINGS = ("utf-8", "latin-1")
_OTHERS = {" ": "|[+]"}
_GARBLED = "|\ufffd{1,4}"
SHORTEST = 4  # shorter spellings would blot out ordinary words


class Secret:
    """A string that shows itself to nobody who does not ask for it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return f"Secret({HIDDEN})"

    def __str__(self) -> str:
        return HIDDEN

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)


def pattern_of(secret: str) -> re.Pattern[str]:
    """What finds a secret wherever it stands; it may be given as it stands in a URL.

    In a URL each sign of it may be percent-encoded or not: who writes URLs does not agree on which must be. In headers
    it stands in base64 (of UTF-8 or Latin-1), in documents with the escapes of JSON, HTML or Python.
    """
    found = {re.escape(secret)}
    for plain in (secret, unquote(secret)):
        escaped = {json.dumps(plain)[1:-1], html.escape(plain), plain.encode("unicode_escape").decode()}
        pieces = {piece for coding in _CODINGS for piece in _in_base64(plain.encode(coding, "replace"))}
        found |= {"".join(map(_sign, plain)), *map(re.escape, escaped | pieces)}
    return re.compile("|".join(sorted(found, key=len, reverse=True)))


def redacted(text: str, secrets: Iterable[str]) -> str:
    """One harmless line without any of the secrets, the longest taken out first."""
    text = harmless(text)
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = pattern_of(secret).sub(HIDDEN, text)
    return text


def _sign(sign: str) -> str:
    """One character: as it is, percent-encoded, or as what stands for one that was read in another coding."""
    forms = {"".join(f"%{byte:02x}" for byte in sign.encode(coding, "replace")) for coding in _CODINGS}
    return (
        f"(?:{re.escape(sign)}|(?i:{'|'.join(sorted(forms))}){_OTHERS.get(sign, '' if sign.isascii() else _GARBLED)})"
    )


def _in_base64(raw: bytes) -> set[str]:
    """The characters that `raw` leaves in base64 at each of the three offsets at which it may stand there."""
    found = set()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for offset in range(3):
            text = encode(b"\0" * offset + raw).decode().rstrip("=")
            start = -(-offset * 8 // 6)
            end = (offset + len(raw)) * 8 // 6
            found.add(text[start:end])
    return {text for text in found if len(text) >= SHORTEST}
