"""Slack's outlet: one post a second and channel, sent once, and looked for before it is ever sent again."""

from __future__ import annotations

import asyncio
import time

from bot.channels.slack.errors import SlackOutcomeUnknown, SlackRefused, SlackUnavailable
from bot.channels.slack.outgoing import SlackSender
from bot.ports import OutletOutcomeUnknown, OutletRefused, OutletUnavailable, Parcel, Sent

_PACE = 1.0  # seconds between two posts in one channel


class SlackOutlet:
    """Implements `bot.ports.Outlet`."""

    one_by_one = True

    def __init__(self, sender: SlackSender, pace: float = _PACE) -> None:
        self._sender = sender
        self._pace = pace
        self._last: dict[str, float] = {}

    async def send(self, parcel: Parcel) -> Sent:
        channel, thread_ts = str(parcel.payload["channel"]), str(parcel.payload["thread_ts"])
        try:
            # An earlier attempt may have got through: its answer, or our note of it, may have been lost.
            found = await self._sender.find(channel, thread_ts, parcel.id) if parcel.attempts else None
            if found is None:
                await self._keep_pace(channel)
                found = await self._sender.send(channel, thread_ts, str(parcel.payload["text"]), None, parcel.id)
        except SlackUnavailable as fault:
            raise OutletUnavailable(str(fault), fault.retry_after) from fault
        except SlackOutcomeUnknown as fault:
            raise OutletOutcomeUnknown(str(fault), may_repeat=True) from fault
        except SlackRefused as fault:
            raise OutletRefused(str(fault)) from fault
        return Sent(remote_id=found)

    async def _keep_pace(self, channel: str) -> None:
        now = time.monotonic()
        wait = self._last.get(channel, 0.0) + self._pace - now
        if wait > 0:
            await asyncio.sleep(wait)
        self._last[channel] = time.monotonic()
        if len(self._last) > 10_000:
            self._last.clear()
