"""Runs the embedded CRM's migrations on the connection that `crm.adapters.embedded.migrate` hands over."""

from alembic import context

from crm.adapters.embedded.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table="schema_version",
    version_table_schema="crm",
)
with context.begin_transaction():
    context.run_migrations()
