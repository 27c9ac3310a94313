"""Stores on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.store.engine import Store, open_store
from tests.postgres import Server


def silent(line: str) -> None:
    raise AssertionError(f"nothing was to be said, but: {line}")


@pytest.fixture(scope="session")
def postgres_store(postgres: Server) -> str:
    """The URL of a new store that nobody opens: the others are copied from it."""
    url = postgres.new_database()
    open_store(url, migrate=True, say=silent).close()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a store without anything in it, on each database in turn."""
    if request.param == "sqlite":
        path = f"sqlite:///{tmp_path / 'monitor.db'}"
        open_store(path, migrate=True, say=silent).close()
        return path
    server: Server = request.getfixturevalue("postgres")
    return server.new_database(copy_of=request.getfixturevalue("postgres_store"))


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url, migrate=False, say=silent)
    yield opened
    opened.close()
