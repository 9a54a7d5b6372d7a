"""What a timeline shows of a mail beside its words: subject, sender, recipients, link to the thread, files."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE crm.interactions
            ADD COLUMN subject text NOT NULL DEFAULT '',
            ADD COLUMN sender text NOT NULL DEFAULT '',
            ADD COLUMN recipients text[] NOT NULL DEFAULT '{}',
            ADD COLUMN link text NOT NULL DEFAULT '',
            ADD COLUMN files jsonb NOT NULL DEFAULT '[]'
        """
    )


def downgrade() -> None:
    op.execute(
        """
        ALTER TABLE crm.interactions
            DROP COLUMN subject, DROP COLUMN sender, DROP COLUMN recipients, DROP COLUMN link, DROP COLUMN files
        """
    )
