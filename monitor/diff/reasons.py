"""Why a trial stopped: classes by the rules of `reasons.toml`, from the record's own words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

_TABLE: Mapping[str, Any] = tomllib.loads((files(__package__) / "reasons.toml").read_text(encoding="utf-8"))
_LONGEST = 3000  # characters of a reason that are read


def _rule(alternatives: Sequence[str], words: Mapping[str, str]) -> re.Pattern[str]:
    """One pattern for all alternatives, with the words that stand in <...> put in."""
    rule = "|".join(alternatives)
    for name, meant in words.items():
        rule = rule.replace(f"<{name}>", meant)
    return re.compile(rule, re.IGNORECASE)


_CLASSES = {name: _rule(rules, _TABLE["words"]) for name, rules in _TABLE["classes"].items()}
_DENIED = _rule(_TABLE["silent"]["denied"], {"rest": _TABLE["silent"]["rest"]})
_NAMES = _rule(_TABLE["silent"]["names"], {})


def reason_classes(words: str | None) -> list[str]:
    """The classes that the words name, several may hold; "none given" without words, "other" where no rule fits.

    What the words deny ("not related to safety") names no class.
    """
    if not words or not words.strip():
        return ["none given"]
    read = words[:_LONGEST].replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    said = _DENIED.sub(" ", _NAMES.sub(" ", read))
    return [name for name, rule in _CLASSES.items() if rule.search(said)] or ["other"]
