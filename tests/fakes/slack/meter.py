"""Counts calls against Slack's limits, and refuses what is too many where that is switched on.

Counted always; `over` holds every call that real Slack would have refused. `enforce()` refuses them.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

TIERS = {"t1": 1, "t2": 20, "t3": 50, "t4": 100}
"""Calls a minute that Slack promises for a method of this tier."""

POSTS = frozenset({"chat.postMessage"})
BURST = 3
"""Posts that one channel takes at once; over time it is one a second."""


@dataclass(frozen=True)
class Over:
    """One call that was too many: what it counts for (a method, or a channel's posts), and when."""

    line: str
    at: float
    wait: float


class Meter:
    """`minute` and `second` are lengths in seconds of `clock`, so that a test can have short ones."""

    def __init__(self) -> None:
        self.clock: Callable[[], float] = time.monotonic
        self.minute, self.second = 60.0, 1.0
        self.burst = BURST
        self.tiers = dict(TIERS)
        self.enforced = False
        self.over: list[Over] = []
        self._calls: dict[str, deque[float]] = {}
        self._credit: dict[str, tuple[float, float]] = {}

    def enforce(self, *, minute: float | None = None, second: float | None = None, burst: int | None = None) -> None:
        self.enforced = True
        self.minute = self.minute if minute is None else minute
        self.second = self.second if second is None else second
        self.burst = self.burst if burst is None else burst

    def reset(self) -> None:
        self.over.clear()
        self._calls.clear()
        self._credit.clear()

    def wait(self, method: str, tier: str, channel: str) -> float:
        """Seconds until this call is allowed, 0 where it is now; counted."""
        now = self.clock()
        post = method in POSTS
        line = f"{method}:{channel}" if post else method
        seconds = self._of_channel(line, now) if post else self._of_method(line, tier, now)
        if seconds > 0:
            self.over.append(Over(line, now, seconds))
        return seconds

    @staticmethod
    def header(seconds: float) -> str:
        """Slack says whole seconds."""
        return str(max(1, math.ceil(seconds)))

    def _of_channel(self, line: str, now: float) -> float:
        """A bucket of `burst` posts that fills up by one in each `second`."""
        credit, since = self._credit.get(line, (float(self.burst), now))
        credit = min(float(self.burst), credit + (now - since) / self.second)
        taken = credit >= 1 - 1e-9
        self._credit[line] = (credit - 1 if taken else credit, now)
        return 0.0 if taken else (1 - credit) * self.second

    def _of_method(self, line: str, tier: str, now: float) -> float:
        most = self.tiers.get(tier)
        if most is None:
            return 0.0
        calls = self._calls.setdefault(line, deque())
        while calls and calls[0] <= now - self.minute:
            calls.popleft()
        if len(calls) >= most:
            return calls[0] + self.minute - now
        calls.append(now)
        return 0.0
