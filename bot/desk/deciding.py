"""Accepting and refusing registrations: checked, written, told to the partner in its thread, and logged to the CRM."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.rights import may_not_decide
from bot.desk.telling import Telling
from bot.storage import ledger, mirror, outbox, registrations
from bot.storage.codec import to_doc
from bot.storage.conflicts import taken
from bot.storage.crm_writes import deal_row, registration_row
from bot.storage.database import Database
from bot.storage.following import follow
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from bot.storage.registrations import Kept
from bot.vocabulary.decisions import Outcome, Value
from bot.vocabulary.results import Done, NotDone
from crm.errors import CrmError
from crm.money import Money
from crm.ports import CrmPort
from crm.records import Deal, Partner, Registration, RegistrationState, Stage
from knowledge.business_days import protected_until
from knowledge.program import Manager, Program

_REASON = 1_000  # characters


@dataclass(frozen=True, slots=True)
class RegistrationDesk:
    """Decides registrations for managers. Deciding twice, or in two places at once, acts once."""

    database: Database
    queue: Queue
    crm: CrmPort
    program: Program
    now: Callable[[], datetime]
    telling: Telling

    async def approve(self, number: str, by: str) -> Done | NotDone:
        """`by` is a manager's address. What grants something re-reads the CRM: a partner gone from it gets nothing."""
        return await self._decide(number, by, RegistrationState.APPROVED, "")

    async def refuse(self, number: str, by: str, reason: str) -> Done | NotDone:
        """`reason` is told to the partner in these words."""
        reason = " ".join(reason.split())[:_REASON]
        if not reason:
            return NotDone("a refusal needs a reason", "say why in a sentence; the partner reads it")
        return await self._decide(number, by, RegistrationState.DECLINED, reason)

    async def _decide(self, number: str, by: str, state: RegistrationState, reason: str) -> Done | NotDone:
        number = number.strip().upper()
        who = self.program.manager(by)
        if who is None:
            known = ", ".join(m.email for m in self.program.managers)
            return NotDone(f"{by} is no manager of this program", f"managers are {known}")
        async with self.database.begin() as connection:
            kept = await registrations.find(connection, number)
        if kept is None:
            return NotDone(f"there is no registration {number}", "list them with `partnerline registrations list`")
        partner = await self._live(kept.registration.partner_id)
        if isinstance(partner, NotDone):
            return partner
        async with self.database.begin() as connection:
            done = await self._write(connection, number, partner, who, state, reason)
        if isinstance(done, Done):
            await self.queue.deliver(*Destination)
        return done

    async def _live(self, partner_id: str) -> Partner | NotDone:
        try:
            partner = await self.crm.partner(partner_id)
        except CrmError as fault:
            return NotDone(f"the CRM does not answer: {fault}", "nothing was decided; try again in a minute")
        return partner or NotDone("the partner is no longer in the CRM", "restore the partner there first")

    async def _write(
        self,
        connection: AsyncConnection,
        number: str,
        partner: Partner,
        who: Manager,
        state: RegistrationState,
        reason: str,
    ) -> Done | NotDone:
        await mirror.version(connection, partner.id, lock=True)
        kept = await registrations.find(connection, number, lock=True)
        if kept is None:
            return NotDone(f"there is no registration {number}")
        if no := _undecidable(kept.registration):
            return NotDone(no)
        if no := may_not_decide(who, partner, kept.registration):
            return NotDone(no, "ask a manager who may")
        if state is RegistrationState.APPROVED and (no := await taken(connection, kept.registration, self._today())):
            return NotDone(no, "refuse it; the partner is told your reason and never whose deal it is")
        decided = self._decided(kept.registration, who, state, reason)
        cause = f"decided:{state.value}"
        await registrations.save(connection, decided)
        await follow(connection, self.queue, self.program, decided, self.now())
        await outbox.put(connection, [registration_row(decided, cause)])
        if state is RegistrationState.APPROVED:
            deal = _deal(decided)
            await mirror.store(connection, [deal])
            await outbox.put(connection, [deal_row(deal, cause)])
        await self._tell(connection, replace(kept, registration=decided), partner)
        await ledger.append(
            connection, "registration", who.email, {"registration": to_doc(decided)}, partner_id=partner.id
        )
        await mirror.bump(connection, [partner.id])
        return Done(_in_words(decided, who), number)

    def _today(self) -> date:
        return self.now().astimezone(ZoneInfo(self.program.vendor.time_zone)).date()

    def _decided(self, registration: Registration, who: Manager, state: RegistrationState, reason: str) -> Registration:
        now = self.now().astimezone(ZoneInfo(self.program.vendor.time_zone))
        until = protected_until(now.date(), self.program.deal_rules) if state is RegistrationState.APPROVED else None
        return replace(
            registration, state=state, decided_at=now, decided_by=who.email, protected_until=until, reason=reason
        )

    async def _tell(self, connection: AsyncConnection, kept: Kept, partner: Partner) -> None:
        """A new message in the thread of the registration, or a mail, to whoever may be told now."""
        registration = kept.registration
        await self.telling.tell(
            connection,
            f"decision:{registration.number}",
            partner,
            registration.contact_id,
            kept.thread_id,
            (_outcome(registration),),
            f"{registration.customer} - {registration.number}",
            (registration.number,),
            registration.state.value,
        )


def _undecidable(registration: Registration) -> str:
    if registration.state is RegistrationState.SUBMITTED:
        return ""
    if registration.state is RegistrationState.DRAFT:
        return f"{registration.number} is a draft: the partner has not given everything yet"
    by = f" by {registration.decided_by}" if registration.decided_by else ""
    return f"{registration.number} is {registration.state.value} already{by}"


def _outcome(registration: Registration) -> Outcome:
    if registration.state is RegistrationState.APPROVED and registration.protected_until:
        values: dict[str, Value] = {
            "number": registration.number,
            "customer": registration.customer,
            "until": registration.protected_until,
        }
        return Outcome("decision.approved", values, figures=True)
    told: dict[str, Value] = {
        "number": registration.number,
        "customer": registration.customer,
        "reason": registration.reason,
    }
    return Outcome("decision.declined", told)


def _deal(registration: Registration) -> Deal:
    """The deal that an accepted registration becomes; it keeps the number."""
    amount = Money(registration.amount, registration.currency) if registration.amount is not None else None
    decided = registration.decided_at
    if decided is None:
        raise ValueError("only a decided registration becomes a deal")
    return Deal(
        id=registration.number,
        number=registration.number,
        partner_id=registration.partner_id,
        customer=registration.customer,
        customer_domain=registration.customer_domain,
        products=registration.products,
        amount=amount,
        amount_basis=registration.amount_basis,
        stage=Stage.QUALIFIED,
        close_date=registration.close_date,
        created_on=decided.date(),
        quantity=registration.quantity,
        term_months=registration.term_months,
    )


def _in_words(registration: Registration, who: Manager) -> str:
    if registration.state is RegistrationState.APPROVED:
        return f"{registration.number} accepted by {who.name}; protected until {registration.protected_until}"
    return f"{registration.number} refused by {who.name}"
