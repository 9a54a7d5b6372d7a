"""What a reader that may fail promises, and the one way in which it says that it has no reading."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from bot.ports import Readable
from bot.vocabulary.requests import Reading


class Reason(StrEnum):
    """Why there is no reading; the values are what the log shows."""

    NOTHING_TO_READ = "nothing_to_read"
    TOO_LONG = "too_long"
    BUDGET_USED_UP = "budget_used_up"
    PAUSED = "paused"
    TIMEOUT = "timeout"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"
    REJECTED = "rejected"
    REFUSED = "refused"
    MALFORMED = "malformed"
    EMPTY = "empty"


class NoReading(Exception):
    """The proposer has nothing to offer for this text; whoever asked takes another reader.

    `retry_after` is in seconds, where the other side named a time to come back.
    """

    def __init__(self, reason: Reason, retry_after: float | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.retry_after = retry_after


class Proposer(Protocol):
    """Turns text into requests like a `Reader`, but may have no answer: then it raises `NoReading` and nothing else."""

    def propose(self, readable: Readable) -> Reading: ...
