"""What was begun goes on after the agent was stopped and started anew: questions, reminders, offers, repeats."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate

import pytest
import pytest_asyncio
from sqlalchemy import URL

from tests.database import create_database, drop_database
from tests.scenarios.dialogue import FOLDER, Dialogue, Step, read_dialogue
from tests.scenarios.house import House, demo_settings, kinds, open_house
from tests.scenarios.matrix import CELL, CHANNELS
from tests.scenarios.playing import Play, set_stage

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("restarts")]

RESTARTED = FOLDER / "restarted"
NAMES = tuple(path.stem for path in sorted(RESTARTED.glob("*.toml")))
WHOLE = Step(
    subject="Deal registration",
    says="Please register Dodder Mills, doddermills.example: 30 seats of Lumora Core for 8,640 EUR per year, close "
    "date {date+60}. Contact: Finn Daly, f.daly@doddermills.example.",
    headers={"Date": formatdate(localtime=True)},  # delivered again, it is the same to the byte
)


@dataclass(frozen=True)
class Restarted:
    """The agent that was started anew, the dialogues that were begun before, and what was said as it stopped."""

    channel: str
    house: House
    stages: Mapping[str, Play]
    unheard: Play
    key: str


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=CHANNELS)
async def restarted(
    request: pytest.FixtureRequest,
    postgres_server: URL,
    demo_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Restarted]:
    """Of each channel alone: what falls due in the dialogues of one would fall due in those of the other as well."""
    channel = str(request.param)
    url = create_database(postgres_server, demo_template)
    settings = demo_settings(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("restarts"))
    async with open_house(settings) as before:
        stages = {name: await _begun(before, name, channel) for name in NAMES}
        dialogue = Dialogue(title="Said as the agent stopped", partner="quaywise", step=())
        unheard = await set_stage(before, dialogue, channel)
        key = await unheard.say(WHOLE)
    async with open_house(settings) as after:
        for stage in (*stages.values(), unheard):
            stage.move(after)
        yield Restarted(channel, after, stages, unheard, key)
    drop_database(postgres_server, url)


async def _begun(house: House, name: str, channel: str) -> Play:
    stage = await set_stage(house, read_dialogue(RESTARTED / f"{name}.toml", channel), channel)
    await stage.steps(0, _restart(stage.dialogue))
    return stage


def _restart(dialogue: Dialogue) -> int:
    return next(number for number, step in enumerate(dialogue.step) if step.does == "restarts")


async def test_what_was_said_as_the_agent_stopped_is_answered_once_and_its_repeat_not_again(
    restarted: Restarted, record_property: Callable[[str, object], None]
) -> None:
    record_property(CELL, (8, "repeat", restarted.channel))
    house, side = restarted.house, restarted.unheard.sides["own"]
    await house.quiet()
    await restarted.unheard.say(WHOLE, again=restarted.key)
    await house.quiet()
    assert "registration_submitted" in {came.outcome for came in await house.came(restarted.key)}
    assert kinds(await house.told(side.seat.partner.id)) == ["reply"]
    (made,) = await side.new_registrations()
    assert (made["customer"], made["state"]) == ("Dodder Mills", "submitted")
    asked = [brief for brief in await house.briefs() if made["number"] in brief.text]
    assert sorted(brief.destination for brief in asked) == ["mail", "slack"]


@pytest.mark.parametrize("name", NAMES)
async def test_a_dialogue_goes_on_after_a_restart(
    restarted: Restarted, name: str, record_property: Callable[[str, object], None]
) -> None:
    stage = restarted.stages[name]
    assert stage.dialogue.line is not None
    record_property(CELL, (stage.dialogue.line, stage.dialogue.kind, restarted.channel))
    restarted.house.clock.ahead *= 0
    try:
        await stage.steps(_restart(stage.dialogue) + 1)
    finally:
        await stage.acts.clear_up()
