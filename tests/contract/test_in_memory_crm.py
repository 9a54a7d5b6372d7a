"""The fake CRM keeps the contract of every CRM, and its moods are what they say."""

from __future__ import annotations

import asyncio

import pytest

from crm.errors import CrmOutcomeUnknown, CrmRejected, CrmUnavailable
from tests.contract.crm_contract import CrmContract
from tests.contract.records import PARTNER
from tests.fakes.crm import InMemoryCrm, Mood


class TestInMemoryCrm(CrmContract):
    @pytest.fixture
    async def crm(self) -> InMemoryCrm:
        return InMemoryCrm()


@pytest.mark.parametrize(
    ("mood", "error", "written"),
    [
        (Mood.UNAVAILABLE, CrmUnavailable, False),
        (Mood.REJECTING, CrmRejected, False),
        (Mood.ANSWER_LOST, CrmOutcomeUnknown, True),
        (Mood.REQUEST_LOST, CrmOutcomeUnknown, False),
    ],
)
async def test_a_mood_fails_one_write(mood: Mood, error: type[Exception], written: bool) -> None:
    crm = InMemoryCrm()
    crm.moods = [mood]
    with pytest.raises(error):
        await crm.save_partner(PARTNER)
    assert (await crm.partner(PARTNER.id) == PARTNER) is written
    assert crm.calls == ["save_partner", "partner"]


async def test_a_delayed_crm_answers_once_it_may_go_on() -> None:
    crm = InMemoryCrm(Mood.DELAYED)
    saving = asyncio.ensure_future(crm.save_partner(PARTNER))
    await asyncio.sleep(0.01)
    assert not saving.done()
    crm.go_on.set()
    await saving
    assert crm.held("partners") == [PARTNER]
