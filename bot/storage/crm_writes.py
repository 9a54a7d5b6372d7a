"""Changes on their way to the CRM, as outbox rows, and back into the records that the CRM port takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.storage.codec import from_doc, to_doc
from bot.storage.outbox import ON_TIMELINE, ON_TIMELINE_AGAIN, Destination, Outgoing
from crm.errors import CrmRejected
from crm.ports import CrmPort
from crm.records import Contact, Deal, Interaction, Lead, Milestone, Payment, Registration

SAVE_REGISTRATION = "save_registration"
SAVE_DEAL = "save_deal"
UPDATE_DEAL = "update_deal"
SAVE_LEAD = "save_lead"
SAVE_CONTACT = "save_contact"
SAVE_PAYMENT = "save_payment"
SAVE_MILESTONE = "save_milestone"
SET_TIER = "set_tier"
OPT_OUT = "opt_out"
LOG_INTERACTION = ON_TIMELINE
LOG_AGAIN = ON_TIMELINE_AGAIN
"""What the CRM was told already and holds no more."""


def registration_row(registration: Registration, cause: str) -> Outgoing:
    """`cause` is what changed it (a message, a manager's decision): one change is written once."""
    return _row(SAVE_REGISTRATION, f"{registration.number}:{cause}", registration, registration.partner_id)


def deal_row(deal: Deal, cause: str) -> Outgoing:
    return _row(SAVE_DEAL, f"{deal.number}:{cause}", deal, deal.partner_id)


def deal_change_row(seen: Deal, wanted: Deal, cause: str) -> Outgoing:
    """Only what changed, and what it was: somebody else's change in the CRM is not overwritten."""
    said = {"seen": to_doc(seen), "wanted": to_doc(wanted)}
    key = f"crm:{UPDATE_DEAL}:{seen.number}:{cause}"
    owner = seen.partner_id
    return Outgoing(key, Destination.CRM, UPDATE_DEAL, said, owner, partner_id=owner or None)


def lead_row(lead: Lead, cause: str) -> Outgoing:
    return _row(SAVE_LEAD, f"{lead.number}:{cause}", lead, lead.partner_id or None)


def contact_row(contact: Contact, cause: str) -> Outgoing:
    return _row(SAVE_CONTACT, f"{contact.id}:{cause}", contact, contact.partner_id)


def opt_out_row(contact: Contact, cause: str) -> Outgoing:
    """Only the change: the rest of our copy may be older than what the CRM holds by then."""
    key = f"crm:{OPT_OUT}:{contact.id}:{cause}"
    owner = contact.partner_id
    return Outgoing(key, Destination.CRM, OPT_OUT, {"contact_id": contact.id}, owner, partner_id=owner)


def tier_row(partner_id: str, seen: str, wanted: str, cause: str) -> Outgoing:
    """Only the tier, and what it was: whatever else the CRM holds of the partner by then stays as it is."""
    said = {"partner_id": partner_id, "seen": seen, "wanted": wanted}
    key = f"crm:{SET_TIER}:{partner_id}:{cause}"
    return Outgoing(key, Destination.CRM, SET_TIER, said, partner_id, partner_id=partner_id)


def payment_row(payment: Payment, cause: str) -> Outgoing:
    return _row(SAVE_PAYMENT, f"{payment.id}:{cause}", payment, payment.partner_id or None)


def milestone_row(milestone: Milestone, cause: str) -> Outgoing:
    return _row(SAVE_MILESTONE, f"{milestone.id}:{cause}", milestone, milestone.partner_id or None)


def log_again_row(interaction: Interaction, cause: str) -> Outgoing:
    return _row(LOG_AGAIN, f"{interaction.key}:{cause}", interaction, interaction.partner_id)


def interaction_row(interaction: Interaction) -> Outgoing:
    return _row(LOG_INTERACTION, interaction.key, interaction, interaction.partner_id)


def _row(kind: str, key: str, record: Any, partner_id: str | None) -> Outgoing:
    said = {"record": to_doc(record)}
    return Outgoing(f"crm:{kind}:{key}", Destination.CRM, kind, said, partner_id or "", partner_id=partner_id)


def interaction_of(payload: Mapping[str, Any]) -> Interaction:
    """What a row of the kind LOG_INTERACTION logs."""
    return from_doc(Interaction, payload["record"])


async def write(crm: CrmPort, kind: str, payload: dict[str, Any]) -> None:
    """Carry out one row; every kind is an upsert by the record's own key, so a repeat changes nothing."""
    if kind == OPT_OUT:
        await crm.opt_out(payload["contact_id"])
        return
    if kind == SET_TIER:
        await crm.set_tier(payload["partner_id"], payload["seen"], payload["wanted"])
        return
    if kind == UPDATE_DEAL:
        await crm.update_deal(from_doc(Deal, payload["seen"]), from_doc(Deal, payload["wanted"]))
        return
    if kind == LOG_AGAIN:
        for words in (await crm.log_again([interaction_of(payload)])).values():
            raise CrmRejected(words)
        return
    if kind not in _RECORDS:
        raise ValueError(f"the CRM takes no {kind!r}")
    await _saves(crm)[kind](from_doc(_RECORDS[kind], payload["record"]))


_RECORDS: dict[str, type[Any]] = {
    SAVE_REGISTRATION: Registration,
    SAVE_DEAL: Deal,
    SAVE_LEAD: Lead,
    SAVE_CONTACT: Contact,
    SAVE_PAYMENT: Payment,
    SAVE_MILESTONE: Milestone,
    LOG_INTERACTION: Interaction,
}


def _saves(crm: CrmPort) -> dict[str, Callable[[Any], Awaitable[None]]]:
    return {
        SAVE_REGISTRATION: crm.save_registration,
        SAVE_DEAL: crm.save_deal,
        SAVE_LEAD: crm.save_lead,
        SAVE_CONTACT: crm.save_contact,
        SAVE_PAYMENT: crm.save_payment,
        SAVE_MILESTONE: crm.save_milestone,
        LOG_INTERACTION: crm.log_interaction,
    }
