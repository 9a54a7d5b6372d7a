"""Screening: the checks of a submitted registration that need other people's data, after it was acknowledged."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from math import ceil

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk import told
from bot.desk.briefing import Briefing
from bot.desk.carrying_out import CarryingOut
from bot.desk.case import Case
from bot.desk.cases import Cases, Live
from bot.desk.registration_brief import registration_brief
from bot.desk.routing import next_to_decide
from bot.desk.verdict import RULES, Verdict, verdict
from bot.storage import approvals, claims, mirror, registrations, tasks
from bot.storage.claims import Claim
from bot.storage.database import Database, StorageUnavailable
from bot.storage.outbox import Destination
from bot.storage.queue import SCREEN, NewJob, Queue
from bot.storage.registrations import Kept
from bot.vocabulary.briefs import Act, BriefKind
from crm.errors import CrmError, CrmUnavailable
from crm.records import Partner, ReasonCode, Registration, RegistrationState
from knowledge.program import Program

log = logging.getLogger(__name__)

_ATTEMPTS = 3  # of one that fails by itself; then a person decides without a brief
_LONGEST_WAIT = 600  # seconds between two looks at a CRM that stays away
_PAUSE = 30.0  # seconds, where the CRM does not say how long


@dataclass(frozen=True, slots=True)
class Screening:
    """The job "screen". Repeated, it does nothing a second time: what is decided is decided, and a brief goes once."""

    database: Database
    queue: Queue
    program: Program
    cases: Cases
    carrying_out: CarryingOut
    briefing: Briefing

    async def __call__(self, number: str, waited: int, attempt: int) -> None:
        """`waited` is how often the CRM was away before, `attempt` counts the starts of this job from 0. Raises for
        another attempt; what fails to the last becomes a manager's task.
        """
        try:
            await self._screen(number, waited)
        except StorageUnavailable:
            raise
        except Exception as fault:
            if attempt + 1 < _ATTEMPTS:
                raise
            log.exception("registration %s was not screened", number)
            await self._leave_to_a_person(number, type(fault).__name__)

    async def _screen(self, number: str, waited: int) -> None:
        async with self.database.reading() as connection:
            kept = await registrations.find(connection, number)
        if kept is not None and kept.registration.state is RegistrationState.WITHDRAWN:
            await self._close_briefs(number)
        if kept is None or kept.registration.state is not RegistrationState.SUBMITTED:
            return
        try:
            live = await self.cases.look(kept.registration)
        except CrmError as fault:
            await self._later(number, waited, fault)
            return
        async with self.database.begin() as connection:
            await self._judge(connection, kept.registration, live)
        await self.queue.deliver(*Destination)

    async def _close_briefs(self, number: str) -> None:
        """Nobody is asked to decide what the partner took back: the cards say so."""
        async with self.database.begin() as connection:
            await self.briefing.settle(
                connection, BriefKind.REGISTRATION, number, "the partner", "withdrawn by the partner"
            )
        await self.queue.deliver(Destination.SLACK)

    async def _judge(self, connection: AsyncConnection, seen: Registration, live: Live) -> None:
        await mirror.version(connection, seen.partner_id, lock=True)
        kept = await registrations.find(connection, seen.number, lock=True)
        if kept is None or kept.registration.state is not RegistrationState.SUBMITTED:
            return
        if claims.key_of(kept.registration) != claims.key_of(seen):
            await self.queue.defer(connection, [_job(seen.number, 0, 0)])  # the CRM was asked about another customer
            return
        partner = live.partner or await mirror.one(connection, Partner, seen.partner_id)
        if partner is None:
            await _open_task(connection, kept.registration, "its partner is neither in the CRM nor known")
            return
        case = await self.cases.gather(connection, kept.registration, partner, live)
        await self._act(connection, kept, case, live)

    async def _act(self, connection: AsyncConnection, kept: Kept, case: Case, live: Live) -> None:
        found = verdict(case)
        if found.automatic and found.act is Act.REFUSE:
            await self._refuse(connection, kept, case, found)
        elif found.automatic and found.act is Act.APPROVE and not case.not_entered:
            await self._accept(connection, kept, case, live)
        else:
            accepted = await approvals.of_registration(connection, kept.registration)
            who = next_to_decide(self.program, case.partner, kept.registration, accepted)
            await self.briefing.send(connection, registration_brief(case, found, who, accepted))

    async def _refuse(self, connection: AsyncConnection, kept: Kept, case: Case, found: Verdict) -> None:
        code = found.code or ReasonCode.POLICY
        said = f"refused by the rules: {found.why}"
        await self.carrying_out.decline(
            connection, kept, case.partner, RULES, said, code=code, reason=told.reason(code), outcomes=found.told
        )

    async def _accept(self, connection: AsyncConnection, kept: Kept, case: Case, live: Live) -> None:
        said = "accepted at once by a rule of the program"
        done = await self.carrying_out.accept(connection, kept, case.partner, RULES, said, deal_there=live.deal_there)
        if isinstance(done, Claim):
            await self.queue.defer(connection, [_job(kept.registration.number, 0, 0)])  # the next look refuses it

    async def _later(self, number: str, waited: int, fault: CrmError) -> None:
        """Nothing is decided on what the CRM may have changed; it is asked again, however often."""
        pause = fault.retry_after if isinstance(fault, CrmUnavailable) else _PAUSE
        wait = min(ceil(pause * 2 ** min(waited, 10)), _LONGEST_WAIT)
        log.warning("registration %s waits for the CRM: %s", number, fault)
        async with self.database.begin() as connection:
            await self.queue.defer(connection, [_job(number, wait, waited + 1)])

    async def _leave_to_a_person(self, number: str, fault: str) -> None:
        async with self.database.begin() as connection:
            kept = await registrations.find(connection, number)
            if kept is not None:
                await _open_task(connection, kept.registration, f"the checks failed ({fault})")


def _job(number: str, wait: int, waited: int) -> NewJob:
    """Under a lock of its own: while it waits it holds up nothing else of the partner."""
    return NewJob(SCREEN, f"screen:{number}", {"number": number, "waited": waited}, wait=max(wait, 1))


async def _open_task(connection: AsyncConnection, registration: Registration, why: str) -> None:
    partner = await mirror.one(connection, Partner, registration.partner_id)
    await tasks.open_task(
        connection,
        f"screen:{registration.number}",
        "registration",
        f"registration {registration.number} of {registration.customer} waits for a decision: {why}",
        manager_email=partner.manager_email if partner else "",
        partner_id=registration.partner_id,
        deal_number=registration.number,
    )
