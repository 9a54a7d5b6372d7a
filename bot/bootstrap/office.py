"""What a manager's commands need: records and desks, and no partner's channel is opened or asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.announcements.desk import AnnouncementDesk
from bot.announcements.following_up.desk import FollowingUp
from bot.announcements.segments.saved import SavedSegments
from bot.announcements.translations.translating import Translating
from bot.bootstrap.announcing import announcement_parts
from bot.bootstrap.crm import connected_crm
from bot.bootstrap.deal_desk import deal_desk
from bot.bootstrap.moment import now
from bot.bootstrap.opening import storage
from bot.bootstrap.slack_web import hang_up
from bot.bootstrap.tier_parts import TierParts
from bot.bootstrap.understanding import read_programs
from bot.channels.email.look import look_of
from bot.channels.email.outlet import MailWriter
from bot.channels.email.own import OwnAddresses, own_addresses
from bot.desk.attribution import AttributionDesk
from bot.desk.cases import Cases
from bot.desk.deciding import RegistrationDesk
from bot.desk.due import DueDesk
from bot.desk.entries import EntryDesk
from bot.desk.leads import LeadDesk
from bot.desk.people import PeopleDesk
from bot.managers.held import HeldDesk
from bot.payouts.billing import BillingDesk
from bot.payouts.dispute_desk import DisputeDesk
from bot.payouts.run import StatementRun
from bot.payouts.statement_desk import StatementDesk
from bot.storage.database import Database
from bot.storage.queue import Queue
from bot.worker.mirroring import MirrorJob
from config.settings import Settings
from crm.ports import CrmPort
from knowledge.program import Program
from knowledge.programs import Programs


@dataclass(frozen=True, slots=True)
class Office:
    """What a manager's commands need: records and desks, and no partner's channel is opened or asked."""

    settings: Settings
    programs: Programs
    program: Program
    database: Database
    queue: Queue
    crm: CrmPort
    own: OwnAddresses
    mirror: MirrorJob
    cases: Cases
    registration_desk: RegistrationDesk
    held_desk: HeldDesk
    announcement_desk: AnnouncementDesk
    following_up: FollowingUp
    saved_segments: SavedSegments
    translating: Translating
    lead_desk: LeadDesk
    people_desk: PeopleDesk
    attribution_desk: AttributionDesk
    entry_desk: EntryDesk
    due_desk: DueDesk
    tiers: TierParts
    statement_desk: StatementDesk
    dispute_desk: DisputeDesk
    statement_run: StatementRun


@asynccontextmanager
async def office(settings: Settings) -> AsyncIterator[Office]:
    """Everything of it made and open; the worker that runs delivers what it puts into the queue."""
    programs = read_programs(settings)
    program = programs.at(now())
    own = own_addresses(program.vendor, settings.mail_domain, program.brand.sender)
    async with storage(settings) as (database, queue):
        crm = await connected_crm(settings, database)
        writer = MailWriter(own, settings.public_url, look_of(program.brand, program.vendor.name, program.texts))
        announcing = announcement_parts(settings, database, queue, program, now, own.domain, writer)
        desk = deal_desk(
            database, queue, crm, program, now, own.domain, settings.slack_managers_channel, programs,
            announcing.handlers,
        )  # fmt: skip
        billing = BillingDesk(database, queue, programs, now)
        follow_crm = MirrorJob(
            database, crm, desk.fates, desk.tiers.watch, billing, desk.deal_fates, desk.decided, desk.gone
        )
        try:
            yield Office(
                settings=settings,
                programs=programs,
                program=program,
                database=database,
                queue=queue,
                crm=crm,
                own=own,
                mirror=follow_crm,
                cases=desk.cases,
                registration_desk=desk.registrations,
                held_desk=HeldDesk(database, queue, program, now),
                announcement_desk=announcing.desk,
                following_up=announcing.following_up,
                saved_segments=announcing.saved_segments,
                translating=announcing.translating,
                lead_desk=desk.leads,
                people_desk=desk.people,
                attribution_desk=desk.attribution,
                entry_desk=desk.entries,
                due_desk=desk.due,
                tiers=desk.tiers,
                statement_desk=desk.payouts.statements,
                dispute_desk=desk.payouts.disputes,
                statement_run=StatementRun(database, queue, programs, now, follow_crm),
            )
        finally:
            await hang_up(database)
            await crm.aclose()
