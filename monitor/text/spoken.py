"""A text as words alone, to look for phrases in it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"\w+")


@lru_cache(maxsize=4096)
def spoken(text: str) -> str:
    """The words, small and without accents, each between blanks: "CAR-T" and "car t" are one. A text of none is " ".

    What a phrase gives stands in what a text gives if the text holds the phrase, word for word.
    """
    spread = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return " ".join(("", *_WORD.findall(bare), ""))
