"""Who made a batch and what its files are, the state behind a publication, and which landing an attempt read."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # nights of before are continued once more by a state built anew: they carry no fingerprint
    op.add_column("pin", sa.Column("fingerprint", sa.Text(), server_default="", nullable=False))
    op.add_column("pin", sa.Column("digest", sa.Text(), server_default="", nullable=False))
    op.add_column("publication", sa.Column("state_hash", sa.Text(), server_default="", nullable=False))
    op.add_column("attempt", sa.Column("code_commit", sa.Text(), server_default="", nullable=False))
    op.add_column("attempt", sa.Column("landing_attempt_id", sa.Text(), nullable=True))
    op.create_foreign_key("attempt_landing", "attempt", "attempt", ["landing_attempt_id"], ["attempt_id"])
    op.add_column("backfill", sa.Column("is_rereading", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("feed", sa.Column("rows_held", sa.BigInteger(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    op.drop_column("feed", "rows_held")
    op.drop_column("backfill", "is_rereading")
    op.drop_constraint("attempt_landing", "attempt", type_="foreignkey")
    op.drop_column("attempt", "landing_attempt_id")
    op.drop_column("attempt", "code_commit")
    op.drop_column("publication", "state_hash")
    op.drop_column("pin", "digest")
    op.drop_column("pin", "fingerprint")
