"""How the fake goes wrong, by order or by chance: limits, lost answers, errors, locks, outages.

hub.moods.next(Mood.LOST, on="batch/upsert")      the next such call is carried out, its answer is lost
hub.moods.share(Mood.RATE_LIMITED, 0.05)          one call in twenty
hub.moods.outage(120)                             nothing answers for two minutes
hub.moods.enforce(burst=20)                       the account's limits hold, with 429 beyond them
hub.moods.before("deals", act, method="PATCH")    something happens between a read and a write
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from tests.fakes.hubspot.api.asking import Reply
from tests.fakes.hubspot.faults import Fault
from tests.fakes.hubspot.meter import BURST, DAY, SEARCH, WORDS, Meter, until_midnight
from tests.fakes.hubspot.portal import Portal


class Mood(StrEnum):
    """LOST: carried out, then the connection ends without an answer. DROPPED: it ends before anything is done.
    TORN: carried out, half of the answer comes. SILENT: 429 without Retry-After.
    """

    RATE_LIMITED = "rate_limited"
    SILENT = "rate_limited_silent"
    SEARCH_LIMITED = "search_limited"
    DAY_USED_UP = "day_used_up"
    LOST = "lost"
    DROPPED = "dropped"
    TORN = "torn"
    ERROR = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    TIMED_OUT = "504"
    CLOUDFLARE = "524"
    ERROR_AFTER = "500_after"
    LOCKED = "423"
    MIGRATING = "477"
    SLOW = "slow"
    NOT_JSON = "not_json"


AFTER = frozenset({Mood.LOST, Mood.TORN, Mood.ERROR_AFTER, Mood.SLOW, Mood.NOT_JSON})
"""Moods in which the call is carried out all the same."""

_GATEWAY = frozenset({502, 504, 524})
_LIMITED = {
    Mood.RATE_LIMITED: BURST,
    Mood.SILENT: BURST,
    Mood.SEARCH_LIMITED: SEARCH,
    Mood.DAY_USED_UP: DAY,
}
_BROKEN = {
    Mood.ERROR: 500,
    Mood.BAD_GATEWAY: 502,
    Mood.UNAVAILABLE: 503,
    Mood.TIMED_OUT: 504,
    Mood.CLOUDFLARE: 524,
    Mood.ERROR_AFTER: 500,
}


@dataclass
class _Rule:
    """A mood or an act that waits for calls which have `on` in their path."""

    on: str
    method: str
    times: float = 1
    mood: Mood | None = None
    chance: float = 1.0
    act: Callable[[], object] | None = None
    late: bool = False

    def meets(self, method: str, path: str) -> bool:
        return self.times > 0 and self.on in path and self.method in {"", method}


@dataclass
class Moods:
    """`wait` is what Retry-After says, `slowness` how long a slow answer takes, in seconds; `seed` makes chance repeat.

    `silent_share`: how many of the enforced 429 have no Retry-After, as with the real one.
    """

    portal: Portal
    wait: str = "1"
    migration_wait: str = "60"
    slowness: float = 5.0
    silent_share: float = 0.0
    enforced: bool = False
    outage_mood: Mood = Mood.UNAVAILABLE
    had: list[Mood] = field(default_factory=list)
    _rules: list[_Rule] = field(default_factory=list)
    _down_until: float = 0.0
    _random: random.Random = field(default_factory=lambda: random.Random(7))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, mood: Mood, *, on: str = "", method: str = "", times: int = 1) -> None:
        self._add(_Rule(on, method, times, mood))

    def share(self, mood: Mood, chance: float, *, on: str = "", method: str = "") -> None:
        self._add(_Rule(on, method, float("inf"), mood, chance))

    def before(self, on: str, act: Callable[[], object], *, method: str = "", times: int = 1) -> None:
        """`act` runs when such a call has come, before it is carried out; `after`: when it has been."""
        self._add(_Rule(on, method, times, act=act))

    def after(self, on: str, act: Callable[[], object], *, method: str = "", times: int = 1) -> None:
        self._add(_Rule(on, method, times, act=act, late=True))

    def outage(self, seconds: float = float("inf"), mood: Mood = Mood.UNAVAILABLE) -> None:
        """Every call ends with this mood until the time is over by the portal's clock, or until `recover`."""
        self.outage_mood = mood
        self._down_until = self.portal.clock.seconds() + seconds

    def recover(self) -> None:
        self._down_until = 0.0

    def seed(self, seed: int) -> None:
        self._random = random.Random(seed)

    def calm(self) -> None:
        """All is well from now on."""
        with self._lock:
            self._rules.clear()
        self.recover()
        self.enforced = False

    def enforce(
        self,
        *,
        burst: int | None = None,
        searches: int | None = None,
        daily: int | None = None,
        silent_share: float = 0.0,
    ) -> None:
        """The limits of the account hold; given figures take the place of those of its plan."""
        self.enforced, self.silent_share = True, silent_share
        given = {"burst": burst, "searches": searches, "daily": daily}
        chosen = {name: figure for name, figure in given.items() if figure is not None}
        self.portal.allowance_of = replace(self.portal.allowance, **chosen)

    @property
    def down(self) -> bool:
        return self.portal.clock.seconds() < self._down_until

    def mood(self, method: str, path: str) -> Mood | None:
        """How this call goes; what is used up by it is gone."""
        if self.down:
            return self._noted(self.outage_mood)
        with self._lock:
            for rule in [rule for rule in self._rules if rule.mood and rule.meets(method, path)]:
                if rule.chance >= 1 or self._random.random() < rule.chance:
                    rule.times -= 1
                    return self._noted(rule.mood)
        return None

    def acts(self, method: str, path: str, *, late: bool = False) -> list[Callable[[], object]]:
        with self._lock:
            due = [one for one in self._rules if one.act and one.late == late and one.meets(method, path)]
            for rule in due:
                rule.times -= 1
            return [rule.act for rule in due if rule.act]

    def silent(self) -> bool:
        return self._random.random() < self.silent_share

    def _add(self, rule: _Rule) -> None:
        with self._lock:
            self._rules.append(rule)

    def _noted(self, mood: Mood | None) -> Mood | None:
        if mood is not None:
            self.had.append(mood)
        return mood


@dataclass(frozen=True)
class Refusal:
    """An answer that is made without the portal."""

    fault: Fault
    headers: dict[str, str] = field(default_factory=dict)

    def reply(self) -> Reply:
        """What stands before HubSpot answers in HTML, HubSpot itself in JSON."""
        status = self.fault.status
        page = f"<html><head><title>{status}</title></head><body><center>cloudflare</center></body></html>"
        return Reply(status, page if status in _GATEWAY else self.fault.body(), self.headers)


def limited(policy: str, wait: str = "") -> Refusal:
    """HubSpot's 429; it has no category, and Retry-After is often missing."""
    words = f"You have reached your {WORDS[policy]} limit."
    more: dict[str, Any] = {"errorType": "RATE_LIMIT", "policyName": policy, "groupName": "publicapi:private-app"}
    return Refusal(Fault(429, "", words, **more), {"Retry-After": wait} if wait else {})


def refusal(mood: Mood, moods: Moods) -> Refusal | None:
    """The error that this mood gives; None where it has none."""
    if mood in _LIMITED:
        return limited(_LIMITED[mood], moods.wait if mood is Mood.RATE_LIMITED else "")
    if mood is Mood.LOCKED:
        return Refusal(Fault(423, "LOCKED", "The resource is locked by another process. Please try again shortly."))
    if mood is Mood.MIGRATING:
        fault = Fault(477, "MIGRATION_IN_PROGRESS", "This account is being migrated between data hosting locations.")
        return Refusal(fault, {"Retry-After": moods.migration_wait})
    status = _BROKEN.get(mood)
    return Refusal(Fault(status, "INTERNAL_ERROR", "internal error")) if status else None


def counted(meter: Meter, moods: Moods, *, search: bool) -> Refusal | None:
    """Counts a call; the refusal where it is too many and limits are enforced."""
    portal = moods.portal
    now = portal.clock.seconds()
    policy = meter.count(now, portal.allowance, portal.time_zone, search=search, enforced=moods.enforced)
    if not policy or not moods.enforced:
        return None
    if policy == SEARCH or moods.silent():
        return limited(policy)
    return limited(policy, str(int(until_midnight(now, portal.time_zone)) + 1) if policy == DAY else moods.wait)
