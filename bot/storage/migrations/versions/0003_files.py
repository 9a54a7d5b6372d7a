"""Files that came with messages."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("sha256", sa.Text(), nullable=False, comment="of the content, 64 hex digits"),
        sa.Column("kind", sa.Text(), nullable=False, comment="what the content was found to be, such as pdf or xlsx"),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_files")),
    )
    # Files are packed as they come (PDF, XLSX, pictures): pressing them again would cost time and save nothing.
    op.execute("alter table files alter column content set storage external")
    op.create_table(
        "message_files",
        sa.Column("inbox_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="among the kept files of the message, from 0"),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="as the message called it, made safe"),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_message_files_inbox_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["sha256"], ["files.sha256"], name=op.f("fk_message_files_sha256")),
        sa.PrimaryKeyConstraint("inbox_id", "position", name=op.f("pk_message_files")),
    )
    op.create_index("ix_message_files_sha256", "message_files", ["sha256"], unique=False)
