"""Who reads a channel: the teams outside the vendor that it is shared with, or that this could not be confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.api.calls import call
from bot.channels.slack.api.errors import SlackRefused
from bot.channels.slack.api.installation import Installation


@dataclass(frozen=True, slots=True)
class Audience:
    """`teams` are external teams or organisations. Where `confirmed` is False nothing of a partner may be said."""

    confirmed: bool
    teams: frozenset[str] = frozenset()
    direct: bool = False

    def is_only(self, team: str) -> bool:
        """Whether no one outside the vendor but this team reads it."""
        return self.confirmed and self.teams <= {team}


class SlackChannels(Protocol):
    async def audience(self, channel: str) -> Audience:
        """Ask anew: sharing changes at any time. Raises `SlackError` when Slack cannot be asked."""
        ...


class WebSlackChannels:
    """`conversations.info`; a channel that Slack refuses to show is an unconfirmed one."""

    def __init__(self, client: AsyncWebClient, own: Installation) -> None:
        self._client = client
        self._own = own

    async def audience(self, channel: str) -> Audience:
        try:
            answer = await call(self._client, "conversations.info", {"channel": channel})
        except SlackRefused:
            return Audience(confirmed=False)
        return to_audience(answer.get("channel"), self._own)


def to_audience(channel: object, own: Installation) -> Audience:
    """Read the `channel` of a `conversations.info` answer.

    `is_shared` is not asked: it is also true inside one organisation. A channel said to be shared with outsiders
    whose teams are not named, and one that does not say either way, are not confirmed.
    """
    if not isinstance(channel, Mapping):
        return Audience(confirmed=False)
    if channel.get("is_im"):
        return Audience(confirmed=True, direct=True)
    shared = channel.get("is_ext_shared")
    if not isinstance(shared, bool):
        return Audience(confirmed=False)
    teams = frozenset(team for team in _teams(channel) if not own.is_home(team))
    return Audience(confirmed=shared == bool(teams), teams=teams)


def _teams(channel: Mapping[str, Any]) -> set[str]:
    internal = set(channel.get("internal_team_ids") or ())
    named = {*(channel.get("shared_team_ids") or ()), *(channel.get("connected_team_ids") or ())}
    return {str(team) for team in named - internal}
