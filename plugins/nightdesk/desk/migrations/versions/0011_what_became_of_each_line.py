"""What became of each line of a reply, for its receipt."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add read_mail.lines; empty for mails that were read before receipts were written, which get none."""
    op.add_column("read_mail", sa.Column("lines", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("read_mail", "lines")
