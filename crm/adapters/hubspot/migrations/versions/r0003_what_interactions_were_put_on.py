"""Which records an interaction was put on, and when it was first not found after an answer that was lost."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "interactions",
        sa.Column(
            "linked",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
            comment="HubSpot ids by object type",
        ),
        schema="hubspot",
    )
    op.add_column(
        "interactions",
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True, comment="first looked for in vain"),
        schema="hubspot",
    )
    op.create_index(
        "ix_interactions_hubspot",
        "interactions",
        ["hubspot_id"],
        unique=False,
        schema="hubspot",
        postgresql_where=sa.text("hubspot_id <> ''"),
    )


def downgrade() -> None:
    op.drop_index("ix_interactions_hubspot", "interactions", schema="hubspot")
    op.drop_column("interactions", "missed_at", schema="hubspot")
    op.drop_column("interactions", "linked", schema="hubspot")
