"""Versions are evidence: the database itself refuses to change or delete one."""

from __future__ import annotations

from sqlalchemy import Connection, Table

SQLITE = (
    """CREATE TRIGGER versions_no_update BEFORE UPDATE ON versions
    BEGIN SELECT RAISE(ABORT, 'versions are append-only'); END""",
    """CREATE TRIGGER versions_no_delete BEFORE DELETE ON versions
    BEGIN SELECT RAISE(ABORT, 'versions are append-only'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION versions_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'versions are append-only'; END $$""",
    """CREATE TRIGGER versions_no_edits BEFORE UPDATE OR DELETE OR TRUNCATE ON versions
    FOR EACH STATEMENT EXECUTE FUNCTION versions_append_only()""",
)


def forbid_edits(table: Table, connection: Connection, **_: object) -> None:  # noqa: ARG001 (called by sqlalchemy)
    """Put the triggers on the table `versions` of either database."""
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(statement)
