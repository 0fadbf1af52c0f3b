"""Tables of the desk database that are only added to: what people entered, and the trail of who did what."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, DateTime, Index, Integer, Table, Text

from nightdesk.desk.tables import metadata

#: rows of contract tables that people entered between two nights (`row`: its cells, text as a source would give it, in
#: canonical JSON), known from `entered_at` on; only added to: a newer row of a key is its correction. `source`: by
#: which door they came
entry = Table(
    "entry",
    metadata,
    Column("entry_id", BigInteger, primary_key=True, autoincrement=True),
    Column("profile", Text, nullable=False),
    Column("table_name", Text, nullable=False),
    Column("row_key", Text, nullable=False),
    Column("row", Text, nullable=False),
    Column("entered_at", DateTime(timezone=True), nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("source", Text, nullable=False),
    Index("entry_known", "profile", "table_name", "entered_at"),
    Index("entry_key", "profile", "table_name", "row_key"),
)

#: who did what, in a chain: `hash` is over the hash before it and everything else that the row says; only added to
audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("profile", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("subject_key", Text, nullable=False),
    Column("business_date", Date),
    Column("revision", Integer),
    Column("detail", Text, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("code_version", Text, nullable=False),
    Column("code_commit", Text, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
)

#: where the chain ends: the one row only moves on, so that an end that was cut off is seen
audit_head = Table(
    "audit_head",
    metadata,
    Column("is_head", Boolean, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
    CheckConstraint("is_head", name="audit_one_head"),
)
