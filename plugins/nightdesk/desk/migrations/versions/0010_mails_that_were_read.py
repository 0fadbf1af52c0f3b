"""Which mails of the mailbox of answers were read: each is read once."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table read_mail."""
    op.create_table(
        "read_mail",
        sa.Column("profile", sa.Text(), primary_key=True),
        sa.Column("place", sa.Text(), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("attempt_id", sa.Text(), sa.ForeignKey("attempt.attempt_id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Text()),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.CheckConstraint(
            "kind in ('reply', 'automatic', 'bounce', 'empty', 'unreadable', 'stranger', 'too_large', 'again',"
            " 'failed')",
            name="read_mail_kind",
        ),
        sa.Index("read_mail_message", "profile", "message_id"),
        sa.Index("read_mail_attempt", "attempt_id"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("read_mail")
