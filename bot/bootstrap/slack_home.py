"""The Home tabs of Slack, put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.bootstrap.slack import Slack
from bot.bootstrap.slack_web import paced_client
from bot.channels.slack.outbound.homes import SlackHomes
from bot.channels.slack.people.identity import WebSlackUsers
from bot.operations.home_desk import HomeDesk
from bot.storage.database import Database
from bot.storage.queue import Queue
from config.settings import Settings
from knowledge.program import Program


def home_desk(
    settings: Settings,
    database: Database,
    queue: Queue,
    program: Program,
    slack: Slack | None,
    users: WebSlackUsers | None,
    clock: Callable[[], datetime],
) -> HomeDesk | None:
    """None where there is no Slack to show one in, or to ask about its users."""
    if slack is None or users is None:
        return None
    client = paced_client(settings, database)
    return HomeDesk(database, queue, program, slack.own, users, SlackHomes(client), clock)
