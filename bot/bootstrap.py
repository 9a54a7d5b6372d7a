"""The composition root: the one place that chooses who provides what, from the settings."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import as_file, files
from pathlib import Path
from zoneinfo import ZoneInfo

from procrastinate.exceptions import ConnectorException
from sqlalchemy.exc import OperationalError, ProgrammingError

from bot.announcements.announce import AnnouncementDesk
from bot.announcements.opting_out import OptingOut
from bot.channels.email.inlet import MailInlet, TrustsThisMachine
from bot.channels.email.outlet import MailOutlet, MailWriter
from bot.channels.email.own import OwnAddresses, own_addresses
from bot.channels.email.relay import Relay
from bot.channels.kept import KeptOutlet
from bot.channels.slack.audience import WebSlackChannels
from bot.channels.slack.calls import slack_client
from bot.channels.slack.errors import SlackUnauthorised, SlackUnavailable
from bot.channels.slack.identity import WebSlackUsers
from bot.channels.slack.inlet import SlackInlet
from bot.channels.slack.installation import Installation, find_installation
from bot.channels.slack.outgoing import SlackSender
from bot.channels.slack.outlet import SlackOutlet
from bot.demo.slack_people import DEMO_INSTALLATION, DemoSlackPeople
from bot.managers.registrations import RegistrationDesk
from bot.pipeline import Agent
from bot.ports import Inlet, Outlet, Reader
from bot.readers.builtin.reader import BuiltinReader
from bot.readers.choice import Mode, choose_reader
from bot.storage import instance
from bot.storage.caps import Answering
from bot.storage.database import Database
from bot.storage.directory import StoredDirectory, StoredRecords
from bot.storage.erase import erase_tables
from bot.storage.inbox import Inbox
from bot.storage.migrate import migrate
from bot.storage.outbox import Destination
from bot.storage.postgres import Postgres, PostgresError, find_postgres, place, release
from bot.storage.queue import Queue
from bot.storage.unit import StoredUnits
from bot.worker.crm_outlet import CrmOutlet
from bot.worker.delivering import DeliverJob
from bot.worker.handling import HandleJob
from bot.worker.housekeeping import Housekeeping
from bot.worker.mirroring import MirrorJob
from bot.worker.pace import Pace
from bot.worker.reading import ReadJob
from bot.worker.tasks import Jobs, Worker, register
from config.errors import ConfigError
from config.settings import Settings
from crm.adapters import embedded
from crm.connect import connect
from crm.ports import CrmPort
from crm.records import Channel
from knowledge.loading import load_program
from knowledge.program import Product, Program
from mail_ingest.apart import ReaderApart
from mail_ingest.proof import SenderCheck, sender_check

log = logging.getLogger(__name__)

_SIGNING_SECRET = "demo_slack_signing_secret"  # noqa: S105 - the name it is kept under
_PACE = Pace()


@dataclass(frozen=True, slots=True)
class Slack:
    """Slack as it is connected; in the demo nobody is on the other side."""

    own: Installation
    signing_secret: str


@dataclass(frozen=True, slots=True)
class Application:
    """Every part, made and open; `bot.serve` puts the edges around it."""

    settings: Settings
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
    writer: MailWriter
    registration_desk: RegistrationDesk
    announcement_desk: AnnouncementDesk
    opting_out: OptingOut
    slack: Slack | None
    mails: ReaderApart

    def today(self) -> date:
        """The vendor's date."""
        return today(self.program)


def now() -> datetime:
    return datetime.now(UTC)


def today(program: Program) -> date:
    """The vendor's date."""
    return now().astimezone(ZoneInfo(program.vendor.time_zone)).date()


def read_program(settings: Settings) -> Program:
    """The operator's program, or the sample one. Raises `ProgramError` with every fault."""
    if settings.program_dir:
        return load_program(Path(settings.program_dir).expanduser())
    with as_file(files("config") / "program") as folder:
        return load_program(folder)


def make_reader(settings: Settings, catalogue: tuple[Product, ...]) -> Reader:
    """The built-in reader, with the model beside it where the settings ask for one."""
    builtin = BuiltinReader(catalogue)
    mode = Mode(settings.reader)
    if mode is Mode.BUILTIN:
        return builtin
    # The extra `model` is needed from here on and nowhere else.
    try:
        from bot.readers.model.connect import connect_model  # noqa: PLC0415
        from bot.readers.model.settings import ModelSettings  # noqa: PLC0415
    except ModuleNotFoundError as fault:
        raise ConfigError(
            (f"reader: `{mode.value}` needs {fault.name}; install it with: pip install 'partnerline[model]'",)
        ) from fault

    chosen = ModelSettings(
        settings.model_url,
        settings.model_name,
        settings.model_key.get_secret_value(),
        seconds=settings.model_timeout_s,
        calls_per_day=settings.model_daily_budget,
    )
    return choose_reader(mode, builtin, connect_model(chosen, catalogue, lambda: now().date()))


@asynccontextmanager
async def storage(settings: Settings) -> AsyncIterator[tuple[Database, Queue]]:
    """The database at this version and the queue in it, open."""
    postgres = await find_postgres(settings.database_url.get_secret_value(), settings.data_dir)
    database = Database(postgres, pool_size=settings.workers_concurrency + 4)
    queue = Queue(postgres)
    try:
        await _brought_up(database, queue)
        yield database, queue
    finally:
        await queue.aclose()
        await database.aclose()
        await release(postgres, settings.data_dir)


async def _brought_up(database: Database, queue: Queue) -> None:
    where = place(database.postgres)
    try:
        await migrate(database.engine)
        await embedded.migrate(database.engine)
        await queue.open()
    except ProgrammingError as fault:
        raise PostgresError(f"{where} cannot be brought to this version: {fault.orig}") from fault
    except (OperationalError, ConnectorException) as fault:
        raise PostgresError(f"{where} stopped answering; see that it runs, then try again") from fault


@dataclass(frozen=True, slots=True)
class Office:
    """What a manager's commands need: records and desks, and no partner's channel is opened or asked."""

    settings: Settings
    program: Program
    database: Database
    queue: Queue
    crm: CrmPort
    own: OwnAddresses
    mirror: MirrorJob
    registration_desk: RegistrationDesk
    announcement_desk: AnnouncementDesk


@asynccontextmanager
async def office(settings: Settings) -> AsyncIterator[Office]:
    """Everything of it made and open; the worker that runs delivers what it puts into the queue."""
    program = read_program(settings)
    own = own_addresses(program.vendor, settings.mail_domain)
    async with storage(settings) as (database, queue):
        crm = connect(settings.crm, database.engine)
        try:
            yield Office(
                settings=settings,
                program=program,
                database=database,
                queue=queue,
                crm=crm,
                own=own,
                mirror=MirrorJob(database, crm),
                registration_desk=RegistrationDesk(database, queue, crm, program, now, own.domain),
                announcement_desk=AnnouncementDesk(database, queue, program, now, own.domain),
            )
        finally:
            await crm.aclose()


async def erase_everything(database: Database) -> None:
    """All that is ours in this database, at once or not at all; what others keep there stays."""
    async with database.begin() as connection:
        await erase_tables(connection)
        await embedded.erase(connection)


async def home_team(settings: Settings) -> str:
    """The vendor's own Slack workspace (T…), "" where Slack is not set up. Raises SlackUnavailable."""
    if settings.profile == "demo":
        return DEMO_INSTALLATION.team
    token = settings.slack_bot_token.get_secret_value()
    if settings.slack_team_id or not token:
        return settings.slack_team_id
    return (await find_installation(slack_client(token, base_url=settings.slack_api_url))).team


@asynccontextmanager
async def application(settings: Settings, pace: Pace = _PACE) -> AsyncIterator[Application]:
    """Everything made and open, closed at the end. Raises what a start can fail with, in words for the operator."""
    program = read_program(settings)
    async with storage(settings) as (database, queue):
        slack = await _slack(settings, database)
        made = _assemble(settings, program, database, queue, slack, pace)
        register(queue, made.jobs)
        try:
            yield made
        finally:
            await made.mails.aclose()
            await made.crm.aclose()


def _assemble(
    settings: Settings, program: Program, database: Database, queue: Queue, slack: Slack | None, pace: Pace
) -> Application:
    own = own_addresses(program.vendor, settings.mail_domain)
    mails = ReaderApart()
    writer = MailWriter(own, settings.public_url)
    crm = connect(settings.crm, database.engine)
    directory = StoredDirectory(database)
    answering = Answering(own.domain)
    agent = Agent(
        program=program,
        reader=make_reader(settings, program.products),
        directory=directory,
        records=StoredRecords(database),
        units=StoredUnits(database, answering),
        now=now,
    )
    jobs = Jobs(
        database,
        ReadJob(database, queue, _inlets(settings, database, own, slack, mails), directory, program.managers),
        HandleJob(database, queue, agent, answering),
        DeliverJob(database, _outlets(settings, own, writer, crm, slack)),
        Housekeeping(database, queue, MirrorJob(database, crm), pace.stalled),
    )
    return Application(
        settings=settings,
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
        writer=writer,
        registration_desk=RegistrationDesk(database, queue, crm, program, now, own.domain),
        announcement_desk=AnnouncementDesk(database, queue, program, now, own.domain),
        opting_out=OptingOut(database, queue),
        slack=slack,
        mails=mails,
    )


async def _slack(settings: Settings, database: Database) -> Slack | None:
    """The workspace that the token belongs to; the demo has one of its own with a secret drawn once."""
    if settings.profile == "demo":
        async with database.begin() as connection:
            return Slack(DEMO_INSTALLATION, await instance.drawn(connection, _SIGNING_SECRET))
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        return None
    return Slack(await _installation(settings, token), settings.slack_signing_secret.get_secret_value())


async def _installation(settings: Settings, token: str) -> Installation:
    """Slack is asked; where it is away, the configured workspace is enough to start. Raises SlackUnavailable."""
    try:
        return await find_installation(slack_client(token, base_url=settings.slack_api_url))
    except SlackUnauthorised:
        raise
    except SlackUnavailable as fault:
        if not settings.slack_team_id:
            raise
        log.warning("Slack does not answer (%s); starting for workspace %s", fault, settings.slack_team_id)
        return Installation(settings.slack_team_id, "")


def _inlets(
    settings: Settings, database: Database, own: OwnAddresses, slack: Slack | None, mails: ReaderApart
) -> Mapping[Channel, Inlet]:
    check: SenderCheck = sender_check(settings.trusted_authserv_id, settings.trusted_networks)
    if settings.profile == "demo":
        check = TrustsThisMachine()
    inlets: dict[Channel, Inlet] = {Channel.EMAIL: MailInlet(own, check, mails)}
    if slack is not None and settings.profile == "demo":
        inlets[Channel.SLACK] = SlackInlet(slack.own, DemoSlackPeople(database), None)
    elif slack is not None:
        client = slack_client(settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url)
        inlets[Channel.SLACK] = SlackInlet(slack.own, WebSlackUsers(client), WebSlackChannels(client, slack.own))
    return inlets


def _outlets(
    settings: Settings, own: OwnAddresses, writer: MailWriter, crm: CrmPort, slack: Slack | None
) -> Mapping[Destination, Outlet]:
    outlets: dict[Destination, Outlet] = {
        Destination.MAIL: KeptOutlet(),
        Destination.SLACK: KeptOutlet(),
        Destination.CRM: CrmOutlet(crm),
    }
    if settings.relay_host:
        outlets[Destination.MAIL] = MailOutlet(_relay(settings, own), writer, own, now)
    if slack is not None and settings.profile != "demo":
        client = slack_client(settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url)
        outlets[Destination.SLACK] = SlackOutlet(SlackSender(client, slack.own.bot_user))
    return outlets


def _relay(settings: Settings, own: OwnAddresses) -> Relay:
    return Relay(
        settings.relay_host,
        settings.relay_port,
        user=settings.relay_user,
        password=settings.relay_password.get_secret_value(),
        tls=settings.relay_tls,
        local_hostname=own.domain,
    )
