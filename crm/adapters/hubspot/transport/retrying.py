"""What an answer means for the next try: how long to wait, for whom, and whether the call may have been carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from crm.adapters.hubspot.transport.calls import Budget, Call, Repeat
from crm.adapters.hubspot.transport.faults import correlation_id
from crm.adapters.hubspot.transport.limits import DAILY
from crm.errors import CrmError, CrmOutcomeUnknown, CrmUnavailable

TRIES = 3
SECONDS = 20.0
"""What a call may take with its repeats; beyond, the one who asked had better come back later."""

_LOCKED_SECONDS = 2.0
_MIGRATION_SECONDS = 10.0
_PAUSE_SECONDS = 0.2
_AWAY_SECONDS = 30.0  # what is told to wait when the tries are used up without a word from HubSpot
_WRONG_PLACE_SECONDS = 300.0
# Whatever a header says: after so long it is worth another try, and a window of ten seconds is over in a minute.
_LONGEST_TOLD = 3_600.0
_LONGEST_WINDOW = 60.0


@dataclass(frozen=True, slots=True)
class Trouble:
    """A try that brought no answer to go by. `wait` seconds before the next; `later` before one by somebody else.

    `closes` is the limit that nobody draws on meanwhile. `sent`: the call may have been carried out.
    """

    why: str
    wait: float
    later: float
    sent: bool
    closes: str = ""

    def error(self, call: Call) -> CrmError:
        if self.sent and call.repeat is Repeat.ONCE:
            return CrmOutcomeUnknown(f"HubSpot's answer was lost ({call.name}): {self.why}")
        return CrmUnavailable(f"HubSpot did not {call.name}: {self.why}", self.later)

    def may_repeat(self, call: Call, tried: int, spent: float) -> bool:
        if self.sent and call.repeat is Repeat.ONCE:
            return False
        return tried < TRIES and spent + self.wait <= SECONDS


def not_sent(why: str, tried: int) -> Trouble:
    return Trouble(why, _PAUSE_SECONDS * tried, _AWAY_SECONDS, sent=False)


def lost(why: str, tried: int) -> Trouble:
    return Trouble(why, _PAUSE_SECONDS * tried, _AWAY_SECONDS, sent=True)


def trouble(
    status: int, headers: Mapping[str, str], body: Mapping[str, Any] | None, tried: int, now: datetime
) -> Trouble | None:
    """None for an answer to go by: what was asked for, or a refusal. `body` is None where it cannot be read."""
    told = _retry_after(headers, now)
    named = f" (correlation id {correlation_id(body)})" if body and correlation_id(body) else ""
    if status == 429:
        return _too_many(body or {}, told, tried, named)
    if status == 423:
        wait = max(told or 0.0, _LOCKED_SECONDS * tried)
        return Trouble(f"the record is locked{named}", wait, wait, sent=False)
    if status == 477:
        wait = told if told is not None else _MIGRATION_SECONDS * tried
        return Trouble(f"the account is being moved{named}", wait, max(wait, _AWAY_SECONDS), sent=False)
    if 300 <= status < 400:
        # No redirect is followed: the token would go with it.
        return Trouble(
            f"its address leads elsewhere (status {status})", _WRONG_PLACE_SECONDS, _WRONG_PLACE_SECONDS, False
        )
    if status >= 500 or status == 408:
        wait = told if told is not None else _PAUSE_SECONDS * tried
        return Trouble(f"status {status}{named}", wait, max(wait, _AWAY_SECONDS), sent=True)
    return lost(f"status {status}, and an answer that cannot be read", tried) if body is None else None


def _too_many(body: Mapping[str, Any], told: float | None, tried: int, named: str) -> Trouble:
    policy = str(body.get("policyName", "")).upper()
    if policy == "DAILY":
        return Trouble(
            f"the account's calls of this day are used up{named}", float("inf"), 0.0, sent=False, closes=DAILY
        )
    told = None if told is None else min(told, _LONGEST_WINDOW)
    if policy == "SECONDLY":
        wait = told if told is not None else 1.0 * tried
        return Trouble(f"too many searches in a second{named}", wait, wait, sent=False, closes=Budget.SEARCH)
    wait = told if told is not None else 10.0 * tried
    return Trouble(f"too many calls in ten seconds{named}", wait, wait, sent=False, closes=Budget.BURST)


def _retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds, from a number or a date; None where it is missing or unreadable."""
    value = headers.get("retry-after", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        return _until(value, now)
    # A time stamp, nan or infinity is no number of seconds.
    return min(max(seconds, 0.0), _LONGEST_TOLD) if seconds < 1e6 else None


def _until(value: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
    return min(max(seconds, 0.0), _LONGEST_TOLD)
