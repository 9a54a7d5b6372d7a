"""Partners' Slack channels, put together: who looks at their readers, who pauses them, and who maps them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.bootstrap.moment import now
from bot.bootstrap.office import Office
from bot.bootstrap.slack import Slack, home_installation
from bot.bootstrap.slack_web import paced_client
from bot.channels.slack.people.audience import WebSlackChannels
from bot.channels.slack.people.identity import WebSlackUsers
from bot.channels.slack.people.teams import WebSlackTeams
from bot.desk.slack_channels.asking import ChannelAsking
from bot.desk.slack_channels.cards import ChannelCards
from bot.desk.slack_channels.desk import ChannelDesk
from bot.desk.slack_channels.life import ChannelLife
from bot.desk.slack_channels.pauses import ChannelPauses
from bot.desk.slack_channels.watch import ChannelWatch
from bot.managers.channel_orders import ChannelOrders
from bot.storage.database import Database
from bot.storage.queue import Queue
from bot.storage.slack_channels import Mode
from bot.worker.channel_events import ChannelEvents
from config.settings import Settings
from knowledge.program import Program


@dataclass(frozen=True, slots=True)
class ChannelParts:
    """`users` is asked about by whoever reads messages. `orders` and `events` are None where there is no Slack; in the
    demo there is none to ask about channels.
    """

    watch: ChannelWatch
    users: WebSlackUsers | None
    orders: ChannelOrders | None
    events: ChannelEvents | None


def channel_parts(
    settings: Settings,
    database: Database,
    queue: Queue,
    program: Program,
    slack: Slack | None,
    clock: Callable[[], datetime],
) -> ChannelParts:
    cards = ChannelCards(program, settings.slack_managers_channel, clock)
    pauses = ChannelPauses(cards, clock)
    watch = ChannelWatch(database, queue, pauses)
    if slack is None:
        return ChannelParts(watch, None, None, None)
    mode = Mode(settings.slack_channel_mode)
    if settings.plays_slack:
        desk = ChannelDesk(database, queue, slack.own.team, clock, None, mode)
        return ChannelParts(watch, None, ChannelOrders(database, desk, cards), None)
    client = paced_client(settings, database)
    users = WebSlackUsers(client)
    channels = WebSlackChannels(client, slack.own)
    asking = ChannelAsking(database, cards, WebSlackTeams(client), settings.slack_managers_channel, mode)
    life = ChannelLife(
        database, queue, channels, watch, pauses, asking, own_team=slack.own.team, bot_user=slack.own.bot_user,
        forget=users.forget,
    )  # fmt: skip
    desk = ChannelDesk(database, queue, slack.own.team, clock, channels, mode)
    orders = ChannelOrders(database, desk, cards)
    return ChannelParts(watch, users, orders, ChannelEvents(database, queue, life))


async def channel_desk(at: Office) -> ChannelDesk | None:
    """The desk for the command line; None where Slack is not set up. Raises SlackUnavailable where it has to be asked
    whose token it is, and does not answer.
    """
    settings = at.settings
    own = await home_installation(settings)
    if own is None:
        return None
    asks = bool(settings.slack_bot_token.get_secret_value()) and not settings.plays_slack
    channels = WebSlackChannels(paced_client(settings, at.database), own) if asks else None
    return ChannelDesk(at.database, at.queue, own.team, now, channels, Mode(settings.slack_channel_mode))
