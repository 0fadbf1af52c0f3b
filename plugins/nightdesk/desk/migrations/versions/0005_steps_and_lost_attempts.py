"""What each step of an attempt took, and attempts whose process is gone."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BEFORE = "status in ('running', 'held', 'failed', 'published', 'unchanged')"
_NOW = "status in ('running', 'held', 'failed', 'lost', 'published', 'unchanged')"


def upgrade() -> None:
    """Add the table step, attempt.is_one_process, and the status `lost`."""
    op.add_column("attempt", sa.Column("is_one_process", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.drop_constraint("attempt_status", "attempt", type_="check")
    op.create_check_constraint("attempt_status", "attempt", _NOW)
    op.create_table(
        "step",
        sa.Column("attempt_id", sa.Text(), sa.ForeignKey("attempt.attempt_id"), primary_key=True),
        sa.Column("step", sa.Text(), primary_key=True),
        sa.Column("part", sa.Text(), primary_key=True, server_default=""),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False, server_default=""),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("row_count", sa.BigInteger()),
        sa.Column("written_bytes", sa.BigInteger()),
        sa.Column("seconds", sa.Numeric(12, 3)),
        sa.Column("cpu_seconds", sa.Numeric(12, 3)),
        sa.Column("peak_bytes", sa.BigInteger()),
        sa.Column("spill_bytes", sa.BigInteger()),
        sa.CheckConstraint("status in ('running', 'done', 'held', 'failed', 'lost')", name="step_status"),
    )


def downgrade() -> None:
    """Take them away again; what was lost counts as failed."""
    op.drop_table("step")
    op.drop_constraint("attempt_status", "attempt", type_="check")
    op.execute("update attempt set status = 'failed' where status = 'lost'")
    op.create_check_constraint("attempt_status", "attempt", _BEFORE)
    op.drop_column("attempt", "is_one_process")
