"""How many calls were made in HubSpot's windows, and which of them were too many."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.fakes.hubspot.plans import Allowance

BURST, SEARCH, DAY = "TEN_SECONDLY_ROLLING", "SECONDLY", "DAILY"
WORDS = {BURST: "ten_secondly_rolling", SEARCH: "secondly", DAY: "daily"}


@dataclass
class Meter:
    """`over` holds the policy of every call that was too many; `peak` the most calls in any ten seconds, `peak_search`
    the most searches in any second. Calls that are refused for being too many do not fill the window.
    """

    over: list[str] = field(default_factory=list)
    peak: int = 0
    peak_search: int = 0
    today: int = 0
    _burst: deque[float] = field(default_factory=deque)
    _searches: deque[float] = field(default_factory=deque)
    _day: str = ""

    def count(self, now: float, allowance: Allowance, time_zone: str, *, search: bool, enforced: bool) -> str:
        """The policy that this call breaks, or ""."""
        self._roll(now, time_zone)
        broken = self._broken(allowance, search=search)
        if broken:
            self.over.append(broken)
            if enforced:
                return broken
        self.today += 1
        self._burst.append(now)
        self.peak = max(self.peak, len(self._burst))
        if search:
            self._searches.append(now)
            self.peak_search = max(self.peak_search, len(self._searches))
        return broken

    def _broken(self, allowance: Allowance, *, search: bool) -> str:
        if self.today >= allowance.daily:
            return DAY
        if search and len(self._searches) >= allowance.searches:
            return SEARCH
        return BURST if len(self._burst) >= allowance.burst else ""

    def _roll(self, now: float, time_zone: str) -> None:
        for times, span in ((self._burst, 10.0), (self._searches, 1.0)):
            while times and times[0] <= now - span:
                times.popleft()
        day = f"{datetime.fromtimestamp(now, ZoneInfo(time_zone)):%Y-%m-%d}"
        if day != self._day:
            self._day, self.today = day, 0

    def headers(self, allowance: Allowance, *, search: bool) -> dict[str, str]:
        """What HubSpot tells of its limits; nothing on searches."""
        if search:
            return {}
        return {
            "X-HubSpot-RateLimit-Max": str(allowance.burst),
            "X-HubSpot-RateLimit-Remaining": str(max(allowance.burst - len(self._burst), 0)),
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
            "X-HubSpot-RateLimit-Daily": str(allowance.daily),
            "X-HubSpot-RateLimit-Daily-Remaining": str(max(allowance.daily - self.today, 0)),
        }


def until_midnight(now: float, time_zone: str) -> float:
    """Seconds to the portal's next midnight."""
    zone = ZoneInfo(time_zone)
    moment = datetime.fromtimestamp(now, zone)
    midnight = datetime.combine(moment.date() + timedelta(days=1), datetime.min.time(), zone)
    return midnight.timestamp() - now
