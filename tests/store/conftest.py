"""Stores on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.store.address import read_address
from monitor.store.engine import Store, open_store
from monitor.store.postgres import open_engine
from monitor.store.tables import metadata, schema_version
from tests.postgres import Server
from tests.store.store_making import silent

RESTART_IDS = text("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")
ALLOW_EDITS = text("SET LOCAL session_replication_role = replica")  # no triggers: versions may be deleted


@pytest.fixture(scope="session")
def shared_postgres_url(postgres: Server) -> str:
    """The one store that tests on PostgreSQL share: emptying it is faster than making another."""
    url = postgres.new_database()
    open_store(url, migrate=True, say=silent).close()
    return url


def empty(url: str) -> None:
    engine = open_engine(read_address(url).url, pooled=False)
    with engine.begin() as connection:
        connection.execute(ALLOW_EDITS)
        for table in metadata.sorted_tables:
            if table is not schema_version:
                connection.execute(table.delete())
        connection.execute(RESTART_IDS)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a store without anything in it, on each database in turn."""
    if request.param == "sqlite":
        path = f"sqlite:///{tmp_path / 'monitor.db'}"
        open_store(path, migrate=True, say=silent).close()
        return path
    shared: str = request.getfixturevalue("shared_postgres_url")
    empty(shared)
    return shared


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url, migrate=False, say=silent)
    yield opened
    opened.close()
