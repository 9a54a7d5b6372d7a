"""How people in HubSpot accept or refuse a registration: what is read of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from crm.records import Registration, RegistrationState
from tests.contract.records import DEAL, PARTNER, REGISTRATION
from tests.unit.crm.hubspot.records.conftest import House

REASON = "partnerline_reason"
WAITING = replace(REGISTRATION, state=RegistrationState.SUBMITTED, reason="", code=None, decided_by="", decided_at=None)


async def _waiting(house: House) -> str:
    """HubSpot's id of one that waits."""
    await house.crm.save_registration(WAITING)
    return str(house.deal(WAITING.number).id)


async def _read(house: House) -> Registration:
    found = await house.crm.registration(PARTNER.id, WAITING.number)
    assert found is not None
    return found


def _stage(house: House, label: str) -> str:
    [intake] = [line for line in house.portal.pipelines["0-3"].values() if line.label == "Partner requests"]
    return next(stage.id for stage in intake.stages if stage.label == label)


async def test_one_that_is_taken_into_the_sales_pipeline_is_accepted(house: House) -> None:
    made = await _waiting(house)
    house.portal.person_edits("deals", made, pipeline="default", dealstage="presentationscheduled")
    assert (await _read(house)).state is RegistrationState.APPROVED


async def test_one_that_is_thrown_among_the_lost_deals_is_not(house: House) -> None:
    made = await _waiting(house)
    house.portal.person_edits("deals", made, pipeline="default", dealstage="closedlost")
    assert (await _read(house)).state is WAITING.state


async def test_a_registration_of_what_we_wrote_as_a_deal_is_as_we_say(house: House) -> None:
    await _waiting(house)
    await house.crm.save_deal(replace(DEAL, id=WAITING.number, number=WAITING.number))
    assert (await _read(house)).state is WAITING.state


async def test_the_reason_of_a_refusal_is_the_one_that_people_entered(house: House) -> None:
    made = await _waiting(house)
    house.portal.person_edits("deals", made, **{REASON: "  We sell there ourselves. "})
    assert (await _read(house)).reason == ""
    house.portal.person_edits("deals", made, dealstage=_stage(house, "Registration declined"))
    read = await _read(house)
    assert (read.state, read.reason) == (RegistrationState.DECLINED, "We sell there ourselves.")


@pytest.mark.parametrize("amount", [Decimal(31000), Decimal(42000)])
async def test_a_reason_that_was_entered_early_outlives_what_the_partner_changes(house: House, amount: Decimal) -> None:
    made = await _waiting(house)
    house.portal.person_edits("deals", made, **{REASON: "We sell there ourselves."})
    await house.crm.save_registration(replace(WAITING, amount=amount))
    assert house.deal(WAITING.number).values[REASON] == "We sell there ourselves."


async def test_the_reason_of_a_refusal_of_ours_is_shown_there(house: House) -> None:
    await _waiting(house)
    refused = replace(WAITING, state=RegistrationState.DECLINED, reason="Already our customer.")
    await house.crm.save_registration(refused)
    assert house.deal(WAITING.number).values[REASON] == "Already our customer."
    assert (await _read(house)).reason == "Already our customer."
