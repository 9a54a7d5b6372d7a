"""How this Slack goes wrong, by order or by chance: limits, lost answers, errors, outages, changes in between.

slack.moods.next("chat.postMessage", Mood.LOST_AFTER_COMMIT)    carried out, its answer is lost
slack.moods.share(Mood.RATE_LIMITED, 0.05)                      one call in twenty, of any method
slack.moods.away()                                              nothing answers until `calm()`
slack.moods.before("chat.postMessage", act)                     something happens just before the next such call
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from enum import StrEnum

EVERY = "*"


class Mood(StrEnum):
    """How the next answer to a method goes wrong."""

    RATE_LIMITED = "rate_limited"
    LOST_AFTER_COMMIT = "lost_after_commit"
    LOST_BEFORE_COMMIT = "lost_before_commit"
    SERVER_ERROR = "server_error"
    NOT_JSON = "not_json"
    SLOW = "slow"
    SLOW_BEFORE = "slow_before"


BEFORE = frozenset({Mood.RATE_LIMITED, Mood.SERVER_ERROR, Mood.NOT_JSON, Mood.LOST_BEFORE_COMMIT})
"""Moods in which nothing is carried out."""


class Moods:
    """A mood that was ordered is used up by one call; shares hold until `calm`."""

    def __init__(self, seed: int = 1) -> None:
        self._next: dict[str, deque[Mood]] = {}
        self._shares: list[tuple[Mood, float, str]] = []
        self._before: dict[str, deque[Callable[[], object]]] = {}
        self._after: dict[str, deque[Callable[[], object]]] = {}
        self._random = random.Random(seed)
        self._away = False

    def next(self, method: str, *moods: Mood) -> None:
        self._next.setdefault(method, deque()).extend(moods)

    def share(self, mood: Mood, share: float, method: str = EVERY) -> None:
        self._shares.append((mood, share, method))

    def away(self) -> None:
        """Every call is answered 503-like until `calm`."""
        self._away = True

    @property
    def is_away(self) -> bool:
        return self._away

    def calm(self) -> None:
        self._away = False
        self._next.clear()
        self._shares.clear()

    def before(self, method: str, act: Callable[[], object]) -> None:
        self._before.setdefault(method, deque()).append(act)

    def after(self, method: str, act: Callable[[], object]) -> None:
        """Once it was carried out, before it is answered."""
        self._after.setdefault(method, deque()).append(act)

    def mood(self, method: str) -> Mood | None:
        if self._away:
            return Mood.SERVER_ERROR
        for name in (method, EVERY):
            if self._next.get(name):
                return self._next[name].popleft()
        for mood, share, name in self._shares:
            if name in {method, EVERY} and self._random.random() < share:
                return mood
        return None

    def run_before(self, method: str) -> None:
        if self._before.get(method):
            self._before[method].popleft()()

    def run_after(self, method: str) -> None:
        if self._after.get(method):
            self._after[method].popleft()()
