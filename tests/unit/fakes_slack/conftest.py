"""A running fake with an app on it: a client of Slack's own SDK, and a person's hands."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.hands import Hands
from tests.fakes.slack.web_api import TOKEN, FakeSlack
from tests.unit.fakes_slack.app import App


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    slack = FakeSlack()
    await slack.start()
    yield slack
    await slack.stop()


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(
        token=TOKEN, base_url=slack.base_url, retry_handlers=[], proxy=None, trust_env_in_session=False
    )


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def hands(slack: FakeSlack, app: App) -> Hands:
    """Whatever people do reaches `app`, which notes it and answers as it was told to."""
    return Hands(slack, app)
