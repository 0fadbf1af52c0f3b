"""Packs of small batches, and which batches and attempts upkeep is done with."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables pack and packed."""
    op.create_table(
        "pack",
        sa.Column("table_name", sa.Text(), primary_key=True),
        sa.Column("pack_id", sa.Text(), primary_key=True),
        sa.Column("made_by", sa.Text(), sa.ForeignKey("attempt.attempt_id"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False, server_default=""),
    )
    op.create_table(
        "packed",
        sa.Column("table_name", sa.Text(), primary_key=True),
        sa.Column("batch_id", sa.Text(), primary_key=True),
        sa.Column("pack_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["table_name", "pack_id"], ["pack.table_name", "pack.pack_id"]),
        sa.Index("packed_in", "table_name", "pack_id"),
    )
    op.add_column("pin", sa.Column("is_gone", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index("pin_there", "pin", ["table_name", "batch_id"], postgresql_where=sa.text("not is_gone"))
    op.add_column("attempt", sa.Column("is_swept", sa.Boolean(), server_default=sa.text("false"), nullable=False))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("attempt", "is_swept")
    op.drop_index("pin_there", "pin")
    op.drop_column("pin", "is_gone")
    op.drop_table("packed")
    op.drop_table("pack")
