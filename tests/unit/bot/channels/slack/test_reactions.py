"""Signs below posts: set once, taken away later, and nobody's trouble where Slack will not have them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.outbound.reactions import Reactions
from bot.ports import OutletUnavailable, Parcel, Sent
from bot.vocabulary.reactions import REACTION, Reaction
from tests.fakes.slack.running import running_slack
from tests.fakes.slack.web_api import TOKEN, FakeSlack, Mood

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
CHANNEL, TS = "C0PARTNER", "1700000000.000100"


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with running_slack() as slack:
        slack.channels[CHANNEL].posts.append({"type": "message", "user": "U0ALICE", "text": "hi", "ts": TS})
        yield slack


def parcel(*, off: bool = False, unsure: int = 0, until: datetime = NOW + timedelta(seconds=20)) -> Parcel:
    return Parcel("r", REACTION, Reaction(CHANNEL, TS, until, off=off).to_payload(), attempts=0, unsure=unsure)


async def send(slack: FakeSlack, sent: Parcel) -> Sent:
    return await Reactions(slack_client(TOKEN, base_url=slack.base_url), lambda: NOW).send(sent)


def signs(slack: FakeSlack) -> list[str]:
    return [one["name"] for one in slack.channels[CHANNEL].posts[0].get("reactions", ())]


async def test_it_is_set_and_taken_away(slack: FakeSlack) -> None:
    assert await send(slack, parcel()) == Sent()
    assert signs(slack) == ["eyes"]
    assert await send(slack, parcel(off=True)) == Sent()
    assert signs(slack) == []


async def test_what_stands_already_or_no_longer_is_fine(slack: FakeSlack) -> None:
    await send(slack, parcel())
    assert await send(slack, parcel()) == Sent()
    await send(slack, parcel(off=True))
    assert await send(slack, parcel(off=True)) == Sent()


async def test_it_is_never_tried_twice_nor_when_it_comes_too_late(slack: FakeSlack) -> None:
    assert await send(slack, parcel(unsure=1)) == Sent()
    assert await send(slack, parcel(until=NOW - timedelta(seconds=1))) == Sent(kept=True)
    assert slack.calls == []


@pytest.mark.parametrize(
    "error", ["missing_scope", "message_not_found", "is_archived", "too_many_emoji", "token_revoked"]
)
@pytest.mark.parametrize("off", [False, True])
async def test_where_slack_says_no_it_is_left_at_that(slack: FakeSlack, error: str, off: bool) -> None:
    slack.refuse |= {"reactions.add": error, "reactions.remove": error}
    assert await send(slack, parcel(off=off)) == Sent(kept=True)


@pytest.mark.parametrize("mood", [Mood.RATE_LIMITED, Mood.SERVER_ERROR, Mood.LOST_AFTER_COMMIT, Mood.NOT_JSON])
async def test_in_a_storm_a_sign_is_left_out(slack: FakeSlack, mood: Mood) -> None:
    slack.next_moods("reactions.add", mood)
    assert (await send(slack, parcel())).remote_id == ""


async def test_one_that_stands_is_taken_away_later(slack: FakeSlack) -> None:
    slack.next_moods("reactions.remove", Mood.RATE_LIMITED)
    with pytest.raises(OutletUnavailable) as fault:
        await send(slack, parcel(off=True))
    assert (fault.value.only_this, fault.value.counts) == (True, False)


def test_its_payload_reads_back() -> None:
    reaction = Reaction(CHANNEL, TS, NOW, off=True)
    assert Reaction.of(reaction.to_payload()) == reaction
    for broken in ({}, {**reaction.to_payload(), "until": "never"}):
        with pytest.raises((KeyError, ValueError)):
            Reaction.of(broken)
