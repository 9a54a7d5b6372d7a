"""Who reads a channel, while Slack takes no more questions: what it said a moment ago."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from bot.channels.slack.api.errors import SlackRateLimited
from bot.channels.slack.people.audience import Audience, SlackChannels

_CAPACITY = 1_000


class LastSaid:
    """What Slack last said of each channel, for all in this process who ask; `clock` is in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Audience]] = OrderedDict()

    def keep(self, channel: str, found: Audience) -> None:
        self._kept.pop(channel, None)
        # One that Slack does not confirm is never taken for anything, so it is not remembered either.
        if found.confirmed:
            self._kept[channel] = (self._clock(), found)
        if len(self._kept) > _CAPACITY:
            self._kept.popitem(last=False)

    def within(self, channel: str, seconds: float) -> Audience | None:
        asked_at, known = self._kept.get(channel, (0.0, None))
        return known if self._clock() - asked_at <= seconds else None


class LatelyAsked:
    """Implements `SlackChannels`. Slack is asked anew each time; only where its limit is reached an answer of the last
    `good_for` seconds counts, so that many messages at once need not wait for each other by the minute.
    """

    def __init__(self, channels: SlackChannels, said: LastSaid, good_for: float) -> None:
        self._channels = channels
        self._said = said
        self._good_for = good_for

    async def audience(self, channel: str) -> Audience:
        try:
            found = await self._channels.audience(channel)
        except SlackRateLimited:
            known = self._said.within(channel, self._good_for)
            if known is None:
                raise
            return replace(known, stale=True)
        self._said.keep(channel, found)
        return found
