"""Records to rows of the embedded CRM's tables and back."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal
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
    DealPartner,
    Direction,
    Interaction,
    Lead,
    LeadSource,
    LeadState,
    LoggedFile,
    Milestone,
    MilestoneKind,
    Partner,
    PartnerType,
    Payment,
    PaymentKind,
    PaymentPart,
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
    row = _plain(deal, but=("others",))
    row["amount"], row["currency"] = _split(deal.amount)
    row["margin"], row["margin_currency"] = _split(deal.margin)
    row["replaces_mrr"], row["replaces_mrr_currency"] = _split(deal.replaces_mrr)
    row["partner_id"] = row["partner_id"] or None
    row["others"] = [_said(other) for other in deal.others]
    return row


def to_deal(row: Row) -> Deal:
    said = _fields(Deal, row) | {
        "products": tuple(row["products"]),
        "amount": _money(row["amount"], row["currency"]),
        "amount_basis": _basis(row),
        "stage": Stage(row["stage"]),
        "partner_id": row["partner_id"] or "",
        "attribution": Attribution(row["attribution"]),
        "margin": _money(row["margin"], row["margin_currency"]),
        "replaces_mrr": _money(row["replaces_mrr"], row["replaces_mrr_currency"]),
        "others": tuple(_to_deal_partner(other) for other in row["others"]),
    }
    return Deal(**said)


def _to_deal_partner(said: dict[str, Any]) -> DealPartner:
    share = None if said["share"] is None else Decimal(said["share"])
    return DealPartner(said["partner_id"], Attribution(said["attribution"]), share)


def payment_row(payment: Payment) -> dict[str, Any]:
    row = _plain(payment, but=("parts",))
    row["amount"], row["currency"] = _split(payment.amount)
    row["partner_id"] = row["partner_id"] or None
    row["parts"] = [_said(part) for part in payment.parts]
    return row


def to_payment(row: Row) -> Payment:
    said = _fields(Payment, row) | {
        "partner_id": row["partner_id"] or "",
        "amount": Money(row["amount"], row["currency"]),
        "kind": PaymentKind(row["kind"]),
        "parts": tuple(_to_part(part) for part in row["parts"]),
    }
    return Payment(**said)


def _to_part(said: dict[str, Any]) -> PaymentPart:
    return PaymentPart(said["product"], Decimal(said["amount"]), PaymentKind(said["kind"]))


def milestone_row(milestone: Milestone) -> dict[str, Any]:
    row = _plain(milestone)
    row["happened_on"] = row.pop("on")
    row["partner_id"] = row["partner_id"] or None
    row["deal_id"] = row["deal_id"] or None
    return row


def to_milestone(row: Row) -> Milestone:
    said = _fields(Milestone, row) | {
        "kind": MilestoneKind(row["kind"]),
        "partner_id": row["partner_id"] or "",
        "on": row["happened_on"],
        "deal_id": row["deal_id"] or "",
    }
    return Milestone(**said)


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
    row = _plain(interaction, but=("deal_numbers", "files"))
    row["files"] = [_said(file) for file in interaction.files]
    return row


def to_interaction(row: Row, deal_numbers: tuple[str, ...]) -> Interaction:
    said = _fields(Interaction, row) | {
        "deal_numbers": deal_numbers,
        "channel": Channel(row["channel"]),
        "direction": Direction(row["direction"]),
        "recipients": tuple(row["recipients"]),
        "files": tuple(LoggedFile(**file) for file in row["files"]),
    }
    return Interaction(**said)


def _plain(record: Any, *, but: tuple[str, ...] = ()) -> dict[str, Any]:
    names = (field.name for field in fields(record) if field.name not in but)
    return {name: _column(name, getattr(record, name)) for name in names}


def _said(part: DealPartner | PaymentPart | LoggedFile) -> dict[str, Any]:
    """As JSON keeps it, numbers as text, so that they stay exact."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in _plain(part).items()}


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
