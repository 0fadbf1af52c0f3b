"""One outbox row a recipient, when the next try is due, and who settled a row."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_LIST = ["profile", "business_date", "branch_id", "kind", "revision"]


def upgrade() -> None:
    """Add copy, next_try_at and resolved_by; what a person dropped before stays told apart from what was replaced."""
    op.add_column("outbox", sa.Column("copy", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column("outbox", sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("resolved_by", sa.Text(), nullable=True))
    op.execute("update outbox set resolved_by = 'unknown' where detail like 'resolved as %'")
    op.drop_constraint("outbox_once", "outbox", type_="unique")
    op.create_unique_constraint("outbox_once", "outbox", [*_LIST, "copy"])


def downgrade() -> None:
    """Take them away again, and with them the rows of second recipients, for which there is no place."""
    op.execute("delete from outbox where copy > 1")
    op.drop_constraint("outbox_once", "outbox", type_="unique")
    op.create_unique_constraint("outbox_once", "outbox", _LIST)
    op.drop_column("outbox", "resolved_by")
    op.drop_column("outbox", "next_try_at")
    op.drop_column("outbox", "copy")
