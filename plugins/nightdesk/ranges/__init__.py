"""Nights in a row: what a backfill runs, rewrites and mails, and how a native one is told from it."""
