"""Deals are found by another partner that had a part in them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


_KINDS = "partner, contact, deal, payment, lead or milestone"
_KINDS_BEFORE = "partner, contact, deal, payment or lead"


def upgrade() -> None:
    op.alter_column("mirror", "kind", existing_type=sa.Text(), comment=_KINDS)
    op.create_index(
        "ix_mirror_others",
        "mirror",
        [sa.text("(doc -> 'others')")],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("kind = 'deal'"),
    )


def downgrade() -> None:
    op.alter_column("mirror", "kind", existing_type=sa.Text(), comment=_KINDS_BEFORE)
    op.drop_index("ix_mirror_others", table_name="mirror")
