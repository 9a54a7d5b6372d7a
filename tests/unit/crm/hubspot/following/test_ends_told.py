"""That a partner ended in HubSpot is told once for each time, and that it is back, with the partner itself."""

from __future__ import annotations

import pytest

from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.schema import PARTNER_ID
from tests.unit.crm.hubspot.following.conftest import OpenWatch, Watch


async def over_time(it: Watch) -> tuple[list[str], list[str]]:
    """The partners that ended, and those that came, in a few minutes."""
    ended: list[str] = []
    came: list[str] = []
    for _ in range(3):
        it.waits(61)
        found = await it.look()
        ended += found.ended
        came += [one.id for one in found.partners]
    return ended, came


@pytest.mark.parametrize("way", [AttributionWay.PROPERTY, AttributionWay.OBJECT])
async def test_deleted_and_restored(watch: OpenWatch, way: AttributionWay) -> None:
    it = await watch(way)
    partner, kind = await it.partner(), await it.portal.account.partner_type()
    it.contact()
    assert (await it.look()).ended == ()
    it.hub.portal.person_deletes(kind, partner)
    assert await over_time(it) == (["p-1"], [])
    it.hub.portal.person_restores(kind, partner)
    assert await over_time(it) == ([], ["p-1"])
    it.hub.portal.person_deletes(kind, partner)
    assert await over_time(it) == (["p-1"], [])


async def test_merged_into_a_company_that_is_no_partner(watch: OpenWatch) -> None:
    it = await watch()
    partner = await it.partner()
    other = str(it.hub.portal.person_creates("companies", name="P-One Holding").id)
    await it.look()
    it.hub.portal.person_merges("companies", other, partner)
    assert await over_time(it) == (["p-1"], [])
    it.hub.portal.person_edits("companies", other, **{PARTNER_ID: "p-1"})
    assert await over_time(it) == ([], ["p-1"])


async def test_a_partner_that_moves_to_another_company_has_not_ended(watch: OpenWatch) -> None:
    it = await watch()
    partner = await it.partner()
    other = str(it.hub.portal.person_creates("companies", name="P-One Holding").id)
    await it.look()
    it.hub.portal.person_edits("companies", partner, **{PARTNER_ID: ""})
    it.hub.portal.person_edits("companies", other, **{PARTNER_ID: "p-1"})
    assert await over_time(it) == ([], ["p-1"])


async def test_until_the_agent_has_kept_it_it_is_told_again(watch: OpenWatch) -> None:
    it = await watch()
    partner = await it.partner()
    await it.look()
    it.waits(61)
    await it.look()
    it.hub.portal.person_edits("companies", partner, **{PARTNER_ID: ""})
    it.waits(61)
    before = it.cursor
    first = await it.following.changes(before, 500)
    again = await it.following.changes(before, 500)
    assert first.ended == again.ended == ("p-1",)
    it.cursor = again.cursor
    assert await over_time(it) == ([], [])
