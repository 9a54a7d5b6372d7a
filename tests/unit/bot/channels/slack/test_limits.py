"""What Slack allows is never exceeded, and what it puts off holds nothing but itself."""

from __future__ import annotations

import json

import pytest

from bot.channels.slack.api.limits import POST, TIERS, Limits, Line, Tier
from tests.shared_folder import shared

PER_MINUTE = {Tier.T1: 1, Tier.T2: 20, Tier.T3: 50, Tier.T4: 100}


class PaceOnPaper:
    """A pace whose time stands still: a line takes its burst, and a held one takes nothing."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.holds: dict[str, float] = {}

    async def take(self, line: Line, unless_held: str = "") -> float:
        wait = max(self.holds.get(line.name, 0.0), self.holds.get(unless_held, 0.0))
        if not wait and self.taken.count(line.name) >= line.burst:
            wait = line.every
        if not wait:
            self.taken.append(line.name)
        return wait

    async def held(self, name: str) -> float:
        return self.holds.get(name, 0.0)

    async def hold(self, line: Line, seconds: float) -> None:
        self.holds[line.name] = seconds


@pytest.mark.parametrize("tier", Tier)
def test_in_no_minute_more_calls_go_than_the_tier_allows(tier: Tier) -> None:
    every, burst = tier.value
    rest = 60 / every if burst > 1 else 0  # one at a time leaves its pause before the next
    assert burst + rest <= PER_MINUTE[tier]


def test_every_method_has_the_tier_that_slack_gives_it() -> None:
    root = shared()
    if root is None:
        pytest.skip("Slack's contract is not at hand")
    folder = root / "contracts" / "slack" / "methods"
    said = {
        method: Tier[json.loads((folder / f"{method}.json").read_text(encoding="utf-8"))["rate_limits"].upper()]
        for method in TIERS
    }
    assert dict(TIERS) == said


async def test_a_post_is_counted_in_its_channel() -> None:
    pace = PaceOnPaper()
    limits = Limits(pace, posts=1.0)
    assert await limits.wait(POST, {"channel": "C1"}) == 0.0
    assert await limits.wait(POST, {"channel": "C1"}) == 1.0
    assert await limits.wait(POST, {"channel": "C2"}) == 0.0


async def test_a_post_that_is_put_off_holds_its_channel_and_no_other() -> None:
    limits = Limits(PaceOnPaper())
    await limits.put_off(POST, {"channel": "C1"}, 30)
    assert await limits.wait(POST, {"channel": "C1"}) == 30
    assert await limits.wait(POST, {"channel": "C2"}) == 0.0
    assert await limits.wait("users.info", {"user": "U1"}) == 0.0


async def test_posts_put_off_in_one_channel_after_the_other_are_the_workspaces_limit() -> None:
    limits = Limits(PaceOnPaper())
    for number in range(3):
        await limits.put_off(POST, {"channel": f"C{number}"}, 20)
    assert await limits.wait(POST, {"channel": "C9"}) == 0.0
    await limits.put_off(POST, {"channel": "C3"}, 20)
    assert await limits.wait(POST, {"channel": "C8"}) == 20


async def test_a_method_that_is_put_off_holds_itself_alone() -> None:
    limits = Limits(PaceOnPaper())
    await limits.put_off("users.info", {"user": "U1"}, 12)
    assert await limits.wait("users.info", {"user": "U2"}) == 12
    assert await limits.wait("conversations.info", {"channel": "C1"}) == 0.0
    assert await limits.wait(POST, {"channel": "C1"}) == 0.0


async def test_a_method_without_a_tier_goes_unless_slack_put_it_off() -> None:
    limits = Limits(PaceOnPaper())
    assert [await limits.wait("auth.test", {}) for _ in range(200)] == [0.0] * 200
    await limits.put_off("auth.test", {}, 5)
    assert await limits.wait("auth.test", {}) == 5


async def test_what_is_asked_with_every_message_leaves_room_for_what_somebody_waits_for() -> None:
    pace = PaceOnPaper()
    reading, posting = Limits(pace, modest=True), Limits(pace)
    went = [await reading.wait("conversations.info", {"channel": "C1"}) for _ in range(50)].count(0.0)
    assert went == 10
    assert [await posting.wait("conversations.info", {"channel": "C1"}) for _ in range(5)] == [0.0] * 5


async def test_what_slack_puts_off_holds_the_modest_and_the_others() -> None:
    pace = PaceOnPaper()
    reading, posting = Limits(pace, modest=True), Limits(pace)
    await reading.put_off("conversations.info", {"channel": "C1"}, 12)
    assert await posting.wait("conversations.info", {"channel": "C1"}) == 12
