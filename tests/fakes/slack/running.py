"""The Slack stand-in at its address for as long as a test needs it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.fakes.slack.web_api import FakeSlack


@asynccontextmanager
async def running_slack(prepared: FakeSlack | None = None) -> AsyncIterator[FakeSlack]:
    """A Slack of its own, or the one given; all that was asked of it has to have kept to Slack's contract."""
    slack = prepared or FakeSlack()
    await slack.start()
    try:
        yield slack
    finally:
        await slack.stop()
    assert slack.violations == []
