"""How often a worker gives signs of life, after which silence its jobs are given to another, and how fast it posts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. `stalled` is several beats, so that a busy worker is not taken for a dead one.

    `pruned` is when a silent worker is struck off the list, `polling` how soon a job is found whose notice was lost,
    `pause` what a worker waits before it asks a database again that went away. `posts` lies between two posts in one
    Slack channel: Slack allows one a second.
    """

    beat: float = 3.0
    stalled: float = 15.0
    pruned: float = 60.0
    polling: float = 2.0
    pause: float = 2.0
    posts: float = 1.0
