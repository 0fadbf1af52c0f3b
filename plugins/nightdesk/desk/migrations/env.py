"""Alembic's entry: the connection is handed over by nightdesk.desk.database."""

from alembic import context

from nightdesk.desk.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
