"""Words of messages that a user put in place of ours: text with named gaps, and nothing that could be run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnWords:
    """`pieces` are texts, each with the name of the gap behind it (None behind the last)."""

    pieces: tuple[tuple[str, str | None], ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for _, name in self.pieces if name is not None)

    @property
    def fixed(self) -> int:
        """Characters that stand whatever is filled in."""
        return sum(len(text) for text, _ in self.pieces)

    def fill(self, values: Mapping[str, str]) -> str:
        """Plain text, which each output still has to escape; a value is never read again for gaps."""
        return "".join(text + (values[name] if name is not None else "") for text, name in self.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """None means "as ever". `destination` is the name of the one that a message goes to."""

    subject: OwnWords | None = None
    greeting: OwnWords | None = None
    footer: OwnWords | None = None
    destination: str = ""
