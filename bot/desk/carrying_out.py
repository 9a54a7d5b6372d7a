"""Carries out what was decided on a registration: written, told to the partner, logged, and closed for managers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk import told
from bot.desk.briefing import Briefing
from bot.desk.telling import Telling
from bot.intents import refusals
from bot.storage import claims, ended_questions, leads, ledger, mirror, outbox, registrations, threads
from bot.storage.claims import Claim
from bot.storage.codec import to_doc
from bot.storage.crm_writes import deal_row, registration_row
from bot.storage.following import follow
from bot.storage.queue import Queue
from bot.storage.registrations import Kept
from bot.vocabulary.briefs import BriefKind
from bot.vocabulary.decisions import AwaitFields, Outcome
from crm.money import Money
from crm.records import Deal, Partner, ReasonCode, Registration, RegistrationState, Stage
from knowledge.business_days import decide_by, protected_until, vendors_day
from knowledge.program import Program

ANSWER = "answer"
"""What a thread waits for after a manager's question: whatever the partner writes."""


@dataclass(frozen=True, slots=True)
class CarryingOut:
    """Writes in the caller's transaction, in which the registration is locked. `by` is a manager's address or RULES,
    `said` who decided what, in a line for managers.
    """

    program: Program
    queue: Queue
    telling: Telling
    briefing: Briefing
    now: Callable[[], datetime]

    async def accept(
        self, connection: AsyncConnection, kept: Kept, partner: Partner, by: str, said: str, *, deal_there: bool
    ) -> Registration | Claim:
        """The accepted registration, or whose claim was there first, and then nothing is written.

        A deal that the CRM holds under its number already (`deal_there`) stays as it is.
        """
        now = self._now()
        until = protected_until(vendors_day(now, self.program.vendor), self.program.deal_rules)
        accepted = replace(
            kept.registration, state=RegistrationState.APPROVED, decided_at=now, decided_by=by, protected_until=until,
            reason="", code=None,
        )  # fmt: skip
        today = vendors_day(now, self.program.vendor)
        if taken := await claims.claim(connection, accepted, today):
            return taken
        await self._save(connection, kept, accepted, partner, told.approved(accepted), by, said)
        if not deal_there and await mirror.one(connection, Deal, accepted.number) is None:
            deal = _deal(accepted)
            await mirror.store(connection, [deal])
            await outbox.put(connection, [deal_row(deal, _cause(accepted, now))])
        await leads.became_deal(connection, accepted)
        return accepted

    async def decline(
        self,
        connection: AsyncConnection,
        kept: Kept,
        partner: Partner,
        by: str,
        said: str,
        *,
        code: ReasonCode,
        reason: str,
        outcomes: tuple[Outcome, ...] = (),
    ) -> Registration:
        """`outcomes` are what the partner reads; without them it is the reason of a person."""
        declined = replace(
            kept.registration, state=RegistrationState.DECLINED, decided_at=self._now(), decided_by=by, reason=reason,
            code=code, protected_until=None,
        )  # fmt: skip
        await self._save(connection, kept, declined, partner, outcomes or refusals.declined(declined), by, said)
        return declined

    async def ask(
        self, connection: AsyncConnection, kept: Kept, partner: Partner, by: str, said: str, question: str
    ) -> Registration:
        """Back to the partner: its next word in the thread is taken for the answer."""
        asked = replace(kept.registration, state=RegistrationState.NEEDS_INFO, question=question, asked_at=self._now())
        await self._save(connection, kept, asked, partner, told.question(asked), by, said)
        return asked

    async def submit(
        self, connection: AsyncConnection, kept: Kept, partner: Partner, by: str, said: str
    ) -> Registration:
        """Without a domain the customer is told apart by its name and country: the partner's, where none was said."""
        now, draft = self._now(), kept.registration
        until = decide_by(now, self.program.deal_rules, self.program.vendor)
        country = draft.customer_country or ("" if draft.customer_domain else partner.country)
        sent = replace(
            draft, state=RegistrationState.SUBMITTED, submitted_at=now, decide_by=until, customer_country=country,
            priority_at=draft.priority_at or now,
        )  # fmt: skip
        await self._save(connection, kept, sent, partner, told.submitted(sent, until), by, said)
        return sent

    async def protect(
        self, connection: AsyncConnection, kept: Kept, partner: Partner, by: str, said: str, changed: Registration
    ) -> None:
        """`changed` has the new last day of protection, and the state that goes with it."""
        ended = changed.state is RegistrationState.EXPIRED
        await self._save(connection, kept, changed, partner, told.protection(changed, ended=ended), by, said)

    async def _save(
        self,
        connection: AsyncConnection,
        kept: Kept,
        changed: Registration,
        partner: Partner,
        outcomes: tuple[Outcome, ...],
        by: str,
        said: str,
    ) -> None:
        now = self._now()
        cause = _cause(changed, now)
        await registrations.save(connection, changed)
        await follow(connection, self.queue, self.program, changed, now)
        await outbox.put(connection, [registration_row(changed, cause)])
        await ended_questions.close_of_registration(connection, changed, f"decision:{changed.number}:{cause}")
        await self.telling.tell(
            connection,
            f"decision:{changed.number}:{cause}",
            partner,
            changed.contact_id,
            kept.thread_id,
            outcomes,
            f"{changed.customer} - {changed.number}",
            (changed.number,),
            changed.state.value,
            await _awaited(connection, kept, changed),
        )
        await ledger.append(connection, "registration", by, {"registration": to_doc(changed)}, partner_id=partner.id)
        await self.briefing.settle(connection, BriefKind.REGISTRATION, changed.number, by, said)
        await mirror.bump(connection, [partner.id])

    def _now(self) -> datetime:
        return self.now().astimezone(ZoneInfo(self.program.vendor.time_zone))


async def _awaited(connection: AsyncConnection, kept: Kept, changed: Registration) -> AwaitFields | None:
    """The thread waits while a question is open, and no longer than that."""
    if changed.state is RegistrationState.NEEDS_INFO:
        return AwaitFields(changed.number, (ANSWER,))
    thread = await threads.get(connection, kept.thread_id) if kept.thread_id else None
    asked = thread.context.asked if thread is not None and thread.context.subject_ref == changed.number else ()
    waits = asked == (ANSWER,) or (bool(asked) and changed.state is RegistrationState.SUBMITTED)
    return AwaitFields(changed.number, ()) if waits else None


def _cause(registration: Registration, now: datetime) -> str:
    return f"{registration.state.value}:{now.isoformat()}"


def _deal(registration: Registration) -> Deal:
    """The deal that an accepted registration becomes; it keeps the number."""
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
        amount=Money(registration.amount, registration.currency) if registration.amount is not None else None,
        amount_basis=registration.amount_basis,
        stage=Stage.QUALIFIED,
        close_date=registration.close_date,
        created_on=decided.date(),
        quantity=registration.quantity,
        term_months=registration.term_months,
        attribution=registration.attribution,
        stage_since=decided.date(),
    )
