"""Persons can be taken out of what is stored, and are not stored again.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    op.add_column("bodies", sa.Column("contacts", sa.Text(), nullable=False, server_default=sa.text("'full'")))
    op.add_column("bodies", sa.Column("rest_digest", sa.Text(), nullable=True))
    op.add_column("bodies", sa.Column("reduced_at", MOMENT, nullable=True))
    op.create_table(
        "forgotten",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_forgotten"),
    )


def downgrade() -> None:
    """None: a store is taken back by restoring the copy made before it was migrated."""
    raise NotImplementedError
