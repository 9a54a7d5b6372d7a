"""How fast Slack's Web API may be asked: by method and, for posts, by channel; kept to by all workers together.

What is over a limit is not sent at all: the caller is told how long to wait, and nobody sleeps meanwhile. What Slack
itself puts off (429) holds the method it was said of, or the channel where it was a post, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

POST = "chat.postMessage"


@dataclass(frozen=True, slots=True)
class Line:
    """Calls that are counted together: one every `every` seconds in the long run, `burst` of them at once.

    In any minute that is at most `burst` + 60 / `every` calls.
    """

    name: str
    every: float
    burst: int = 1


class Tier(Enum):
    """Slack's tiers, as (`every`, `burst`): 1, 20, 50 and 100 calls a minute are never exceeded."""

    T1 = (60.0, 1)
    T2 = (60 / 14, 6)
    T3 = (60 / 35, 15)
    T4 = (60 / 70, 30)


TIERS: Mapping[str, Tier] = {
    "bots.info": Tier.T3,
    "chat.delete": Tier.T3,
    "chat.postEphemeral": Tier.T4,
    "chat.update": Tier.T3,
    "conversations.history": Tier.T3,
    "conversations.info": Tier.T3,
    "conversations.join": Tier.T3,
    "conversations.list": Tier.T2,
    "conversations.members": Tier.T4,
    "conversations.open": Tier.T3,
    "conversations.replies": Tier.T3,
    "files.completeUploadExternal": Tier.T4,
    "files.getUploadURLExternal": Tier.T4,
    "files.info": Tier.T4,
    "reactions.add": Tier.T3,
    "reactions.remove": Tier.T2,
    "team.info": Tier.T3,
    "users.info": Tier.T4,
    "users.list": Tier.T2,
    "views.open": Tier.T4,
    "views.publish": Tier.T4,
    "views.push": Tier.T4,
    "views.update": Tier.T4,
}
"""Slack's own table. A method that is not in it has limits of its own, and is held only where Slack says so."""

_COMPLAINTS = Line(f"{POST} put off", every=20.0, burst=3)
"""Posts that Slack put off, in whichever channel. More than a few at a time are not about channels: then it is the
workspace's own limit, which Slack names by no other sign.
"""


class Pace(Protocol):
    """Where all workers keep the lines."""

    async def take(self, line: Line, unless_held: str = "") -> float:
        """0.0 where the call may go now, and it is counted; else for how many seconds it may not, and nothing is
        counted. A hold of the line `unless_held` counts for this one too.
        """
        ...

    async def held(self, name: str) -> float:
        """For how many seconds a line is still held; 0.0 where it is not."""
        ...

    async def hold(self, line: Line, seconds: float) -> None:
        """No call of this line for so long."""
        ...


class Limits:
    """The limits of one workspace. `posts` is how many seconds lie between two posts in one channel.

    Who is `modest` leaves a third of each burst to the others, so that however much is asked there, calls on which
    an answer or a person at a form waits go at once.
    """

    def __init__(self, pace: Pace, posts: float = 1.0, *, modest: bool = False) -> None:
        self._pace = pace
        self._posts = posts
        self._modest = modest

    async def wait(self, method: str, arguments: Mapping[str, Any]) -> float:
        """0.0 where the call may go now, else for how many seconds it has to wait. Raises what the pace does."""
        if (tier := TIERS.get(method)) is not None:
            return await self._pace.take(_of_tier(method, tier, modest=self._modest))
        if method == POST:
            return await self._pace.take(self._channel(arguments), unless_held=POST)
        return await self._pace.held(method)

    async def put_off(self, method: str, arguments: Mapping[str, Any], seconds: float) -> None:
        """Slack said 429, and when it takes the next."""
        if (tier := TIERS.get(method)) is not None:
            return await self._pace.hold(_of_tier(method, tier), seconds)
        if method != POST:
            return await self._pace.hold(Line(method, 0.0), seconds)
        await self._pace.hold(self._channel(arguments), seconds)
        if await self._pace.take(_COMPLAINTS):
            await self._pace.hold(Line(POST, 0.0), seconds)
        return None

    def _channel(self, arguments: Mapping[str, Any]) -> Line:
        return Line(f"{POST} {arguments.get('channel', '')}", self._posts)


def _of_tier(method: str, tier: Tier, *, modest: bool = False) -> Line:
    every, burst = tier.value
    return Line(method, every, max(1, burst * 2 // 3) if modest else burst)
