"""Runs the agent's migrations on the connection that `bot.storage.migrate` hands over."""

from alembic import context

from bot.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table="partnerline_version",
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
