"""Changes on their way to the CRM, as outbox rows, and back into the records that the CRM port takes."""

from __future__ import annotations

from typing import Any

from bot.storage.codec import from_doc, to_doc
from bot.storage.outbox import Destination, Outgoing
from crm.ports import CrmPort
from crm.records import Contact, Deal, Interaction, Registration

SAVE_REGISTRATION = "save_registration"
SAVE_DEAL = "save_deal"
SAVE_CONTACT = "save_contact"
LOG_INTERACTION = "log_interaction"


def registration_row(registration: Registration, cause: str) -> Outgoing:
    """`cause` is what changed it (a message, a manager's decision): one change is written once."""
    return _row(SAVE_REGISTRATION, f"{registration.number}:{cause}", registration, registration.partner_id)


def deal_row(deal: Deal, cause: str) -> Outgoing:
    return _row(SAVE_DEAL, f"{deal.number}:{cause}", deal, deal.partner_id)


def contact_row(contact: Contact, cause: str) -> Outgoing:
    return _row(SAVE_CONTACT, f"{contact.id}:{cause}", contact, contact.partner_id)


def interaction_row(interaction: Interaction) -> Outgoing:
    return _row(LOG_INTERACTION, interaction.key, interaction, interaction.partner_id)


def _row(kind: str, key: str, record: Any, partner_id: str | None) -> Outgoing:
    return Outgoing(f"crm:{kind}:{key}", Destination.CRM, kind, {"record": to_doc(record)}, partner_id=partner_id)


async def write(crm: CrmPort, kind: str, payload: dict[str, Any]) -> None:
    """Carry out one row; every kind is an upsert by the record's own key, so a repeat changes nothing."""
    doc = payload["record"]
    match kind:
        case "save_registration":
            await crm.save_registration(from_doc(Registration, doc))
        case "save_deal":
            await crm.save_deal(from_doc(Deal, doc))
        case "save_contact":
            await crm.save_contact(from_doc(Contact, doc))
        case "log_interaction":
            await crm.log_interaction(from_doc(Interaction, doc))
        case _:
            raise ValueError(f"the CRM takes no {kind!r}")
