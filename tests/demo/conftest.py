"""A recorded registry, still empty, and a plain client that asks it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from monitor.demo.registry import RecordedRegistry


@pytest.fixture
def registry() -> Iterator[RecordedRegistry]:
    with RecordedRegistry() as running:
        yield running


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client() as plain:
        yield plain
