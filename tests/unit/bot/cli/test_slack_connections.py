"""A command that asks something of Slack ends its connections with itself."""

from __future__ import annotations

from bot.bootstrap import office
from bot.bootstrap.slack_web import paced_client
from bot.channels.slack.api.calls import call
from config import load_settings
from tests.fakes.slack.web_api import APP_TOKEN, TOKEN, FakeSlack


async def test_what_was_opened_to_slack_is_closed_with_the_office(database: str) -> None:
    slack = FakeSlack()
    await slack.start()
    given = {"DATABASE_URL": database, "PARTNERLINE_SLACK_API_URL": slack.base_url}
    given |= {"PARTNERLINE_SLACK_BOT_TOKEN": TOKEN, "PARTNERLINE_SLACK_APP_TOKEN": APP_TOKEN}
    async with office(load_settings(environ=given)) as at:
        client = paced_client(at.settings, at.database)
        await call(client, "auth.test", {})
        assert client.connections is not None
        session = client.connections.session()
    assert session.closed
    await slack.stop()
