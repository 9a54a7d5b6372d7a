"""What a colleague decides in the CRM is an order to the desk: looked into as ever, done once, or told why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from bot.storage import outbox, tables
from bot.storage.crm_writes import registration_row
from bot.vocabulary.results import Done
from bot.worker.mirroring import MirrorJob
from crm.records import Registration, RegistrationState, Stage
from knowledge.program import ApprovalChain
from tests.builders import NOW, deal, euro, registration
from tests.fakes.crm import Mood
from tests.unit.bot.desk.house import FIRST, NOOR, SECOND, House, with_rules


async def says(house: House, held: Registration, state: RegistrationState, reason: str = "") -> None:
    """The CRM says so, the mirror follows, and what fell due is seen to."""
    await house.crm.save_registration(replace(held, state=state, reason=reason))
    await seen(house)


async def seen(house: House) -> None:
    desk = house.desk
    await MirrorJob(house.storage, house.crm, desk.fates, deals=desk.deal_fates, decided=desk.decided)()
    await desk.due()


async def tasks(house: House) -> list[str]:
    async with house.storage.begin() as connection:
        return list(await connection.scalars(select(tables.tasks.c.summary)))


async def test_what_is_accepted_there_becomes_a_protected_deal_and_the_partner_is_told(house: House) -> None:
    held = await house.submitted("D-10001")
    await says(house, held, RegistrationState.APPROVED)
    kept = await house.registration("D-10001")
    assert (kept.state, kept.decided_by) == (RegistrationState.APPROVED, "the CRM")
    assert kept.protected_until == date(2027, 2, 24)
    assert [(d.number, d.stage) for d in await house.deals("p-1")] == [("D-10001", Stage.QUALIFIED)]
    assert "D-10001" in await house.said("p-1")
    assert await tasks(house) == []


async def test_it_is_carried_out_once_however_often_the_crm_says_it(house: House) -> None:
    held = await house.submitted("D-10001")
    for _ in range(3):
        await says(house, held, RegistrationState.APPROVED)
    assert len(await house.told("p-1")) == 1
    assert await tasks(house) == []


async def test_what_is_refused_there_is_told_with_its_reason(house: House) -> None:
    held = await house.submitted("D-10001")
    await says(house, held, RegistrationState.DECLINED, "The customer buys from us directly.")
    assert (await house.registration("D-10001")).state is RegistrationState.DECLINED
    assert "The customer buys from us directly." in await house.said("p-1")


async def test_a_refusal_without_a_reason_is_put_before_the_manager(house: House) -> None:
    held = await house.submitted("D-10001")
    for _ in range(2):
        await says(house, held, RegistrationState.DECLINED)
    assert (await house.registration("D-10001")).state is RegistrationState.SUBMITTED
    assert await house.told("p-1") == []
    [task] = await tasks(house)
    assert "D-10001 was refused in the CRM" in task
    assert "needs a reason" in task


async def test_the_managers_answer_to_it_refuses_with_his_words_and_the_task_is_done(house: House) -> None:
    held = await house.submitted("D-10001")
    await says(house, held, RegistrationState.DECLINED)
    [(manager, brief)] = await house.briefs("D-10001")
    assert manager == NOOR
    assert "a colleague refused it" in brief
    assert "needs a reason" in brief
    done = await house.desk.registrations.refuse("d-10001", NOOR, "Vega buys from us directly.")
    assert isinstance(done, Done)
    assert "Vega buys from us directly." in await house.said("p-1")
    assert await house.briefs("D-10001") == []
    async with house.storage.begin() as connection:
        assert await connection.scalar(select(tables.tasks.c.closed_by)) == NOOR
    await says(house, held, RegistrationState.DECLINED)
    assert len(await tasks(house)) == 1


async def test_the_reason_may_follow_there_and_the_managers_task_is_done_with_it(house: House) -> None:
    held = await house.submitted("D-10001")
    await says(house, held, RegistrationState.DECLINED)
    await says(house, held, RegistrationState.DECLINED, "The customer buys from us directly.")
    assert (await house.registration("D-10001")).state is RegistrationState.DECLINED
    assert "The customer buys from us directly." in await house.said("p-1")
    async with house.storage.begin() as connection:
        assert await connection.scalar(select(tables.tasks.c.closed_by)) == "the CRM"


async def test_what_stands_in_the_way_here_stands_in_the_way_of_a_colleague_there(house: House) -> None:
    held = await house.submitted("D-10001")
    await house.accepted("D-10002", SECOND)
    await says(house, held, RegistrationState.APPROVED)
    assert (await house.registration("D-10001")).state is RegistrationState.SUBMITTED
    [task] = await tasks(house)
    assert "D-10001 was accepted in the CRM, and that could not be taken over: D-10002 of Harbour protects" in task
    assert await house.told("p-1") == []


async def test_the_order_stands_whatever_else_becomes_of_the_registration_meanwhile(house: House) -> None:
    held = await house.submitted("D-10001")
    await house.crm.save_registration(replace(held, state=RegistrationState.APPROVED))
    desk = house.desk
    await MirrorJob(house.storage, house.crm, decided=desk.decided)()
    await house.kept(replace(held, notes="They want to start in March."))
    await desk.due()
    assert (await house.registration("D-10001")).state is RegistrationState.APPROVED


async def test_an_older_deal_of_another_partner_is_looked_for_live(house: House) -> None:
    held = await house.submitted("D-10001")
    await house.crm.save_deal(
        deal(partner_id="p-2", customer_domain="vega.example", number="D-9", products=held.products)
    )
    await says(house, held, RegistrationState.APPROVED)
    assert (await house.registration("D-10001")).state is RegistrationState.SUBMITTED
    assert "older: D-9 of Harbour" in (await tasks(house))[0]


async def test_several_approvers_are_not_replaced_by_one_colleague_there(house: House) -> None:
    chain = ApprovalChain(euro(100), ("noor@lumora.example", "jonas@lumora.example"))
    house.program = with_rules(chains=(chain,))
    held = await house.submitted("D-10001")
    await says(house, held, RegistrationState.APPROVED)
    assert (await house.registration("D-10001")).state is RegistrationState.SUBMITTED
    assert "several managers accept this one in turn" in (await tasks(house))[0]


async def test_a_partner_that_is_gone_from_the_crm_gets_nothing(house: House) -> None:
    held = await house.submitted("D-10001")
    await house.crm.save_registration(replace(held, state=RegistrationState.APPROVED))
    desk = house.desk
    await MirrorJob(house.storage, house.crm, decided=desk.decided)()
    house.crm._rows["partners"].pop("p-1")
    await desk.due()
    assert (await house.registration("D-10001")).state is RegistrationState.SUBMITTED
    assert "no longer in the CRM" in (await tasks(house))[0]


async def test_while_the_crm_is_away_the_order_waits(house: House) -> None:
    held = await house.submitted("D-10001")
    await house.crm.save_registration(replace(held, state=RegistrationState.APPROVED))
    desk = house.desk
    await MirrorJob(house.storage, house.crm, decided=desk.decided)()
    house.crm.mood = Mood.UNAVAILABLE
    await desk.due()
    assert await tasks(house) == []
    house.crm.mood = Mood.WELL
    house.now = NOW.replace(hour=12)
    await house.desk.due()
    assert (await house.registration("D-10001")).state is RegistrationState.APPROVED


async def test_what_the_crm_says_while_our_own_word_is_on_its_way_is_older(house: House) -> None:
    held = await house.submitted("D-10001")
    async with house.storage.begin() as connection:
        await outbox.put(connection, [registration_row(held, "submitted")])
    await says(house, held, RegistrationState.DECLINED, "Declined last month.")
    assert (await house.registration("D-10001")).state is RegistrationState.SUBMITTED
    assert await house.told("p-1") == []


@pytest.mark.parametrize("state", [RegistrationState.APPROVED, RegistrationState.WITHDRAWN, RegistrationState.EXPIRED])
async def test_what_is_decided_here_already_is_not_decided_again_there(house: House, state: RegistrationState) -> None:
    held = await house.submitted("D-10001", state=state, protected_until=date(2027, 1, 1))
    await says(house, held, RegistrationState.DECLINED, "Too late.")
    assert (await house.registration("D-10001")).state is state
    assert await house.told("p-1") == []


async def test_a_registration_of_another_partner_under_that_number_decides_nothing(house: House) -> None:
    held = await house.submitted("D-10001", FIRST)
    await house.crm.save_registration(
        replace(registration(number="D-10001", partner_id="p-2"), state=RegistrationState.APPROVED)
    )
    await seen(house)
    assert await house.registration("D-10001") == held


async def test_another_end_of_the_protection_there_counts_here_and_the_partner_is_told_once(house: House) -> None:
    held = await house.submitted("D-10001", state=RegistrationState.APPROVED, protected_until=date(2027, 1, 1))
    for _ in range(2):
        await house.crm.save_registration(replace(held, protected_until=date(2027, 6, 30)))
        await seen(house)
    kept = await house.registration("D-10001")
    assert (kept.state, kept.protected_until) == (RegistrationState.APPROVED, date(2027, 6, 30))
    assert len(await house.told("p-1")) == 1
    assert "30 June 2027" in await house.said("p-1")
    assert await tasks(house) == []


async def test_an_end_there_that_is_over_ends_the_protection(house: House) -> None:
    held = await house.submitted("D-10001", state=RegistrationState.APPROVED, protected_until=date(2027, 1, 1))
    await house.crm.save_registration(replace(held, protected_until=date(2026, 11, 1)))
    await seen(house)
    assert (await house.registration("D-10001")).state is RegistrationState.EXPIRED


async def test_a_longer_protection_there_takes_nothing_from_another_partner(house: House) -> None:
    ended = await house.submitted("D-10001", state=RegistrationState.APPROVED, protected_until=date(2026, 11, 1))
    await house.accepted("D-10002", SECOND)
    await house.crm.save_registration(replace(ended, protected_until=date(2027, 6, 30)))
    await seen(house)
    assert (await house.registration("D-10001")).protected_until == date(2026, 11, 1)
    [task] = await tasks(house)
    assert "the protection of D-10001 was set to end on 2027-06-30 in the CRM" in task
    assert await house.told("p-1") == []


async def test_what_is_refused_there_after_it_was_accepted_comes_to_the_manager_once(house: House) -> None:
    held = await house.submitted("D-10001", state=RegistrationState.APPROVED, protected_until=date(2027, 1, 1))
    for reason in ("Too late.", "Far too late."):
        await says(house, held, RegistrationState.DECLINED, reason)
    assert (await house.registration("D-10001")).state is RegistrationState.APPROVED
    [task] = await tasks(house)
    assert "was refused in the CRM after it had been accepted" in task
