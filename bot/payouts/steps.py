"""Carries out what was decided on a statement: written, told to the partner, logged, and closed for managers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.briefing import Briefing
from bot.desk.telling import Telling
from bot.payouts.rights import sees_statements
from bot.payouts.states import acts_about
from bot.storage import outbox, statement_steps, statements
from bot.storage.crm_writes import interaction_row
from bot.vocabulary.briefs import BriefKind
from bot.vocabulary.decisions import Outcome
from crm.records import Channel, Direction, Interaction, Partner
from knowledge.commission.statement import Statement
from knowledge.program import Program


@dataclass(frozen=True, slots=True)
class Steps:
    """Writes in the caller's transaction, in which the partner's version and the statement are locked."""

    program: Program
    telling: Telling
    briefing: Briefing
    now: Callable[[], datetime]

    async def take(
        self,
        connection: AsyncConnection,
        partner: Partner,
        was: Statement,
        becomes: Statement,
        by: str,
        said: str,
        outcomes: tuple[Outcome, ...] = (),
        *,
        settles: bool = True,
    ) -> None:
        """`said` says who did what, in a line for managers; with `outcomes` the partner's finance contact is told.

        `settles` False where what managers were asked stays to be answered, if in another way.
        """
        now = self.now()
        await statement_steps.write(connection, self.program, was, becomes, by, now)
        key = f"statement:{becomes.id}:{becomes.state.value}:{now.isoformat()}"
        if outcomes:
            await self.tell(connection, partner, becomes, key, outcomes)
        else:
            await outbox.put(connection, [interaction_row(_noted(key, partner, becomes, said, now))])
        if settles:
            await self.briefing.settle(connection, BriefKind.STATEMENT, becomes.id, by, said)
        else:
            acts = acts_about(becomes.state)
            await self.briefing.amend(connection, BriefKind.STATEMENT, becomes.id, said, acts, key)

    async def tell(
        self, connection: AsyncConnection, partner: Partner, about: Statement, key: str, outcomes: tuple[Outcome, ...]
    ) -> None:
        """In the thread that the statement was sent in, to the partner's finance contact."""
        await self.telling.tell(
            connection,
            key,
            partner,
            partner.finance_contact_id,
            await statements.thread_of(connection, about.id),
            outcomes,
            about.number,
            (),
            f"statement_{about.state.value}",
            may=sees_statements(partner),
        )


def _noted(key: str, partner: Partner, statement: Statement, said: str, now: datetime) -> Interaction:
    """A step that the partner has no use for stands on its timeline all the same."""
    return Interaction(
        key=key,
        partner_id=partner.id,
        contact_id=None,
        deal_numbers=(),
        channel=Channel.CONSOLE,
        direction=Direction.OUT,
        at=now,
        summary=f"{statement.number}: {said}",
        message_id=key,
        outcome=f"statement_{statement.state.value}",
    )
