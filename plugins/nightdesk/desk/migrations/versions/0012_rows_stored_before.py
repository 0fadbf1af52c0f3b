"""What a source offers again is *stored*: held is a night that its checks stop, and nothing else."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Name feed.rows_stored: rows that former nights had taken already."""
    op.alter_column("feed", "rows_held", new_column_name="rows_stored")


def downgrade() -> None:
    """The name that it had."""
    op.alter_column("feed", "rows_stored", new_column_name="rows_held")
