"""The desk database's tables. Migrations make them; this is what the code reads and writes."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Interval,
    MetaData,
    Numeric,
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
    Column("source_snapshot", Text, nullable=False, server_default=""),
    Column("base_ccy", Text, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("calendar_version", Text, nullable=False, server_default=""),
    Column("code_version", Text, nullable=False),
    Column("code_commit", Text, nullable=False, server_default=""),
    # whose landing batches were read instead of the source; null: the source was asked
    Column("landing_attempt_id", Text, ForeignKey("attempt.attempt_id")),
    Column("status", Text, nullable=False),
    Column("message", Text, nullable=False, server_default=""),
    Column("is_point_in_time", Boolean, nullable=False, server_default=text("true")),
    Column("backfill_id", BigInteger, ForeignKey("backfill.backfill_id")),
    # one process works on it from open to end and holds its lock; else each step is a process of its own (liveness.py)
    Column("is_one_process", Boolean, nullable=False, server_default=text("false")),
    # batches that it wrote and never came to pin were looked for, and are gone
    Column("is_swept", Boolean, nullable=False, server_default=text("false")),
    _instant("opened_at"),
    Column("closed_at", DateTime(timezone=True)),
    CheckConstraint("status in ('running', 'held', 'failed', 'lost', 'published', 'unchanged')", name="attempt_status"),
)

#: what a step of an attempt took, the newest try of it; a step that is done in parts has a row for each
step = Table(
    "step",
    metadata,
    Column("attempt_id", Text, ForeignKey("attempt.attempt_id"), primary_key=True),
    Column("step", Text, primary_key=True),
    Column("part", Text, primary_key=True, server_default=""),
    Column("status", Text, nullable=False),
    Column("message", Text, nullable=False, server_default=""),
    Column("tries", Integer, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("row_count", BigInteger),
    Column("written_bytes", BigInteger),
    Column("seconds", Numeric(12, 3)),
    Column("cpu_seconds", Numeric(12, 3)),
    Column("peak_bytes", BigInteger),
    Column("spill_bytes", BigInteger),
    CheckConstraint("status in ('running', 'done', 'held', 'failed', 'lost')", name="step_status"),
)

#: which batch of which lake table an attempt wrote; `fingerprint` says what made it, `digest` what its files are;
#: `is_gone`: the lake no longer has its files, since nobody reads it or a pack has its rows
pin = Table(
    "pin",
    metadata,
    Column("attempt_id", Text, ForeignKey("attempt.attempt_id"), primary_key=True),
    Column("table_name", Text, primary_key=True),
    Column("batch_id", Text, nullable=False),
    Column("row_count", BigInteger, nullable=False),
    Column("starts_chain", Boolean, nullable=False, server_default=text("false")),
    Column("fingerprint", Text, nullable=False, server_default=""),
    Column("digest", Text, nullable=False, server_default=""),
    Column("is_gone", Boolean, nullable=False, server_default=text("false")),
    Index("pin_there", "table_name", "batch_id", postgresql_where=text("not is_gone")),
)

#: a batch of the lake that has the rows of many: of batches (level 1), or of packs of the level below
pack = Table(
    "pack",
    metadata,
    Column("table_name", Text, primary_key=True),
    Column("pack_id", Text, primary_key=True),
    Column("made_by", Text, ForeignKey("attempt.attempt_id"), nullable=False),
    Column("level", Integer, nullable=False),
    Column("row_count", BigInteger, nullable=False),
    Column("byte_count", BigInteger, nullable=False),
    Column("digest", Text, nullable=False, server_default=""),
)

#: in which pack the rows of a pinned batch are
packed = Table(
    "packed",
    metadata,
    Column("table_name", Text, primary_key=True),
    Column("batch_id", Text, primary_key=True),
    Column("pack_id", Text, nullable=False),
    ForeignKeyConstraint(["table_name", "pack_id"], ["pack.table_name", "pack.pack_id"]),
    Index("packed_in", "table_name", "pack_id"),
)

#: what became of every row that a source table offered: rows_in = rows_used + rows_quarantined + rows_late, which are
#: rows_read less identical copies, older versions, and rows that former nights hold and that were offered again
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
    Column("rows_stored", BigInteger, nullable=False, server_default=text("0")),
    Column("rows_in", BigInteger, nullable=False, server_default=text("0")),
    Column("rows_used", BigInteger, nullable=False, server_default=text("0")),
    Column("rows_quarantined", BigInteger, nullable=False, server_default=text("0")),
    Column("rows_late", BigInteger, nullable=False, server_default=text("0")),
    CheckConstraint("rows_in = rows_used + rows_quarantined + rows_late", name="feed_nothing_lost"),
)

#: what readers saw of a business date, one row a revision, never rewritten; the attempt behind it moves on where a
#: rerun comes to the same content by another state (`state_hash`: over all that later nights read)
publication = Table(
    "publication",
    metadata,
    Column("profile", Text, primary_key=True),
    Column("business_date", Date, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("attempt_id", Text, ForeignKey("attempt.attempt_id"), nullable=False),
    Column("cutoff_at", DateTime(timezone=True), nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("state_hash", Text, nullable=False, server_default=""),
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
    Column("is_rereading", Boolean, nullable=False, server_default=text("false")),
    Column("status", Text, nullable=False),
    Column("message", Text, nullable=False, server_default=""),
    _instant("requested_at"),
    Column("closed_at", DateTime(timezone=True)),
    CheckConstraint("status in ('running', 'done', 'stopped')", name="backfill_status"),
)

#: one row a list and recipient (`copy` counts a list's recipients from 1; an empty recipient is a registry entry that
#: is no address); at most one list per date, branch and kind unless a restatement was asked for. `next_try_at`: when
#: the sender at work tries again; `resolved_by`: the person who settled the row last;
#: `content_digest`: what the list says, whichever revision says it (empty: not known)
outbox = Table(
    "outbox",
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("profile", Text, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("branch_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("copy", Integer, nullable=False, server_default=text("1")),
    Column("recipient", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("is_restated", Boolean, nullable=False, server_default=text("false")),
    Column("is_backfill", Boolean, nullable=False, server_default=text("false")),
    Column("content_digest", Text, nullable=False, server_default=""),
    Column("status", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("claimed_by", Text),
    Column("detail", Text, nullable=False, server_default=""),
    Column("next_try_at", DateTime(timezone=True)),
    Column("resolved_by", Text),
    _instant("created_at"),
    _instant("updated_at"),
    UniqueConstraint("profile", "business_date", "branch_id", "kind", "revision", "copy", name="outbox_once"),
    CheckConstraint(
        "status in ('pending', 'sending', 'sent', 'refused', 'uncertain', 'dropped')", name="outbox_status"
    ),
)

#: who writes a bank's nights (granted), and who waits to; a row lives while a process holds the lock `alive_key`, and
#: for `lease` after it was last seen
turn = Table(
    "turn",
    metadata,
    Column("asker", Text, primary_key=True),
    Column("profile", Text, nullable=False),
    Column("business_date", Date, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("alive_key", Integer, nullable=False),
    Column("lease", Interval, nullable=False),
    _instant("asked_at"),
    _instant("seen_at"),
    Column("granted_at", DateTime(timezone=True)),
    Index("turn_one_holder", "profile", unique=True, postgresql_where=text("granted_at is not null")),
)

#: what a person overrode for one attempt: a line a check that held it; no other attempt goes by it, but a replay of the
#: same rows that the same checks hold: `replayed_from` is the attempt whose release it took over
release = Table(
    "release",
    metadata,
    Column("attempt_id", Text, ForeignKey("attempt.attempt_id"), primary_key=True),
    Column("table_name", Text, primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("what", Text, nullable=False),
    Column("released_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("replayed_from", Text, ForeignKey("attempt.attempt_id")),
    _instant("released_at"),
)
