"""Who reads a channel, while Slack takes no more questions: what it said a moment ago."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from bot.channels.slack.api.errors import SlackRateLimited
from bot.channels.slack.people.audience import Audience, SlackChannels

_CAPACITY = 1_000


class LatelyAsked:
    """Implements `SlackChannels`. Slack is asked anew each time; only where its limit is reached an answer of the last
    `good_for` seconds counts, so that many messages at once need not wait for each other by the minute.

    Where one is posted that must not be read by others, Slack is asked again and this is not used.
    """

    def __init__(
        self, channels: SlackChannels, *, good_for: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._channels = channels
        self._good_for = good_for
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Audience]] = OrderedDict()

    async def audience(self, channel: str) -> Audience:
        try:
            found = await self._channels.audience(channel)
        except SlackRateLimited:
            asked_at, known = self._kept.get(channel, (0.0, None))
            if known is None or self._clock() - asked_at > self._good_for:
                raise
            return replace(known, stale=True)
        self._kept.pop(channel, None)
        # One that Slack does not confirm is never taken for anything, so it is not remembered either.
        if found.confirmed:
            self._kept[channel] = (self._clock(), found)
        if len(self._kept) > _CAPACITY:
            self._kept.popitem(last=False)
        return found
