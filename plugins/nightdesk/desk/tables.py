"""The desk database's tables. Migrations make them; this is what the code reads and writes."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)

metadata = MetaData()


def _instant(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())


#: one attempt at one night; its parent is the publication whose state it continues
attempt = Table(
    "attempt",
    metadata,
    Column("attempt_id", Text, primary_key=True),
    Column("profile", Text, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("cutoff_at", DateTime(timezone=True), nullable=False),
    Column("parent_attempt_id", Text, ForeignKey("attempt.attempt_id")),
    Column("token", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("base_ccy", Text, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("calendar_version", Text, nullable=False, server_default=""),
    Column("code_version", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("message", Text, nullable=False, server_default=""),
    Column("is_point_in_time", Boolean, nullable=False, server_default=text("true")),
    Column("backfill_id", BigInteger, ForeignKey("backfill.backfill_id")),
    _instant("opened_at"),
    Column("closed_at", DateTime(timezone=True)),
    CheckConstraint("status in ('running', 'held', 'failed', 'published', 'unchanged')", name="attempt_status"),
)

#: which batch of which lake table an attempt wrote
pin = Table(
    "pin",
    metadata,
    Column("attempt_id", Text, ForeignKey("attempt.attempt_id"), primary_key=True),
    Column("table_name", Text, primary_key=True),
    Column("batch_id", Text, nullable=False),
    Column("row_count", BigInteger, nullable=False),
    Column("starts_chain", Boolean, nullable=False, server_default=text("false")),
)

#: what became of every row that a source table offered: rows_in = rows_used + rows_quarantined + rows_late
feed = Table(
    "feed",
    metadata,
    Column("attempt_id", Text, ForeignKey("attempt.attempt_id"), primary_key=True),
    Column("table_name", Text, primary_key=True),
    Column("is_supplied", Boolean, nullable=False),
    Column("columns_supplied", Text, nullable=False, server_default=""),
    Column("is_point_in_time", Boolean, nullable=False, server_default=text("true")),
    Column("rows_read", BigInteger, nullable=False, server_default=text("0")),
    Column("volume", BigInteger, nullable=False, server_default=text("0")),
    Column("rows_duplicate", BigInteger, nullable=False, server_default=text("0")),
    Column("rows_superseded", BigInteger, nullable=False, server_default=text("0")),
    Column("rows_in", BigInteger, nullable=False, server_default=text("0")),
    Column("rows_used", BigInteger, nullable=False, server_default=text("0")),
    Column("rows_quarantined", BigInteger, nullable=False, server_default=text("0")),
    Column("rows_late", BigInteger, nullable=False, server_default=text("0")),
    CheckConstraint("rows_in = rows_used + rows_quarantined + rows_late", name="feed_nothing_lost"),
)

#: what readers saw of a business date, one row a revision; never rewritten
publication = Table(
    "publication",
    metadata,
    Column("profile", Text, primary_key=True),
    Column("business_date", Date, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("attempt_id", Text, ForeignKey("attempt.attempt_id"), nullable=False),
    Column("cutoff_at", DateTime(timezone=True), nullable=False),
    Column("content_hash", Text, nullable=False),
    _instant("published_at"),
)

#: the revision that readers see now; moved in one transaction
pointer = Table(
    "pointer",
    metadata,
    Column("profile", Text, primary_key=True),
    Column("business_date", Date, primary_key=True),
    Column("revision", Integer, nullable=False),
)

#: a backfill leaves a trace: range, reason, who
backfill = Table(
    "backfill",
    metadata,
    Column("backfill_id", BigInteger, primary_key=True, autoincrement=True),
    Column("profile", Text, nullable=False),
    Column("date_from", Date, nullable=False),
    Column("date_to", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("is_sending", Boolean, nullable=False),
    Column("status", Text, nullable=False),
    Column("message", Text, nullable=False, server_default=""),
    _instant("requested_at"),
    Column("closed_at", DateTime(timezone=True)),
    CheckConstraint("status in ('running', 'done', 'stopped')", name="backfill_status"),
)

#: one row a list and recipient; at most one list per date, branch and kind unless a restatement was asked for
outbox = Table(
    "outbox",
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("profile", Text, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("branch_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("is_restated", Boolean, nullable=False, server_default=text("false")),
    Column("is_backfill", Boolean, nullable=False, server_default=text("false")),
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("claimed_by", Text),
    Column("detail", Text, nullable=False, server_default=""),
    _instant("created_at"),
    _instant("updated_at"),
    UniqueConstraint("profile", "business_date", "branch_id", "kind", "revision", name="outbox_once"),
    CheckConstraint(
        "status in ('pending', 'sending', 'sent', 'refused', 'uncertain', 'dropped')", name="outbox_status"
    ),
)
