"""The table of words, read once from `english.toml`: a translation is that file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

_TABLE: Mapping[str, Any] = tomllib.loads((files(__package__) / "english.toml").read_text(encoding="utf-8"))

NOUNS: Mapping[str, tuple[str, str]] = {name: (one, many) for name, (one, many) in _TABLE["nouns"].items()}
PHRASES: Mapping[str, str] = _TABLE["phrases"]
NAMES: Mapping[str, str] = _TABLE["names"]
FACTS: Mapping[str, tuple[str, str]] = {name: (fact, denial) for name, (fact, denial) in _TABLE["facts"].items()}
RESULT_MODULES: Mapping[str, str] = _TABLE["result_parts"]
ARTICLES: frozenset[str] = frozenset(_TABLE["articles"]["countries"])
WEIGHTS: Mapping[str, str] = _TABLE["weights"]
STOP_REASONS: Mapping[str, str] = _TABLE["stop_reasons"]
