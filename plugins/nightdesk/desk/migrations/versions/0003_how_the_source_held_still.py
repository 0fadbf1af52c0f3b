"""How well the source held still while a night read its tables."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add attempt.source_snapshot; empty for nights that were read before it was asked."""
    op.add_column("attempt", sa.Column("source_snapshot", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("attempt", "source_snapshot")
