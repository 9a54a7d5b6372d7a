"""Who is who and what is theirs, read from the mirror: the ports of *identify* and *look up*."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import AttachedFile, MappedChannel, PartnerRecords
from bot.storage import accounts, ended, files, leads, mirror, registrations, slack_channels, slack_threads, threads
from bot.storage.announcing import given_answers
from bot.storage.database import Database
from bot.storage.slack_channels import Mode
from bot.vocabulary.facts import AnnouncementFact
from bot.vocabulary.message import ThreadContext
from bot.vocabulary.money import MoneyFacts
from crm.records import Contact, Partner
from knowledge.programs import Programs

_NUMBERS = 24  # more registrations than the text of one message is ever read to hold


class StoredDirectory:
    """Implements `bot.ports.Directory`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_address(self, address: str) -> tuple[Partner, Contact] | None:
        async with self._database.reading() as connection:
            return await mirror.contact_by_address(connection, address, ended=ended.ENDED)

    async def by_channel(self, channel_id: str) -> MappedChannel | None:
        async with self._database.reading() as connection:
            mapped = await slack_channels.find(connection, channel_id)
            partner = await _served(connection, mapped.partner_id) if mapped else None
        if mapped is None or partner is None:
            return None
        only = mapped.mode is Mode.MENTION
        return MappedChannel(partner, mapped.partner_team_id, mapped.team_id, paused=mapped.paused, mentions_only=only)

    async def by_slack_team(self, team: str) -> MappedChannel | None:
        async with self._database.reading() as connection:
            channels = await slack_threads.channels_of(connection, frozenset({team}))
            partner = await _served(connection, channels[0].partner_id) if channels else None
        return MappedChannel(partner, team, channels[0].team_id) if partner else None

    async def by_slack_user(self, partner_id: str, slack_user_id: str) -> Contact | None:
        async with self._database.reading() as connection:
            return await mirror.contact_by_slack_user(connection, partner_id, slack_user_id)


async def _served(connection: AsyncConnection, partner_id: str) -> Partner | None:
    return None if await ended.has_ended(connection, partner_id) else await mirror.one(connection, Partner, partner_id)


class StoredRecords:
    """Implements `bot.ports.Records`; every query is bound to the one partner asked for."""

    def __init__(self, database: Database, programs: Programs) -> None:
        self._database = database
        self._programs = programs

    async def of_partner(self, partner_id: str, *, numbers: int = 0) -> PartnerRecords | None:
        async with self._database.reading() as connection:
            held = await mirror.held(connection, partner_id)
            if held is None:
                return None
            return PartnerRecords(
                partner=held.partner,
                deals=held.deals,
                payments=held.payments,
                # Read after the version: what changes in between makes it too old, never too new.
                registrations=await registrations.of_partner(connection, partner_id),
                fresh_numbers=await registrations.fresh_numbers(connection, max(numbers, _NUMBERS)),
                version=held.version,
                contacts=held.contacts,
                leads=await leads.known_to(connection, partner_id, held.leads),
                fresh_leads=leads.fresh_numbers(),
                as_of=await mirror.as_of(connection),
            )

    async def money(self, partner_id: str, today: date) -> MoneyFacts | None:
        async with self._database.reading() as connection:
            return await accounts.money(connection, partner_id, self._programs, today)

    async def thread(self, thread_id: str | None, partner_id: str | None) -> ThreadContext:
        if thread_id is None:
            return ThreadContext()
        async with self._database.reading() as connection:
            found = await threads.get(connection, thread_id)
            if found is None or (found.partner_id is not None and found.partner_id != partner_id):
                return ThreadContext(id=thread_id)
            if found.in_slack and found.context.agent_took_part:
                spoke = await slack_threads.person_spoke(connection, thread_id)
                return replace(found.context, person_spoke=spoke)
        return found.context

    async def tables(self, thread_id: str, partner_id: str) -> tuple[AttachedFile, ...]:
        async with self._database.reading() as connection:
            return await files.tables_of_thread(connection, thread_id, partner_id)

    async def announcement(self, announcement_id: str, language: str) -> AnnouncementFact | None:
        async with self._database.reading() as connection:
            return await given_answers.fact(connection, announcement_id, language)
