"""People can say of a change that they saw it, what they think of it, and whose it is.

Revision ID: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    op.create_table(
        "triage",
        sa.Column("change_id", ID, autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["changes.id"], name="fk_triage_change_id"),
        sa.PrimaryKeyConstraint("change_id", name="pk_triage"),
    )
    op.create_table(
        "triage_log",
        sa.Column("id", ID, nullable=False),
        sa.Column("change_id", ID, nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["changes.id"], name="fk_triage_log_change_id"),
        sa.PrimaryKeyConstraint("id", name="pk_triage_log"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_triage_log_change_id", "triage_log", ["change_id"], unique=False)


def downgrade() -> None:
    """None: a store is taken back by restoring the copy made before it was migrated."""
    raise NotImplementedError
