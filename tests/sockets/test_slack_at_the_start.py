"""Whose token it is: Slack says it at the start, and what it said before is enough while it is away."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.bootstrap.opening import storage
from bot.bootstrap.slack import connected_slack
from bot.channels.slack.api.errors import SlackUnauthorised, SlackUnavailable
from bot.channels.slack.api.installation import Installation
from bot.storage.database import Database
from config.settings import Settings
from tests.fakes.slack.web_api import APP_TOKEN, BOT_USER, HOME, TOKEN, FakeSlack, Mood


def settings(database: str, slack: FakeSlack, data_dir: Path, **changes: object) -> Settings:
    given = Settings(
        data_dir=data_dir, database_url=SecretStr(database.replace("+psycopg", "")), slack_bot_token=SecretStr(TOKEN),
        slack_app_token=SecretStr(APP_TOKEN), slack_api_url=slack.base_url,
    )  # fmt: skip
    return given.model_copy(update=changes)


async def own(given: Settings, database: Database) -> Installation:
    found = await connected_slack(given, database)
    assert found is not None
    assert (found.app_token, found.signing_secret) == (APP_TOKEN, "")
    return found.own


async def test_while_slack_is_away_it_is_known_who_we_are_there(
    database: str, slack: FakeSlack, tmp_path: Path
) -> None:
    given = settings(database, slack, tmp_path)
    async with storage(given) as (opened, _):
        slack.next_moods("auth.test", Mood.SERVER_ERROR)
        with pytest.raises(SlackUnavailable):
            await own(given, opened)
        slack.next_moods("auth.test", Mood.SERVER_ERROR)
        named = given.model_copy(update={"slack_team_id": "T0NAMED"})
        assert await own(named, opened) == Installation("T0NAMED", "")
        assert await own(given, opened) == Installation(HOME, BOT_USER)
        slack.next_moods("auth.test", Mood.SERVER_ERROR, Mood.SERVER_ERROR)
        assert await own(given, opened) == Installation(HOME, BOT_USER)
        other = given.model_copy(update={"slack_bot_token": SecretStr("xoxb-other")})
        with pytest.raises(SlackUnavailable):
            await own(other, opened)


async def test_a_token_that_is_not_accepted_is_never_taken_for_the_one_before(
    database: str, slack: FakeSlack, tmp_path: Path
) -> None:
    given = settings(database, slack, tmp_path)
    async with storage(given) as (opened, _):
        await own(given, opened)
        slack.refuse["auth.test"] = "token_revoked"
        with pytest.raises(SlackUnauthorised):
            await own(given, opened)
