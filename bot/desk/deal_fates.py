"""What colleagues change of deals in the CRM is told to the partners they concern, each change once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.telling import Telling
from bot.intents.deal_fates import News, news, one, several
from bot.storage import ended, mirror, registrations
from bot.storage.deal_updates import on_their_way
from bot.vocabulary.decisions import AwaitFields, Outcome
from crm.records import Contact, ContactRight, Deal, Partner
from knowledge.program import Program

_EACH = 3
"""Up to so many deals of a partner that change at once are told one by one, each in its own conversation."""
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class DealFates:
    """Works in the transaction that takes the CRM's changes over: who is told of one is told of it once."""

    program: Program
    telling: Telling

    async def take(self, connection: AsyncConnection, said: Sequence[Deal], since: datetime) -> tuple[Deal, ...]:
        """The deals as they are to be held here: with our own updates that the CRM had not been told of when it was
        asked, at `since` by the database's clock; without those that it is about to be told of as a whole.
        """
        known = {deal.id: deal for deal in await mirror.some(connection, Deal, [deal.id for deal in said])}
        numbers = {deal.number for deal in said if known.get(deal.id) != deal}
        ours = await on_their_way(connection, numbers, since)
        held = tuple(ours.over(deal) for deal in said if deal.number not in ours.saved)
        told: dict[str, list[News]] = {}
        for deal in held:
            for each in news(known[deal.id], deal) if deal.id in known else ():
                told.setdefault(each.partner_id, []).append(each)
        for partner_id in sorted(told):
            await self._tell(connection, partner_id, told[partner_id])
        return held

    async def _tell(self, connection: AsyncConnection, partner_id: str, told: Sequence[News]) -> None:
        partner = await mirror.one(connection, Partner, partner_id)
        if partner is None or await ended.has_ended(connection, partner_id):
            return
        who = self.program.manager(partner.manager_email)
        manager = who.name if who else ""
        if len(told) > _EACH:
            numbers = tuple(each.number for each in told)
            subject = ", ".join(numbers[:_EACH]) + " …"
            await self._notice(connection, partner, told, several(told, manager), subject, "deals_changed", "")
            return
        for each in told:
            subject = f"{each.customer} - {each.number}" if each.customer else each.number
            await self._notice(connection, partner, (each,), one(each, manager), subject, each.word, each.number)

    async def _notice(
        self,
        connection: AsyncConnection,
        partner: Partner,
        told: Sequence[News],
        outcomes: tuple[Outcome, ...],
        subject: str,
        word: str,
        number: str,
    ) -> None:
        """In the conversation in which a deal of that `number` was registered, else in one of its own."""
        kept = await registrations.find(connection, number) if number else None
        mine = kept if kept is not None and kept.registration.partner_id == partner.id else None
        thread_id = mine.thread_id if mine else None
        await self.telling.tell(
            connection,
            self._key(partner, told),
            partner,
            mine.registration.contact_id if mine else None,
            thread_id,
            outcomes,
            subject,
            tuple(each.number for each in told),
            word,
            AwaitFields(number, ()) if number and thread_id is None else None,
            may=_may_know,
        )

    def _key(self, partner: Partner, told: Sequence[News]) -> str:
        """The same change may come again after another one; the change itself comes once."""
        said = "\n".join(f"{each.number} {each.was!r} {each.now!r}" for each in told)
        digest = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:_DIGITS]
        return f"deal_fate:{partner.id}:{digest}:{self.telling.now().isoformat()}"


def _may_know(contact: Contact) -> bool:
    return contact.may(ContactRight.SEE_DEALS)
