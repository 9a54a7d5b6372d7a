"""Leads, rights of contacts, the vendor's own deals, and what a deal desk notes of registrations."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_COLUMNS = """
ALTER TABLE crm.contacts ADD COLUMN rights text[] NOT NULL DEFAULT '{see_deals,register,see_commission}';
ALTER TABLE crm.deals
    ALTER COLUMN partner_id DROP NOT NULL,
    ADD COLUMN stage_since date,
    ADD COLUMN lost_reason text NOT NULL DEFAULT '';
CREATE INDEX deals_customer_domain ON crm.deals (customer_domain) WHERE customer_domain <> '';
ALTER TABLE crm.registrations
    ADD COLUMN priority_at timestamptz,
    ADD COLUMN code text,
    ADD COLUMN question text NOT NULL DEFAULT '',
    ADD COLUMN asked_at timestamptz,
    ADD COLUMN evidence text NOT NULL DEFAULT '',
    ADD COLUMN competitor text NOT NULL DEFAULT '',
    ADD COLUMN customer_country text NOT NULL DEFAULT '',
    ADD COLUMN attribution text NOT NULL DEFAULT 'sourced',
    ADD COLUMN lead_number text NOT NULL DEFAULT '',
    ADD COLUMN extensions bigint NOT NULL DEFAULT 0 CONSTRAINT registrations_extensions_range CHECK (extensions >= 0);
ALTER TABLE crm.registrations DROP CONSTRAINT registrations_state_known;
"""

_LEADS = """
CREATE TABLE crm.leads (
    number text CONSTRAINT leads_key PRIMARY KEY,
    source text NOT NULL,
    state text NOT NULL,
    partner_id text CONSTRAINT leads_partner REFERENCES crm.partners,
    contact_id text,
    customer text NOT NULL,
    customer_domain text NOT NULL,
    contact_name text NOT NULL,
    contact_email text NOT NULL,
    contact_phone text NOT NULL,
    products text[] NOT NULL,
    amount numeric CONSTRAINT leads_amount_finite CHECK (amount > '-Infinity' AND amount < 'Infinity'),
    currency text NOT NULL,
    quantity bigint,
    region text NOT NULL,
    country text NOT NULL,
    notes text NOT NULL,
    attribution text NOT NULL,
    deal_number text NOT NULL,
    reason text NOT NULL,
    created_at timestamptz,
    change bigint NOT NULL
);
CREATE INDEX leads_of_partner ON crm.leads (partner_id);
CREATE INDEX leads_change ON crm.leads (change);
CREATE TRIGGER number_change BEFORE INSERT OR UPDATE ON crm.leads
    FOR EACH ROW EXECUTE FUNCTION crm.number_change();
"""

_WORDS = {
    ("registrations", "state"): "draft submitted needs_info approved declined withdrawn expired",
    ("registrations", "code"): "customer_in_progress already_protected policy declined_by_person",
    ("registrations", "attribution"): "sourced influenced",
    ("leads", "source"): "partner vendor",
    ("leads", "state"): "new working offered accepted converted rejected unplaced",
    ("leads", "attribution"): "sourced influenced",
}
_RIGHTS = "see_deals register see_commission manage_contacts"


def upgrade() -> None:
    op.execute(_COLUMNS)
    op.execute(_LEADS)
    for (table, column), words in _WORDS.items():
        _check(table, f"{column}_known", f"{column} = ANY ('{{{','.join(words.split())}}}')")
    _check("contacts", "rights_known", f"rights <@ '{{{','.join(_RIGHTS.split())}}}'")


def _check(table: str, name: str, condition: str) -> None:
    op.execute(f"ALTER TABLE crm.{table} ADD CONSTRAINT {table}_{name} CHECK ({condition})")


def downgrade() -> None:
    """What the earlier tables cannot hold goes: leads and deals of no partner; open questions become drafts."""
    op.execute("DROP TABLE crm.leads")
    op.execute("ALTER TABLE crm.registrations DROP CONSTRAINT registrations_state_known")
    op.execute("UPDATE crm.registrations SET state = 'draft' WHERE state = 'needs_info'")
    for column in ("priority_at", "code", "question", "asked_at", "evidence", "competitor", "customer_country",
                   "attribution", "lead_number", "extensions"):  # fmt: skip
        op.execute(f"ALTER TABLE crm.registrations DROP COLUMN {column}")
    _check("registrations", "state_known", "state = ANY ('{draft,submitted,approved,declined,withdrawn,expired}')")
    op.execute("DELETE FROM crm.deals WHERE partner_id IS NULL")
    op.execute("DROP INDEX crm.deals_customer_domain")
    op.execute(
        "ALTER TABLE crm.deals ALTER COLUMN partner_id SET NOT NULL, DROP COLUMN stage_since, DROP COLUMN lost_reason"
    )
    op.execute("ALTER TABLE crm.contacts DROP COLUMN rights")
