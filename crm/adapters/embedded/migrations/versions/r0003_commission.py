"""What commission rests on: parts and periods of payments, milestones, splits and margins of deals, billing data."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COLUMNS = """
ALTER TABLE crm.partners
    ADD COLUMN address text NOT NULL DEFAULT '',
    ADD COLUMN vat_id text NOT NULL DEFAULT '',
    ADD COLUMN purchase_order text NOT NULL DEFAULT '';
ALTER TABLE crm.deals
    ADD COLUMN plan text NOT NULL DEFAULT '',
    ADD COLUMN margin numeric CONSTRAINT deals_margin_finite CHECK (margin > '-Infinity' AND margin < 'Infinity'),
    ADD COLUMN margin_currency text CONSTRAINT deals_margin_currency_code CHECK (margin_currency ~ '^[A-Z]{3}$'),
    ADD COLUMN replaces_mrr numeric
        CONSTRAINT deals_replaces_mrr_finite CHECK (replaces_mrr > '-Infinity' AND replaces_mrr < 'Infinity'),
    ADD COLUMN replaces_mrr_currency text
        CONSTRAINT deals_replaces_mrr_currency_code CHECK (replaces_mrr_currency ~ '^[A-Z]{3}$'),
    ADD COLUMN others jsonb NOT NULL DEFAULT '[]',
    ADD CONSTRAINT deals_margin_whole CHECK ((margin IS NULL) = (margin_currency IS NULL)),
    ADD CONSTRAINT deals_replaces_mrr_whole CHECK ((replaces_mrr IS NULL) = (replaces_mrr_currency IS NULL));
ALTER TABLE crm.payments
    ALTER COLUMN partner_id DROP NOT NULL,
    ADD COLUMN kind text NOT NULL DEFAULT 'recurring',
    ADD COLUMN parts jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN period_start date,
    ADD COLUMN period_end date,
    ADD COLUMN refunds text NOT NULL DEFAULT '',
    ADD COLUMN invoice text NOT NULL DEFAULT '',
    ADD CONSTRAINT payments_period_order CHECK (period_start <= period_end);
"""

_MILESTONES = """
CREATE TABLE crm.milestones (
    id text CONSTRAINT milestones_key PRIMARY KEY,
    partner_id text CONSTRAINT milestones_partner REFERENCES crm.partners,
    kind text NOT NULL,
    happened_on date NOT NULL,
    deal_id text CONSTRAINT milestones_deal REFERENCES crm.deals,
    subject text NOT NULL,
    value numeric CONSTRAINT milestones_value_finite CHECK (value > '-Infinity' AND value < 'Infinity'),
    change bigint NOT NULL
);
CREATE INDEX milestones_of_deal ON crm.milestones (deal_id);
CREATE INDEX milestones_of_partner ON crm.milestones (partner_id);
CREATE INDEX milestones_change ON crm.milestones (change);
CREATE TRIGGER number_change BEFORE INSERT OR UPDATE ON crm.milestones
    FOR EACH ROW EXECUTE FUNCTION crm.number_change();
"""

_WORDS = {
    ("payments", "kind"): "recurring renewal one_off",
    ("milestones", "kind"): "stage go_live csat usage meeting certification event",
}

# Rows may be changed by hand; a list that the records cannot be made of would stop everybody who reads them.
_DECIMAL = r'"^-?[0-9]+([.][0-9]+)?(E[+-]?[0-9]+)?$"'
_OTHER = f"""@.partner_id.type() == "string"
    && (@.attribution == "sourced" || @.attribution == "influenced")
    && (@.share.type() == "null" || @.share.type() == "string" && @.share like_regex {_DECIMAL})"""
_PART = f"""@.product.type() == "string"
    && (@.kind == "recurring" || @.kind == "renewal" || @.kind == "one_off")
    && @.amount.type() == "string" && @.amount like_regex {_DECIMAL}"""
_LISTS = {
    "deals_others_known": ("deals", "others", _OTHER),
    "payments_parts_known": ("payments", "parts", _PART),
}


def upgrade() -> None:
    op.execute(_COLUMNS)
    op.execute(_MILESTONES)
    for (table, column), words in _WORDS.items():
        _check(table, f"{table}_{column}_known", f"{column} = ANY ('{{{','.join(words.split())}}}')")
    for name, (table, column, known) in _LISTS.items():
        # Strict, for lax paths look into arrays by themselves; and lax, for what is lacking is an error in strict ones.
        objects = f"""NOT jsonb_path_exists({column}, 'strict $[*] ? (@.type() != "object")')"""
        every = f"NOT jsonb_path_exists({column}, '$[*] ? (!({known}))')"
        _check(table, name, f"jsonb_typeof({column}) = 'array' AND {objects} AND {every}")


def _check(table: str, name: str, condition: str) -> None:
    op.get_bind().exec_driver_sql(f"ALTER TABLE crm.{table} ADD CONSTRAINT {name} CHECK ({condition})")


def downgrade() -> None:
    """What the earlier tables cannot hold goes: milestones, parts and periods, splits and margins, billing data, and
    payments on the vendor's own deals.
    """
    op.execute("DROP TABLE crm.milestones")
    op.execute("DELETE FROM crm.payments WHERE partner_id IS NULL")
    op.execute("ALTER TABLE crm.payments ALTER COLUMN partner_id SET NOT NULL")
    for table, columns in (
        ("payments", "kind parts period_start period_end refunds invoice"),
        ("deals", "plan margin margin_currency replaces_mrr replaces_mrr_currency others"),
        ("partners", "address vat_id purchase_order"),
    ):
        for column in columns.split():
            op.execute(f"ALTER TABLE crm.{table} DROP COLUMN {column}")
