"""Rows that people enter between two nights, and the trail of who did what; both can only be added to."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ONLY_ADDED_TO = ("entry", "audit")


def upgrade() -> None:
    """Make entry, audit and audit_head, and the triggers that refuse every change of what stands in them."""
    op.create_table(
        "entry",
        sa.Column("entry_id", sa.BigInteger(), primary_key=True, autoincrement=True),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Index("entry_known", "profile", "table_name", "entered_at"),
        sa.Index("entry_key", "profile", "table_name", "row_key"),
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Date()),
        sa.Column("revision", sa.Integer()),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.Column("code_commit", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False, unique=True),
    )
    op.create_table(
        "audit_head",
        sa.Column("is_head", sa.Boolean(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("is_head", name="audit_one_head"),
    )
    op.execute(
        """
        create function only_added_to() returns trigger language plpgsql as $$
        begin
            raise exception 'rows of % are only added, never changed or removed', tg_table_name
                using errcode = 'insufficient_privilege';
        end $$
        """
    )
    op.execute(
        """
        create function audit_head_moves_on() returns trigger language plpgsql as $$
        begin
            if tg_op <> 'UPDATE' or new.seq <> old.seq + 1 then
                raise exception 'the head of the audit trail only moves on, a row at a time'
                    using errcode = 'insufficient_privilege';
            end if;
            return new;
        end $$
        """
    )
    for name in _ONLY_ADDED_TO:
        op.execute(
            f"create trigger {name}_only_added_to before update or delete or truncate on {name}"
            " for each statement execute function only_added_to()"
        )
    op.execute(
        "create trigger audit_head_moves_on before update or delete on audit_head"
        " for each row execute function audit_head_moves_on()"
    )
    op.execute(
        "create trigger audit_head_stays before truncate on audit_head"
        " for each statement execute function only_added_to()"
    )


def downgrade() -> None:
    """Take them away again."""
    for name in ("audit_head", *_ONLY_ADDED_TO):
        op.drop_table(name)
    op.execute("drop function audit_head_moves_on()")
    op.execute("drop function only_added_to()")
