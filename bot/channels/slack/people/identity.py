"""Whose person wrote in Slack: `users.info` asked once per user, and the sender's team read from it alone."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.api.calls import call
from bot.channels.slack.api.errors import SlackRefused
from bot.channels.slack.api.installation import Installation

# Slack's ways to say that this user cannot be looked up; the person is then unknown, which is external.
_UNKNOWN_USER = frozenset({"user_not_found", "user_not_visible", "users_not_found"})


@dataclass(frozen=True, slots=True)
class SlackUser:
    """What `users.info` says. `teams` are all workspaces of a Grid user; an unknown user has no team at all.

    Neither name nor e-mail address is authority: another workspace's administrator controls both.
    """

    id: str
    team: str = ""
    enterprise: str = ""
    teams: frozenset[str] = frozenset()
    name: str = ""
    is_bot: bool = False


class SlackUsers(Protocol):
    async def user(self, user_id: str) -> SlackUser:
        """The user, or one without a team when Slack does not tell. Raises `SlackError` when Slack cannot be asked."""
        ...


class WebSlackUsers:
    """`users.info`, remembered for `ttl` seconds (an unknown user for a tenth of it) and for `capacity` users."""

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        ttl: float = 3600.0,
        capacity: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._ttl = ttl
        self._capacity = capacity
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, SlackUser]] = OrderedDict()

    async def user(self, user_id: str) -> SlackUser:
        kept = self._kept.get(user_id)
        if kept is not None and self._clock() < kept[0]:
            self._kept.move_to_end(user_id)
            return kept[1]
        user = await self._ask(user_id)
        self._keep(user)
        return user

    def forget(self, user_id: str) -> None:
        """Ask anew the next time: something was heard of this user that may have changed who it is."""
        self._kept.pop(user_id, None)

    async def _ask(self, user_id: str) -> SlackUser:
        try:
            answer = await call(self._client, "users.info", {"user": user_id})
        except SlackRefused as refused:
            if refused.error in _UNKNOWN_USER:
                return SlackUser(user_id)
            raise
        found = answer.get("user")
        return to_user(user_id, found if isinstance(found, dict) else {})

    def _keep(self, user: SlackUser) -> None:
        lifetime = self._ttl if user.team else self._ttl / 10
        self._kept[user.id] = (self._clock() + lifetime, user)
        self._kept.move_to_end(user.id)
        if len(self._kept) > self._capacity:
            self._kept.popitem(last=False)


def to_user(user_id: str, found: Mapping[str, Any]) -> SlackUser:
    """The `user` of a `users.info` answer."""
    grid = found.get("enterprise_user") or {}
    profile = found.get("profile") or {}
    return SlackUser(
        id=user_id,
        team=str(found.get("team_id") or ""),
        enterprise=str(grid.get("enterprise_id") or found.get("enterprise_id") or ""),
        teams=frozenset(str(team) for team in (*(grid.get("teams") or ()), *(found.get("teams") or ()))),
        name=str(profile.get("real_name") or found.get("real_name") or found.get("name") or ""),
        is_bot=bool(found.get("is_bot")),
    )


def partner_team(event: Mapping[str, Any], user: SlackUser, own: Installation, mapped: str = "") -> str:
    """The team a sender acts for: ours for anyone of the vendor, "" for a machine and for one that Slack does not tell
    (external).

    `users.info` decides. What the event says only picks one of a Grid user's several workspaces, and where an event
    says nothing about its sender it is not asked: in `app_mention` its `team` is ours, whoever wrote. `mapped` is the
    workspace or organisation whose channel it is; who belongs to it acts for it there.
    """
    if not user.team or user.is_bot:
        return ""
    if any(own.is_home(team, user.enterprise) for team in (user.team, *user.teams)):
        return own.team
    if mapped and mapped in {user.team, user.enterprise, *user.teams}:
        return mapped
    named = _team_named_by(event)
    return named if named in user.teams else user.team


def _team_named_by(event: Mapping[str, Any]) -> str:
    if event.get("type") == "app_mention":
        return str(event.get("user_team") or event.get("source_team") or "")
    return str(event.get("user_team") or event.get("team") or "")
