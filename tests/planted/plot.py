"""A document in which edits are planted, and what a reader must be told of each: known before anything is compared."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, TypeAlias

from tests.planted.words import VOCABULARY

_ODD = re.compile(r"<[a-zA-Z/!]|&[#a-zA-Z]|\\n")  # markup in a text: what it says is not this proof's question
_SPOTS = {
    "word": re.compile(r"(?<=[a-z] )[a-z]{4,}(?= [a-z])"),
    "number": re.compile(r"(?<=[a-z] )[1-9]\d{0,3}(?= [a-z])"),
    "decimal": re.compile(r"(?<=[a-z] )[1-9]\.\d(?= [a-z])"),
    "sign": re.compile(r"(?<=[a-z] )[<>≤≥](?= ?\d)"),
}
_SIGNS = {"<": ">", ">": "<", "≤": "≥", "≥": "≤"}
_SHORT = 60  # characters: one word of a longer text does not make another text of it
_UNLIKE = 0.45  # of 1: two texts that nobody takes for one another


@dataclass(slots=True, kw_only=True)
class Fact:
    """What one planted edit must be told as.

    Facts of one `group` are one change: their lists `joined`, or the one text that all of them share.
    """

    edit: str
    category: str
    path: str
    before: Any = None
    after: Any = None
    kind: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    event: str = ""
    group: Hashable = None
    joined: bool = False

    def __post_init__(self) -> None:
        if not self.kind:
            self.kind = "added" if self.before is None else "removed" if self.after is None else "changed"


@dataclass(slots=True)
class Plot:
    """A study document that is being edited, and what the edits so far have laid claim to."""

    study: dict[str, Any]
    chance: random.Random
    taken: set[Hashable] = field(default_factory=set)
    loose: dict[str, list[str]] = field(default_factory=dict)

    def module(self, name: str) -> dict[str, Any]:
        """A module of the protocol, made if it is not there."""
        found: dict[str, Any] = self.study["protocolSection"].setdefault(name, {})
        return found

    def free(self, *slots: Hashable) -> bool:
        """True if no edit has touched one of these; they are this edit's from now on."""
        if self.taken.intersection(slots):
            return False
        self.taken.update(slots)
        return True

    def unlike(self, kind: str, *texts: str) -> bool:
        """True if nobody could take one of the texts for another that came, went or was reworded in this pair."""
        known = self.loose.setdefault(kind, [])
        if any(_likeness(text, other) > _UNLIKE for text in texts for other in known):
            return False
        known.extend(texts)
        return True

    def some(self, items: list[Any]) -> Any:
        return self.chance.choice(items)

    def phrase(self, words: int) -> str:
        """So many different invented words."""
        return " ".join(self.chance.sample(VOCABULARY, words))

    def sentence(self, words: int = 8) -> str:
        return f"{self.phrase(words).capitalize()} {self.chance.randrange(10_000)}"


Editor: TypeAlias = Callable[[Plot], list[Fact]]
"""Plants one edit and says what must be told of it; plants nothing, and says so, where the record has no place."""


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False).ratio()


def odd(value: Any) -> bool:
    """True if a text somewhere in the value holds markup."""
    if isinstance(value, str):
        return bool(_ODD.search(value))
    if isinstance(value, dict):
        return any(odd(inner) for inner in value.values())
    return isinstance(value, list) and any(odd(inner) for inner in value)


@dataclass(frozen=True, slots=True)
class Reworded:
    """A text with one word exchanged, put in or taken out; `edit` is what was done to its words."""

    text: str
    edit: tuple[str, str]


def reworded(plot: Plot, text: str) -> Reworded | None:
    """The text with one of its words, numbers or signs touched; None if it has too few to stay the same text."""
    if len(text) <= _SHORT or odd(text):
        return None
    spots = [(kind, spot) for kind, pattern in _SPOTS.items() for spot in pattern.finditer(text)]
    if not spots:
        return None
    kind, spot = plot.some(spots)
    old, new = spot[0], _instead(plot, kind, spot[0])
    if kind == "word" and plot.chance.randrange(3) == 0:
        return Reworded(f"{text[: spot.start()]}{new} {text[spot.start() :]}", ("", new))
    if kind == "word" and plot.chance.randrange(3) == 0:
        return Reworded(f"{text[: spot.start()]}{text[spot.end() + 1 :]}", (old, ""))
    return Reworded(f"{text[: spot.start()]}{new}{text[spot.end() :]}", (old, new))


def _instead(plot: Plot, kind: str, old: str) -> str:
    if kind == "number":
        return str(int(old) + plot.chance.randrange(1, 90))
    if kind == "decimal":
        return old.replace(".", "")
    return plot.some(list(VOCABULARY)) if kind == "word" else _SIGNS[old]


def spelled(item: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """An item as the contract names its fields; what says nothing is left out."""
    return {name: item[key] for key, name in names.items() if item.get(key) not in (None, "", [], {})}


def texts_once(texts: list[str]) -> bool:
    """True if every text says something of its own, case and marks aside."""
    bare = [re.sub(r"\W", "", text).casefold() for text in texts]
    return all(bare) and len(set(bare)) == len(bare)
