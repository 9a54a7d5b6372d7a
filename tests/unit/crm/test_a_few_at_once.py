"""Many records are saved a few at a time, and a fault comes out as it is."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from crm.a_few_at_once import AT_ONCE, save_each
from crm.errors import CrmUnavailable
from crm.records import Partner
from tests.contract.records import OTHER_PARTNER
from tests.fakes.crm import InMemoryCrm, Mood

MANY = [replace(OTHER_PARTNER, id=f"p-{n}") for n in range(50)]


async def test_every_record_is_saved_and_told_once() -> None:
    crm, told = InMemoryCrm(), []
    await save_each(crm.save_partner, MANY, lambda: told.append(1))
    assert {partner.id for partner in crm.held("partners")} == {partner.id for partner in MANY}
    assert len(told) == len(MANY)


async def test_no_more_than_a_few_are_on_their_way() -> None:
    running, most = 0, 0

    async def save(_: Partner) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    await save_each(save, MANY)
    assert most == AT_ONCE


async def test_a_fault_ends_it_and_comes_out_as_it_is() -> None:
    crm = InMemoryCrm()
    crm.moods = [Mood.WELL] * 10 + [Mood.UNAVAILABLE] * 40
    with pytest.raises(CrmUnavailable):
        await save_each(crm.save_partner, MANY)
    assert len(crm.held("partners")) <= 10 + AT_ONCE
    crm.moods = []
    await save_each(crm.save_partner, MANY)
    assert len(crm.held("partners")) == len(MANY)
