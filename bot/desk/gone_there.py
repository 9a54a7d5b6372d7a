"""Partners and people that the CRM has no more: managers learn of it once, in plain words and with what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from shlex import quote

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.briefing import Briefing
from bot.desk.managers_of import looking_after
from bot.desk.refused_entries import crm_called
from bot.storage import ended, forgotten, mirror, tasks
from bot.vocabulary.briefs import Brief, BriefKind
from crm.ports import Changes
from crm.records import Contact, Partner
from knowledge.program import Program

_BY_CRM = "crm"


@dataclass(frozen=True, slots=True)
class GoneThere:
    """Works in the transaction that takes the CRM's changes over; `crm` is the CRM's name."""

    program: Program
    briefing: Briefing
    crm: str

    async def take(self, connection: AsyncConnection, changes: Changes, since: datetime) -> None:
        """A partner that comes along with the changes is there again."""
        for partner_id in await ended.back(connection, [partner.id for partner in changes.partners]):
            await tasks.close_beginning(connection, f"partner_ended:{partner_id}:", _BY_CRM)
        here = {partner.id for partner in changes.partners}
        for partner_id in sorted(set(changes.ended) - here):
            await self._ended(connection, partner_id, since)
        for contact_id in sorted(set(changes.erased)):
            await self._erased(connection, contact_id)

    async def _ended(self, connection: AsyncConnection, partner_id: str, since: datetime) -> None:
        partner = await mirror.one(connection, Partner, partner_id)
        if partner is None:
            return
        key = f"partner_ended:{partner_id}:{since.isoformat()}"
        await ended.note(connection, partner_id, since.isoformat())
        title = f"{partner.name} is no longer a partner in {crm_called(self.crm)}"
        facts = self._what_to_do(partner)
        said = f"{title}. " + " ".join(f"{label}: {value}." for label, value in facts)
        await tasks.open_task(
            connection, key, "notice", said, manager_email=partner.manager_email, partner_id=partner_id
        )
        for who in looking_after(self.program, partner):
            await self.briefing.send(
                connection,
                Brief(
                    f"{key}:{who.email}", BriefKind.NOTICE, partner_id, who, title, facts, partner_id=partner_id,
                    shared=key,
                ),
            )  # fmt: skip

    def _what_to_do(self, partner: Partner) -> tuple[tuple[str, str], ...]:
        there = crm_called(self.crm)
        return (
            ("What happened", f"in {there} its record was deleted or merged, or its partner id was taken away"),
            ("Until it is back", "its people are answered as strangers, and nothing is told or granted to them"),
            ("If that was not meant", f"restore the record in {there}, or enter {partner.id} as its partner id again"),
            ("If it was meant", "there is nothing to do but to settle what is still owed to it"),
        )

    async def _erased(self, connection: AsyncConnection, contact_id: str) -> None:
        """Without the name: the task is to outlive what it asks for."""
        contact = await mirror.one(connection, Contact, contact_id)
        if contact is None or await forgotten.is_forgotten(connection, contact_id):
            return
        partner = await mirror.one(connection, Partner, contact.partner_id)
        whose = partner.name if partner else contact.partner_id
        await tasks.open_task(
            connection, f"erased_there:{contact_id}", "notice",
            f"contact {contact_id} of {whose} was erased in {crm_called(self.crm)} under privacy law. Nobody who "
            "writes from the address is taken for the partner's any more. What is still kept here of the person goes "
            f"with: partnerline ledger forget --contact {quote(contact_id)}",
            manager_email=partner.manager_email if partner else "", partner_id=contact.partner_id or None,
        )  # fmt: skip
