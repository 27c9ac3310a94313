"""Taking secrets out of what is said."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, quote_plus, unquote

from monitor.text.clean import harmless

HIDDEN = "***"


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


def spellings(secret: str) -> set[str]:
    """A secret as it may stand in a URL or a log."""
    plain = unquote(secret)
    return {secret, plain, quote(plain, safe=""), quote_plus(plain)}


def redacted(text: str, secrets: Iterable[str]) -> str:
    """One harmless line without any of the secrets, the longest taken out first."""
    found = {spelling for secret in secrets for spelling in spellings(secret) if spelling}
    text = harmless(text)
    for spelling in sorted(found, key=len, reverse=True):
        text = text.replace(spelling, HIDDEN)
    return text
