"""Slack as the settings connect it: whose workspace, whose token, and the demo's own."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import astuple, dataclass

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.api.errors import SlackUnauthorised, SlackUnavailable
from bot.channels.slack.api.installation import Installation, find_installation
from bot.channels.slack.edge.front import Front
from bot.channels.slack.edge.sockets import Sockets, dialling
from bot.demo.slack_people import DEMO_INSTALLATION
from bot.storage import instance
from bot.storage.database import Database
from config.settings import Settings

log = logging.getLogger(__name__)

_SIGNING_SECRET = "demo_slack_signing_secret"  # noqa: S105 - the name it is kept under
_INSTALLATION = "slack_installation"


@dataclass(frozen=True, slots=True)
class Slack:
    """Slack as it is connected; in a demo that plays it nobody is on the other side.

    With a `signing_secret` deliveries come over HTTP, with an `app_token` over Socket Mode, with both both ways.
    """

    own: Installation
    signing_secret: str
    app_token: str = ""


async def connected_slack(settings: Settings, database: Database) -> Slack | None:
    """The workspace that the token belongs to; a demo without one has its own, with a secret drawn once."""
    if settings.plays_slack:
        async with database.begin() as connection:
            return Slack(DEMO_INSTALLATION, await instance.drawn(connection, _SIGNING_SECRET))
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        return None
    secret, app_token = settings.slack_signing_secret, settings.slack_app_token
    own = await _remembering(settings, token, database)
    return Slack(own, secret.get_secret_value(), app_token.get_secret_value())


def slack_sockets(slack: Slack, api_url: str, front: Front) -> Sockets | None:
    """The connections of Socket Mode, not yet opened; None without an app token."""
    if not slack.app_token:
        return None
    return Sockets(dialling(slack_client(slack.app_token, base_url=api_url)), front)


async def _remembering(settings: Settings, token: str, database: Database) -> Installation:
    """While Slack is away, what it said of this token before. Raises SlackUnavailable."""
    try:
        own = await find_installation(slack_client(token, base_url=settings.slack_api_url))
    except SlackUnauthorised:
        raise
    except SlackUnavailable as fault:
        async with database.begin() as connection:
            known = _remembered(await instance.get(connection, _INSTALLATION), token)
        # Without the bot's own user no mention of it is known as one, so a workspace alone is worth less.
        return _said_before(known or _configured(settings), fault)
    async with database.begin() as connection:
        await instance.put(connection, _INSTALLATION, json.dumps([_digest(token), *astuple(own)]))
    return own


async def _installation(settings: Settings, token: str) -> Installation:
    """Slack is asked; where it is away, the configured workspace is enough to start. Raises SlackUnavailable."""
    try:
        return await find_installation(slack_client(token, base_url=settings.slack_api_url))
    except SlackUnauthorised:
        raise
    except SlackUnavailable as fault:
        return _said_before(_configured(settings), fault)


def _configured(settings: Settings) -> Installation | None:
    return Installation(settings.slack_team_id, "") if settings.slack_team_id else None


def _said_before(known: Installation | None, fault: SlackUnavailable) -> Installation:
    if known is None:
        raise fault
    log.warning("Slack does not answer (%s); starting for workspace %s", fault, known.team)
    return known


def _remembered(kept: str | None, token: str) -> Installation | None:
    match json.loads(kept or "null"):
        case [str(digest), str(team), str(bot_user), str(enterprise)] if digest == _digest(token):
            return Installation(team, bot_user, enterprise)
    return None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:16]


async def home_installation(settings: Settings) -> Installation | None:
    """The vendor's own Slack workspace, None where Slack is not set up. Raises SlackUnavailable."""
    if settings.plays_slack:
        return DEMO_INSTALLATION
    if token := settings.slack_bot_token.get_secret_value():
        return await _installation(settings, token)
    return _configured(settings)
