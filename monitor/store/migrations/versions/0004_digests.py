"""Alerts that waited long go out together, and one whose message is at fault is told in plain words.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alerts", sa.Column("digest", sa.Text(), nullable=True))
    op.add_column("alerts", sa.Column("refusals", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.execute("CREATE INDEX ix_alerts_open ON alerts (destination, id) WHERE state IN ('pending', 'retry')")


def downgrade() -> None:
    """None: a store is taken back by restoring the copy made before it was migrated."""
    raise NotImplementedError
