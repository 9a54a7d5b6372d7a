"""A contact that is deleted for privacy in HubSpot is gone from the adapter's own records, and the agent is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from crm.adapters.hubspot.following.event_bodies import ERASED, Touch
from crm.adapters.hubspot.following.webhooks import touch
from crm.adapters.hubspot.records.codec import text_of
from crm.adapters.hubspot.schema import CONTACT_ID
from crm.adapters.hubspot.tables import interactions, objects
from tests.contract.records import CONTACT
from tests.unit.crm.hubspot.following.conftest import OpenWatch, Watch

ANNA = replace(CONTACT, partner_id="p-1", active=True, rights=())


async def knows_anna(it: Watch) -> str:
    await it.partner()
    made = it.contact(
        ANNA.email,
        **{CONTACT_ID: ANNA.id, "partnerline_data": text_of(ANNA), "firstname": "Anna", "lastname": "Müller"},
    )
    await it.look()
    await it.hears()
    await it.look()
    return made


async def kept_of(it: Watch, *words: str) -> Sequence[str]:
    """Which of these words stand in a table of the adapter."""
    found = []
    async with it.engine.connect() as connection:
        for table in (objects, interactions):
            for row in (await connection.execute(select(table))).all():
                found += [word for word in words if word in repr(row)]
    return found


async def test_who_is_deleted_for_privacy_is_gone_here_too(watch: OpenWatch) -> None:
    it = await watch(events=True)
    anna = await knows_anna(it)
    assert await kept_of(it, ANNA.email)
    it.hub.portal.person_forgets(anna)
    await it.hears()
    found = await it.look()
    assert found.erased == (ANNA.id,)
    assert [(one.id, one.active) for one in found.contacts] == [(ANNA.id, False)]
    assert (await it.look()).erased == ()
    assert await kept_of(it, ANNA.email, "Müller") == []


async def test_until_the_agent_has_kept_it_it_is_told_again(watch: OpenWatch) -> None:
    """The agent died between the page and its commit."""
    it = await watch(events=True)
    anna = await knows_anna(it)
    it.hub.portal.person_forgets(anna)
    await it.hears()
    before = it.cursor
    first = await it.following.changes(before, 500)
    again = await it.following.changes(before, 500)
    assert first.erased == again.erased == (ANNA.id,)
    it.cursor = again.cursor
    assert (await it.look()).erased == ()


async def test_who_is_only_deleted_is_not_erased(watch: OpenWatch) -> None:
    it = await watch(events=True)
    anna = await knows_anna(it)
    it.hub.portal.person_deletes("contacts", anna)
    await it.hears()
    found = await it.look()
    assert found.erased == ()
    assert [one.active for one in found.contacts] == [False]
    await it.look()
    assert await kept_of(it, ANNA.email)


async def test_an_event_is_not_believed_while_hubspot_still_has_the_contact(watch: OpenWatch) -> None:
    it = await watch(events=True)
    anna = await knows_anna(it)
    await touch(it.engine, [Touch(ERASED, anna, it.now(), deleted=True)])
    assert (await it.look()).erased == ()
    await it.look()
    assert await kept_of(it, ANNA.email)


@pytest.mark.parametrize("id_", ["987654321", "0"])
async def test_a_stranger_is_nobodys_loss(watch: OpenWatch, id_: str) -> None:
    it = await watch(events=True)
    await knows_anna(it)
    await touch(it.engine, [Touch(ERASED, id_, it.now(), deleted=True)])
    assert (await it.look()).erased == ()
