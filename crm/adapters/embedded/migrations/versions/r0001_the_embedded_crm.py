"""The embedded CRM's first tables, and the numbering of changes."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_CHANGES = """
CREATE SEQUENCE crm.change_number;

-- Every changed row gets the next number. Numbers are drawn before their transaction commits, so a later number may
-- become visible before an earlier one, and a reader that stands between them would never see the earlier. Therefore
-- writers hold this lock shared from before the draw until they are committed, and the reader asks for the last number
-- while it holds the lock alone: nothing up to that number is then still on its way. Unlike transaction ids compared
-- with pg_snapshot_xmin, this survives pg_dump and pg_restore, and no foreign long transaction holds it up.
-- A trigger and not the adapter, so that rows changed by hand are seen as well.
CREATE FUNCTION crm.number_change() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = '10s' AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(7163914521);
    NEW.change := nextval('crm.change_number');
    RETURN NEW;
END $$;

CREATE FUNCTION crm.last_change() RETURNS bigint LANGUAGE plpgsql SET lock_timeout = '10s' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7163914521);
    RETURN (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM crm.change_number);
END $$;
"""

_TABLES = """
CREATE TABLE crm.partners (
    id text CONSTRAINT partners_key PRIMARY KEY,
    name text NOT NULL,
    types text[] NOT NULL,
    tier text NOT NULL,
    region text NOT NULL,
    country text NOT NULL,
    language text NOT NULL,
    time_zone text NOT NULL,
    currency text NOT NULL,
    domains text[] NOT NULL,
    manager_email text NOT NULL,
    plan text NOT NULL,
    target_amount numeric CONSTRAINT partners_target_finite CHECK (target_amount < 'Infinity'),
    target_currency text,
    csat numeric CONSTRAINT partners_csat_range CHECK (csat BETWEEN 1 AND 5),
    certified_people bigint NOT NULL CONSTRAINT partners_certified_range CHECK (certified_people >= 0),
    finance_contact_id text,
    change bigint NOT NULL,
    CONSTRAINT partners_target_whole CHECK ((target_amount IS NULL) = (target_currency IS NULL))
);

CREATE TABLE crm.contacts (
    id text CONSTRAINT contacts_key PRIMARY KEY,
    partner_id text NOT NULL CONSTRAINT contacts_partner REFERENCES crm.partners,
    name text NOT NULL,
    email text NOT NULL,
    phone text NOT NULL,
    language text NOT NULL,
    slack_user_id text NOT NULL,
    active boolean NOT NULL,
    opted_out boolean NOT NULL,
    main boolean NOT NULL,
    change bigint NOT NULL
);
-- An address of two people could not tell who is writing.
CREATE UNIQUE INDEX contacts_email ON crm.contacts (lower(email)) WHERE email <> '';
CREATE INDEX contacts_of_partner ON crm.contacts (partner_id);

CREATE TABLE crm.deals (
    id text CONSTRAINT deals_key PRIMARY KEY,
    number text NOT NULL CONSTRAINT deals_number UNIQUE,
    partner_id text NOT NULL CONSTRAINT deals_partner REFERENCES crm.partners,
    customer text NOT NULL,
    customer_domain text NOT NULL,
    products text[] NOT NULL,
    amount numeric CONSTRAINT deals_amount_finite CHECK (amount > '-Infinity' AND amount < 'Infinity'),
    currency text,
    amount_basis text,
    stage text NOT NULL,
    close_date date,
    created_on date NOT NULL,
    quantity bigint,
    term_months bigint,
    won_on date,
    next_step text NOT NULL,
    attribution text NOT NULL,
    internal_notes text NOT NULL,
    change bigint NOT NULL,
    CONSTRAINT deals_amount_whole CHECK ((amount IS NULL) = (currency IS NULL))
);
CREATE INDEX deals_of_partner ON crm.deals (partner_id);

CREATE TABLE crm.payments (
    id text CONSTRAINT payments_key PRIMARY KEY,
    deal_id text NOT NULL CONSTRAINT payments_deal REFERENCES crm.deals,
    partner_id text NOT NULL CONSTRAINT payments_partner REFERENCES crm.partners,
    amount numeric NOT NULL CONSTRAINT payments_amount_finite CHECK (amount > '-Infinity' AND amount < 'Infinity'),
    currency text NOT NULL,
    received_on date NOT NULL,
    change bigint NOT NULL
);
CREATE INDEX payments_of_deal ON crm.payments (deal_id);
CREATE INDEX payments_of_partner ON crm.payments (partner_id);

CREATE TABLE crm.registrations (
    number text CONSTRAINT registrations_key PRIMARY KEY,
    partner_id text NOT NULL CONSTRAINT registrations_partner REFERENCES crm.partners,
    contact_id text,
    state text NOT NULL,
    customer text NOT NULL,
    customer_domain text NOT NULL,
    contact_name text NOT NULL,
    contact_email text NOT NULL,
    contact_phone text NOT NULL,
    amount numeric CONSTRAINT registrations_amount_finite CHECK (amount > '-Infinity' AND amount < 'Infinity'),
    currency text NOT NULL,
    amount_basis text,
    close_date date,
    products text[] NOT NULL,
    quantity bigint,
    term_months bigint,
    notes text NOT NULL,
    opened_at timestamptz,
    submitted_at timestamptz,
    decide_by date,
    decided_at timestamptz,
    decided_by text NOT NULL,
    protected_until date,
    reason text NOT NULL,
    change bigint NOT NULL
);
CREATE INDEX registrations_of_partner ON crm.registrations (partner_id);

CREATE TABLE crm.interactions (
    key text CONSTRAINT interactions_key PRIMARY KEY,
    position bigint GENERATED ALWAYS AS IDENTITY,
    partner_id text CONSTRAINT interactions_partner REFERENCES crm.partners,
    contact_id text,
    channel text NOT NULL,
    direction text NOT NULL,
    at timestamptz NOT NULL,
    summary text NOT NULL,
    message_id text NOT NULL,
    outcome text NOT NULL,
    body text NOT NULL
);
CREATE INDEX interactions_timeline ON crm.interactions (partner_id, at DESC);

-- Numbers and not ids: what was said about a registration belongs to the deal that later carries its number.
CREATE TABLE crm.interaction_deals (
    interaction_key text NOT NULL CONSTRAINT interaction_deals_interaction
        REFERENCES crm.interactions ON DELETE CASCADE,
    position integer NOT NULL,
    number text NOT NULL,
    CONSTRAINT interaction_deals_key PRIMARY KEY (interaction_key, position)
);
CREATE INDEX interaction_deals_number ON crm.interaction_deals (number);
"""

# Rows may be changed by hand; a word that the records do not know would stop everybody who reads them.
_WORDS = {
    ("deals", "stage"): "qualified proposal negotiation on_hold won lost",
    ("deals", "attribution"): "sourced influenced",
    ("deals", "amount_basis"): "total annual monthly per_seat_month",
    ("registrations", "amount_basis"): "total annual monthly per_seat_month",
    ("registrations", "state"): "draft submitted approved declined withdrawn expired",
    ("interactions", "channel"): "email slack console cli",
    ("interactions", "direction"): "in out",
}
_TYPES = "referral reseller services distributor"
_CURRENCIES = ("partners.target_currency", "deals.currency", "payments.currency")
_NUMBERED = ("partners", "contacts", "deals", "payments", "registrations")


def upgrade() -> None:
    op.execute(_CHANGES)
    op.execute(_TABLES)
    for (table, column), words in _WORDS.items():
        _check(table, f"{column}_known", f"{column} = ANY ('{{{','.join(words.split())}}}')")
    _check("partners", "types_known", f"types <@ '{{{','.join(_TYPES.split())}}}'")
    for table, column in (name.split(".") for name in _CURRENCIES):
        _check(table, f"{column}_code", f"{column} ~ '^[A-Z]{{3}}$'")
    for table in _NUMBERED:
        op.execute(f"CREATE INDEX {table}_change ON crm.{table} (change)")
        op.execute(
            f"CREATE TRIGGER number_change BEFORE INSERT OR UPDATE ON crm.{table} "
            "FOR EACH ROW EXECUTE FUNCTION crm.number_change()"
        )


def _check(table: str, name: str, condition: str) -> None:
    op.execute(f"ALTER TABLE crm.{table} ADD CONSTRAINT {table}_{name} CHECK ({condition})")


def downgrade() -> None:
    for table in ("interaction_deals", "interactions", *reversed(_NUMBERED)):
        op.execute(f"DROP TABLE crm.{table}")
    op.execute("DROP FUNCTION crm.number_change(); DROP FUNCTION crm.last_change(); DROP SEQUENCE crm.change_number")
