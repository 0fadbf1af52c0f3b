"""The desk database: ledger of nights, pins, publications and the outbox, in PostgreSQL."""
