"""Where the demo has a Slack of its own to write in, the console's seats write mails alone."""

from __future__ import annotations

import pytest

from bot.operations.seats import seats
from tests.scenarios.house import House

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_slack_beside_the_console_takes_the_seats_slack_away(house: House) -> None:
    async with house.app.database.begin() as connection:
        played = await seats(connection, house.app.program)
        beside = await seats(connection, house.app.program, plays_slack=False)
    assert any(seat.slack_channel for seat in played.partners)
    assert not any(seat.slack_channel for seat in beside.partners)
    assert len(played.partners) == len(beside.partners)
