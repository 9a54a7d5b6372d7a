"""What is read of one partner for its monthly overview: its own records and nothing of anybody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests.own import AHEAD
from bot.steps.look_up import manager_of
from bot.storage import accounts, digests, mirror, registrations
from bot.storage.digests import Certificate
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import ThreadContext
from crm.records import Channel, Partner, Registration
from knowledge.program import Program
from knowledge.programs import Programs


@dataclass(frozen=True, slots=True)
class OwnRecords:
    """`facts` are as for a mail of nobody in particular; `protections` and `certificates` those that end soon."""

    facts: Facts
    protections: tuple[Registration, ...]
    certificates: tuple[Certificate, ...]

    @property
    def partner(self) -> Partner:
        return self.facts.partner


async def own_records(
    connection: AsyncConnection, program: Program, programs: Programs, partner_id: str, now: datetime
) -> OwnRecords | None:
    """None for a partner that the mirror does not hold; `now` is in the vendor's zone."""
    held = await mirror.held(connection, partner_id)
    if held is None:
        return None
    today, months = now.date(), program.training.valid_months if program.training else None
    facts = Facts(
        partner=held.partner,
        contact=None,
        deals=held.deals,
        payments=held.payments,
        registrations=await registrations.of_partner(connection, partner_id),
        program=program,
        thread=ThreadContext(),
        channel=Channel.EMAIL,
        now=now,
        manager=manager_of(held.partner, program),
        colleagues=held.contacts,
        money=await accounts.money(connection, partner_id, programs, today),
    )
    ends = today + AHEAD
    return OwnRecords(
        facts,
        await digests.ending_protections(connection, today, ends, partner_id),
        await digests.ending_certificates(connection, months, today, ends, partner_id),
    )
