"""What the inlet makes of who reads a channel: for whom somebody speaks, who else reads, and when it has to wait."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.channels.slack.api.installation import Installation
from bot.channels.slack.inbound.inlet import SlackInlet
from bot.channels.slack.people.audience import Audience
from bot.channels.slack.people.identity import SlackUser
from bot.channels.slack.people.watch import Place
from bot.ports import Incoming, InletUnavailable, RawMessage
from tests.builders import NOW

OWN = Installation("T0HOME", "U0BOT")
THEIRS = frozenset({"T0AWAY"})
ALICE = SlackUser("U0ALICE", "T0AWAY", name="Alice")
NOOR = SlackUser("U0NOOR", "T0HOME", name="Noor")
GRID = SlackUser("W0GRETA", "T0GRID1", enterprise="E0GRID", teams=frozenset({"T0GRID1", "T0GRID2"}))


ALONE = Audience(confirmed=True, teams=THEIRS)
MAPPED, ORGANISATION = Place("T0AWAY"), Place("E0GRID")


def read_by(*teams: str, **more: Any) -> Audience:
    return Audience(confirmed=True, teams=frozenset(teams), **more)


@dataclass
class World:
    """Slack and the mapping, as a test wants them."""

    user_: SlackUser = ALICE
    audience_: Audience = ALONE
    place: Place = MAPPED
    looks: list[tuple[str, Audience]] = field(default_factory=list)

    async def user(self, user_id: str) -> SlackUser:
        return self.user_

    async def audience(self, channel: str) -> Audience:
        return self.audience_

    async def looked(self, channel: str, audience: Audience) -> Place:
        self.looks.append((channel, audience))
        return self.place

    async def read(self, **event: Any) -> Incoming:
        said = {"type": "message", "channel": "C1", "user": self.user_.id, "text": "Hello", "ts": "1780000000.000100"}
        raw = json.dumps({"event": said | event}).encode()
        return await SlackInlet(OWN, self, self, self).read(RawMessage("in-1", raw, {}, NOW))


async def test_the_watch_hears_of_every_look() -> None:
    world = World()
    for _ in range(2):
        await world.read()
    assert world.looks == [("C1", world.audience_)] * 2


async def test_a_channel_that_has_to_be_looked_at_again_lets_its_messages_wait_and_nobody_elses() -> None:
    with pytest.raises(InletUnavailable) as waits:
        await World(place=Place("T0AWAY", again=5.0)).read()
    assert (waits.value.only_this, waits.value.retry_after) == (True, 5.0)


@pytest.mark.parametrize(
    ("world", "team", "outsiders", "only_team"),
    [
        (World(), "T0AWAY", False, "T0AWAY"),
        (World(audience_=Audience(confirmed=True, teams=THEIRS | {"T0THIRD"})), "T0AWAY", True, ""),
        (World(audience_=Audience(confirmed=True, teams=THEIRS, pending=frozenset({"T0THIRD"}))), "T0AWAY", True, ""),
        (World(audience_=Audience(confirmed=True, teams=THEIRS, unnamed=True)), "T0AWAY", True, ""),
        (World(audience_=Audience(confirmed=False)), "", True, ""),
        (World(user_=SlackUser("U0WHO")), "", False, "T0AWAY"),
        (World(user_=NOOR), "T0HOME", False, "T0AWAY"),
        (World(user_=NOOR, place=Place()), "T0HOME", True, "T0AWAY"),
        (World(user_=NOOR, place=Place(), audience_=Audience(confirmed=True)), "T0HOME", False, ""),
        (World(user_=ALICE, place=Place(), audience_=Audience(confirmed=True, direct=True)), "T0AWAY", False, ""),
        (
            World(GRID, read_by("E0GRID"), ORGANISATION),
            "E0GRID",
            False,
            "E0GRID",
        ),
        (
            World(GRID, read_by("T0GRID2"), ORGANISATION),
            "E0GRID",
            False,
            "T0GRID2",
        ),
        (
            World(GRID, read_by("T0GRID1", "T0GRID2"), ORGANISATION),
            "E0GRID",
            True,
            "",
        ),
        (World(GRID, Audience(confirmed=True, teams=THEIRS), Place("T0AWAY")), "T0GRID1", False, "T0AWAY"),
    ],
)
async def test_whose_word_it_is_and_who_reads_along(world: World, team: str, outsiders: bool, only_team: str) -> None:
    message = (await world.read()).message
    to = message.reply_to
    assert to is not None
    assert (message.sender.slack_team, to.outsiders, to.slack_team) == (team, outsiders, only_team)
    assert to.slack_user == world.user_.id
    assert message.sender.slack_home is (team == "T0HOME")
