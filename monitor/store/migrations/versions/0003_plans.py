"""What each version was to cause is kept beside it, so that a lost alert can be found.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("record_id", ID, nullable=False),
        sa.Column("to_version", sa.Integer(), nullable=False),
        sa.Column("comparer_version", sa.Integer(), nullable=False),
        sa.Column("routing", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_plans_record_id"),
        sa.PrimaryKeyConstraint("record_id", "to_version", name="pk_plans"),
    )
    op.create_table(
        "expected_alerts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("to_version", sa.Integer(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_expected_alerts_record_id"),
        sa.PrimaryKeyConstraint("key", name="pk_expected_alerts"),
    )
    op.create_index("ix_expected_alerts_record_id", "expected_alerts", ["record_id"])


def downgrade() -> None:
    """None: a store is taken back by restoring the copy made before it was migrated."""
    raise NotImplementedError
