"""Deciding registrations for managers: accepted, refused, asked back, protected for longer or shorter."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.briefing import Briefing
from bot.desk.carrying_out import CarryingOut
from bot.desk.case import Case
from bot.desk.cases import Cases, Live
from bot.desk.obstacles import in_the_way, taken, undecidable, unprotectable, unsubmittable
from bot.desk.registration_brief import registration_brief
from bot.desk.rights import may_not_decide
from bot.desk.routing import chain_of, decider, has_no_say, next_to_decide
from bot.desk.verdict import verdict
from bot.storage import approvals, claims, ledger, mirror, registrations, tasks
from bot.storage.claims import Claim
from bot.storage.database import Database
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from bot.storage.registrations import Kept
from bot.vocabulary.briefs import BriefKind
from bot.vocabulary.results import Done, NotDone
from crm.errors import CrmError
from crm.records import Partner, ReasonCode, Registration, RegistrationState
from knowledge.business_days import vendors_day
from knowledge.program import Manager, Program

THERE = "decided_there"
"""What the keys of tasks begin with that are about a decision in the CRM which could not be taken over."""

_WORDS = 1_000  # characters of a reason or question


@dataclass(frozen=True, slots=True)
class _Matter:
    """What a manager decides about, locked; `live` is what the CRM said just before, where it was asked.

    `there` is the name of the CRM in which it was decided by somebody whom nobody here knows, "" for the manager `who`.
    """

    connection: AsyncConnection
    kept: Kept
    partner: Partner
    who: Manager
    live: Live
    there: str = ""

    @property
    def by(self) -> str:
        return self.there or self.who.email

    @property
    def called(self) -> str:
        return f"a colleague in {self.there}" if self.there else self.who.name

    @property
    def registration(self) -> Registration:
        return self.kept.registration


_Act = Callable[[_Matter], Awaitable[Done | NotDone]]


@dataclass(frozen=True, slots=True)
class RegistrationDesk:
    """Decides registrations for managers; `by` is always a manager's address, and `number` may be in any case.

    Deciding twice, or in two places at once, acts once. What grants something reads the CRM live first: a partner gone
    from it gets nothing.
    """

    database: Database
    queue: Queue
    program: Program
    now: Callable[[], datetime]
    cases: Cases
    carrying_out: CarryingOut
    briefing: Briefing

    async def approve(self, number: str, by: str) -> Done | NotDone:
        """Where several have to accept, the last one's word accepts and the others' are noted."""
        return await self._decide(number, by, self._approve, grants=True)

    async def refuse(self, number: str, by: str, reason: str) -> Done | NotDone:
        """`reason` is told to the partner in these words."""
        reason = _one_line(reason)
        if not reason:
            return NotDone("a refusal needs a reason", "say why in a sentence; the partner reads it")
        return await self._decide(number, by, lambda matter: self._refuse(matter, reason), grants=False)

    async def ask(self, number: str, by: str, question: str) -> Done | NotDone:
        """`question` is put to the partner in these words; its answer submits the registration again."""
        question = _one_line(question)
        if not question:
            return NotDone("a question needs words", "say what you want to know; the partner reads it")
        return await self._decide(number, by, lambda matter: self._ask(matter, question), grants=False)

    async def submit(self, number: str, by: str) -> Done | NotDone:
        """A draft that will not become more complete, such as one of a customer without a web site, goes under review
        as it is.
        """
        return await self._decide(number, by, self._submit, grants=False)

    async def protect(self, number: str, by: str, until: date) -> Done | NotDone:
        """`until` is the last protected day of an accepted registration; one that is over ends the protection."""
        return await self._decide(number, by, lambda matter: self._protect(matter, until), grants=True)

    async def approve_there(self, number: str, there: str) -> Done | NotDone:
        """A colleague accepted it in the CRM called `there`, whose rights say who may: all else is looked into as ever.

        Raises CrmError where the CRM does not answer.
        """
        return await self._decide(number, "", self._approve, grants=True, there=there)

    async def refuse_there(self, number: str, there: str, reason: str) -> Done | NotDone:
        """`reason` is told to the partner in these words."""
        reason = _one_line(reason)
        if not reason:
            fix = f"refuse it here and say why, or fill in the reason told to the partner in {there}"
            return NotDone("a refusal needs a reason, which the partner reads", fix)
        return await self._decide(number, "", lambda matter: self._refuse(matter, reason), grants=False, there=there)

    async def protect_there(self, number: str, there: str, until: date) -> Done | NotDone:
        """A colleague set another last protected day in the CRM. Raises CrmError where that does not answer."""
        return await self._decide(number, "", lambda matter: self._protect(matter, until), grants=True, there=there)

    async def _decide(self, number: str, by: str, act: _Act, *, grants: bool, there: str = "") -> Done | NotDone:
        number = number.strip().upper()
        who = self.program.manager(by)
        if who is None and not there:
            known = ", ".join(m.email for m in self.program.managers)
            return NotDone(f"{by} is no manager of this program", f"managers are {known}")
        async with self.database.reading() as connection:
            kept = await registrations.find(connection, number)
        if kept is None:
            return NotDone(f"there is no registration {number}", "list them with `partnerline registrations list`")
        live = await (self._look(kept.registration, there) if grants else self._remember(kept.registration))
        if isinstance(live, NotDone):
            return live
        partner = live.partner
        if partner is None:
            return NotDone("the partner is no longer in the CRM", "restore the partner there first")
        async with self.database.begin() as connection:
            await mirror.version(connection, partner.id, lock=True)
            locked = await registrations.find(connection, number, lock=True)
            if locked is None:
                return NotDone(f"there is no registration {number}")
            who = who or decider(self.program, partner, locked.registration)
            done = await act(_Matter(connection, locked, partner, who, live, there))
            if isinstance(done, Done):
                await tasks.close_beginning(connection, f"{THERE}:{number}:", there or who.email)
        if isinstance(done, Done):
            await self.queue.deliver(*Destination)
        return done

    async def _look(self, registration: Registration, there: str) -> Live | NotDone:
        try:
            return await self.cases.look(registration)
        except CrmError as fault:
            if there:
                raise
            return NotDone(f"the CRM does not answer: {fault}", "nothing was decided; try again in a minute")

    async def _remember(self, registration: Registration) -> Live:
        """What gives nothing away does not wait for the CRM."""
        async with self.database.reading() as connection:
            partner = await mirror.one(connection, Partner, registration.partner_id)
        return Live(partner, (), deal_there=False, alike=())

    async def _approve(self, matter: _Matter) -> Done | NotDone:
        registration = matter.registration
        if no := undecidable(registration):
            return NotDone(no)
        accepted = await approvals.of_registration(matter.connection, registration)
        if not_yet := self._may_not_accept(matter, accepted):
            return not_yet
        case = await self.cases.gather(matter.connection, registration, matter.partner, matter.live)
        if obstacle := in_the_way(case):
            return obstacle
        after = (*accepted, matter.who.email.lower())
        chain = chain_of(self.program, registration)
        if chain is not None and any(address.lower() not in after for address in chain.approvers):
            return await self._pass_on(matter, case, after)
        done = await self.carrying_out.accept(
            matter.connection,
            matter.kept,
            matter.partner,
            matter.by,
            f"accepted by {matter.called}",
            deal_there=matter.live.deal_there,
        )
        if isinstance(done, Claim):
            return taken(done.number, case)
        return Done(f"{done.number} accepted by {matter.called}; protected until {done.protected_until}", done.number)

    def _may_not_accept(self, matter: _Matter, accepted: tuple[str, ...]) -> NotDone | None:
        """The approvers of a chain accept in turn, whatever their own limits; without one a manager's rights say."""
        if matter.there:
            several = chain_of(self.program, matter.registration) is not None
            return (
                NotDone("several managers accept this one in turn", "each of them accepts it here") if several else None
            )
        if chain_of(self.program, matter.registration) is None:
            no = may_not_decide(matter.who, matter.partner, matter.registration)
            return NotDone(no, "ask a manager who may") if no else None
        turn = next_to_decide(self.program, matter.partner, matter.registration, accepted)
        if matter.who.email.lower() in accepted:
            return NotDone(f"{matter.who.name} has accepted it already; now it is {turn.name}'s turn")
        if turn.email.lower() != matter.who.email.lower():
            return NotDone(
                f"several managers accept this one in turn, and now it is {turn.name}'s", f"ask {turn.email}"
            )
        return None

    async def _pass_on(self, matter: _Matter, case: Case, after: tuple[str, ...]) -> Done:
        """The next approver gets the brief; the partner hears nothing yet."""
        registration, who = matter.registration, matter.who
        await approvals.add(matter.connection, registration, who.email)
        turn = next_to_decide(self.program, matter.partner, registration, after)
        said = f"accepted by {who.name}; {turn.name} is next"
        await ledger.append(
            matter.connection, "approval", who.email, {"number": registration.number, "next": turn.email},
            partner_id=matter.partner.id,
        )  # fmt: skip
        await self.briefing.settle(matter.connection, BriefKind.REGISTRATION, registration.number, who.email, said)
        await self.briefing.send(matter.connection, registration_brief(case, verdict(case), turn, after))
        return Done(f"{registration.number} {said}", registration.number)

    async def _refuse(self, matter: _Matter, reason: str) -> Done | NotDone:
        if no := undecidable(matter.registration) or _no_say(matter, self.program):
            return NotDone(no)
        await self.carrying_out.decline(
            matter.connection,
            matter.kept,
            matter.partner,
            matter.by,
            f"refused by {matter.called}: {reason}",
            code=ReasonCode.DECLINED_BY_PERSON,
            reason=reason,
        )
        return Done(f"{matter.registration.number} refused by {matter.called}", matter.registration.number)

    async def _ask(self, matter: _Matter, question: str) -> Done | NotDone:
        registration = matter.registration
        if no := undecidable(registration) or _no_say(matter, self.program):
            return NotDone(no)
        if registration.state is RegistrationState.NEEDS_INFO:
            return NotDone(
                f"{registration.number} waits for the partner's answer already: {registration.question}",
                "decide it, or wait for the answer",
            )
        said = f"{matter.who.name} asked the partner: {question}"
        await self.carrying_out.ask(matter.connection, matter.kept, matter.partner, matter.who.email, said, question)
        return Done(f"{registration.number} went back to the partner with the question", registration.number)

    async def _submit(self, matter: _Matter) -> Done | NotDone:
        draft = matter.registration
        if no := unsubmittable(draft) or _no_say(matter, self.program):
            return NotDone(no)
        said = f"submitted by {matter.who.name} as it is"
        await self.carrying_out.submit(matter.connection, matter.kept, matter.partner, matter.who.email, said)
        return Done(f"{draft.number} {said}; it is screened like any other", draft.number)

    async def _protect(self, matter: _Matter, until: date) -> Done | NotDone:
        registration, today = matter.registration, vendors_day(self.now(), self.program.vendor)
        ended = until < today
        if no := unprotectable(registration, ended=ended) or _no_say(matter, self.program):
            return NotDone(no)
        if registration.protected_until == until:
            return NotDone(f"{registration.number} is protected until {until} already")
        state = RegistrationState.EXPIRED if ended else RegistrationState.APPROVED
        changed = replace(registration, state=state, protected_until=until)
        if not ended and (other := await claims.claim(matter.connection, changed, today)):
            return NotDone(f"{other.number} of another partner holds this customer and product meanwhile")
        said = f"{matter.called} set the protection to end on {until}"
        await self.carrying_out.protect(matter.connection, matter.kept, matter.partner, matter.by, said, changed)
        return Done(f"{registration.number}: {said}", registration.number)


def _no_say(matter: _Matter, program: Program) -> str:
    return "" if matter.there else has_no_say(program, matter.who, matter.partner, matter.registration)


def _one_line(said: str) -> str:
    return " ".join(said.split())[:_WORDS]
