"""The ledger takes no change but its sealing and an erasure, and its chain covers whose each row is and its place."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Sealing sets what was empty. An erasure only takes away, and says beforehand that it is one.
_GUARD = """
create function ledger_append_only() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE'
        and row(new.id, new.at, new.kind, new.actor, new.partner_id, new.inbox_id, new.digests)
            is not distinct from row(old.id, old.at, old.kind, old.actor, old.partner_id, old.inbox_id, old.digests)
    then
        if old.chain is null and old.position is null and new.chain is not null and new.position is not null
            and new.body = old.body and new.salts = old.salts
        then
            return new;
        end if;
        if row(new.chain, new.position) is not distinct from row(old.chain, old.position)
            and current_setting('partnerline.erasing', true) = 'on'
            and new.body <@ old.body and new.salts <@ old.salts
        then
            return new;
        end if;
    end if;
    raise exception 'the ledger takes no %: rows are only appended', lower(tg_op)
        using errcode = 'restrict_violation', hint = 'partnerline ledger forget erases personal data';
end $$
"""


def upgrade() -> None:
    op.create_index(
        "ix_ledger_partner",
        "ledger",
        ["partner_id", "id"],
        unique=False,
        postgresql_where=sa.text("partner_id is not null"),
    )
    # Sealed anew in the form that covers more.
    op.execute("update ledger set chain = null, position = null where position is not null")
    op.execute(_GUARD)
    op.execute(
        "create trigger ledger_append_only before update or delete on ledger"
        " for each row execute function ledger_append_only()"
    )
    op.execute(
        "create trigger ledger_never_emptied before truncate on ledger"
        " for each statement execute function ledger_append_only()"
    )


def downgrade() -> None:
    op.execute("drop trigger ledger_never_emptied on ledger")
    op.execute("drop trigger ledger_append_only on ledger")
    op.execute("drop function ledger_append_only()")
    op.execute("update ledger set chain = null, position = null where position is not null")
    op.drop_index("ix_ledger_partner", table_name="ledger")
