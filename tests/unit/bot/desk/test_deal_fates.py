"""What colleagues change of deals in the CRM reaches whom it concerns: once, bundled, and no more than is theirs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.intents.deal_fates import news, one, several
from bot.steps.say import Listener, say
from bot.storage import mirror, outbox, tables, threads
from bot.storage.crm_writes import deal_change_row, deal_row
from bot.vocabulary.decisions import Decision
from bot.worker.mirroring import MirrorJob
from crm.ports import Changes
from crm.records import Attribution, Channel, Deal, DealPartner, Stage
from tests.builders import NOW, TODAY, deal, euro
from tests.unit.bot.desk.house import FIRST, PEOPLE, House

ACME = deal()


async def look(house: House) -> int:
    desk = house.desk
    return await MirrorJob(house.storage, house.crm, desk.fates, deals=desk.deal_fates, decided=desk.decided)()


async def known(house: House, *deals: Deal) -> None:
    """The CRM has these deals, and so has the mirror: nobody is told."""
    for each in deals:
        await house.crm.save_deal(each)
    await look(house)
    assert await house.told("p-1") == []


async def moved(house: House, was: Deal, **changes: Any) -> str:
    await house.crm.save_deal(replace(was, **changes))
    await look(house)
    return await house.said(was.partner_id)


# --- what is told


async def test_a_moved_stage_is_told_once_however_often_it_is_looked_at(house: House) -> None:
    await known(house, ACME)
    said = await moved(house, ACME, stage=Stage.PROPOSAL, stage_since=TODAY)
    await house.crm.save_deal(replace(ACME, stage=Stage.PROPOSAL, stage_since=TODAY))
    for _ in range(3):
        await look(house)
    assert "Stage: negotiation → proposal" in said
    assert len(await house.told("p-1")) == 1


async def test_several_changes_of_a_deal_are_one_message(house: House) -> None:
    await known(house, ACME)
    said = await moved(
        house, ACME, stage=Stage.PROPOSAL, amount=euro(24000), close_date=date(2027, 3, 31), next_step="Call"
    )
    assert len(await house.told("p-1")) == 1
    for line in ("Stage: negotiation → proposal", "€24,000.00", "March 31, 2027"):
        assert line in said or line.replace("March 31, 2027", "31 March 2027") in said


async def test_won_and_lost_are_told_with_a_word_of_their_own(house: House) -> None:
    second = deal(id="h-2", number="D-1043", customer="Globex")
    await known(house, ACME, second)
    assert "Congratulations" in await moved(house, ACME, stage=Stage.WON, won_on=TODAY, close_date=TODAY)
    said = await moved(house, second, stage=Stage.LOST, lost_reason="They distrust the partner", close_date=TODAY)
    assert "Stage: negotiation → lost" in said
    assert "distrust" not in said


@pytest.mark.parametrize(
    "changes",
    [
        {"internal_notes": "champion has left"},
        {"margin": euro(9000)},
        {"plan": "special"},
        {"next_step": "Ask legal whether we can drop the partner"},
        {"lost_reason": "internal"},
        {"others": (DealPartner("p-2", Attribution.INFLUENCED),)},
        {"stage_since": TODAY},
        {"quantity": 90},
    ],
)
async def test_what_is_the_vendors_own_business_is_not_told(house: House, changes: dict[str, Any]) -> None:
    await known(house, ACME)
    assert await moved(house, ACME, **changes) == ""
    assert await house.told("p-2") == []


async def test_a_deal_that_changes_hands_is_told_to_both_and_to_neither_of_the_other(house: House) -> None:
    await known(house, ACME)
    await moved(house, ACME, partner_id="p-2", amount=euro(99000), stage=Stage.WON, internal_notes="secret")
    lost, gained = await house.said("p-1"), await house.said("p-2")
    assert "D-1042 (Acme GmbH) is no longer with you. Noor Haddad will gladly answer" in lost
    assert "99,000" not in lost
    assert "won" not in lost
    assert "D-1042, Acme GmbH: stage: won" in gained
    for foreign in ("Harbour", "Brightpath", "secret"):
        assert foreign not in lost.replace("brightpath.example", "")
        assert foreign == "Harbour" or foreign not in gained


async def test_what_changes_on_a_deal_that_was_lost_is_no_longer_told(house: House) -> None:
    await known(house, ACME)
    theirs = replace(ACME, partner_id="p-2")
    await moved(house, ACME, partner_id="p-2")
    before = len(await house.told("p-1"))
    await moved(house, theirs, stage=Stage.WON)
    assert len(await house.told("p-1")) == before


async def test_a_deal_of_the_vendors_own_that_is_given_to_a_partner_is_told(house: House) -> None:
    await known(house, replace(ACME, partner_id=""))
    await house.crm.save_deal(ACME)
    await look(house)
    assert "This deal is with you from now on" in await house.said("p-1")


async def test_what_the_crm_has_from_before_is_no_news(house: House) -> None:
    for number in range(20):
        await house.crm.save_deal(deal(id=f"h-{number}", number=f"D-{number}"))
    await look(house)
    assert await house.told("p-1") == []


async def test_many_deals_that_change_at_once_are_one_message(house: House) -> None:
    many = [deal(id=f"h-{n}", number=f"D-{5000 + n}", customer=f"Customer {n}") for n in range(40)]
    await known(house, *many)
    for each in many:
        await house.crm.save_deal(replace(each, stage=Stage.PROPOSAL))
    await look(house)
    [told] = await house.told("p-1")
    assert "40 of your deals. Here are 25 of them" in told["text"]
    assert told["text"].count("Stage: negotiation → proposal") == 25


# --- to whom


async def test_it_is_told_in_the_conversation_in_which_the_deal_was_registered(house: House) -> None:
    async with house.storage.begin() as connection:
        thread_id = await threads.open_thread(connection, Channel.EMAIL, "Our registration", partner_id="p-1")
    await house.accepted("D-1042", FIRST, thread_id=thread_id)
    await known(house, ACME)
    await moved(house, ACME, stage=Stage.PROPOSAL)
    [told] = await house.told("p-1")
    assert told["to"] == "sara@brightpath.example"
    async with house.storage.begin() as connection:
        said_in = select(tables.outbox.c.thread_id).where(tables.outbox.c.destination == "mail")
        assert list(await connection.scalars(said_in)) == [thread_id]


async def test_without_a_registration_it_opens_a_conversation_about_the_deal(house: House) -> None:
    await known(house, ACME)
    await moved(house, ACME, stage=Stage.PROPOSAL)
    [told] = await house.told("p-1")
    assert told["subject"] == "Acme GmbH - D-1042"
    async with house.storage.begin() as connection:
        assert list(await connection.scalars(select(tables.threads.c.subject_ref))) == ["D-1042"]


async def test_who_may_not_see_deals_is_not_told_and_a_person_hears_of_it(house: House) -> None:
    sara = replace(PEOPLE[0], main=False, rights=())
    async with house.storage.begin() as connection:
        await mirror.store(connection, [sara])
    await house.crm.save_contact(sara)
    await known(house, ACME)
    await moved(house, ACME, stage=Stage.PROPOSAL)
    assert await house.told("p-1") == []
    async with house.storage.begin() as connection:
        assert "could be told" in str(await connection.scalar(select(tables.tasks.c.summary)))


async def test_it_stands_on_the_timeline_and_in_the_ledger(house: House) -> None:
    await known(house, ACME)
    await moved(house, ACME, stage=Stage.PROPOSAL)
    async with house.storage.begin() as connection:
        logged = select(tables.outbox.c.payload).where(tables.outbox.c.kind == "log_interaction")
        [payload] = list(await connection.scalars(logged))
    assert (payload["record"]["outcome"], payload["record"]["deal_numbers"]) == ("deal_moved_to_proposal", ["D-1042"])


# --- what is ours is no news, and is not overwritten


async def ours(house: House, wanted: Deal, *, sent_at: datetime | None = None) -> None:
    """The partner reported it: held at once, and on its way to the CRM."""
    async with house.storage.begin() as connection:
        await mirror.store(connection, [wanted])
        await outbox.put(connection, [deal_change_row(ACME, wanted, "message")])
        if sent_at is not None:
            await connection.execute(update(tables.outbox).values(state="sent", sent_at=sent_at))


async def test_an_update_of_the_partners_own_comes_back_as_no_news(house: House) -> None:
    await known(house, ACME)
    wanted = replace(ACME, stage=Stage.PROPOSAL)
    await ours(house, wanted, sent_at=NOW)
    assert await moved(house, ACME, stage=Stage.PROPOSAL) == ""


async def test_while_it_is_on_its_way_it_is_not_overwritten_and_a_colleagues_other_change_counts(house: House) -> None:
    await known(house, ACME)
    await ours(house, replace(ACME, stage=Stage.PROPOSAL))
    said = await moved(house, ACME, amount=euro(10000))
    [held] = await house.deals("p-1")
    assert (held.stage, held.amount) == (Stage.PROPOSAL, euro(10000))
    assert "Stage" not in said
    assert "€10,000.00" in said


class _ReadEarly:
    """Asked for changes, it answers what it held before the partner's update, which arrives and is sent meanwhile."""

    def __init__(self, house: House, wanted: Deal) -> None:
        self.house, self.wanted = house, wanted

    def __getattr__(self, name: str) -> Any:
        return getattr(self.house.crm, name)

    async def changes(self, cursor: str = "", limit: int = 500) -> Changes:
        page = await self.house.crm.changes(cursor, limit)
        if page.deals:
            await ours(self.house, self.wanted, sent_at=datetime.now(NOW.tzinfo))
        return page


async def test_what_was_read_before_our_update_arrived_is_older_than_it(house: House) -> None:
    await known(house, ACME)
    await house.crm.save_deal(replace(ACME, next_step="Call them"))
    wanted = replace(ACME, stage=Stage.WON, won_on=TODAY)
    crm: Any = _ReadEarly(house, wanted)
    await MirrorJob(house.storage, crm, deals=house.desk.deal_fates)()
    assert (await house.deals("p-1"))[0].stage is Stage.WON
    assert await house.told("p-1") == []


async def test_a_deal_that_is_about_to_be_saved_is_left_as_we_hold_it(house: House) -> None:
    await known(house, ACME)
    async with house.storage.begin() as connection:
        await outbox.put(connection, [deal_row(ACME, "accepted")])
    assert await moved(house, ACME, stage=Stage.LOST) == ""
    assert (await house.deals("p-1"))[0].stage is Stage.NEGOTIATION


async def test_two_looks_at_once_tell_of_a_change_once(house: House) -> None:
    await known(house, ACME)
    await house.crm.save_deal(replace(ACME, stage=Stage.PROPOSAL))
    await asyncio.gather(*(look(house) for _ in range(4)))
    assert len(await house.told("p-1")) == 1


async def test_a_look_that_ends_halfway_tells_nothing_and_the_next_one_tells_all(house: House) -> None:
    await known(house, ACME)
    await house.crm.save_deal(replace(ACME, stage=Stage.PROPOSAL))
    async with house.storage.begin() as connection:
        cursor = await mirror.cursor(connection)
    page = await house.crm.changes(cursor)
    async with house.storage.connect() as connection:
        await mirror.move_cursor(connection, cursor, page.cursor)
        await house.desk.deal_fates.take(connection, page.deals, NOW)
        await connection.rollback()
    assert await house.told("p-1") == []
    await look(house)
    assert len(await house.told("p-1")) == 1


async def test_the_mirror_knows_when_the_crm_last_answered(house: House) -> None:
    async with house.storage.begin() as connection:
        assert await mirror.last_heard(connection) is None
    await look(house)
    async with house.storage.begin() as connection:
        heard = await mirror.last_heard(connection)
    assert heard is not None
    assert heard.tzinfo is not None


# --- in every language

LATER = replace(ACME, stage=Stage.LOST, amount=euro(24000))


@pytest.mark.parametrize("language", ["en", "de", "fr", "nl", "es"])
@pytest.mark.parametrize("manager", ["Noor Haddad", ""])
def test_nothing_internal_is_said_in_any_language(language: str, manager: str) -> None:
    changed = replace(LATER, internal_notes="SECRET", margin=euro(777), lost_reason="SECRET", plan="SECRET")
    [same], [gone, new] = news(ACME, changed), news(ACME, replace(changed, partner_id="p-2"))
    for outcomes in (*(one(n, manager) for n in (same, gone, new)), several([same, gone, new], manager)):
        reply = say((Decision((), outcomes, "told"),), Listener(language, Channel.EMAIL, "Sara", "Lumora"))
        assert reply is not None
        assert "D-1042" in reply.text
        assert "SECRET" not in reply.text
        assert "777" not in reply.text


STAGES = st.sampled_from(Stage)
OWNERS = st.sampled_from(["", "p-1", "p-2", "p-3"])


@given(OWNERS, OWNERS, STAGES, STAGES)
def test_nobody_hears_of_a_deal_that_neither_was_nor_is_his(owner: str, after: str, was: Stage, now: Stage) -> None:
    told = news(replace(ACME, partner_id=owner, stage=was), replace(ACME, partner_id=after, stage=now))
    assert {n.partner_id for n in told} <= {owner, after} - {""}
    if owner == after:
        assert bool(told) == (was is not now and owner != "")
