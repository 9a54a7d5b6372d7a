"""Slack's inlet: a committed event becomes a neutral message, once Slack has said whose person wrote it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.channels.slack.api.errors import SlackUnavailable
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.edge.presses import PRESSED, Press
from bot.channels.slack.inbound.incoming import thread_of, to_message
from bot.channels.slack.people.audience import Audience, SlackChannels
from bot.channels.slack.people.identity import SlackUser, SlackUsers, partner_team
from bot.ports import Incoming, InletUnavailable, RawMessage, Unreadable


class SlackInlet:
    """Implements `bot.ports.Inlet`. Raises `InletUnavailable` while Slack cannot be asked: the message waits.

    Where Slack does not confirm who reads the channel, nobody is proven there; where it says that outsiders do, the
    answer's address says so too, and figures are withheld.
    """

    def __init__(self, own: Installation, users: SlackUsers, channels: SlackChannels | None) -> None:
        self._own = own
        self._users = users
        self._channels = channels

    async def read(self, raw: RawMessage) -> Incoming:
        try:
            payload = json.loads(raw.raw)
            if isinstance(payload, dict) and payload.get("type") == PRESSED:
                return await self._pressed(raw, Press.of(payload))
            event = payload["event"]
            channel, ts, user_id = str(event["channel"]), str(event["ts"]), str(event["user"])
        except (ValueError, KeyError, TypeError, RecursionError) as fault:
            raise Unreadable(f"not a Slack message event: {type(fault).__name__}") from fault
        user, team, audience = await self._who(user_id, channel, event)
        message = to_message(
            payload,
            inbox_id=raw.inbox_id,
            received_at=raw.received_at,
            user=user,
            team=team,
            bot_user=self._own.bot_user,
            outsiders=audience is not None and not audience.is_only(team),
            home=team == self._own.team,
        )
        thread_ts = (thread_of(payload) or (channel, ts))[1]
        return Incoming(message, slack_key=f"{self._own.team}/{channel}/{thread_ts}", subject=message.text[:80])

    async def _pressed(self, raw: RawMessage, press: Press) -> Incoming:
        user, team, audience = await self._who(press.user, press.channel, {"team": press.user_team})
        outsiders = audience is not None and not audience.is_only(team)
        message = press.to_message(
            raw.inbox_id, raw.received_at, user, team, home=team == self._own.team, outsiders=outsiders
        )
        return Incoming(message, slack_key=f"{self._own.team}/{press.channel}/{press.thread_ts}")

    async def _who(self, user_id: str, channel: str, said: Mapping[str, Any]) -> tuple[SlackUser, str, Audience | None]:
        """Who it is, the team he acts for ("" where that or the channel's audience is not told), and who reads."""
        try:
            user = await self._users.user(user_id)
            team = partner_team(said, user, self._own)
            audience = await self._audience(channel) if team else None
        except SlackUnavailable as fault:
            raise InletUnavailable(str(fault), fault.retry_after) from fault
        return user, team if audience is None or audience.confirmed else "", audience

    async def _audience(self, channel: str) -> Audience | None:
        """None where there is no Slack to ask (the demo)."""
        return await self._channels.audience(channel) if self._channels is not None else None
