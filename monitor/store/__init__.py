"""All that is kept: SQLite by default, PostgreSQL by URL. The only importer of sqlalchemy and alembic.

`engine.open_store` gives a `Store`; its `read()` and `write()` give a `Tx`, which the functions of the family modules
take first. What they return are frozen values of `monitor.model`; no row and no SQL leaves this room.
"""
