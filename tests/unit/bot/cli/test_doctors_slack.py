"""The doctor on Slack: the token's workspace, and a channel of managers that is theirs alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bot.cli.checks_out import slack as check
from config.settings import Settings
from crm.findings import Finding
from tests.fakes.slack.web_api import HOME, TOKEN, FakeSlack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    slack = FakeSlack()
    await slack.start()
    yield slack
    await slack.stop()


async def found(slack: FakeSlack, channel: str) -> Finding:
    return await check(
        Settings(
            profile="production", trusted_authserv_id="mx.lumora.example", mail_domain="lumora.example",
            slack_bot_token=SecretStr(TOKEN), slack_signing_secret=SecretStr("s" * 16), slack_api_url=slack.base_url,
            slack_managers_channel=channel,
        )
    )  # fmt: skip


@pytest.mark.parametrize("channel", ["", "C0INTERNAL"])
async def test_without_a_channel_of_managers_or_with_one_of_their_own_all_is_well(
    slack: FakeSlack, channel: str
) -> None:
    assert HOME in (await found(slack, channel)).said


async def test_a_channel_of_managers_that_is_shared_is_a_fault(slack: FakeSlack) -> None:
    finding = await found(slack, "C0PARTNER")
    assert "is shared with T0AWAY" in finding.said
    assert "internal channel" in finding.fix


async def test_a_channel_of_managers_that_cannot_be_seen_is_a_fault(slack: FakeSlack) -> None:
    finding = await found(slack, "C0NOWHERE")
    assert "cannot be seen" in finding.said
    assert "invite the app" in finding.fix
