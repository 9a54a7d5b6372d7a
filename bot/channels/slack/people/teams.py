"""What the workspaces that read a channel call themselves: for people to read, and proof of nothing."""

from __future__ import annotations

from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.api.calls import call
from bot.channels.slack.api.errors import SlackError

_NAME = 80  # characters


class SlackTeams(Protocol):
    async def name(self, team: str) -> str:
        """ "" where Slack does not tell it."""
        ...


class WebSlackTeams:
    """`team.info`; a name is worth no waiting, so a Slack that does not answer tells none."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def name(self, team: str) -> str:
        try:
            answer = await call(self._client, "team.info", {"team": team})
        except SlackError:
            return ""
        found = answer.get("team")
        return str(found.get("name") or "")[:_NAME] if isinstance(found, dict) else ""
