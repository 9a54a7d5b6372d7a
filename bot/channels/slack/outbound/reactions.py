"""Reactions below posts: never twice, never in anybody's way, and nobody is told where one fails."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.api.calls import call
from bot.channels.slack.api.errors import (
    SlackOutcomeUnknown,
    SlackRateLimited,
    SlackRefused,
    SlackUnauthorised,
    SlackUnavailable,
)
from bot.ports import OutletUnavailable, Parcel, Sent
from bot.vocabulary.reactions import Reaction

log = logging.getLogger(__name__)

_STANDS = frozenset({"already_reacted", "no_reaction"})


class Reactions:
    """Sends parcels of the kind `REACTION`."""

    def __init__(self, client: AsyncWebClient, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now

    async def send(self, parcel: Parcel) -> Sent:
        """`kept` where it was not set or need not be. One that cannot be set just now is left out; one that stands
        there is taken away later. Raises OutletUnavailable for that one alone.
        """
        reaction = Reaction.of(parcel.payload)
        if self._now() > reaction.until or (parcel.unsure and not reaction.off):
            return Sent(kept=not parcel.unsure)
        method = "reactions.remove" if reaction.off else "reactions.add"
        place = {"channel": reaction.channel, "timestamp": reaction.ts, "name": reaction.name}
        try:
            await call(self._client, method, place, writes=True)
        except SlackRefused as refused:
            if refused.error not in _STANDS:
                log.info("no sign below a post: %s", refused.error)
            return Sent(kept=refused.error not in _STANDS)
        except SlackUnauthorised as fault:  # which posts may well not be: the scope is one of its own
            log.info("no sign below a post: %s", fault.error)
            return Sent(kept=True)
        except SlackOutcomeUnknown:
            return Sent()
        except SlackUnavailable as fault:
            if not reaction.off:
                return Sent(kept=True)
            counts = not isinstance(fault, SlackRateLimited)
            raise OutletUnavailable(str(fault), fault.retry_after, only_this=True, counts=counts) from fault
        return Sent()
