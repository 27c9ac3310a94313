"""What a value says, for this proof: its own folding, on purpose not the program's."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

_SIGNS = str.maketrans(
    dict.fromkeys("‐‑‒–—―−", "-") | dict.fromkeys("‘’‚‛`´′", "'") | dict.fromkeys("“”„‟«»″", '"') | {"…": "..."}
)
_BREAK = re.compile(r"(?:\A|\n)\s*(?:[-*+•·] |\(?\d{1,3}[.)] )?")


def said(value: Any) -> Any:
    """The value without what noise may touch: spacing, composition, kinds of dashes and quotes, escapes, order."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        kept = {key: said(inner) for key, inner in value.items()}
        return {key: inner for key, inner in sorted(kept.items()) if inner not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return sorted((said(inner) for inner in value), key=stamp)
    return value


def stamp(value: Any) -> str:
    """Equal for equal JSON."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _text(text: str) -> str:
    """Spacing between letters is kept as one space: "15 mg" is not "1 5mg"."""
    text = unicodedata.normalize("NFC", text).translate(_SIGNS).replace("\\", "").replace("''", '"')
    text = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in ("Cf", "Cc"))
    return " ".join(_BREAK.sub(" ", text).split())
