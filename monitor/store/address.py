"""Where a store is: the one reading of its URL."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from monitor.errors import StoreError

SHAPES = "sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE"


@dataclass(frozen=True, slots=True)
class Address:
    """`path` is the file of an SQLite store, None for PostgreSQL. `shown` names no password."""

    url: URL
    path: Path | None
    shown: str


def read_address(text: str) -> Address:
    """Raises StoreError for anything that is no address of a store."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise StoreError(f"The store's url cannot be read; it must be {SHAPES}.") from error
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        return _sqlite(url)
    if url.drivername in ("postgresql", "postgresql+psycopg"):
        return Address(url.set(drivername="postgresql+psycopg"), None, url.render_as_string(hide_password=True))
    raise StoreError(f"A store of kind {url.drivername} is not known; its url must be {SHAPES}.")


def _sqlite(url: URL) -> Address:
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise StoreError("An SQLite store needs a file: sqlite:///monitor.db, or sqlite:////absolute/path/monitor.db.")
    path = Path(url.database).absolute()
    return Address(url, path, str(path))
