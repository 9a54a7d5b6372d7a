"""In the demo, too, managers press buttons and write under cards, though no Slack is on the other side."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
import pytest_asyncio

from bot.demo.slack_posts import demo_ts
from bot.storage import registrations
from bot.storage.following import follow
from crm.records import RegistrationState
from tests.builders import registration
from tests.fakes.slack.presses import press_payload
from tests.scenarios.doors import Doors
from tests.scenarios.house import House, Told
from tests.scenarios.seats import take_seat

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.xdist_group("demo managers")]

_numbers = count(720_001)


@pytest_asyncio.fixture(loop_scope="session")
async def card(house: House) -> Told:
    """The card of a registration that waits for Noor."""
    seat, number = await take_seat(house, "quaywise"), f"D-{next(_numbers)}"
    made = replace(
        registration(
            number=number, partner_id=seat.partner.id, contact_id=seat.contacts[seat.main].id,
            state=RegistrationState.SUBMITTED, customer=f"Kilbride {number}", customer_domain=f"{number}.example",
        ),
        submitted_at=house.app.now(), priority_at=house.app.now(),
    )  # fmt: skip
    await house.app.crm.save_registration(made)
    async with house.app.database.begin() as connection:
        await registrations.save(connection, made)
        await follow(connection, house.app.queue, house.app.program, made, house.app.now())
    await house.quiet()
    return [b for b in await house.briefs() if b.destination == "slack" and number in b.text][-1]


def button(card: Told) -> str:
    (actions,) = [block for block in card.payload["blocks"] if block["type"] == "actions"]
    return str(actions["elements"][0]["value"])


def number(card: Told) -> str:
    return card.text.split()[1].rstrip(":")


async def state(house: House, card: Told) -> RegistrationState:
    async with house.app.database.reading() as connection:
        kept = await registrations.find(connection, number(card))
    assert kept is not None
    return kept.registration.state


async def test_a_press_in_the_demo_decides(house: House, doors: Doors, card: Told) -> None:
    assert card.to == "U0NOOR"
    await doors.press(
        press_payload("U0NOOR", "T0LUMORA", "D0NOOR", "brief:approve", button(card), message_ts=demo_ts(card.id))
    )
    await house.quiet()
    assert await state(house, card) is RegistrationState.APPROVED


async def test_a_line_under_a_card_in_the_demo_decides(house: House, doors: Doors, card: Told) -> None:
    event = {
        "type": "message", "channel": "D0NOOR", "channel_type": "im", "user": "U0NOOR", "text": "refuse: too small",
        "ts": doors.new_ts(), "thread_ts": demo_ts(card.id), "team": "T0LUMORA",
    }  # fmt: skip
    await doors.event(event)
    await house.quiet()
    assert await state(house, card) is RegistrationState.DECLINED
