"""Recorded and made-up study documents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

PAYLOADS = Path(__file__).parents[1] / "payloads" / "ctgov"


def payload(name: str) -> Any:
    """A fresh copy of a document by the name of its file."""
    return orjson.loads((PAYLOADS / f"{name}.json").read_bytes())


def whole_model() -> Any:
    """A document with every key of the published data model (made up)."""
    return payload("whole_model")
