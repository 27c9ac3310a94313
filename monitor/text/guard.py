"""What is done to the data of persons: kept, given a form that says less, or forgotten.

What is to be forgotten is known by its keyed digests alone, so a text is searched by digesting its names, numbers and
addresses. A masked or hashed value bears a tag made of its digest: another value has another tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import blake2b
from typing import Final, TypeAlias

from monitor.model.privacy import Identifier, Level
from monitor.text.clean import clean
from monitor.text.persons import EMAIL, FEWEST_DIGITS, Kind, canonical, digits_of, in_full, numbers_in, words_in

REMOVED: Final = "[removed]"
"""What stands for data of a person that are not kept. In what was derived from a version the mark has its date."""

_MARK = re.compile(r"\[(?:removed|pruned on \d{4}-\d{2}-\d{2})\]\Z")
_FORMED = re.compile(r"~([a-z]{8}|\d{10})\Z|--([a-z]{8})@")
_BEARS_TAG = re.compile(r"(?:(?<!\w)(?:[^\W\d_]\. ){1,12}|-\d{2} )?~([a-z]{8}|\d{10})(?!\w)")
_TAG_LETTERS, _TAG_DIGITS = 8, 10
_SHORTEST = 3  # characters of anything that could be found in a text
Span: TypeAlias = tuple[int, int, str]


def dated_mark(day: date) -> str:
    """What stands for data of a person that were there until this day."""
    return f"[pruned on {day.isoformat()}]"


def formed_tag(text: str) -> str | None:
    """What a masked or hashed value bears; None for a value in clear."""
    done = _FORMED.search(text)
    return (done[1] or done[2]) if done else None


def is_formed(text: str) -> bool:
    """True for what stands in the place of a value."""
    return bool(_MARK.match(text) or _FORMED.search(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What is done to the data of persons. `key` is the store's own; `mark` stands where something was forgotten.

    `forgotten` are digests, `tags` what values bear that were given a form before they were to be forgotten. `known`
    are what a document's own entries name, by digest, with what stands for it.
    """

    key: bytes = b""
    level: Level = Level.FULL
    forgotten: AbstractSet[str] = frozenset()
    sizes: AbstractSet[tuple[str, int]] = frozenset()
    tags: AbstractSet[str] = frozenset()
    mark: str = REMOVED
    known: Mapping[str, str] = field(default_factory=dict)

    @property
    def idle(self) -> bool:
        """True if everything is kept as it comes."""
        return self.level is Level.FULL and not self.forgotten

    def at(self, level: Level) -> Guard:
        return replace(self, level=level)

    @classmethod
    def forgetting(cls, key: bytes, level: Level, several: Iterable[Identifier]) -> Guard:
        found = tuple(several)
        return cls(
            key=key,
            level=level,
            forgotten=frozenset(each.digest for each in found),
            sizes=frozenset((each.kind, each.size) for each in found),
            tags=frozenset(_tag("phone" if each.kind == "phone" else "name", each.digest) for each in found),
        )

    def identify(self, kind: Kind, text: str) -> tuple[Identifier, ...]:
        """By what a value is known, shortened first; nothing for an empty name or a number of a few digits."""
        said = canonical(kind, text)
        if not said or (kind == "phone" and len(said) < FEWEST_DIGITS):
            return ()
        forms = dict.fromkeys((said, in_full(kind, text)))
        return tuple(Identifier(kind=kind, size=_size(kind, each), digest=self._digest(kind, each)) for each in forms)

    def forgets(self, kind: Kind, text: str) -> bool:
        if not self.forgotten:
            return False
        done = _FORMED.search(text)
        if done:
            return (done[1] or done[2]) in self.tags
        return any(
            (kind, _size(kind, said)) in self.sizes and self._digest(kind, said) in self.forgotten
            for said in (canonical(kind, text), in_full(kind, text))
        )

    def tag(self, kind: Kind, text: str) -> str:
        """What the masked and the hashed form of a value bear."""
        return _tag(kind, self._digest(kind, in_full(kind, text)))

    def form(self, kind: Kind, text: str) -> str:
        """The value as it is kept. One that has been given a form before keeps its digest."""
        if not text or _MARK.match(text):
            return text
        if self.forgets(kind, text) or self.level is Level.DROPPED:
            return self.mark
        if self.level is Level.FULL:
            return text
        done = _FORMED.search(text)
        if done and (self.level is Level.MASKED or text.startswith(("~", "--"))):
            return text
        return _formed(kind, text, (done[1] or done[2]) if done else self.tag(kind, text), self.level)

    def text(self, text: str) -> str:
        """Running text without what is to be forgotten; at a stricter level without addresses and known persons."""
        if self.idle or len(text) < _SHORTEST or _MARK.match(text):
            return text
        plain = clean(text)  # an entity or a tag may part a name, and a tag may hide an address
        if plain != text and (bare := self._without(plain)) != plain:
            return bare
        return self._without(text)

    def _without(self, text: str) -> str:
        if "~" in text:
            text = _BEARS_TAG.sub(lambda found: self._tagged(found[0], found[1]), text)
        if "@" in text:
            text = EMAIL.sub(lambda found: self._address(found[0]), text)
        if self.known or any(kind == "phone" for kind, _ in self.sizes):
            text = _replaced(text, self._spans("phone", numbers_in(text)))
        return _replaced(text, self._spans("name", self._names(text)))

    def _tagged(self, text: str, tag: str) -> str:
        if tag in self.tags or self.level is Level.DROPPED:
            return self.mark
        return f"~{tag}" if self.level is Level.HASHED else text

    def _address(self, text: str) -> str:
        known = [said for _, _, said in self._spans("email", [(0, 0, canonical("email", text))])]
        return known[0] if known else self.form("email", text)

    def _spans(self, kind: Kind, several: Iterable[Span]) -> Iterator[Span]:
        """Of these spans, each with what it is compared by, those that are not to stay, with what stands for them."""
        for start, end, said in several:
            if not self.known and (kind, _size(kind, said)) not in self.sizes:
                continue
            digest = self._digest(kind, said)
            instead = self.mark if digest in self.forgotten else self.known.get(digest)
            if instead is not None:
                yield start, end, instead

    def _names(self, text: str) -> Iterator[Span]:
        """As many words together as a name that is looked for has."""
        wanted = {size for kind, size in self.sizes if kind == "name" and size > 1}
        wanted |= {2, 3, 4} if self.known else set()
        words = list(words_in(text, bare=True)) if wanted else []
        for count in sorted(wanted, reverse=True):
            for first in range(len(words) - count + 1):
                name = words[first : first + count]
                yield name[0][1], name[-1][2], " ".join(sorted(word for word, _, _ in name))

    def _digest(self, kind: Kind, said: str) -> str:
        return blake2b(f"{kind}:{said}".encode("utf-8", "replace"), key=self.key, digest_size=16).hexdigest()


def _formed(kind: Kind, text: str, tag: str, level: Level) -> str:
    if kind == "email":
        local, _, host = text.partition("@")
        return f"{local[:1]}--{tag}@{host}" if level is Level.MASKED and host else f"--{tag}@hashed.invalid"
    if level is Level.HASHED:
        return f"~{tag}"
    if kind == "name":
        seen = "".join(f"{word[0]}. " for word in text.split() if word[0].isalpha())
    else:
        seen = f"-{text.strip()[-2:]} " if len(digits_of(text)) >= FEWEST_DIGITS else ""
    return f"{seen}~{tag}"


def _tag(kind: Kind, digest: str) -> str:
    number = int(digest, 16)
    if kind == "phone":
        return f"{number % 10**_TAG_DIGITS:0{_TAG_DIGITS}}"
    return "".join(chr(ord("a") + number // 26**place % 26) for place in range(_TAG_LETTERS))


def _size(kind: Kind, said: str) -> int:
    return len(said.split()) if kind == "name" else len(said)


def _replaced(text: str, spans: Iterable[Span]) -> str:
    """The text with something else in these spans; where two overlap the first one found counts."""
    taken: list[Span] = []
    for start, end, said in spans:
        if all(end <= other[0] or start >= other[1] for other in taken):
            taken.append((start, end, said))
    for start, end, said in sorted(taken, reverse=True):
        text = text[:start] + said + text[end:]
    return text
