"""Slack's outlet: one post a second and channel, sent once, and looked for before it is ever sent again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.channels.slack.api.errors import (
    SlackOutcomeUnknown,
    SlackRateLimited,
    SlackRefused,
    SlackUnauthorised,
    SlackUnavailable,
)
from bot.channels.slack.blocks import answers
from bot.channels.slack.outbound.files import SlackFilesOut
from bot.channels.slack.outbound.outgoing import SlackSender
from bot.channels.slack.outbound.reactions import Reactions
from bot.channels.slack.outbound.refusals import plainly
from bot.channels.slack.people.audience import Audience, SlackChannels
from bot.ports import OutletOutcomeUnknown, OutletRefused, OutletUnavailable, Parcel, Sent
from bot.vocabulary.reactions import REACTION, Reaction

CARD = "brief"
"""The kind of a parcel for the vendor's own people alone: it is not posted where anybody else may read it."""
UPDATE = "slack_update"
"""The kind of a parcel that changes an earlier post of ours, named in `update_of` by its outbox id."""

# Slack's ways to say that the post to be changed is there no longer, or stays as it is: nobody has to act on that.
_STAYS = frozenset({"cant_update_message", "edit_window_closed", "message_not_found"})

Posted = Callable[[str], Awaitable[str]]
"""The ts of the post of an outbox row; "" where none arrived."""


Paused = Callable[[str], Awaitable[bool]]
"""Whether nothing of a partner may be said in a channel at this moment."""


async def _never_paused(_channel: str) -> bool:
    return False


async def _nothing_posted(_outbox_id: str) -> str:
    return ""


class SlackOutlet:
    """Implements `bot.ports.Outlet`. A parcel's channel may be one of our own users (U…): then it is a direct message.

    `posted` knows earlier posts, for parcels that change one; `channels` tells who reads a channel, without it nothing
    is known to be internal. Where a channel is `paused` only what says so of itself (`while_paused`) is posted.
    """

    def __init__(
        self,
        sender: SlackSender,
        pace: float,
        posted: Posted = _nothing_posted,
        channels: SlackChannels | None = None,
        paused: Paused = _never_paused,
        reactions: Reactions | None = None,
        files: SlackFilesOut | None = None,
    ) -> None:
        self._sender = sender
        self._paused = paused
        self._reactions = reactions
        self._files = files
        self._channels = channels
        self._posted = posted
        self._direct: dict[str, str] = {}
        self.pace = pace

    async def send(self, parcel: Parcel) -> Sent:
        if parcel.kind == REACTION:
            return await self._sign(parcel)
        try:
            return await self._by_kind(parcel)
        except SlackRateLimited as fault:
            raise OutletUnavailable(str(fault), fault.retry_after, only_this=True, counts=False) from fault
        except SlackUnavailable as fault:
            alone = isinstance(fault, SlackUnauthorised) and fault.one_scope
            raise OutletUnavailable(str(fault), fault.retry_after, only_this=alone) from fault
        except SlackOutcomeUnknown as fault:
            raise OutletOutcomeUnknown(str(fault), may_repeat=True) from fault
        except SlackRefused as fault:
            raise OutletRefused(plainly(fault.error)) from fault

    async def _by_kind(self, parcel: Parcel) -> Sent:
        if "document" in parcel.payload:
            return await self._shown(parcel)
        return await (self._changed(parcel) if parcel.kind == UPDATE else self._sent(parcel))

    async def _shown(self, parcel: Parcel) -> Sent:
        """A file of ours, below the post of the row `under` or by itself; twice where an answer of Slack's was lost."""
        if self._files is None:
            return Sent(kept=True)
        channel, thread_ts = await self._channel(parcel), await self._thread(parcel)
        if parcel.payload.get("under") and not thread_ts:
            return Sent(kept=True)  # what it belongs to never came there
        await self._may_post(channel, parcel)
        return Sent(remote_id=await self._files.show(channel, thread_ts, parcel.payload["document"]))

    async def _sign(self, parcel: Parcel) -> Sent:
        """In a channel that is paused none is set, and one that stands there is taken away."""
        reaction = Reaction.of(parcel.payload)
        if self._reactions is None or (not reaction.off and await self._paused(reaction.channel)):
            return Sent(kept=True)
        return await self._reactions.send(parcel)

    async def _sent(self, parcel: Parcel) -> Sent:
        channel, thread_ts = await self._channel(parcel), await self._thread(parcel)
        # What stands there already, whoever reads it by now, needs no other way.
        ts = await self._found(parcel, channel, thread_ts)
        if ts is None:
            await self._may_post(channel, parcel)
            text, blocks = str(parcel.payload["text"]), _blocks(parcel)
            ts = await self._sender.send(channel, thread_ts, text, blocks, parcel.id)
        return Sent(remote_id=ts)

    async def _may_post(self, channel: str, parcel: Parcel) -> None:
        """Raises OutletRefused where this may not be read by those who read the channel at this moment."""
        if not parcel.payload.get("while_paused") and await self._paused(channel):
            raise OutletRefused("the channel is paused until a manager has looked at it, so nothing is posted there")
        if parcel.kind == CARD:
            await self._only_ours(channel)
        if (team := parcel.payload.get("only_team")) is not None:
            await self._only_for(channel, str(team))

    async def _found(self, parcel: Parcel, channel: str, thread_ts: str) -> str | None:
        """An attempt whose end nobody knows may have got through: its answer, or our note of it, was lost."""
        if not parcel.unsure:
            return None
        return await self._sender.find(channel, thread_ts, parcel.id, since=parcel.first_tried_at)

    async def _changed(self, parcel: Parcel) -> Sent:
        ts = await self._posted(str(parcel.payload["update_of"]))
        if not ts:
            return Sent(kept=True)
        channel = await self._channel(parcel)
        if not await self._may_change(channel, parcel):
            return Sent(kept=True)
        try:
            await self._sender.update(channel, ts, str(parcel.payload["text"]), _blocks(parcel) or [])
        except SlackRefused as refused:
            if refused.error not in _STAYS:
                raise
            return Sent(kept=True)
        return Sent(remote_id=ts)

    async def _thread(self, parcel: Parcel) -> str:
        """A further post of an answer that opened a thread stands below the first one."""
        under = str(parcel.payload.get("under") or "")
        return str(parcel.payload["thread_ts"]) or (await self._posted(under) if under else "")

    async def _may_change(self, channel: str, parcel: Parcel) -> bool:
        """A card changes among ourselves; an answer to a partner where it could be posted now, else it stays as it is:
        nobody has to act on that.
        """
        if "layout" not in parcel.payload:
            await self._only_ours(channel)
            return True
        if await self._paused(channel):
            return False
        team = parcel.payload.get("only_team")
        return team is None or (await self._audience(channel)).is_only(str(team))

    async def _only_ours(self, channel: str) -> None:
        """Cards tell of several partners. Asked each time: a channel may be shared with others at any moment."""
        audience = await self._audience(channel)
        if not audience.is_only():
            said = "people of other organisations may read this channel, so no card is posted there; the mail went out"
            raise OutletRefused(said)

    async def _only_for(self, channel: str, team: str) -> None:
        """What nobody in the channel asked for is for the partner alone, whoever has joined since."""
        if not (await self._audience(channel)).is_only(team):
            raise OutletRefused("others than the partner may read this channel, so it is not posted there")

    async def _audience(self, channel: str) -> Audience:
        return await self._channels.audience(channel) if self._channels is not None else Audience(confirmed=False)

    async def _channel(self, parcel: Parcel) -> str:
        """Posting to a user would open his direct messages by itself, but nothing there is found or changed by him."""
        place = str(parcel.payload["channel"])
        if not place.startswith(("U", "W")):
            return place
        if place not in self._direct:
            self._direct[place] = await self._sender.direct(place)
        return self._direct[place]


def _blocks(parcel: Parcel) -> list[Mapping[str, Any]] | None:
    """A card brings its own; those of an answer follow from its words."""
    blocks = parcel.payload.get("blocks")
    made = blocks if isinstance(blocks, list) and blocks else answers.blocks(parcel.payload)
    return list(made) or None
