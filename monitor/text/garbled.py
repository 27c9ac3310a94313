"""Text that was read in a wrong encoding somewhere on its way: how much of it there is, against how it was before."""

from __future__ import annotations

from typing import Final

REPLACEMENT: Final = "\ufffd"
_ENCODINGS: Final = ("latin-1", "cp1252", "cp1250")


def newly_garbled(before: str, after: str) -> int:
    """How many letters of `before` stand garbled in `after` that did not before.

    A letter beyond ASCII is garbled if its UTF-8 bytes were read one by one in an encoding of one byte a letter
    ("Ã©" for "é"), or if the replacement character stands in its place.
    """
    if after.isascii():
        return 0
    letters = {letter for letter in before if not letter.isascii() and letter != REPLACEMENT}
    forms = {form for letter in letters for form in _garbled(letter)} | {REPLACEMENT}
    return sum(max(after.count(form) - before.count(form), 0) for form in forms)


def _garbled(letter: str) -> set[str]:
    """What the letter looks like, read wrongly; without the encodings in which its bytes mean nothing."""
    found = set()
    for encoding in _ENCODINGS:
        try:
            found.add(letter.encode("utf-8").decode(encoding))
        except UnicodeError:
            continue
    return found
