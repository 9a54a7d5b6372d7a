"""Accepting and refusing: by who may, once, and never a customer and product to two partners."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.storage import threads
from bot.vocabulary.message import ThreadKind
from bot.vocabulary.results import Done, NotDone
from crm.records import Attribution, Channel, Partner, ReasonCode, RegistrationState, Stage
from tests.builders import NOW, deal, euro
from tests.fakes.crm import Mood
from tests.unit.bot.desk.house import FIRST, JONAS, NOOR, SECOND, House


async def test_what_is_accepted_becomes_a_deal_under_the_same_number(house: House) -> None:
    await house.submitted("D-10001", FIRST)
    assert isinstance(await house.desk.registrations.approve("d-10001 ", NOOR), Done)
    deals, kept = await house.deals("p-1"), await house.registration("D-10001")
    assert [(d.number, d.stage, d.stage_since) for d in deals] == [("D-10001", Stage.QUALIFIED, NOW.date())]
    assert kept.protected_until is not None
    assert (kept.protected_until - NOW.date()).days == 90


async def test_deciding_twice_in_two_places_acts_once(house: House) -> None:
    await house.submitted("D-10001", FIRST)
    results = await asyncio.gather(*(house.desk.registrations.approve("D-10001", NOOR) for _ in range(4)))
    assert sorted(type(r).__name__ for r in results) == ["Done", "NotDone", "NotDone", "NotDone"]
    again = await house.desk.registrations.refuse("D-10001", NOOR, "too late")
    assert isinstance(again, NotDone)
    assert "approved already by noor" in again.text


async def test_a_customer_and_product_are_given_to_one_partner_only(house: House) -> None:
    await house.submitted("D-10001", FIRST)
    await house.submitted("D-10002", SECOND)
    approve = house.desk.registrations.approve
    results = await asyncio.gather(approve("D-10001", NOOR), approve("D-10002", NOOR))
    assert [type(r).__name__ for r in results] == ["Done", "NotDone"]
    late = await approve("D-10002", NOOR)
    assert isinstance(late, NotDone)
    assert "D-10001 of Brightpath protects this customer and product" in late.text


async def test_another_product_of_the_same_customer_is_free(house: House) -> None:
    await house.submitted("D-10001", FIRST, products=("Lumora Core",))
    await house.submitted("D-10002", SECOND, products=("Lumora Assist",))
    assert isinstance(await house.desk.registrations.approve("D-10001", NOOR), Done)
    # The deal that the first became is younger than the second registration, so it is in nobody's way.
    assert isinstance(await house.desk.registrations.approve("D-10002", NOOR), Done)


async def test_an_older_open_deal_with_the_customer_stands_in_the_way(house: House) -> None:
    wanted = await house.submitted("D-10001", FIRST)
    older = replace(
        deal(number="D-777", partner_id="p-2", customer_domain=wanted.customer_domain, stage=Stage.PROPOSAL),
        created_on=date(2026, 1, 5),
    )
    await house.crm.save_deal(older)
    result = await house.desk.registrations.approve("D-10001", NOOR)
    assert isinstance(result, NotDone)
    assert "older" in result.text
    assert (await house.registration("D-10001")).state is RegistrationState.SUBMITTED


@pytest.mark.parametrize(
    ("owner", "changes", "why"),
    [
        (FIRST, {}, "decides for DACH"),
        (SECOND, {"amount": 100_001}, "up to EUR 100,000"),
        (SECOND, {"currency": "USD"}, "another currency"),
    ],
)
async def test_a_manager_decides_what_is_his(house: House, owner: Partner, changes: dict[str, Any], why: str) -> None:
    given: dict[str, Any] = {k: Decimal(v) if isinstance(v, int) else v for k, v in changes.items()}
    await house.submitted("D-10001", owner, **given)
    result = await house.desk.registrations.approve("D-10001", JONAS)
    assert isinstance(result, NotDone)
    assert why in result.text


async def test_nothing_is_granted_while_the_crm_cannot_be_read(house: House) -> None:
    await house.submitted("D-10001", FIRST)
    house.crm.mood = Mood.UNAVAILABLE
    result = await house.desk.registrations.approve("D-10001", NOOR)
    assert isinstance(result, NotDone)
    assert (await house.registration("D-10001")).state is RegistrationState.SUBMITTED


async def test_what_gives_nothing_away_does_not_wait_for_the_crm(house: House) -> None:
    await house.submitted("D-10001")
    await house.submitted("D-10002", customer_domain="orion.example")
    house.crm.mood = Mood.UNAVAILABLE
    assert isinstance(await house.desk.registrations.refuse("D-10001", NOOR, "Not for us."), Done)
    assert isinstance(await house.desk.registrations.ask("D-10002", NOOR, "Which department?"), Done)


@pytest.mark.parametrize(("by", "why"), [("somebody@else.example", "no manager"), (NOOR, "no registration")])
async def test_a_stranger_or_an_unknown_number_is_told_apart(house: House, by: str, why: str) -> None:
    result = await house.desk.registrations.approve("D-99999", by)
    assert isinstance(result, NotDone)
    assert why in result.text


async def test_a_refusal_needs_a_reason(house: House) -> None:
    await house.submitted("D-10001", FIRST)
    assert isinstance(await house.desk.registrations.refuse("D-10001", NOOR, " \n "), NotDone)
    assert isinstance(await house.desk.registrations.refuse("D-10001", NOOR, "The customer asked us not to."), Done)
    assert (await house.registration("D-10001")).state is RegistrationState.DECLINED


async def test_a_draft_is_not_decided(house: House) -> None:
    await house.submitted("D-10001", FIRST, state=RegistrationState.DRAFT)
    result = await house.desk.registrations.approve("D-10001", NOOR)
    assert isinstance(result, NotDone)
    assert "draft" in result.text


async def test_a_refusal_by_a_person_tells_the_reason_and_the_next_steps(house: House) -> None:
    await house.submitted("D-10001")
    await house.desk.registrations.refuse("D-10001", NOOR, "The customer  asked us\nnot to.")
    refused = await house.registration("D-10001")
    assert (refused.code, refused.decided_by) == (ReasonCode.DECLINED_BY_PERSON, NOOR)
    said = await house.said("p-1")
    assert "The customer asked us not to." in said
    assert "ask for a person" in said


async def test_whoever_comes_first_is_decided_first_and_only_the_manager_hears_of_it(house: House) -> None:
    await house.submitted("D-10001", FIRST, priority_at=NOW - timedelta(hours=3))
    await house.submitted("D-10002", SECOND)
    early = await house.desk.registrations.approve("D-10002", NOOR)
    assert isinstance(early, NotDone)
    assert "D-10001 of Brightpath came first" in early.text
    assert await house.told("p-2") == []
    assert isinstance(await house.desk.registrations.refuse("D-10001", NOOR, "No such project."), Done)
    assert isinstance(await house.desk.registrations.approve("D-10002", NOOR), Done)


async def test_the_customers_own_choice_outweighs_an_older_deal_but_nobodys_protection(house: House) -> None:
    await house.crm.save_deal(
        replace(deal(number="D-777", partner_id="", customer_domain="vega.example"), created_on=date(2026, 1, 5))
    )
    await house.submitted("D-10001", evidence="We want Brightpath.")
    assert isinstance(await house.desk.registrations.approve("D-10001", NOOR), Done)
    await house.submitted("D-10002", SECOND, evidence="We want Harbour.")
    result = await house.desk.registrations.approve("D-10002", NOOR)
    assert isinstance(result, NotDone)
    assert "D-10001 of Brightpath protects" in result.text


async def test_the_crms_own_deal_of_that_number_is_not_overwritten(house: House) -> None:
    held = deal(id="h-1", number="D-10001", customer_domain="vega.example", amount=euro(1))
    await house.crm.save_deal(held)
    await house.submitted("D-10001", attribution=Attribution.INFLUENCED)
    assert isinstance(await house.desk.registrations.approve("D-10001", NOOR), Done)
    assert not [key for key in await house.to_crm() if key.startswith("crm:save_deal")]
    assert await house.deals("p-1") == ()


async def test_the_deal_keeps_the_attribution_of_the_registration(house: House) -> None:
    await house.submitted("D-10001", attribution=Attribution.INFLUENCED)
    await house.desk.registrations.approve("D-10001", NOOR)
    (made,) = await house.deals("p-1")
    assert made.attribution is Attribution.INFLUENCED


async def test_a_question_goes_back_to_the_thread_which_then_waits_for_the_answer(house: House) -> None:
    await house.submitted("D-10001")
    done = await house.desk.registrations.ask("D-10001", NOOR, "Which department buys?")
    assert isinstance(done, Done)
    asked = await house.registration("D-10001")
    assert (asked.state, asked.question) == (RegistrationState.NEEDS_INFO, "Which department buys?")
    (letter,) = await house.told("p-1")
    assert "Which department buys?" in letter["text"]
    async with house.storage.begin() as connection:
        thread = await threads.owner_of(connection, [letter["reply_key"]])
    assert thread is not None
    assert (thread.context.kind, thread.context.subject_ref) == (ThreadKind.QUESTION, "D-10001")
    twice = await house.desk.registrations.ask("D-10001", NOOR, "And which budget?")
    assert isinstance(twice, NotDone)


async def test_what_was_asked_may_still_be_decided_and_then_nothing_waits(house: House) -> None:
    async with house.storage.begin() as connection:
        thread_id = await threads.open_thread(connection, Channel.EMAIL, "Vega", partner_id="p-1")
    await house.submitted("D-10001", thread_id=thread_id)
    await house.desk.registrations.ask("D-10001", NOOR, "Which department buys?")
    assert isinstance(await house.desk.registrations.approve("D-10001", NOOR), Done)
    async with house.storage.begin() as connection:
        thread = await threads.get(connection, thread_id)
    assert thread is not None
    assert thread.context.asked == ()


@pytest.mark.parametrize("words", ["", " \n "])
async def test_a_question_needs_words(house: House, words: str) -> None:
    await house.submitted("D-10001")
    assert isinstance(await house.desk.registrations.ask("D-10001", NOOR, words), NotDone)


async def test_a_manager_sets_another_end_and_the_partner_is_told(house: House) -> None:
    await house.accepted("D-10001", FIRST)
    done = await house.desk.registrations.protect("D-10001", NOOR, date(2027, 3, 31))
    assert isinstance(done, Done)
    assert (await house.registration("D-10001")).protected_until == date(2027, 3, 31)
    assert "now protected until 31 March 2027" in await house.said("p-1")
    assert isinstance(await house.desk.registrations.protect("D-10001", NOOR, date(2027, 3, 31)), NotDone)


async def test_a_protection_that_a_manager_ends_makes_room_and_can_come_back_only_where_nobody_took_it(
    house: House,
) -> None:
    await house.accepted("D-10001", FIRST)
    await house.desk.registrations.protect("D-10001", NOOR, NOW.date() - timedelta(days=1))
    assert (await house.registration("D-10001")).state is RegistrationState.EXPIRED
    assert "has ended" in await house.said("p-1")
    assert isinstance(await house.desk.registrations.protect("D-10001", NOOR, date(2027, 1, 31)), Done)
    assert (await house.registration("D-10001")).state is RegistrationState.APPROVED
    await house.desk.registrations.protect("D-10001", NOOR, NOW.date() - timedelta(days=1))
    await house.submitted("D-10002", SECOND)
    assert isinstance(await house.desk.registrations.approve("D-10002", NOOR), Done)
    back = await house.desk.registrations.protect("D-10001", NOOR, date(2027, 2, 28))
    assert isinstance(back, NotDone)
    assert "D-10002" in back.text


@pytest.mark.parametrize(
    "state", [RegistrationState.SUBMITTED, RegistrationState.DECLINED, RegistrationState.WITHDRAWN]
)
async def test_only_what_was_accepted_is_protected(house: House, state: RegistrationState) -> None:
    await house.submitted("D-10001", state=state)
    assert isinstance(await house.desk.registrations.protect("D-10001", NOOR, date(2027, 1, 31)), NotDone)


async def test_each_change_reaches_the_crm_however_often_the_state_comes_back(house: House) -> None:
    await house.submitted("D-10001")
    for question in ("Which department?", "Which budget?"):
        await house.desk.registrations.ask("D-10001", NOOR, question)
        house.now += timedelta(hours=1)
        again = replace(await house.registration("D-10001"), state=RegistrationState.SUBMITTED, submitted_at=house.now)
        await house.kept(again)
    asked = [key for key in await house.to_crm() if ":needs_info:" in key and key.startswith("crm:save_registration")]
    assert len(asked) == 2


async def test_a_manager_takes_a_draft_as_it_is_for_a_customer_without_a_web_site(house: House) -> None:
    draft = replace(
        await house.submitted("D-10009", FIRST, customer="Bakery Peeters", customer_domain=""),
        state=RegistrationState.DRAFT, submitted_at=None, decide_by=None, priority_at=None,
    )  # fmt: skip
    await house.kept(draft)
    assert isinstance(await house.desk.registrations.submit("D-10009", NOOR), Done)
    taken = await house.registration("D-10009")
    assert (taken.state, taken.customer_country) == (RegistrationState.SUBMITTED, FIRST.country)
    assert taken.decide_by is not None
    assert taken.priority_at is not None
    assert "as it stands" in await house.said(FIRST.id)
    assert [job["number"] for job in await house.jobs("screen")][-1] == "D-10009"
    again = await house.desk.registrations.submit("D-10009", NOOR)
    assert isinstance(again, NotDone)
    assert "only a draft" in again.text


@pytest.mark.parametrize(("changes", "lacks"), [({"customer": ""}, "customer"), ({"products": ()}, "product")])
async def test_a_draft_that_claims_nothing_is_not_taken(house: House, changes: dict[str, Any], lacks: str) -> None:
    draft = await house.submitted("D-10010", FIRST, **changes)
    await house.kept(replace(draft, state=RegistrationState.DRAFT))
    result = await house.desk.registrations.submit("D-10010", NOOR)
    assert isinstance(result, NotDone)
    assert f"no {lacks}" in result.text
