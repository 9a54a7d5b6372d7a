"""Slack's Web API as the settings connect it, at the pace that all workers keep together."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from bot.channels.slack.api.calls import SlackClient, slack_client
from bot.channels.slack.api.connections import Connections
from bot.channels.slack.api.limits import Limits
from bot.storage.database import Database
from bot.storage.slack_pace import StoredPace
from config.settings import Settings

_connections: WeakKeyDictionary[Database, Connections] = WeakKeyDictionary()
"""Clients of one agent share their connections, whatever part of it they were made for."""


def paced_client(settings: Settings, database: Database, posts: float = 1.0, *, modest: bool = False) -> SlackClient:
    """For everything that the agent asks of Slack while it runs; `posts` seconds lie between posts in one channel.

    `modest` for what is asked with every message that comes, however many come.
    """
    return slack_client(
        settings.slack_bot_token.get_secret_value(),
        base_url=settings.slack_api_url,
        limits=Limits(StoredPace(database), posts, modest=modest),
        connections=_connections.setdefault(database, Connections()),
    )


async def hang_up(database: Database) -> None:
    """Close the connections of all clients that were made with this database."""
    if (shared := _connections.pop(database, None)) is not None:
        await shared.aclose()
