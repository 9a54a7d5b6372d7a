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
    """`teams` are external teams or organisations. Where `confirmed` is False nothing of a partner may be said.

    `pending` are invited and read everything once they accept; `unnamed` is True where somebody is invited of whom
    Slack does not say who it is. `archived` channels take no post; `name` is for people, and proves nothing. `stale` is
    True where this is what Slack said a moment ago, and not now.
    """

    confirmed: bool
    teams: frozenset[str] = frozenset()
    direct: bool = False
    pending: frozenset[str] = frozenset()
    unnamed: bool = False
    archived: bool = False
    name: str = ""
    stale: bool = False

    @property
    def readers(self) -> frozenset[str]:
        """The teams outside the vendor that read it, or will without anybody here being asked again."""
        return self.teams | self.pending

    @property
    def only_team(self) -> str:
        """The one team beside the vendor that reads it; "" where there is none, or more, or that is not known."""
        one = self.confirmed and not self.unnamed and len(self.readers) == 1
        return next(iter(self.readers)) if one else ""

    def is_only(self, *teams: str) -> bool:
        """Whether no one outside the vendor but these teams reads it."""
        return self.confirmed and not self.unnamed and self.readers <= frozenset(teams)


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
    archived, name = channel.get("is_archived") is True, str(channel.get("name") or "")
    shared = channel.get("is_ext_shared")
    if not isinstance(shared, bool):
        return Audience(confirmed=False, archived=archived, name=name)
    teams = frozenset(team for team in _teams(channel) if not own.is_home(team))
    pending = frozenset(team for team in _invited(channel) if not own.is_home(team))
    return Audience(
        confirmed=shared == bool(teams),
        teams=teams,
        pending=pending - teams,
        unnamed=channel.get("is_pending_ext_shared") is True and not pending,
        archived=archived,
        name=name,
    )


def _teams(channel: Mapping[str, Any]) -> set[str]:
    internal = _ids(channel, "internal_team_ids")
    return (_ids(channel, "shared_team_ids") | _ids(channel, "connected_team_ids")) - internal


def _invited(channel: Mapping[str, Any]) -> set[str]:
    return _ids(channel, "pending_shared") | _ids(channel, "pending_connected_team_ids")


def _ids(channel: Mapping[str, Any], name: str) -> set[str]:
    found = channel.get(name)
    return {str(one) for one in found if one} if isinstance(found, list) else set()
