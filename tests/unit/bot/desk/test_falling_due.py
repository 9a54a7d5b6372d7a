"""Drafts, promises and protections over time: what the partner reads, what managers read, what is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.storage import registrations
from bot.storage.database import Database
from bot.storage.queue import Queue
from crm.records import Channel, Registration, RegistrationState, Stage
from tests.builders import contact, deal, draft, partner, registration
from tests.unit.bot.desk.timed import TimedHouse, at
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]

NOOR, JONAS = "noor@lumora.example", "jonas@lumora.example"


@pytest.fixture
async def house(storage: Database, queue: Queue) -> TimedHouse:
    made = TimedHouse(storage, queue)
    await made.moves_in()
    return made


def accepted(until: str = "2027-02-24", **changes: object) -> Registration:
    made = registration(
        state=RegistrationState.APPROVED,
        decided_at=at("2026-11-26"),
        decided_by=NOOR,
        protected_until=date.fromisoformat(until),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def its_deal(stage: Stage = Stage.QUALIFIED) -> object:
    return deal(id="D-2001", number="D-2001", customer="Vega Foods BV", customer_domain="vega.example", stage=stage)


async def test_a_draft_is_reminded_of_once_with_what_is_missing_in_its_own_thread(house: TimedHouse) -> None:
    thread = await house.opens_thread()
    await house.saves(draft(), thread)
    await house.passes(at("2026-12-20"))
    (said,) = await house.told()
    assert "Your draft D-3001 (Orion AG) is not complete yet." in said
    assert "- estimated value with its currency" in said or "- currency of the value" in said
    assert "- expected close date" in said
    assert "26 December 2026" in said
    context = (await house.thread(thread)).context
    assert set(context.asked) == {"currency", "close_date"}
    assert context.subject_ref == "D-3001"
    assert await house.logged() == [("log_interaction", "draft_reminder")]
    assert "message_out" in await house.in_ledger()


async def test_a_managers_question_is_asked_once_more_and_closed_when_nobody_answers(house: TimedHouse) -> None:
    thread = await house.opens_thread()
    asked = replace(
        draft(), state=RegistrationState.NEEDS_INFO, question="Who signs at Orion?", asked_at=draft().opened_at
    )
    await house.saves(asked, thread)
    await house.passes(at("2026-12-20"))
    (said,) = await house.told()
    assert "Who signs at Orion?" in said
    assert "26 December 2026" in said
    assert (await house.thread(thread)).context.asked == ("answer",)
    await house.passes(at("2026-12-27"))
    assert "our question about it was not answered" in (await house.told())[-1]
    assert (await house.thread(thread)).context.asked == ()
    assert (await house.registration("D-3001")).state is RegistrationState.EXPIRED


async def test_in_slack_a_reminder_asks_for_three_things_at_most(house: TimedHouse) -> None:
    thread = await house.opens_thread(Channel.SLACK)
    bare = draft(contact_name="", contact_email="", amount=None, products=())
    await house.saves(bare, thread)
    await house.passes(at("2026-12-02"))
    (said,) = await house.told()
    assert said.count("\n- ") == 3


async def test_a_complete_draft_is_asked_for_its_word(house: TimedHouse) -> None:
    thread = await house.opens_thread()
    await house.saves(draft(currency="EUR", close_date=date(2027, 3, 1)), thread)
    await house.passes(at("2026-12-02"))
    (said,) = await house.told()
    assert "Would you like us to register the deal?" in said
    assert (await house.thread(thread)).context.asked == ("confirmation",)


async def test_a_draft_that_nobody_completes_is_closed_after_thirty_days_and_the_partner_told(
    house: TimedHouse,
) -> None:
    thread = await house.opens_thread()
    await house.saves(draft(), thread)
    await house.passes(at("2026-12-27", 8))
    assert (await house.registration("D-3001")).state is RegistrationState.DRAFT
    await house.passes(at("2026-12-27", 10))
    assert (await house.registration("D-3001")).state is RegistrationState.EXPIRED
    _, said = await house.told()
    assert "We have closed your draft D-3001 (Orion AG), because it had not been submitted by 26 December 2026." in said
    assert ("save_registration", "expired") in await house.logged()
    assert (await house.thread(thread)).context.asked == ()
    assert await house.waiting() == []


async def test_an_answer_in_time_leaves_nothing_to_remind_of(house: TimedHouse) -> None:
    await house.saves(draft())
    await house.changes("D-3001", state=RegistrationState.WITHDRAWN)
    assert await house.waiting() == []
    assert await house.passes(at("2027-01-10"), timedelta(days=1)) == 0
    assert await house.told() == []


async def test_a_timer_whose_registration_changed_unseen_does_nothing(house: TimedHouse) -> None:
    """As where another part of the system saved it without planning anew."""
    await house.saves(draft())
    gone = replace(draft(), state=RegistrationState.WITHDRAWN)
    async with house.storage.begin() as connection:
        await registrations.save(connection, gone)
    assert await house.passes(at("2027-01-10"), timedelta(days=1)) == 2
    assert await house.told() == []
    assert (await house.registration("D-3001")).state is RegistrationState.WITHDRAWN


async def test_a_partner_that_is_gone_is_told_nothing(house: TimedHouse) -> None:
    await house.saves(replace(draft(), partner_id="p-9"))
    await house.passes(at("2027-01-10"), timedelta(days=1))
    assert await house.told() == []


async def test_a_manager_is_reminded_at_three_quarters_and_everybody_hears_when_it_is_over(house: TimedHouse) -> None:
    await house.saves(registration())  # Thursday 10:00; promised by Monday, 62 business hours
    await house.passes(at("2026-11-30", 7))
    assert await house.briefed() == []
    await house.passes(at("2026-11-30", 23))
    assert await house.briefed() == [
        (NOOR, "Reminder: D-2001 (Vega Foods BV) of Brightpath is to be decided by 30 Nov 2026")
    ]
    assert await house.told() == []
    await house.passes(at("2026-12-05"))
    overdue = "Overdue: D-2001 (Vega Foods BV) of Brightpath was to be decided by 30 Nov 2026"
    told = [who for who, title in await house.briefed() if title == overdue]
    assert sorted(told) == sorted(m.email for m in house.program.managers)
    (said,) = await house.told()
    assert "We promised you a decision on your registration D-2001 (Vega Foods BV) by 30 November 2026." in said
    assert "Noor Haddad is looking after it" in said


async def test_silence_accepts_nothing(house: TimedHouse) -> None:
    await house.saves(registration())
    await house.passes(at("2027-03-01"), timedelta(days=2))
    assert (await house.registration("D-2001")).state is RegistrationState.SUBMITTED
    assert len(await house.told()) == 1


async def test_a_decision_stops_the_clock(house: TimedHouse) -> None:
    await house.saves(registration())
    await house.changes("D-2001", state=RegistrationState.DECLINED)
    await house.passes(at("2026-12-10"))
    assert await house.briefed() == []


async def test_a_question_to_the_partner_pauses_the_promise_and_its_answer_starts_another(house: TimedHouse) -> None:
    await house.saves(registration())
    await house.changes("D-2001", state=RegistrationState.NEEDS_INFO)
    await house.passes(at("2026-12-04"))
    assert await house.briefed() == []
    await house.changes(
        "D-2001", state=RegistrationState.SUBMITTED, submitted_at=house.now, decide_by=date(2026, 12, 8)
    )
    await house.passes(at("2026-12-08", 23))
    assert [title for _, title in await house.briefed()] == [
        "Reminder: D-2001 (Vega Foods BV) of Brightpath is to be decided by 08 Dec 2026"
    ]


async def test_a_protection_is_reminded_of_twice_and_an_extension_offered(house: TimedHouse) -> None:
    await house.has(its_deal())  # type: ignore[arg-type]
    thread = await house.opens_thread()
    await house.saves(accepted(), thread)
    await house.passes(at("2027-02-22"), timedelta(days=1))
    first, second = await house.told()
    assert first == second
    assert "the protection of your registration D-2001 (Vega Foods BV) ends on 24 February 2027" in first
    assert "can be extended once, until 25 April 2027" in first
    assert "within the last 30 days" in first
    context = (await house.thread(thread)).context
    assert context.asked == ("extension",)
    assert context.subject_ref == "D-2001"


async def test_what_was_extended_already_is_only_reminded_of(house: TimedHouse) -> None:
    await house.has(its_deal())  # type: ignore[arg-type]
    thread = await house.opens_thread()
    await house.saves(accepted(extensions=1), thread)
    await house.passes(at("2027-02-11"), timedelta(days=1))
    (said,) = await house.told()
    assert "extended" not in said
    assert (await house.thread(thread)).context.asked == ()


async def test_after_an_outage_one_reminder_is_enough(house: TimedHouse) -> None:
    await house.has(its_deal())  # type: ignore[arg-type]
    await house.saves(accepted())
    assert await house.wakes(at("2027-02-22")) == 2
    assert len(await house.told()) == 1


async def test_after_a_long_outage_nobody_is_reminded_of_what_is_over(house: TimedHouse) -> None:
    await house.has(its_deal())  # type: ignore[arg-type]
    await house.saves(accepted())
    assert await house.wakes(at("2027-02-26")) == 3
    (said,) = await house.told()
    assert "ended on 24 February 2027" in said


async def test_a_protection_ends_with_its_last_day(house: TimedHouse) -> None:
    await house.has(its_deal())  # type: ignore[arg-type]
    await house.saves(accepted())
    await house.passes(at("2027-02-24", 23), timedelta(days=1))
    assert await house.holder(accepted()) is not None
    await house.passes(at("2027-02-25", 9))
    assert (await house.registration("D-2001")).state is RegistrationState.EXPIRED
    assert await house.holder(accepted()) is None
    said = (await house.told())[-1]
    assert "The protection of your registration D-2001 (Vega Foods BV) ended on 24 February 2027." in said
    assert "register it again" in said
    assert await house.briefed() == [(NOOR, "The protection of D-2001 (Vega Foods BV) has ended")]
    assert await house.waiting() == []


@pytest.mark.parametrize("stage", [Stage.WON, Stage.LOST])
async def test_a_closed_deal_gives_its_customer_free_and_nobody_is_told(house: TimedHouse, stage: Stage) -> None:
    await house.has(its_deal(stage))  # type: ignore[arg-type]
    await house.saves(accepted())
    await house.passes(at("2027-03-01"), timedelta(days=1))
    assert await house.holder(accepted()) is None
    assert (await house.registration("D-2001")).state is RegistrationState.APPROVED
    assert await house.told() == []
    assert await house.briefed() == []


async def test_an_extension_moves_the_end_and_its_reminders(house: TimedHouse) -> None:
    await house.has(its_deal())  # type: ignore[arg-type]
    await house.saves(accepted())
    await house.passes(at("2027-02-11"), timedelta(days=1))
    await house.changes("D-2001", protected_until=date(2027, 4, 25), extensions=1)
    await house.passes(at("2027-04-26"), timedelta(days=1))
    assert [("ends on" in said, "ended on 25 April" in said) for said in await house.told()] == [
        (True, False),
        (True, False),
        (True, False),
        (False, True),
    ]


async def test_a_manager_may_end_a_protection_sooner(house: TimedHouse) -> None:
    await house.has(its_deal())  # type: ignore[arg-type]
    await house.saves(accepted())
    await house.changes("D-2001", protected_until=date(2026, 11, 28))
    await house.passes(at("2026-11-30"))
    assert (await house.registration("D-2001")).state is RegistrationState.EXPIRED
    assert [said for said in await house.told() if "A short reminder" in said] == []  # both days were past


async def test_nothing_is_lost_in_an_outage_and_nothing_told_twice(house: TimedHouse) -> None:
    await house.has(its_deal())  # type: ignore[arg-type]
    await house.saves(draft())
    await house.saves(accepted("2026-12-20"))
    await house.wakes(at("2026-12-28"))
    assert await house.wakes(at("2026-12-28", 13)) == 0
    assert (await house.registration("D-3001")).state is RegistrationState.EXPIRED
    assert (await house.registration("D-2001")).state is RegistrationState.EXPIRED


async def test_what_came_with_the_crm_has_timers_too(house: TimedHouse) -> None:
    await house.comes_from_the_crm(accepted())
    await house.comes_from_the_crm(registration(number="D-2002"))
    await house.comes_from_the_crm(registration(number="D-2003", state=RegistrationState.DECLINED))
    await house.comes_from_the_crm(draft(opened_at=None))
    assert await house.desk.overlooked() == 2
    assert await house.desk.overlooked() == 0
    assert {key.split(":")[1] for key in await house.waiting()} == {"D-2001", "D-2002"}


async def test_what_ended_long_before_it_came_with_the_crm_is_put_in_order_and_not_told(house: TimedHouse) -> None:
    await house.has(its_deal())  # type: ignore[arg-type]
    await house.comes_from_the_crm(accepted("2025-05-31"))
    await house.comes_from_the_crm(draft(opened_at=at("2025-01-07")))
    await house.desk.overlooked()
    await house.desk()
    assert (await house.registration("D-2001")).state is RegistrationState.EXPIRED
    assert (await house.registration("D-3001")).state is RegistrationState.EXPIRED
    assert await house.told() == []
    assert await house.briefed() == []


async def test_a_promise_that_was_broken_long_before_it_came_with_the_crm_alarms_nobody(house: TimedHouse) -> None:
    old = registration(submitted_at=at("2026-03-02"), decide_by=date(2026, 3, 4))
    fresh = registration(number="D-2002", submitted_at=at("2026-11-23"), decide_by=date(2026, 11, 25))
    for one in (old, fresh):
        await house.comes_from_the_crm(one)
    await house.desk.overlooked()
    await house.desk()
    assert {title.split()[1] for _, title in await house.briefed()} == {"D-2002"}
    assert all("D-2002" in said for said in await house.told())


async def test_in_an_outage_of_weeks_no_promise_is_forgotten(house: TimedHouse) -> None:
    await house.saves(registration())
    await house.wakes(at("2026-12-20"))
    titles = {title.partition(":")[0] for _, title in await house.briefed()}
    assert titles == {"Overdue"}


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Eine kurze Erinnerung"), ("fr", "Un petit rappel"), ("nl", "Een korte herinnering"), ("es", "Un breve")],
)
async def test_a_partner_is_reminded_in_its_language(house: TimedHouse, language: str, words: str) -> None:
    await house.has(partner(language=language), contact(language=language), its_deal())  # type: ignore[arg-type]
    await house.saves(accepted())
    await house.passes(at("2027-02-11"), timedelta(days=1))
    (said,) = await house.told()
    assert words in said
