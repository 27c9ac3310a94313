"""Damage to the bytes of a body, of any source."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from tests.fuzz.case import Case, Due

Spoiled: TypeAlias = tuple[Due, bytes]
Spoiler: TypeAlias = Callable[[bytes, random.Random], Spoiled]


def truncated(content: bytes, chance: random.Random) -> Spoiled:
    return Due.AWAY, content[: chance.randrange(len(content) * 9 // 10)]


def flipped(content: bytes, chance: random.Random) -> Spoiled:
    """One to four bits, anywhere."""
    body = bytearray(content)
    for _ in range(chance.randrange(1, 5)):
        body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    return Due.NO_LOSS, bytes(body)


def letters_changed(content: bytes, chance: random.Random) -> Spoiled:
    """Letters that became other letters, in names of keys as well as in values."""
    body = bytearray(content)
    spots = [n for n in (chance.randrange(len(body)) for _ in range(24)) if chr(body[n]).isalpha() and body[n] < 128]
    for spot in spots[: chance.randrange(1, 4)]:
        body[spot] = chance.choice(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return Due.NO_LOSS, bytes(body)


def marked(content: bytes, chance: random.Random) -> Spoiled:
    """A byte order mark in front: the text says the same."""
    return Due.QUIET_OR_AWAY, chance.choice((b"\xef\xbb\xbf", b"\xef\xbb\xbf\n")) + content


def in_another_charset(content: bytes, chance: random.Random) -> Spoiled:
    name = chance.choice(("utf-16", "utf-16-be", "utf-32", "cp037"))
    try:
        return Due.QUIET_OR_AWAY, content.decode("utf-8").encode(name)
    except UnicodeEncodeError:
        return Due.QUIET_OR_AWAY, content


def garbled(content: bytes, chance: random.Random) -> Spoiled:
    """UTF-8 read as a one-byte charset and written again, where that makes a difference; else lone bytes."""
    text = content.decode("utf-8")
    letters = sum(ord(letter) > 127 for letter in text)
    if letters >= MANY:
        mangled = text.encode("utf-8").decode(chance.choice(("latin-1", "cp1250")), "replace")
        return Due.HELD, mangled.encode("utf-8")
    return lone_bytes(content, chance)


def replaced(content: bytes, chance: random.Random) -> Spoiled:
    """Every letter beyond ASCII lost to the replacement character."""
    text = content.decode("utf-8")
    if sum(ord(letter) > 127 for letter in text) < MANY:
        return lone_bytes(content, chance)
    return Due.HELD, "".join(letter if ord(letter) < 128 else "\ufffd" for letter in text).encode("utf-8")


def lone_bytes(content: bytes, chance: random.Random) -> Spoiled:
    """Bytes that no UTF-8 has, and a surrogate that has lost the other half."""
    spot = chance.randrange(len(content))
    return Due.AWAY, content[:spot] + chance.choice((b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\x80")) + content[spot:]


def nothing_inside(content: bytes, chance: random.Random) -> Spoiled:
    """A stretch of NUL, as a torn file has it."""
    spot, length = chance.randrange(len(content)), chance.choice((1, 16, 512))
    return Due.NO_LOSS, content[:spot] + b"\x00" * length + content[spot + length :]


def twice(content: bytes, chance: random.Random) -> Spoiled:
    """The body, and the beginning of it once more."""
    return Due.QUIET_OR_AWAY, content + content[: chance.randrange(1, len(content))]


MANY: Final = 3
"""Letters beyond ASCII: where fewer were garbled that is a spelling, which nobody could tell from an edit."""

SPOILERS: Final[Sequence[Spoiler]] = (
    truncated,
    truncated,
    flipped,
    flipped,
    letters_changed,
    letters_changed,
    letters_changed,
    marked,
    in_another_charset,
    garbled,
    replaced,
    lone_bytes,
    nothing_inside,
    twice,
)


def spoil(content: bytes, media_type: str, chance: random.Random) -> Case:
    spoiler = chance.choice(SPOILERS)
    due, body = spoiler(content, chance)
    return Case(kind=f"bytes: {spoiler.__name__.replace('_', ' ')}", due=due, content=body, media_type=media_type)
