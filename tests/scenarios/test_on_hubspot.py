"""Dialogues with HubSpot as the CRM: what partners are answered, and what HubSpot then holds."""

from __future__ import annotations

import pytest

from tests.scenarios.dialogue import FOLDER, read_dialogue
from tests.scenarios.house import House
from tests.scenarios.playing import play

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("on hubspot")]

DIALOGUES = (
    ("register_missing_in_slack", "slack"),
    ("decision_by_manager", "mail"),
    ("update_deal", "mail"),
    ("lead_referred", "mail"),
)


@pytest.mark.parametrize(("name", "channel"), DIALOGUES)
async def test_dialogue(on_hubspot: House, name: str, channel: str) -> None:
    await play(on_hubspot, read_dialogue(FOLDER / f"{name}.toml", channel), channel)
