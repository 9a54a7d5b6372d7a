"""Runs the HubSpot adapter's migrations on the connection that `crm.adapters.hubspot.migrate` hands over."""

from alembic import context

from crm.adapters.hubspot.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table="schema_version",
    version_table_schema="hubspot",
)
with context.begin_transaction():
    context.run_migrations()
