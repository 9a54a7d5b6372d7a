"""Slack's inlet: a committed event becomes a neutral message, once Slack has said whose person wrote it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.slack.api.errors import SlackRateLimited, SlackUnavailable
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.blocks.pressing import pressed as which
from bot.channels.slack.edge.events import as_written, change_of
from bot.channels.slack.edge.presses import PRESSED, Press
from bot.channels.slack.inbound.changes import as_changed
from bot.channels.slack.inbound.incoming import to_message
from bot.channels.slack.managers.orders import ORDERED, ManagerOrder
from bot.channels.slack.people.audience import Audience, SlackChannels
from bot.channels.slack.people.identity import SlackUser, SlackUsers, partner_team
from bot.channels.slack.people.watch import Place, Watch
from bot.ports import Buttons, Incoming, InletUnavailable, RawMessage, Unreadable

A_MACHINE = "a_machine"
"""Why a post is ignored that says of itself that a person wrote it, where Slack says that its writer is an app."""


@dataclass(frozen=True, slots=True)
class _Who:
    """Who it is, the team he acts for ("" where that or the channel's audience is not told), and who reads along:
    others than the partner and the vendor (`outsiders`), and the one team beside the vendor (`only_team`).
    """

    user: SlackUser
    team: str
    outsiders: bool = False
    only_team: str = ""


class SlackInlet:
    """Implements `bot.ports.Inlet`. Raises `InletUnavailable` while Slack cannot be asked: the message waits.

    Where Slack does not confirm who reads the channel, nobody is proven there; where it says that outsiders do, the
    answer's address says so too, and figures go to the asker alone. `watch` hears who reads before anything is said,
    `buttons` know what those below answers stand for.
    """

    def __init__(
        self,
        own: Installation,
        users: SlackUsers,
        channels: SlackChannels | None,
        watch: Watch | None = None,
        buttons: Buttons | None = None,
    ) -> None:
        self._own = own
        self._users = users
        self._channels = channels
        self._watch = watch
        self._buttons = buttons

    async def read(self, raw: RawMessage) -> Incoming:
        try:
            payload = json.loads(raw.raw)
            if isinstance(payload, dict) and payload.get("type") == PRESSED:
                return await self._pressed(raw, Press.of(payload))
            if isinstance(payload, dict) and payload.get("type") == ORDERED:
                return await self._ordered(raw, ManagerOrder.of(payload))
            event, change = as_written(payload["event"]), change_of(payload["event"])
            channel, ts, user_id = str(event["channel"]), str(event["ts"]), str(event["user"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
            raise Unreadable(f"not a Slack message event: {type(fault).__name__}") from fault
        who = await self._who(user_id, channel, event)
        message = to_message(
            {**payload, "event": event},
            inbox_id=raw.inbox_id,
            received_at=raw.received_at,
            user=who.user,
            team=who.team,
            bot_user=self._own.bot_user,
            outsiders=who.outsiders,
            home=who.team == self._own.team,
            only_team=who.only_team,
        )
        thread_ts = str(event.get("thread_ts") or ts)
        message = as_changed(message, event, change)
        return Incoming(
            message, slack_key=f"{self._own.team}/{channel}/{thread_ts}", subject=message.text[:80],
            ignore=A_MACHINE if who.user.is_bot else "",
        )  # fmt: skip

    async def _pressed(self, raw: RawMessage, press: Press) -> Incoming:
        who = await self._who(press.user, press.channel, {"team": press.user_team})
        message = press.to_message(
            raw.inbox_id, raw.received_at, who.user, who.team, home=who.team == self._own.team,
            outsiders=who.outsiders, only_team=who.only_team,
        )  # fmt: skip
        return await self._meant(Incoming(message, slack_key=f"{self._own.team}/{press.channel}/{press.thread_ts}"))

    async def _meant(self, pressed: Incoming) -> Incoming:
        """A press below an answer says what its button says, in the thread of that answer."""
        message = pressed.message
        found = which(message.click.action, message.click.value) if message.click else None
        if found is None or self._buttons is None:
            return pressed
        said = await self._buttons.meaning(found.button, found.place, message.received_at)
        if said is None:
            return pressed
        message = replace(message, text=said.words, wish=said.wish)
        return replace(pressed, message=message, thread_id=said.thread_id, subject=said.words[:80])

    async def _ordered(self, raw: RawMessage, order: ManagerOrder) -> Incoming:
        """Given at the counter, where nobody reads along, and answered in that manager's direct messages."""
        try:
            user = await self._users.user(order.user)
        except SlackUnavailable as fault:
            limited = isinstance(fault, SlackRateLimited)
            raise InletUnavailable(str(fault), fault.retry_after, only_this=limited) from fault
        team = partner_team({"team": order.user_team}, user, self._own)
        message = order.to_message(raw.inbox_id, raw.received_at, user, team, home=team == self._own.team)
        return Incoming(message, slack_key=f"{self._own.team}/{order.user}/{order.key}")

    async def _who(self, user_id: str, channel: str, said: Mapping[str, Any]) -> _Who:
        try:
            user = await self._users.user(user_id)
            audience = await self._audience(channel)
        except SlackUnavailable as fault:
            limited = isinstance(fault, SlackRateLimited)  # others may be known already, and nothing asked about them
            raise InletUnavailable(str(fault), fault.retry_after, only_this=limited) from fault
        if audience is None:
            return _Who(user, partner_team(said, user, self._own))
        place = await self._watched(channel, audience)
        team = partner_team(said, user, self._own, place.team) if audience.confirmed else ""
        outsiders = _others_read(audience, _company(user, team, place, self._own))
        return _Who(user, team, outsiders, audience.only_team)

    async def _watched(self, channel: str, audience: Audience) -> Place:
        """Raises InletUnavailable where the channel is to be looked at again before anything is done."""
        place = await self._watch.looked(channel, audience) if self._watch is not None else Place()
        if place.again:
            raise InletUnavailable(f"Slack does not confirm who reads {channel}", place.again, only_this=True)
        return place

    async def _audience(self, channel: str) -> Audience | None:
        """None where there is no Slack to ask (the demo)."""
        return await self._channels.audience(channel) if self._channels is not None else None


def _company(user: SlackUser, team: str, place: Place, own: Installation) -> frozenset[str]:
    """The workspaces and the organisation of the partner's that are known by now."""
    known = {place.team or ("" if team == own.team else team)}
    if team and team == place.team:
        known |= {user.team, user.enterprise, *user.teams}
    return frozenset(known - {""})


def _others_read(audience: Audience, company: frozenset[str]) -> bool:
    """Whether anybody but the vendor and this company reads it; of two teams nobody can tell that they are one."""
    return audience.only_team not in company if audience.readers else not audience.is_only()
