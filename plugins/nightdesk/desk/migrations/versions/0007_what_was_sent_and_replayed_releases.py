"""What each mailed list said, and the attempt whose release a replay took over."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add outbox.content_digest and release.replayed_from."""
    op.add_column("outbox", sa.Column("content_digest", sa.Text(), server_default="", nullable=False))
    op.add_column("release", sa.Column("replayed_from", sa.Text(), sa.ForeignKey("attempt.attempt_id")))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("release", "replayed_from")
    op.drop_column("outbox", "content_digest")
