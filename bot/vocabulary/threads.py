"""What we know of a Slack thread that the agent is called into."""

from __future__ import annotations

from dataclasses import dataclass

from bot.vocabulary.message import SaidEarlier


@dataclass(frozen=True, slots=True)
class Remembered:
    """`heard` is what came to us, `read` what Slack told once (None: it was never asked), both oldest first.

    Members of `workspace` speak for the partner whose channel it is; "" where it is nobody's, so that there is nothing
    to read in it. `took_part` where the agent has spoken in the thread and needs no reading of it.
    """

    workspace: str = ""
    heard: tuple[SaidEarlier, ...] = ()
    read: tuple[SaidEarlier, ...] | None = None
    took_part: bool = False
