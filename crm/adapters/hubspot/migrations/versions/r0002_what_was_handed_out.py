"""Which records were handed out, and in what state, so that only what differs comes again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handed",
        sa.Column("object_type", sa.Text(), nullable=False),
        sa.Column("hubspot_id", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "digest",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="of the records as they were handed out and kept",
        ),
        sa.Column("given_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "given_digest",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="of those that were handed out last",
        ),
        sa.Column("given_gone", sa.Boolean(), server_default="false", nullable=False, comment="HubSpot has it no more"),
        sa.Column(
            "given_in",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="the page they were in, until it is known to be kept",
        ),
        sa.PrimaryKeyConstraint("object_type", "hubspot_id"),
        schema="hubspot",
    )
    op.create_index(
        "ix_handed_given",
        "handed",
        ["given_in"],
        unique=False,
        schema="hubspot",
        postgresql_where=sa.text("given_in <> ''"),
    )


def downgrade() -> None:
    op.drop_table("handed", schema="hubspot")
