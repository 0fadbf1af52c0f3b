"""Who writes a bank's nights, and who waits to; and which holds a person released."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables turn and release."""
    op.create_table(
        "turn",
        sa.Column("asker", sa.Text(), primary_key=True),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("alive_key", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Interval(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("granted_at", sa.DateTime(timezone=True)),
    )
    op.create_index(
        "turn_one_holder", "turn", ["profile"], unique=True, postgresql_where=sa.text("granted_at is not null")
    )
    op.create_table(
        "release",
        sa.Column("attempt_id", sa.Text(), sa.ForeignKey("attempt.attempt_id"), primary_key=True),
        sa.Column("table_name", sa.Text(), primary_key=True),
        sa.Column("rule", sa.Text(), primary_key=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("released_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("release")
    op.drop_table("turn")
