"""The pool, of one slot, of the tasks that write a bank's nights, and the command that makes it."""

WRITER_POOL = "nightdesk_writer"
POOL_COMMAND = ["pools", "set", WRITER_POOL, "1", "one writer per bank"]
