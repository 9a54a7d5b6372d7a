"""Records to rows of the embedded CRM's tables and back."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping

from crm.errors import CrmRejected
from crm.money import Money
from crm.records import (
    AmountBasis,
    Attribution,
    Channel,
    Contact,
    ContactRight,
    Deal,
    Direction,
    Interaction,
    Lead,
    LeadSource,
    LeadState,
    Partner,
    PartnerType,
    Payment,
    ReasonCode,
    Registration,
    RegistrationState,
    Stage,
)

Row = RowMapping


def storable(text: str) -> str:
    """The text with what PostgreSQL cannot hold, NUL and lone surrogates, replaced by U+FFFD."""
    return text.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def partner_row(partner: Partner) -> dict[str, Any]:
    row = _plain(partner)
    row["target_amount"], row["target_currency"] = _split(row.pop("quarterly_target"))
    return row


def to_partner(row: Row) -> Partner:
    said = _fields(Partner, row) | {
        "types": tuple(PartnerType(word) for word in row["types"]),
        "domains": tuple(row["domains"]),
        "quarterly_target": _money(row["target_amount"], row["target_currency"]),
    }
    return Partner(**said)


def contact_row(contact: Contact) -> dict[str, Any]:
    return _plain(contact)


def to_contact(row: Row) -> Contact:
    return Contact(**_fields(Contact, row) | {"rights": tuple(ContactRight(word) for word in row["rights"])})


def deal_row(deal: Deal) -> dict[str, Any]:
    row = _plain(deal)
    row["amount"], row["currency"] = _split(deal.amount)
    row["partner_id"] = row["partner_id"] or None
    return row


def to_deal(row: Row) -> Deal:
    said = _fields(Deal, row) | {
        "products": tuple(row["products"]),
        "amount": _money(row["amount"], row["currency"]),
        "amount_basis": _basis(row),
        "stage": Stage(row["stage"]),
        "partner_id": row["partner_id"] or "",
        "attribution": Attribution(row["attribution"]),
    }
    return Deal(**said)


def payment_row(payment: Payment) -> dict[str, Any]:
    row = _plain(payment)
    row["amount"], row["currency"] = _split(payment.amount)
    return row


def to_payment(row: Row) -> Payment:
    return Payment(**_fields(Payment, row) | {"amount": Money(row["amount"], row["currency"])})


def registration_row(registration: Registration) -> dict[str, Any]:
    return _plain(registration)


def to_registration(row: Row) -> Registration:
    said = _fields(Registration, row) | {
        "state": RegistrationState(row["state"]),
        "amount_basis": _basis(row),
        "products": tuple(row["products"]),
        "code": None if row["code"] is None else ReasonCode(row["code"]),
        "attribution": Attribution(row["attribution"]),
    }
    return Registration(**said)


def lead_row(lead: Lead) -> dict[str, Any]:
    row = _plain(lead)
    row["partner_id"] = row["partner_id"] or None
    return row


def to_lead(row: Row) -> Lead:
    said = _fields(Lead, row) | {
        "source": LeadSource(row["source"]),
        "state": LeadState(row["state"]),
        "partner_id": row["partner_id"] or "",
        "products": tuple(row["products"]),
        "attribution": Attribution(row["attribution"]),
    }
    return Lead(**said)


def interaction_row(interaction: Interaction) -> dict[str, Any]:
    """Without its deals, which have a table of their own."""
    row = _plain(interaction)
    del row["deal_numbers"]
    return row


def to_interaction(row: Row, deal_numbers: tuple[str, ...]) -> Interaction:
    said = _fields(Interaction, row) | {
        "deal_numbers": deal_numbers,
        "channel": Channel(row["channel"]),
        "direction": Direction(row["direction"]),
    }
    return Interaction(**said)


def _plain(record: Any) -> dict[str, Any]:
    return {field.name: _column(field.name, getattr(record, field.name)) for field in fields(record)}


def _column(name: str, value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, tuple):
        return [storable(word) for word in value]
    if isinstance(value, datetime) and value.tzinfo is None:
        # PostgreSQL would take it for the time zone of the connection.
        raise CrmRejected(f"{name} has no time zone")
    return value


def _fields(kind: type[Any], row: Row) -> dict[str, Any]:
    return {field.name: _value(row[field.name]) for field in fields(kind) if field.name in row}


def _value(value: object) -> object:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _split(money: Money | None) -> tuple[Any, str | None]:
    return (None, None) if money is None else (money.amount, money.currency)


def _money(amount: Any, currency: str | None) -> Money | None:
    return None if currency is None else Money(amount, currency)


def _basis(row: Row) -> AmountBasis | None:
    return None if row["amount_basis"] is None else AmountBasis(row["amount_basis"])
