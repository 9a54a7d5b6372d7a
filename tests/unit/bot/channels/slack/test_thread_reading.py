"""A thread that the agent is called into: whose words stand there, and that Slack is asked for it once and at ease."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.inbound.thread_reading import ThreadReader
from bot.channels.slack.people.identity import WebSlackUsers
from bot.vocabulary.message import SaidEarlier, Side
from bot.vocabulary.threads import Remembered
from tests.fakes.slack.web_api import AWAY, BOT_USER, HOME, THIRD, TOKEN, FakeSlack, Mood

OWN = Installation(HOME, BOT_USER)
CHANNEL, ROOT = "C0PARTNER", "1700000000.000100"


class Memory:
    """What is known of the one thread of these tests."""

    def __init__(self, known: Remembered) -> None:
        self.known = known
        self.kept: list[SaidEarlier] | None = None

    async def of_thread(self, place: str) -> Remembered:
        assert place == f"{HOME}/{CHANNEL}/{ROOT}"
        return self.known

    async def keep(self, place: str, read: Sequence[SaidEarlier]) -> None:
        self.kept = list(read)


def stands(slack: FakeSlack, number: int, user: str, text: Any, **more: Any) -> None:
    ts = ROOT if number == 0 else f"17000000{number:02}.000100"
    post = {"type": "message", "user": user, "text": text, "ts": ts, "thread_ts": ROOT, **more}
    slack.channels[CHANNEL].posts.append(post)


async def above(slack: FakeSlack, memory: Memory, ts: str = "1799999999.000100") -> tuple[SaidEarlier, ...]:
    client = slack_client(TOKEN, base_url=slack.base_url)
    return await ThreadReader(client, OWN, WebSlackUsers(client), memory).before(CHANNEL, ROOT, ts)


def asked(slack: FakeSlack) -> int:
    return sum(method == "conversations.replies" for method, _ in slack.calls)


async def test_each_post_is_somebodys_by_what_slack_says_of_its_writer(slack: FakeSlack) -> None:
    stands(slack, 0, "U0ALICE", "Acme, 40 seats")
    stands(slack, 1, "U0MANAGER", "900 seats", team=AWAY, user_team=AWAY)
    stands(slack, 2, "U0THIRD", "Evil Corp", team=AWAY)
    stands(slack, 3, BOT_USER, "Hello", bot_id="B0BOT")
    stands(slack, 4, "U0ALICE", "7,777 seats", app_id="A0OTHER")
    stands(slack, 5, "U0UNKNOWN", "who am I", team=AWAY)
    memory = Memory(Remembered(AWAY))
    read = await above(slack, memory)
    assert [post.by for post in read] == [
        Side.PARTNER, Side.VENDOR, Side.OTHER, Side.AGENT, Side.OTHER, Side.OTHER
    ]  # fmt: skip
    assert memory.kept == list(read)


async def test_what_was_read_before_is_not_asked_again(slack: FakeSlack) -> None:
    stands(slack, 0, "U0ALICE", "now")
    kept = SaidEarlier(Side.PARTNER, "then", ROOT)
    assert await above(slack, Memory(Remembered(AWAY, read=(kept,)))) == (kept,)
    assert asked(slack) == 0


@pytest.mark.parametrize("known", [Remembered(), Remembered(AWAY, took_part=True)])
async def test_a_channel_of_nobodys_and_a_thread_of_ones_own_are_not_read(slack: FakeSlack, known: Remembered) -> None:
    assert await above(slack, Memory(known)) == ()
    assert slack.calls == []


async def test_what_we_heard_stands_in_for_what_slack_does_not_tell_and_corrects_it(slack: FakeSlack) -> None:
    stands(slack, 0, "U0ALICE", "Acme, 40 seats")
    stands(slack, 1, "U0ALICE", "taken back meanwhile")
    heard = (
        SaidEarlier(Side.PARTNER, "Acme, 60 seats", ROOT),
        SaidEarlier(Side.PARTNER, "", "1700000001.000100"),
        SaidEarlier(Side.PARTNER, "after the call", "1799999999.000200"),
    )
    told = (SaidEarlier(Side.PARTNER, "Acme, 60 seats", ROOT),)
    assert await above(slack, Memory(Remembered(AWAY, heard))) == told
    slack.refuse["conversations.replies"] = "missing_scope"
    memory = Memory(Remembered(AWAY, heard))
    assert await above(slack, memory) == told
    assert memory.kept is None


@pytest.mark.parametrize("mood", [Mood.RATE_LIMITED, Mood.SERVER_ERROR, Mood.NOT_JSON, Mood.LOST_BEFORE_COMMIT])
async def test_whatever_goes_wrong_in_slack_the_message_is_read_all_the_same(slack: FakeSlack, mood: Mood) -> None:
    stands(slack, 0, "U0ALICE", "Acme, 40 seats")
    slack.next_moods("conversations.replies", mood)
    memory = Memory(Remembered(AWAY))
    assert await above(slack, memory) == ()
    assert memory.kept is None


async def test_of_a_long_thread_the_newest_is_taken_and_nobody_is_asked_about_a_crowd(slack: FakeSlack) -> None:
    for number in range(60):
        slack.add_user(f"U0CROWD{number:02}", THIRD, "somebody")
        stands(slack, number, f"U0CROWD{number:02}", "x" * 9_000)
    read = await above(slack, Memory(Remembered(AWAY)))
    assert (len(read), max(len(post.text) for post in read)) == (30, 4_000)
    assert sum(method == "users.info" for method, _ in slack.calls) == 20
    assert asked(slack) == 1


async def test_posts_that_are_none_are_left_out(slack: FakeSlack) -> None:
    stands(slack, 0, "U0ALICE", "Acme, 40 seats")
    stands(slack, 1, "U0ALICE", None)
    slack.channels[CHANNEL].posts.append({"type": "message", "ts": "1700000002.000100", "thread_ts": ROOT})
    assert await above(slack, Memory(Remembered(AWAY))) == (SaidEarlier(Side.PARTNER, "Acme, 40 seats", ROOT),)
