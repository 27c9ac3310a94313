"""From here on every version has the plan of what it was to cause; up to which one it may lack it is noted.

Revision ID: 0006
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO meta (key, value) SELECT 'planned_after', CAST(max(id) AS TEXT) FROM versions HAVING max(id) > 0"
    )


def downgrade() -> None:
    """None: a store is taken back by restoring the copy made before it was migrated."""
    raise NotImplementedError
