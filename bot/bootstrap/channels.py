"""The ways in and out that the settings ask for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from bot.bootstrap.moment import now
from bot.bootstrap.senders import sender_check_of
from bot.bootstrap.slack import Slack
from bot.bootstrap.slack_web import paced_client
from bot.channels.email.bounce import BounceAddresses
from bot.channels.email.inlet import MailInlet
from bot.channels.email.outlet import MailOutlet, MailWriter
from bot.channels.email.own import OwnAddresses
from bot.channels.email.relay import Relay
from bot.channels.email.signing import KeyUnusable, Signature
from bot.channels.kept import KeptOutlet
from bot.channels.slack.inbound.inlet import SlackInlet
from bot.channels.slack.inbound.listening import ListeningInlet
from bot.channels.slack.inbound.new_ids import UnderNewIds
from bot.channels.slack.inbound.thread_reading import ThreadReader
from bot.channels.slack.outbound.files import SlackFilesOut
from bot.channels.slack.outbound.outgoing import SlackSender
from bot.channels.slack.outbound.outlet import SlackOutlet
from bot.channels.slack.outbound.reactions import Reactions
from bot.channels.slack.people.audience import WebSlackChannels
from bot.channels.slack.people.identity import WebSlackUsers
from bot.channels.slack.people.lately import LastSaid, LatelyAsked
from bot.channels.slack.people.watch import Watch
from bot.demo.slack_people import DemoSlackPeople
from bot.demo.slack_posts import DemoSlackPosts
from bot.ports import Inlet, Outlet
from bot.storage import outbox, slack_channels
from bot.storage.database import Database
from bot.storage.documents import StoredDocuments
from bot.storage.outbox import Destination
from bot.storage.slack_posts import StoredButtons
from bot.storage.slack_renamed import StoredNewIds
from bot.storage.slack_threads import SlackThreads
from bot.worker.crm_outlet import CrmOutlet, Gathering
from config.errors import ConfigError
from config.settings import Settings
from crm.ports import CrmPort
from crm.records import Channel
from knowledge.program import Manager
from mail_ingest.address import domain_of
from mail_ingest.apart import ReaderApart


def inlets_of(
    settings: Settings,
    database: Database,
    own: OwnAddresses,
    bounces: BounceAddresses,
    slack: Slack | None,
    mails: ReaderApart,
    managers: Sequence[Manager],
    watch: Watch | None = None,
    asked: WebSlackUsers | None = None,
    said: LastSaid | None = None,
) -> Mapping[Channel, Inlet]:
    """`said` is what Slack last told of its channels, shared with whoever posts there."""
    inlets: dict[Channel, Inlet] = {Channel.EMAIL: MailInlet(own, sender_check_of(settings), mails, bounces)}
    if slack is not None and settings.plays_slack:
        people, known = DemoSlackPeople(database, managers), SlackThreads(database)
        played = SlackInlet(slack.own, people, None, buttons=StoredButtons(database))
        inlets[Channel.SLACK] = ListeningInlet(
            played, people, ThreadReader(None, slack.own, people, known), known, None
        )
    elif slack is not None:
        client = paced_client(settings, database, modest=True)
        channels = LatelyAsked(WebSlackChannels(client, slack.own), said or LastSaid(), _READ_WITHIN)
        users, known = asked or WebSlackUsers(client), SlackThreads(database)
        inlet = SlackInlet(slack.own, users, channels, watch, StoredButtons(database))
        threads = ThreadReader(client, slack.own, users, known)
        listening = ListeningInlet(inlet, users, threads, known, channels)
        inlets[Channel.SLACK] = UnderNewIds(listening, StoredNewIds(database))
    return inlets


_READ_WITHIN, _POSTED_WITHIN = 60.0, 10.0
"""Seconds for which it counts who reads a Slack channel where no more may be asked: when a message is read, and right
before a post. The second is no longer than the post itself may take.
"""

_GATHERED = {"hubspot": 2.5, "embedded": 0.3}
"""Seconds that interactions wait for each other once they come often: every call to HubSpot counts, and a look at the
outbox for each message costs more than the line that it writes.
"""


def outlets_of(
    settings: Settings,
    database: Database,
    own: OwnAddresses,
    bounces: BounceAddresses,
    writer: MailWriter,
    crm: CrmPort,
    slack: Slack | None,
    posts: float,
    said: LastSaid | None = None,
) -> Mapping[Destination, Outlet]:
    """`posts` seconds lie between two posts in one Slack channel; `said` is as in `inlets_of`.

    Raises ConfigError where mail is to be signed with a key that cannot sign.
    """
    signature = signature_of(settings, own)
    outlets: dict[Destination, Outlet] = {
        Destination.MAIL: KeptOutlet(),
        Destination.SLACK: KeptOutlet(),
        Destination.CRM: CrmOutlet(crm, Gathering(_GATHERED.get(crm.name, 0.0))),
    }
    if settings.relay_host:
        outlets[Destination.MAIL] = MailOutlet(
            _relay(settings, own), writer, own, now,
            bounces=bounces if settings.return_path == "bounce" else None, signature=signature,
            documents=StoredDocuments(database),
        )  # fmt: skip
    if slack is not None and settings.plays_slack:
        outlets[Destination.SLACK] = DemoSlackPosts()
    elif slack is not None:
        client = paced_client(settings, database, posts)
        sender = SlackSender(client, slack.own.bot_user)
        # Who posts and who reads ask within the same share, or a flood of answers would keep all messages unread.
        asking = WebSlackChannels(paced_client(settings, database, modest=True), slack.own)
        outlets[Destination.SLACK] = SlackOutlet(
            sender, posts, posted=_posted(database),
            channels=LatelyAsked(asking, said or LastSaid(), _POSTED_WITHIN),
            paused=_paused(database), reactions=Reactions(client, now),
            files=SlackFilesOut(client, StoredDocuments(database)),
        )  # fmt: skip
    return outlets


def _paused(database: Database) -> Callable[[str], Awaitable[bool]]:
    async def is_paused(channel: str) -> bool:
        async with database.reading() as connection:
            return await slack_channels.paused_since(connection, channel) is not None

    return is_paused


def _posted(database: Database) -> Callable[[str], Awaitable[str]]:
    async def ts_of(outbox_id: str) -> str:
        async with database.reading() as connection:
            return await outbox.remote_id(connection, outbox_id)

    return ts_of


def signature_of(settings: Settings, own: OwnAddresses) -> Signature | None:
    """None where signing is left to the relay. Raises ConfigError where the key cannot be read or cannot sign."""
    if not settings.dkim_selector:
        return None
    try:
        return Signature(
            domain_of(own.author.address), settings.dkim_selector, Path(settings.dkim_key).expanduser().read_bytes()
        )
    except OSError as fault:
        raise ConfigError((f"dkim_key: the file cannot be read ({fault.strerror}); name a PEM file",)) from fault
    except KeyUnusable as fault:
        raise ConfigError((f"dkim_key: the key cannot sign ({fault}); use an RSA private key in PEM",)) from fault


def _relay(settings: Settings, own: OwnAddresses) -> Relay:
    return Relay(
        settings.relay_host,
        settings.relay_port,
        user=settings.relay_user,
        password=settings.relay_password.get_secret_value(),
        tls=settings.relay_tls,
        local_hostname=own.domain,
        connections=settings.relay_connections,
    )
