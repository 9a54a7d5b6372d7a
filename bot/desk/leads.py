"""Leads that the vendor shares: offered to one partner after the other, until one takes it or nobody is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.briefing import Briefing
from bot.desk.lead_offers import LeadOffers
from bot.storage import leads, ledger, mirror, outbox, timers, undeliverable
from bot.storage.codec import to_doc
from bot.storage.crm_writes import lead_row
from bot.storage.database import Database
from bot.storage.leads import Offer, OfferState
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from bot.vocabulary.briefs import Brief, BriefKind
from bot.vocabulary.results import Done, NotDone
from crm.records import Attribution, Contact, ContactRight, Lead, LeadSource, LeadState, Partner
from knowledge.business_days import add_business_days, end_of, vendors_day
from knowledge.deal_clock import Timer
from knowledge.lead_rules import Candidate, next_partner
from knowledge.program import Manager, Program

_TRIES = 5  # numbers drawn for a new lead; two taken in a row would be a wonder
_TEXT = 200  # characters of a name
_NOTES = 2_000


@dataclass(frozen=True, slots=True)
class LeadDesk:
    """Places leads. One place at a time, so that nobody is asked twice and two never count on the same turn."""

    database: Database
    queue: Queue
    program: Program
    now: Callable[[], datetime]
    offers: LeadOffers
    briefing: Briefing

    async def share(self, lead: Lead, by: str) -> Done | NotDone:
        """Offer a lead to the partner whose turn it is. Its number, source, state and partner are set here."""
        who = self.program.manager(by)
        if who is None:
            known = ", ".join(m.email for m in self.program.managers)
            return NotDone(f"{by} is no manager of this program", f"managers are {known}")
        if no := _unfit(lead, self.program):
            return NotDone(no, "`partnerline leads share --help` shows what a lead may say")
        async with self.database.begin() as connection:
            await leads.one_placer(connection)
            fresh = await _fresh_number(connection)
            made = replace(
                _tidy(lead), number=fresh, source=LeadSource.VENDOR, state=LeadState.OFFERED, partner_id="",
                contact_id=None, deal_number="", reason="", attribution=Attribution.INFLUENCED, created_at=self.now(),
            )  # fmt: skip
            await ledger.append(connection, "lead_shared", who.email, {"lead": to_doc(made)})
            placed, partner = await self._place(connection, made)
        await self.queue.deliver(*Destination)
        if partner is None:
            return Done(
                f"{placed.number} was offered to nobody: no partner takes part who can be reached", placed.number
            )
        return Done(f"{placed.number} is offered to {partner.name} first", placed.number)

    async def withdraw(self, number: str, by: str) -> Done | NotDone:
        """Take a lead back that nobody holds yet; the partner that it is offered to is told."""
        who = self.program.manager(by)
        if who is None:
            return NotDone(f"{by} is no manager of this program")
        number = number.strip().upper()
        async with self.database.begin() as connection:
            lead, offer = await self._held(connection, number)
            if lead is None or lead.source is not LeadSource.VENDOR or not lead.state.open:
                return NotDone(f"there is no open lead {number} of ours", "list them with `partnerline leads list`")
            if lead.state is LeadState.ACCEPTED:
                return NotDone(f"{number} was accepted by a partner already", "talk to the partner")
            if offer is not None:
                await leads.settle(connection, number, offer.partner_id, OfferState.WITHDRAWN)
                await self.offers.ended(connection, lead, offer, "lead.withdrawn")
            await self._moved(connection, lead, replace(lead, state=LeadState.UNPLACED, partner_id=""))
            await ledger.append(connection, "lead_withdrawn", who.email, {"lead": number})
        await self.queue.deliver(*Destination)
        return Done(f"{number} is offered to nobody any more", number)

    async def offer_ends(self, connection: AsyncConnection, timer: Timer, now: datetime) -> None:
        """The handler of `lead_offer` timers: on to the next, where nobody has accepted and the time is over."""
        lead, offer = await self._held(connection, timer.subject)
        if lead is None or lead.state is not LeadState.OFFERED:
            return
        if offer is not None:
            if offer.until is not None and offer.until > now:
                return
            await leads.settle(connection, lead.number, offer.partner_id, OfferState.LAPSED)
            await self.offers.ended(connection, lead, offer, "lead.lapsed")
        await self._place(connection, lead)

    async def _held(self, connection: AsyncConnection, number: str) -> tuple[Lead | None, Offer | None]:
        """The lead and its open offer. Nobody places leads meanwhile, and who it is offered to does not answer."""
        await leads.one_placer(connection)
        seen = await mirror.one(connection, Lead, number)
        if seen is None:
            return None, None
        await mirror.version(connection, seen.partner_id, lock=True)
        return await mirror.one(connection, Lead, number), await leads.open_offer(connection, number)

    async def _place(self, connection: AsyncConnection, lead: Lead) -> tuple[Lead, Partner | None]:
        """Offer it to the next, or leave it unplaced and tell a manager."""
        now = self.now()
        asked = {offer.partner_id for offer in await leads.offers(connection, lead.number)}
        candidates, reader = await self._candidates(connection)
        partner = next_partner(lead, candidates, asked, self.program)
        if partner is None:
            return await self._unplaced(connection, lead), None
        last_day = self._last_day(now)
        until = end_of(last_day, self.program.vendor)
        offered = replace(lead, state=LeadState.OFFERED, partner_id=partner.id)
        await self._moved(connection, lead, offered)
        if not await leads.offer(connection, lead.number, partner.id, now, until):
            raise RuntimeError(f"{lead.number} is offered to somebody, though nobody else places leads")
        await timers.schedule(connection, leads.offer_timer(lead.number, partner.id, until))
        await self.offers.made(connection, offered, partner, reader[partner.id], last_day)
        said = {"lead": lead.number, "until": until.isoformat()}
        await ledger.append(connection, "lead_offered", "rules", said, partner_id=partner.id)
        return offered, partner

    async def _unplaced(self, connection: AsyncConnection, lead: Lead) -> Lead:
        asked = [o for o in await leads.offers(connection, lead.number) if o.state is not OfferState.REFERRED]
        unplaced = replace(lead, state=LeadState.UNPLACED, partner_id="")
        await self._moved(connection, lead, unplaced)
        await ledger.append(connection, "lead_unplaced", "rules", {"lead": lead.number})
        if manager := self._manager_for(lead):
            await self.briefing.send(connection, _brief(unplaced, manager, len(asked)))
        return unplaced

    async def _moved(self, connection: AsyncConnection, was: Lead, now: Lead) -> None:
        """Whoever had it before reads anew; the CRM learns where it is."""
        await mirror.bump(connection, {was.partner_id} - {"", now.partner_id})
        await mirror.store(connection, [now])
        await outbox.put(connection, [lead_row(now, f"{now.state.value}:{now.partner_id}")])

    async def _candidates(self, connection: AsyncConnection) -> tuple[list[Candidate], dict[str, Contact]]:
        """Partners in which somebody who may take leads can be written to, and who that is."""
        unreachable = await undeliverable.addresses(connection)
        readers: dict[str, Contact] = {}
        for contact in await mirror.everyone(connection, Contact):
            able = contact.active and contact.email and contact.email.lower() not in unreachable
            if able and contact.may(ContactRight.REGISTER) and (contact.main or contact.partner_id not in readers):
                readers[contact.partner_id] = contact
        last = await leads.last_offers(connection)
        partners = [p for p in await mirror.everyone(connection, Partner) if p.id in readers]
        return [Candidate(partner, last.get(partner.id)) for partner in partners], readers

    def _last_day(self, now: datetime) -> date:
        vendor = self.program.vendor
        return add_business_days(vendors_day(now, vendor), self.program.lead_rules.offer_business_days, vendor)

    def _manager_for(self, lead: Lead) -> Manager | None:
        """The manager of its region, else one for every region, else the first."""
        managers = self.program.managers
        regional = (m for m in managers if lead.region and lead.region in m.regions)
        return next(regional, None) or next((m for m in managers if not m.regions), None) or next(iter(managers), None)


async def _fresh_number(connection: AsyncConnection) -> str:
    for number in leads.fresh_numbers(_TRIES):
        if await mirror.one(connection, Lead, number) is None:
            return number
    raise RuntimeError("every number that was drawn for the lead is taken")


def _unfit(lead: Lead, program: Program) -> str:
    if not lead.customer.strip():
        return "the lead names no customer"
    known = {product.name for product in program.products}
    if strange := [name for name in lead.products if name not in known]:
        return f"{strange[0]!r} is no product; products are {', '.join(sorted(known))}"
    if lead.amount is not None and (not lead.amount.is_finite() or lead.amount <= 0):
        return "the value has to be above zero"
    if (lead.amount is None) != (not lead.currency) or lead.currency not in ("", *program.vendor.currencies):
        return f"the value needs its currency, one of {', '.join(program.vendor.currencies)}"
    return "the number of seats has to be above zero" if lead.quantity is not None and lead.quantity <= 0 else ""


def _tidy(lead: Lead) -> Lead:
    """Names on one line and of sane length."""
    names = ("customer", "customer_domain", "contact_name", "contact_email", "contact_phone", "region", "country")
    short: dict[str, Any] = {name: " ".join(getattr(lead, name).split())[:_TEXT] for name in names}
    return replace(lead, **short, notes=lead.notes.strip()[:_NOTES])


def _brief(lead: Lead, manager: Manager, asked: int) -> Brief:
    facts = {
        "Customer": lead.customer,
        "Products": ", ".join(lead.products),
        "Region": lead.region,
        "Partners asked": str(asked),
    }
    return Brief(
        key=f"lead_unplaced:{lead.number}",
        kind=BriefKind.LEAD,
        subject=lead.number,
        manager=manager,
        title=f"Nobody takes lead {lead.number} ({lead.customer})",
        facts=tuple((label, value) for label, value in facts.items() if value),
        why="Every partner that the rules name was asked or cannot be reached. Share it again with other words, or "
        "pursue it yourselves.",
    )
