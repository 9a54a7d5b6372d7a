"""A Slack of its own for every test that asks it something."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.slack.running import running_slack
from tests.fakes.slack.web_api import FakeSlack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with running_slack() as slack:
        yield slack
