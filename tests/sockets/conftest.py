"""A Slack for every test that asks it something; the SMTP edge runs on both event loops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

import pytest
import uvloop

from tests.fakes.slack.running import running_slack
from tests.fakes.slack.web_api import FakeSlack

_Factories = Mapping[str, Callable[[], asyncio.AbstractEventLoop]]


def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> _Factories:
    # uvloop is the one in use, and its transports are not asyncio's.
    factories: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {"asyncio": asyncio.new_event_loop}
    if item.path.name.startswith("test_smtp_"):
        factories["uvloop"] = uvloop.new_event_loop
    return factories


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with running_slack() as slack:
        yield slack
