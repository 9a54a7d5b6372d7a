"""Reads everything that managers' digests are made of, once for all managers."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests.engaged import done_by_all
from bot.digests.noticing import CERTIFICATES, PROTECTIONS, Gathered
from bot.storage import briefs, digests, disputes, mirror, parking, registrations, statements, tasks
from bot.vocabulary.briefs import BriefKind
from crm.records import Partner, RegistrationState
from knowledge.commission.statement import DisputeState, StatementState
from knowledge.program import Program

_ALL = 100_000
_LONG = timedelta(minutes=5)  # an outage that people should know of


async def gathered(connection: AsyncConnection, program: Program, now: datetime) -> Gathered:
    """`now` is in the vendor's zone."""
    today = now.date()
    refused = await briefs.open_ones(connection, [BriefKind.ENTRY])
    months = program.training.valid_months if program.training else None
    waiting = await tasks.open_tasks(connection, limit=_ALL)
    return Gathered(
        partners={partner.id: partner for partner in await mirror.everyone(connection, Partner)},
        submitted=await registrations.in_states(connection, [RegistrationState.SUBMITTED], _ALL),
        drafts=await registrations.in_states(connection, [RegistrationState.DRAFT], _ALL),
        disputes=await disputes.in_state(connection, DisputeState.OPEN, _ALL),
        statements=await statements.in_states(connection, [StatementState.INVOICE_RECEIVED]),
        tasks=waiting,
        outages=await parking.outages(connection, _LONG),
        refused=[(one.partner_id or "", one.named) for one in refused.values()],
        protections=await digests.ending_protections(connection, today, today + PROTECTIONS),
        certificates=await digests.ending_certificates(connection, months, today, today + CERTIFICATES)
        if months
        else (),
        answers=await digests.answers_among(connection, [one.inbox_id for one in waiting if one.inbox_id]),
        done=await done_by_all(connection, program, now),
    )
