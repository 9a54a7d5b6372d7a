"""The whole agent, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime

from bot.announcements.desk import AnnouncementDesk
from bot.announcements.following_up.desk import FollowingUp
from bot.announcements.opting_out import OptingOut
from bot.bootstrap.announcing import announcement_parts, announcing_by_mail, announcing_in_console
from bot.bootstrap.channel_parts import channel_parts
from bot.bootstrap.channels import inlets_of, outlets_of
from bot.bootstrap.crm import connected_crm
from bot.bootstrap.deal_desk import DealDesk, deal_desk, orders_of
from bot.bootstrap.digest_parts import DigestParts, digest_parts
from bot.bootstrap.file_sources import file_sources_of
from bot.bootstrap.moment import now, today
from bot.bootstrap.onboarding_parts import onboarding_parts
from bot.bootstrap.opening import storage
from bot.bootstrap.payout_parts import payout_clock
from bot.bootstrap.slack import Slack, connected_slack
from bot.bootstrap.slack_home import home_desk
from bot.bootstrap.slack_web import hang_up
from bot.bootstrap.understanding import make_finer, make_reader, read_programs
from bot.channels.email import bounce
from bot.channels.email.bounce import BounceAddresses
from bot.channels.email.look import look_of
from bot.channels.email.outlet import MailWriter
from bot.channels.email.own import OwnAddresses, own_addresses
from bot.channels.slack.people.identity import WebSlackUsers
from bot.channels.slack.people.lately import LastSaid
from bot.desk.attribution import AttributionDesk
from bot.desk.deciding import RegistrationDesk
from bot.desk.entries import EntryDesk
from bot.desk.leads import LeadDesk
from bot.desk.live import LiveDeals
from bot.desk.people import PeopleDesk
from bot.desk.pressed import PartnerPresses
from bot.managers.messages import ManagerMessages
from bot.operations.announcing import ConsoleAnnouncing
from bot.operations.home_desk import HomeDesk
from bot.payouts.billing import BillingDesk
from bot.payouts.sending import StatementDocuments
from bot.pipeline import Agent
from bot.readers.invoices.invoice import Invoices
from bot.readers.sheets.deal_sheets import DealSheets
from bot.storage import instance
from bot.storage.caps import Answering
from bot.storage.crowd import crowd_of
from bot.storage.database import Database
from bot.storage.directory import StoredDirectory, StoredRecords
from bot.storage.inbox import Inbox
from bot.storage.postgres import Postgres
from bot.storage.queue import Queue
from bot.storage.units import StoredUnits
from bot.texts.own import worded
from bot.worker.delivering import DeliverJob
from bot.worker.handling import HandleJob
from bot.worker.housekeeping import Housekeeping
from bot.worker.mirroring import MirrorJob
from bot.worker.pace import Pace
from bot.worker.reading import ReadJob
from bot.worker.seen import Seen
from bot.worker.tasks import Jobs, Worker, register
from bot.worker.unreadable import SetsAside
from config.settings import Settings
from crm.ports import CrmPort
from crm.records import Channel
from knowledge.program import Program
from knowledge.programs import Programs
from mail_ingest.apart import ReaderApart

_PACE = Pace()


@dataclass(frozen=True, slots=True)
class Application:
    """Every part, made and open; `bot.serve` puts the edges around it. `program` is the version of the start."""

    settings: Settings
    programs: Programs
    program: Program
    postgres: Postgres
    database: Database
    queue: Queue
    inbox: Inbox
    crm: CrmPort
    agent: Agent
    jobs: Jobs
    worker: Worker
    own: OwnAddresses
    bounces: BounceAddresses
    writer: MailWriter
    registration_desk: RegistrationDesk
    announcement_desk: AnnouncementDesk
    following_up: FollowingUp
    announcing_in_console: ConsoleAnnouncing
    opting_out: OptingOut
    lead_desk: LeadDesk
    people_desk: PeopleDesk
    attribution_desk: AttributionDesk
    entry_desk: EntryDesk
    billing: BillingDesk
    desk: DealDesk
    slack: Slack | None
    slack_users: WebSlackUsers | None
    home: HomeDesk | None
    digests: DigestParts
    mails: ReaderApart
    now: Callable[[], datetime]

    def today(self) -> date:
        """The vendor's date."""
        return today(self.program, self.now)


@asynccontextmanager
async def application(
    settings: Settings, pace: Pace = _PACE, clock: Callable[[], datetime] = now
) -> AsyncIterator[Application]:
    """Everything made and open, closed at the end; `clock` tells the time. Raises what a start can fail with, in words
    for the operator.
    """
    programs = read_programs(settings)
    async with storage(settings) as (database, queue):
        slack = await connected_slack(settings, database)
        async with database.begin() as connection:
            secret = await instance.drawn(connection, bounce.SECRET)
        crm = await connected_crm(settings, database)
        made = _assemble(settings, programs, database, queue, crm, slack, pace, secret, clock)
        register(queue, made.jobs)
        try:
            yield made
        finally:
            await made.mails.aclose()
            await made.crm.aclose()
            await hang_up(database)


def _assemble(
    settings: Settings,
    programs: Programs,
    database: Database,
    queue: Queue,
    crm: CrmPort,
    slack: Slack | None,
    pace: Pace,
    bounce_secret: str,
    clock: Callable[[], datetime],
) -> Application:
    program = programs.at(clock())
    own = own_addresses(program.vendor, settings.mail_domain, program.brand.sender)
    mails = ReaderApart()
    writer = MailWriter(own, settings.public_url, look_of(program.brand, program.vendor.name, program.texts))
    bounces = BounceAddresses(own.domain, bounce_secret)
    directory = StoredDirectory(database)
    answering = _answering(settings, own)
    announcing = announcement_parts(settings, database, queue, program, clock, own.domain, writer)
    desk = deal_desk(
        database, queue, crm, program, clock, own.domain, settings.slack_managers_channel, programs, announcing.handlers
    )
    places = channel_parts(settings, database, queue, program, slack, clock)
    seen = Seen(database, queue, clock) if slack is not None and not settings.plays_slack else None
    agent = Agent(
        programs=programs,
        reader=make_finer(make_reader(settings, program.products)),
        directory=directory,
        records=StoredRecords(database, programs),
        units=StoredUnits(database, queue, program, answering),
        live=LiveDeals(database, crm),
        now=clock,
        sheets=DealSheets(program.products),
        invoices=Invoices(),
        noticed=seen.noticed if seen is not None else None,
    )
    billing = BillingDesk(database, queue, programs, clock)
    follow_crm = MirrorJob(
        database, crm, desk.fates, desk.tiers.watch, billing, desk.deal_fates, desk.decided, desk.gone
    )
    payouts = payout_clock(database, queue, programs, clock, follow_crm)
    digests = digest_parts(settings, database, queue, programs, clock, own.domain)
    onboarding = onboarding_parts(settings, database, queue, programs, clock, own.domain)
    home = home_desk(settings, database, queue, program, slack, places.users, clock)
    said = LastSaid()
    files = file_sources_of(settings, database, slack, mails, clock)
    jobs = Jobs(
        database,
        ReadJob(
            database,
            queue,
            inlets_of(
                settings, database, own, bounces, slack, mails, program.managers, places.watch, places.users, said
            ),
            directory,
            program.managers,
            SetsAside(answering, program.vendor.name, worded(program.texts), clock),
            seen,
        ),
        HandleJob(
            database,
            queue,
            agent,
            answering,
            ManagerMessages(
                database,
                directory,
                program.managers,
                orders_of(desk),
                answering,
                clock,
                places.orders,
                announcing_by_mail(announcing, database, files[Channel.EMAIL], program, answering, clock),
                digest=digests.told,
                beside=onboarding.asked,
            ),
            PartnerPresses(database, directory, agent.program, answering, clock),
            files,
            seen,
        ),
        DeliverJob(
            database,
            outlets_of(settings, database, own, bounces, writer, crm, slack, pace.posts, said),
            queue,
            crowd_of(database),
        ),
        Housekeeping(
            database,
            queue,
            follow_crm,
            desk.due,
            payouts,
            pace.stalled,
            home.refresh if home is not None else None,
            digests,
            announcing.look,
            onboarding.clock,
        ),
        desk.screening,
        StatementDocuments(database, queue, programs, desk.telling),
        payouts,
        home,
        places.events,
        announcing.spreading,
    )
    return Application(
        settings=settings,
        programs=programs,
        program=program,
        postgres=database.postgres,
        database=database,
        queue=queue,
        inbox=Inbox(database, queue),
        crm=crm,
        agent=agent,
        jobs=jobs,
        worker=Worker(queue, settings.workers_concurrency, pace),
        own=own,
        bounces=bounces,
        writer=writer,
        registration_desk=desk.registrations,
        announcement_desk=announcing.desk,
        following_up=announcing.following_up,
        announcing_in_console=announcing_in_console(announcing, program, clock),
        opting_out=OptingOut(database, queue, clock),
        lead_desk=desk.leads,
        people_desk=desk.people,
        attribution_desk=desk.attribution,
        entry_desk=desk.entries,
        billing=billing,
        desk=desk,
        slack=slack,
        slack_users=places.users,
        home=home,
        digests=digests,
        mails=mails,
        now=clock,
    )


def _answering(settings: Settings, own: OwnAddresses) -> Answering:
    return Answering(
        own.domain,
        proven_per_hour=settings.answers_per_hour,
        proven_per_day=settings.answers_per_day,
        domain_per_hour=settings.answers_domain_per_hour,
        domain_per_day=settings.answers_domain_per_day,
        thread_per_hour=settings.answers_thread_per_hour,
        thread_per_day=settings.answers_thread_per_day,
    )
