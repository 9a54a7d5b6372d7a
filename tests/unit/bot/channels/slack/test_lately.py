"""Who reads a channel is asked anew as long as Slack answers, and known for a minute where it takes no more."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bot.channels.slack.api.errors import SlackRateLimited, SlackUnavailable
from bot.channels.slack.people.audience import Audience
from bot.channels.slack.people.lately import LatelyAsked

ALONE, TWO = Audience(True, frozenset({"T1"})), Audience(True, frozenset({"T1", "T2"}))


@dataclass
class Asked:
    answers: list[Audience | SlackUnavailable] = field(default_factory=list)
    time: float = 100.0

    async def audience(self, channel: str) -> Audience:
        found = self.answers.pop(0)
        if isinstance(found, SlackUnavailable):
            raise found
        return found

    def lately(self) -> LatelyAsked:
        return LatelyAsked(self, clock=lambda: self.time)


LIMITED = SlackRateLimited("its turn comes later", 12.0)


async def test_as_long_as_slack_answers_its_new_answer_counts() -> None:
    channels = Asked([ALONE, TWO]).lately()
    assert [await channels.audience("C1") for _ in range(2)] == [ALONE, TWO]


async def test_beyond_the_limit_the_last_answer_counts_for_a_minute() -> None:
    asked = Asked([ALONE, LIMITED, LIMITED])
    channels = asked.lately()
    assert await channels.audience("C1") == ALONE
    asked.time += 60
    assert await channels.audience("C1") == ALONE
    asked.time += 1
    with pytest.raises(SlackRateLimited):
        await channels.audience("C1")


async def test_of_a_channel_never_asked_about_nothing_is_guessed() -> None:
    channels = Asked([ALONE, LIMITED]).lately()
    await channels.audience("C1")
    with pytest.raises(SlackRateLimited):
        await channels.audience("C2")


async def test_what_slack_does_not_confirm_any_more_is_forgotten() -> None:
    channels = Asked([ALONE, Audience(confirmed=False), LIMITED]).lately()
    await channels.audience("C1")
    assert not (await channels.audience("C1")).confirmed
    with pytest.raises(SlackRateLimited):
        await channels.audience("C1")


async def test_a_slack_that_is_away_is_away() -> None:
    channels = Asked([ALONE, SlackUnavailable("down")]).lately()
    await channels.audience("C1")
    with pytest.raises(SlackUnavailable):
        await channels.audience("C1")
