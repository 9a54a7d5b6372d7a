"""Who reads a channel is asked anew as long as Slack answers, and known for a minute where it takes no more."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from bot.channels.slack.api.errors import SlackRateLimited, SlackUnavailable
from bot.channels.slack.people.audience import Audience
from bot.channels.slack.people.lately import LastSaid, LatelyAsked

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
        return LatelyAsked(self, LastSaid(lambda: self.time), 60.0)


LIMITED = SlackRateLimited("its turn comes later", 12.0)


async def test_as_long_as_slack_answers_its_new_answer_counts() -> None:
    channels = Asked([ALONE, TWO]).lately()
    assert [await channels.audience("C1") for _ in range(2)] == [ALONE, TWO]


async def test_beyond_the_limit_the_last_answer_counts_for_a_minute() -> None:
    asked = Asked([ALONE, LIMITED, LIMITED])
    channels = asked.lately()
    assert await channels.audience("C1") == ALONE
    asked.time += 60
    assert await channels.audience("C1") == replace(ALONE, stale=True)
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


async def test_who_reads_and_who_posts_know_what_the_other_asked_each_for_as_long_as_it_counts() -> None:
    asked = Asked([ALONE, LIMITED, LIMITED, LIMITED, LIMITED])
    said = LastSaid(lambda: asked.time)
    reading, posting = LatelyAsked(asked, said, 60.0), LatelyAsked(asked, said, 10.0)
    await reading.audience("C1")
    asked.time += 10
    assert await posting.audience("C1") == await reading.audience("C1") == replace(ALONE, stale=True)
    asked.time += 1
    assert (await reading.audience("C1")).stale
    with pytest.raises(SlackRateLimited):
        await posting.audience("C1")
