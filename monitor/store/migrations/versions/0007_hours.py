"""An alert may wait for its digest, pass quiet hours, or be muted; what is muted, and until when.

Revision ID: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("alerts", sa.Column("critical", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("alerts", sa.Column("schedule", sa.Text(), nullable=True))
    op.add_column("alerts", sa.Column("due_at", MOMENT, nullable=True))
    op.create_index("ix_alerts_condition", "alerts", ["condition"])
    op.create_table(
        "mutes",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_mutes"),
    )


def downgrade() -> None:
    """None: a store is taken back by restoring the copy made before it was migrated."""
    raise NotImplementedError
