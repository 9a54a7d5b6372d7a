"""Bolt in the way of what Slack delivers: a listener first, then the acknowledgement; what it breaks on stops here."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.slack.api.installation import Installation
from bot.channels.slack.edge.interactions import Command, Person, Shortcut, Submission, ViewPress
from bot.channels.slack.edge.presses import Press
from bot.channels.slack.edge.routes import Deed, NoRoute, Routes

OWN = Installation("T0HOME", "U0BOT")
MARA = Person("U0MARA", "T0HOME")
DEEDS: tuple[Deed, ...] = (
    Press("C0", "1.1", "1.1", "U0ALICE", "T0AWAY", "say:1", "2.2", "x"),
    Command(MARA, "/partners", "status", "C0", "t"),
    Shortcut(MARA, "announce_this", "t", "C0", "1.1", "words"),
    ViewPress(MARA, "counter:decide", "x", "t", home=True),
    Submission(MARA, "announce", "V1", "meta", "key"),
)


def event(**fields: Any) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": "T0HOME", "event": {"type": "message", **fields}}


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: type(deed).__name__)
async def test_what_somebody_did_is_done_and_its_answer_goes_back(deed: Deed) -> None:
    async def act() -> dict[str, Any]:
        return {"response_action": "clear"}

    assert await Routes(OWN).deed(deed, act) == {"response_action": "clear"}


@pytest.mark.parametrize(
    "fields",
    [{}, {"subtype": "message_changed"}, {"user": "U0BOT"}, {"bot_id": "B0"}, {"type": "tokens_revoked"}],
    ids=["a message", "an edit", "our own", "a bot's", "about the token"],
)
async def test_every_event_comes_through_whoever_decides_about_it_is_behind(fields: dict[str, Any]) -> None:
    done: list[str] = []

    async def act() -> None:
        done.append("done")

    await Routes(OWN).event(event(**fields), act)
    assert done == ["done"]


async def test_what_keeps_it_from_being_done_comes_out() -> None:
    async def act() -> None:
        raise ConnectionError("the database is away")

    with pytest.raises(ConnectionError):
        await Routes(OWN).event(event(), act)


@pytest.mark.parametrize("broken", [{"event": "x"}, {"authorizations": [3]}, {"enterprise": 7}])
async def test_what_bolt_breaks_on_is_not_done(broken: dict[str, Any]) -> None:
    async def act() -> None:
        raise AssertionError("done all the same")

    with pytest.raises(NoRoute):
        await Routes(OWN).event(event() | broken, act)
