"""Contacts of partners: unknown people let in or refused, and contacts opened, changed and closed by managers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.briefing import Briefing
from bot.desk.partners_named import partner_named
from bot.intents.people import new_contact
from bot.steps.look_up import manager_of
from bot.storage import confirmations, contact_offers, forgotten, held, inbox, ledger, mirror, outbox
from bot.storage.codec import to_doc
from bot.storage.contact_offers import ContactOffer, OfferState
from bot.storage.crm_writes import contact_row
from bot.storage.database import Database
from bot.storage.inbox import InboxState
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from bot.vocabulary.briefs import Act, Brief, BriefKind
from bot.vocabulary.results import Done, NotDone
from crm.records import Contact, ContactRight, Partner
from knowledge.deal_clock import Timer
from knowledge.program import Manager, Program
from mail_ingest.address import normalised

_SHOWN = 400  # characters of a stranger's message


@dataclass(frozen=True, slots=True)
class PeopleDesk:
    """What managers decide on people; each thing once, whoever else decides it at the same time."""

    database: Database
    queue: Queue
    program: Program
    now: Callable[[], datetime]
    briefing: Briefing

    async def introduce(self, connection: AsyncConnection, timer: Timer, now: datetime) -> None:  # noqa: ARG002
        """The handler of `contact_offer` timers: the partner's manager is asked whether the person belongs to it."""
        offer = await contact_offers.find(connection, timer.subject)
        partner = await mirror.one(connection, Partner, offer.partner_id) if offer else None
        row = await inbox.fetch(connection, timer.subject)
        manager = manager_of(partner, self.program) if partner else None
        if offer is None or partner is None or row is None or manager is None or offer.state is not OfferState.OPEN:
            return
        await self.briefing.send(connection, _brief(offer, partner, manager, row.message or {}))

    async def accept(self, inbox_id: str, by: str) -> Done | NotDone:
        """The person becomes a contact with the everyday rights, and what he wrote is handled as that contact's."""
        return await self._decide(inbox_id, by, OfferState.ACCEPTED)

    async def refuse(self, inbox_id: str, by: str) -> Done | NotDone:
        """The message is discarded. Nobody is told, and the person may write again."""
        return await self._decide(inbox_id, by, OfferState.REFUSED)

    async def add(self, partner: str, name: str, address: str, by: str) -> Done | NotDone:
        """Open a contact, or open one again. `partner` is its name or id; the address may be at any domain."""
        who, where = self.program.manager(by), normalised(address)
        if who is None or not where:
            return _not_by(by, self.program) if who is None else NotDone(f"{address} is no mail address")
        async with self.database.begin() as connection:
            theirs = await partner_named(connection, partner)
            if isinstance(theirs, NotDone):
                return theirs
            known = await _contacts_at(connection, where)
            if no := _taken(known, theirs, where):
                return NotDone(no)
            own = next(iter(known), None)
            opened = replace(own, active=True) if own else new_contact(theirs.id, name, where)
            await self._save(connection, opened, who, "contact_opened")
        await self.queue.deliver(Destination.CRM)
        return Done(f"{opened.name} <{where}> is a contact of {theirs.name}", opened.id)

    async def close(self, address: str, by: str) -> Done | NotDone:
        """Somebody left: messages from the address are nobody's from now on."""
        return await self._change(address, by, "contact_closed", lambda contact: replace(contact, active=False))

    async def change_rights(self, address: str, rights: Iterable[ContactRight], by: str) -> Done | NotDone:
        """Exactly these rights. The main contact may everything whatever stands here."""
        wanted = tuple(right for right in ContactRight if right in set(rights))
        return await self._change(address, by, "contact_rights", lambda contact: replace(contact, rights=wanted))

    async def _decide(self, inbox_id: str, by: str, state: OfferState) -> Done | NotDone:
        who = self.program.manager(by)
        if who is None:
            return _not_by(by, self.program)
        async with self.database.begin() as connection:
            offer = await contact_offers.find(connection, inbox_id, lock=True)
            if offer is None:
                return NotDone("nobody was offered as a contact by this message", _LIST)
            if offer.state is not OfferState.OPEN:
                return NotDone(f"{offer.address} is {offer.state.value} already by {offer.decided_by}")
            done = await (self._let_in if state is OfferState.ACCEPTED else self._turn_away)(connection, offer, who)
            if isinstance(done, Done):
                await contact_offers.settle(connection, inbox_id, state, who.email, self.now())
                result = f"{state.value.capitalize()} by {who.name}: {offer.name or offer.address}"
                await self.briefing.settle(connection, BriefKind.CONTACT, inbox_id, who.email, result)
        await self.queue.deliver(*Destination)
        return done

    async def _let_in(self, connection: AsyncConnection, offer: ContactOffer, who: Manager) -> Done | NotDone:
        partner = await mirror.one(connection, Partner, offer.partner_id)
        if partner is None:
            return NotDone("the partner is no longer in the CRM", "restore the partner there first")
        known = await _contacts_at(connection, offer.address)
        if no := _taken(known, partner, offer.address):
            return NotDone(no)
        own = next(iter(known), None)
        contact = replace(own, active=True) if own else new_contact(partner.id, offer.name, offer.address)
        await self._save(connection, contact, who, "contact_accepted")
        waiting = dict.fromkeys([offer.inbox_id, *await contact_offers.held_of(connection, offer.address)])
        for inbox_id in waiting:
            await self._release(connection, inbox_id, contact, who)
        return Done(f"{contact.name} <{contact.email}> is a contact of {partner.name} now", contact.id)

    async def _release(self, connection: AsyncConnection, inbox_id: str, contact: Contact, who: Manager) -> None:
        """It is read again, now as this contact's; where it is held no more there is nothing to do."""
        await confirmations.about(connection, inbox_id, lock=True)
        row = await inbox.fetch(connection, inbox_id, lock=True)
        if row is None or row.state is not InboxState.HELD:
            return
        await confirmations.release(connection, inbox_id, contact, self.now())
        await held.read_again(connection, self.queue, inbox_id, who.email)
        said = {"reference": row.reference, "contact": contact.id}
        await ledger.append(
            connection, "held_released", who.email, said, partner_id=contact.partner_id, inbox_id=inbox_id
        )

    async def _turn_away(self, connection: AsyncConnection, offer: ContactOffer, who: Manager) -> Done | NotDone:
        row = await inbox.fetch(connection, offer.inbox_id, lock=True)
        if row is not None and row.state is InboxState.HELD:
            await held.discard(connection, offer.inbox_id, "no_contact_of_the_partner", who.email)
        said = {"address": offer.address}
        await ledger.append(connection, "contact_refused", who.email, said, inbox_id=offer.inbox_id)
        return Done(f"{offer.address} was not let in", offer.inbox_id)

    async def _change(self, address: str, by: str, kind: str, changed: Callable[[Contact], Contact]) -> Done | NotDone:
        who = self.program.manager(by)
        if who is None:
            return _not_by(by, self.program)
        where = normalised(address)
        async with self.database.begin() as connection:
            known = await _contacts_at(connection, where)
            active = [contact for contact in known if contact.active]
            if len(active) != 1:
                said = f"{len(active)} active contacts have" if active else "no active contact has"
                return NotDone(f"{said} the address {address}", "`partnerline contacts list` shows them")
            contact = changed(active[0])
            await self._save(connection, contact, who, kind)
        await self.queue.deliver(Destination.CRM)
        return Done(_in_words(contact), contact.id)

    async def _save(self, connection: AsyncConnection, contact: Contact, who: Manager, kind: str) -> None:
        if contact.active:
            await forgotten.known_again(connection, [contact.id])
        await mirror.store(connection, [contact])
        cause = f"{kind}:{self.now().isoformat()}"
        await outbox.put(connection, [contact_row(contact, cause)])
        await ledger.append(connection, kind, who.email, {"contact": to_doc(contact)}, partner_id=contact.partner_id)


_LIST = "`partnerline contacts list` shows who waits"


async def _contacts_at(connection: AsyncConnection, address: str) -> list[Contact]:
    """Whoever has or had the address, at any partner."""
    return [c for c in await mirror.everyone(connection, Contact) if address and c.email.lower() == address]


def _taken(known: list[Contact], partner: Partner, address: str) -> str:
    """An address names one contact of one partner."""
    if any(c.partner_id != partner.id for c in known):
        return f"{address} is a contact of another partner"
    return f"{address} is a contact of {partner.name} already" if any(c.active for c in known) else ""


def _not_by(by: str, program: Program) -> NotDone:
    known = ", ".join(m.email for m in program.managers)
    return NotDone(f"{by} is no manager of this program", f"managers are {known}")


def _in_words(contact: Contact) -> str:
    if not contact.active:
        return f"{contact.name} <{contact.email}> is closed: messages from there are nobody's"
    rights = ", ".join(right.value for right in ContactRight if contact.may(right)) or "nothing"
    return f"{contact.name} <{contact.email}> may: {rights}"


def _brief(offer: ContactOffer, partner: Partner, manager: Manager, message: dict[str, object]) -> Brief:
    text = " ".join(str(message.get("text", "")).split())
    facts = (
        ("Name", offer.name),
        ("Address", offer.address),
        ("Partner", partner.name),
        ("Subject", str(message.get("subject", ""))),
        ("Wrote", text[:_SHOWN]),
    )
    return Brief(
        key=f"contact_offer:{offer.inbox_id}",
        kind=BriefKind.CONTACT,
        subject=offer.inbox_id,
        manager=manager,
        title=f"Somebody new at {partner.name}: {offer.name or offer.address}",
        facts=tuple((label, said) for label, said in facts if said),
        suggestion=Act.ACCEPT,
        why="The mail is proven to come from a domain of the partner's. Accepting opens a contact with the everyday "
        "rights and handles the message; rejecting discards it. The sender learned nothing of the partner.",
        acts=(Act.ACCEPT, Act.REJECT),
        partner_id=partner.id,
    )
