"""One transaction, as the family modules use it. Outside this room a `Tx` is only handed on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from sqlalchemy import Connection, CursorResult, Executable, Row, Table

from monitor.store.faults import translate

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

AT_ONCE = 500  # values of one IN list; both databases take many more

Value = TypeVar("Value")
Values: TypeAlias = Mapping[str, Any]
AnyRow: TypeAlias = Row[*tuple[Any, ...]]
Rows: TypeAlias = CursorResult[*tuple[Any, ...]]
InsertOf = Callable[[Table], "sqlite.Insert | postgresql.Insert"]


class Tx:
    """Statements run here see and write one consistent state, or nothing at all."""

    __slots__ = ("_connection", "_insert", "entropy")

    def __init__(self, connection: Connection, insert: InsertOf, entropy: Callable[[int], bytes]) -> None:
        self._connection = connection
        self._insert = insert
        self.entropy = entropy

    @property
    def dialect(self) -> str:
        """The kind of database: sqlite or postgresql."""
        return self._connection.dialect.name

    def run(self, statement: Executable, rows: Values | Sequence[Values] | None = None) -> Rows:
        """Execute with bound parameters; a sequence of rows runs the statement once for each."""
        try:
            return self._connection.execute(statement, rows)
        except UnicodeDecodeError as error:
            raise translate(error) from error

    def insert_new(self, table: Table, rows: Sequence[Values], *, unless: Sequence[str]) -> None:
        """Insert the rows, leaving out those whose `unless` columns are already there."""
        if rows:
            self.run(self._insert(table).on_conflict_do_nothing(index_elements=list(unless)), rows)


def in_parts(values: Iterable[Value]) -> Iterator[list[Value]]:
    """The distinct values in lists short enough for one statement."""
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), AT_ONCE):
        yield distinct[start : start + AT_ONCE]
