"""How often a model may be asked: a budget for each day, and a pause while it keeps failing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Lock

FAILURES_BEFORE_PAUSE = 3
PAUSE_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 3600.0


class DailyBudget:
    """Counts calls by day, in memory: a restart begins a new count, and every process has its own."""

    def __init__(self, calls: int, today: Callable[[], date]) -> None:
        self._calls = calls
        self._today = today
        self._day: date | None = None
        self._used = 0
        self._lock = Lock()

    def take(self) -> bool:
        """Whether one more call is allowed today; if so it is counted."""
        with self._lock:
            today = self._today()
            if today != self._day:
                self._day, self._used = today, 0
            if self._used >= self._calls:
                return False
            self._used += 1
            return True


class Pause:
    """Keeps away from an endpoint that failed several times running or asked for time; `now` is in monotonic seconds.

    Without it every message would wait for the time limit while the endpoint is down.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._failures = 0
        self._until = float("-inf")
        self._lock = Lock()

    @property
    def over(self) -> bool:
        with self._lock:
            return self._now() >= self._until

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self, retry_after: float | None = None) -> None:
        with self._lock:
            self._failures += 1
            if retry_after is not None:
                self._rest(retry_after)
            elif self._failures >= FAILURES_BEFORE_PAUSE:
                self._rest(PAUSE_SECONDS)

    def _rest(self, seconds: float) -> None:
        self._until = max(self._until, self._now() + min(max(seconds, 0.0), LONGEST_PAUSE_SECONDS))
