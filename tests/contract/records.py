"""One full record of each kind, to change with `dataclasses.replace`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from crm.money import Money
from crm.records import (
    AmountBasis,
    Attribution,
    Channel,
    Contact,
    Deal,
    Direction,
    Interaction,
    Partner,
    PartnerType,
    Payment,
    Registration,
    RegistrationState,
    Stage,
)

AT = datetime(2026, 11, 26, 9, 30, 15, 123456, tzinfo=UTC)

PARTNER = Partner(
    id="p-brightwave",
    name="Brightwave Zürich",
    types=(PartnerType.SERVICES, PartnerType.RESELLER),
    tier="Select",
    region="DACH",
    country="CH",
    language="de",
    time_zone="Europe/Zurich",
    currency="CHF",
    domains=("brightwave.example", "bw.example"),
    manager_email="jonas@lumora.example",
    plan="reseller-2026",
    quarterly_target=Money(Decimal("60000.05"), "EUR"),
    csat=Decimal("4.35"),
    certified_people=2,
    finance_contact_id="c-finance",
)
OTHER_PARTNER = Partner(id="p-other", name="Other", types=(PartnerType.REFERRAL,), tier="Registered")
CONTACT = Contact(
    id="c-anna",
    partner_id=PARTNER.id,
    name="Anna Müller",
    email="anna@brightwave.example",
    phone="+41 44 000 00 00",
    language="de",
    slack_user_id="U0ANNA",
    active=False,
    opted_out=True,
    main=True,
)
DEAL = Deal(
    id="d-1",
    number="D-48213",
    partner_id=PARTNER.id,
    customer="Nordlicht AG",
    customer_domain="nordlicht.example",
    products=("Lumora Core", "Lumora Assist"),
    amount=Money(Decimal("48000.10"), "CHF"),
    amount_basis=AmountBasis.ANNUAL,
    stage=Stage.PROPOSAL,
    close_date=date(2027, 2, 28),
    created_on=date(2026, 2, 28),
    quantity=120,
    term_months=36,
    won_on=date(2026, 12, 31),
    next_step="Demo on Tuesday",
    attribution=Attribution.INFLUENCED,
    internal_notes="Not for the partner",
)
PAYMENT = Payment("pay-1", DEAL.id, PARTNER.id, Money(Decimal("-1200.05"), "CHF"), date(2026, 11, 2))
REGISTRATION = Registration(
    number="D-77120",
    partner_id=PARTNER.id,
    contact_id=CONTACT.id,
    state=RegistrationState.APPROVED,
    customer="Harbour Foods",
    customer_domain="harbour.example",
    contact_name="Zoë O'Neill",
    contact_email="zoe@harbour.example",
    contact_phone="+44 20 0000 0000",
    amount=Decimal("12000.50"),
    currency="EUR",
    amount_basis=AmountBasis.TOTAL,
    close_date=date(2027, 1, 15),
    products=("Lumora Core",),
    quantity=40,
    term_months=12,
    notes="They use a competitor",
    opened_at=AT,
    submitted_at=AT,
    decide_by=date(2026, 11, 30),
    decided_at=AT,
    decided_by="noor@lumora.example",
    protected_until=date(2027, 2, 24),
    reason="first",
)
INTERACTION = Interaction(
    key="in:1",
    partner_id=PARTNER.id,
    contact_id=CONTACT.id,
    deal_numbers=(DEAL.number, "D-1001"),
    channel=Channel.EMAIL,
    direction=Direction.IN,
    at=AT,
    summary="asks for the status of two deals",
    message_id="<1@brightwave.example>",
    outcome="answered",
    body="Wie steht es?",
)


def bare_deal(number: int) -> Deal:
    """A deal with nothing but what it must have."""
    return Deal(
        id=f"d-{number}",
        number=f"D-{number:06}",
        partner_id=PARTNER.id,
        customer="",
        customer_domain="",
        products=(),
        amount=None,
        amount_basis=None,
        stage=Stage.QUALIFIED,
        close_date=None,
        created_on=date(2026, 1, 1),
    )
