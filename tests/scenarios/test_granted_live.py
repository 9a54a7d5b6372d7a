"""What grants something asks the CRM itself, while the mirror still holds what was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desk.live import LiveDeals
from bot.storage import mirror
from crm.adapters.hubspot.schema import SOURCED_BY
from crm.records import Deal, Stage
from tests.fakes.hubspot import Hub
from tests.scenarios.house import House
from tests.scenarios.seats import Seat, take_seat

pytestmark = pytest.mark.asyncio(loop_scope="session")


def live(house: House) -> LiveDeals:
    return LiveDeals(house.app.database, house.app.crm, patience=1.0)


async def mirrored(house: House, seat: Seat) -> Deal:
    async with house.app.database.reading() as connection:
        deals = await mirror.of_partner(connection, Deal, seat.partner.id)
    return next(deal for deal in deals if deal.stage.open and deal.others == ())


async def test_by_the_agents_own_records(house: House) -> None:
    seat = await take_seat(house, "northgate")
    known = await mirrored(house, seat)
    said = await live(house).deals(seat.partner.id, [known.number])
    assert said.deals[known.number] == known
    await house.app.crm.save_deal(replace(known, stage=Stage.LOST))
    said = await live(house).deals(seat.partner.id, [known.number])
    assert said.deals[known.number] == replace(known, stage=Stage.LOST)
    await house.app.crm.save_deal(replace(known, partner_id=seat.foreign.partner_id))
    said = await live(house).deals(seat.partner.id, [known.number])
    assert said.deals[known.number] is None
    assert list(said.unsettled) == [known.number]


@pytest.mark.xdist_group("on hubspot")
async def test_by_what_hubspot_says(on_hubspot: House, hub: Hub) -> None:
    house, seat = on_hubspot, await take_seat(on_hubspot, "northgate")
    known = await mirrored(house, seat)
    said = await live(house).deals(seat.partner.id, [known.number])
    assert said.deals[known.number] == known
    assert said.unsettled == {}
    card = hub.portal.one("deals", partnerline_number=known.number)
    hub.portal.person_edits("deals", card.id, dealstage="closedwon")
    said = await live(house).deals(seat.partner.id, [known.number])
    found = said.deals[known.number]
    assert found is not None
    assert found.stage is Stage.WON
    hub.portal.person_edits("deals", card.id, **{SOURCED_BY: ""})
    said = await live(house).deals(seat.partner.id, [known.number])
    assert said.deals[known.number] is None
    assert list(said.unsettled) == [known.number]
    hub.moods.outage()
    try:
        said = await live(house).deals(seat.partner.id, [known.number])
    finally:
        hub.moods.recover()
    assert "does not answer" in said.unsettled[known.number]
