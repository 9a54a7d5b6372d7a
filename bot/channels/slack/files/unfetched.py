"""Why a file that was shared in Slack did not come to us."""

from __future__ import annotations

from enum import StrEnum


class Unfetched(StrEnum):
    """Each has a text of its own for the partner (`file.…`), as what is refused for its content has."""

    GONE = "gone"
    NOT_SHOWN = "not_shown"
    ELSEWHERE = "elsewhere"
    UNREACHED = "unreached"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"


class NotFetched(Exception):
    """This file does not come, however often it is asked for; `detail` is for the log."""

    def __init__(self, why: Unfetched, detail: str) -> None:
        super().__init__(f"{why.value}: {detail}")
        self.why = why
