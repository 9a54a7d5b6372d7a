"""Every look at who reads a channel is told to the one who knows whose channel it is, before anything is said there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.channels.slack.people.audience import Audience


@dataclass(frozen=True, slots=True)
class Place:
    """What is on file of a channel: `team` is the workspace of the partner whose channel it is, "" for nobody's.

    `again` is in how many seconds to look once more before anything is done there, 0 where one look is enough.
    """

    team: str = ""
    again: float = 0.0


class Watch(Protocol):
    async def looked(self, channel: str, audience: Audience) -> Place:
        """Told of each look; a channel in which nothing may be said any more is paused before this returns."""
        ...
