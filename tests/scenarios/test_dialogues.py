"""Every dialogue file, through each of its channels: what is answered, and what the CRM then holds."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from tests.scenarios.dialogue import FOLDER, every_dialogue, read_dialogue
from tests.scenarios.house import House
from tests.scenarios.matrix import CELL
from tests.scenarios.playing import play

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(("name", "channel"), every_dialogue(all_channels=bool(os.environ.get("ALL_CHANNELS"))))
async def test_dialogue(house: House, name: str, channel: str, record_property: Callable[[str, object], None]) -> None:
    dialogue = read_dialogue(FOLDER / f"{name}.toml", channel)
    if dialogue.line is not None and dialogue.kind is not None:
        record_property(CELL, (dialogue.line, dialogue.kind, channel))
    await play(house, dialogue, channel)
