"""The portal's clock: the real time, moved forward by a test that does not want to wait."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import lru_cache


class Clock:
    """`now()` in milliseconds since 1970, never the same twice for two writes (`tick`)."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._last = 0

    def seconds(self) -> float:
        return time.time() + self._ahead

    def now(self) -> int:
        return int(self.seconds() * 1000)

    def tick(self) -> int:
        self._last = max(self.now(), self._last + 1)
        return self._last

    def advance(self, seconds: float) -> None:
        self._ahead += seconds


@lru_cache(maxsize=4096)
def iso(moment: int) -> str:
    """Milliseconds since 1970 as HubSpot writes an instant."""
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment % 1000:03d}Z"


def instant(text: str) -> int:
    """What `iso` wrote, or milliseconds, or an ISO date; ValueError otherwise."""
    if text.lstrip("-").isdigit():
        return int(text)
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
