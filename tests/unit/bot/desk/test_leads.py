"""Leads of the vendor: offered in turn, taken by one, passed on when declined or when nobody answers; news of leads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.desk.leads import LeadDesk
from bot.ports import Incoming
from bot.storage import leads, mirror, slack_channels, tables, threads, timers
from bot.storage.codec import from_doc
from bot.storage.desk_tables import lead_offers
from bot.storage.leads import OfferState
from bot.storage.slack_channels import SlackChannel
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import Message, Question, Sender
from bot.vocabulary.requests import DealFields, Intent, Request
from bot.vocabulary.results import Done, NotDone
from bot.worker.filing import thread_of
from bot.worker.mirroring import MirrorJob
from crm.records import (
    Attribution,
    Channel,
    Contact,
    ContactRight,
    Lead,
    LeadSource,
    LeadState,
    Registration,
    RegistrationState,
)
from knowledge.program import AutomaticRule, LeadRules
from tests.builders import NOW, contact
from tests.unit.bot.desk.house import NOOR, PEOPLE, SECOND, House
from tests.unit.bot.desk.talking import BEN, SARA, answer_to, arrived, handled, leaving, says, taking, yes_or_no

GLOBEX = Lead(
    "", LeadSource.VENDOR, LeadState.OFFERED, customer="Globex", customer_domain="globex.example",
    contact_name="Jane Roe", contact_email="jane@globex.example", products=("Lumora Core",),
    quantity=40, amount=Decimal(9000), currency="EUR", region="DACH", country="DE", notes="Met at the fair.",
)  # fmt: skip
LATER = NOW + timedelta(days=10)


@pytest.fixture
async def open_house(house: House) -> House:
    """Both partners take part: Harbour (DACH, Elite) comes before Brightpath (Benelux)."""
    house.program = replace(house.program, lead_rules=LeadRules())
    return house


def desk(house: House) -> LeadDesk:
    return house.desk.leads


async def shared(house: House, **changes: Any) -> str:
    done = await desk(house).share(replace(GLOBEX, **changes), NOOR)
    assert isinstance(done, Done), done
    return done.reference


async def lead(house: House, number: str) -> Lead:
    async with house.storage.begin() as connection:
        found = await mirror.one(connection, Lead, number)
    assert found is not None
    return found


async def asked(house: House, number: str) -> list[tuple[str, str]]:
    async with house.storage.begin() as connection:
        return [(o.partner_id, o.state.value) for o in await leads.offers(connection, number)]


async def offer_thread(house: House, number: str, partner_id: str) -> str:
    async with house.storage.begin() as connection:
        known = {o.partner_id: o.thread_id for o in await leads.offers(connection, number)}
    return str(known[partner_id])


async def drafts(house: House, number: str) -> list[Registration]:
    async with house.storage.begin() as connection:
        query = select(tables.registrations.c.number).where(tables.registrations.c.doc["lead_number"].astext == number)
        numbers = list(await connection.scalars(query))
    return [await house.registration(n) for n in numbers]


async def test_a_lead_is_offered_to_the_partner_of_its_region_without_anybodys_name_in_it(open_house: House) -> None:
    number = await shared(open_house)
    assert await asked(open_house, number) == [("p-2", "open")]
    [mail] = await open_house.told("p-2")
    assert mail["to"] == BEN
    for shown in ("Globex", "Lumora Core", "DACH", "40", "9,000", "30 November 2026", number):
        assert shown in mail["text"]
    for kept in ("Jane", "jane@", "globex.example", "Met at the fair"):
        assert kept not in mail["text"]
    assert await open_house.told("p-1") == []


async def test_the_crm_learns_of_the_lead_and_of_whom_it_is_offered_to(open_house: House) -> None:
    number = await shared(open_house)
    assert f"crm:save_lead:{number}:offered:p-2" in await open_house.to_crm()
    assert (await lead(open_house, number)).attribution is Attribution.INFLUENCED


async def test_a_yes_in_its_thread_takes_the_lead_and_opens_a_draft_that_knows_what_the_lead_knew(
    open_house: House,
) -> None:
    number = await shared(open_house)
    thread = await offer_thread(open_house, number, "p-2")
    heard = await says(open_house, BEN, yes_or_no("yes"), thread_id=thread)
    taken = await lead(open_house, number)
    assert (taken.state, taken.partner_id, taken.contact_id) == (LeadState.ACCEPTED, "p-2", "c-2")
    [draft] = await drafts(open_house, number)
    assert (draft.state, draft.attribution, draft.contact_email, draft.amount) == (
        RegistrationState.DRAFT,
        Attribution.INFLUENCED,
        "jane@globex.example",
        Decimal(9000),
    )
    text = await answer_to(open_house, heard)
    for shown in ("is now yours", "Jane Roe", "jane@globex.example", "Met at the fair", "expected close date"):
        assert shown in text
    assert await asked(open_house, number) == [("p-2", "accepted")]


async def test_its_number_takes_it_from_any_conversation(open_house: House) -> None:
    number = await shared(open_house)
    await says(open_house, BEN, taking(number.replace("-", " ").lower()))
    assert (await lead(open_house, number)).state is LeadState.ACCEPTED


async def test_who_is_offered_one_lead_need_not_name_it(open_house: House) -> None:
    number = await shared(open_house)
    await says(open_house, BEN, taking())
    assert (await lead(open_house, number)).state is LeadState.ACCEPTED


async def test_who_is_offered_two_leads_is_asked_which_he_means(open_house: House) -> None:
    numbers = [await shared(open_house), await shared(open_house, customer="Initech", customer_domain="")]
    heard = await says(open_house, BEN, taking())
    text = await answer_to(open_house, heard)
    assert all(number in text for number in numbers)
    assert {(await lead(open_house, n)).state for n in numbers} == {LeadState.OFFERED}


async def test_a_lead_whose_registration_is_accepted_has_become_a_deal_and_the_echo_is_no_news(
    open_house: House,
) -> None:
    number = await shared(open_house)
    await says(open_house, BEN, taking(number))
    [draft] = await drafts(open_house, number)
    complete = replace(
        draft, state=RegistrationState.SUBMITTED, close_date=(NOW + timedelta(days=90)).date(), submitted_at=NOW
    )
    await open_house.kept(complete)
    assert isinstance(await open_house.desk.registrations.approve(draft.number, NOOR), Done)
    done = await lead(open_house, number)
    assert (done.state, done.deal_number) == (LeadState.CONVERTED, draft.number)
    [made] = await open_house.deals("p-2")
    assert made.attribution is Attribution.INFLUENCED
    told = len(await open_house.told("p-2"))
    await delivered(open_house)
    await mirrored(open_house)
    assert len(await open_house.told("p-2")) == told


async def test_taking_it_twice_takes_it_once(open_house: House) -> None:
    number = await shared(open_house)
    await says(open_house, BEN, taking(number))
    again = await says(open_house, BEN, taking(number))
    assert "is yours already" in await answer_to(open_house, again)
    assert len(await drafts(open_house, number)) == 1


async def test_nobody_else_takes_it_and_is_told_nothing_of_whose_it_is(open_house: House) -> None:
    number = await shared(open_house)
    never = await says(open_house, SARA, taking("L-10000000"))
    foreign = await says(open_house, SARA, taking(number))
    assert (await lead(open_house, number)).partner_id == "p-2"
    told = [(await answer_to(open_house, m)).replace(number, "X").replace("L-10000000", "X") for m in (never, foreign)]
    assert told[0] == told[1]


async def test_a_no_passes_it_on_to_the_next(open_house: House) -> None:
    number = await shared(open_house)
    heard = await says(open_house, BEN, yes_or_no("no"), thread_id=await offer_thread(open_house, number, "p-2"))
    assert "is free for another partner" in await answer_to(open_house, heard)
    assert await open_house.desk.due() == 1
    assert await asked(open_house, number) == [("p-2", "declined"), ("p-1", "open")]
    assert (await lead(open_house, number)).partner_id == "p-1"
    assert number in await open_house.said("p-1")


async def test_what_was_declined_is_not_taken_afterwards(open_house: House) -> None:
    number = await shared(open_house)
    await says(open_house, BEN, leaving(number))
    late = await says(open_house, BEN, taking(number))
    assert "is not open to you" in await answer_to(open_house, late)
    assert await drafts(open_house, number) == []


async def test_nobody_answers_in_time_and_it_goes_on(open_house: House) -> None:
    number = await shared(open_house)
    open_house.now = NOW + timedelta(days=4)  # 26 November is a Thursday: Monday the 30th is the last day
    assert await open_house.desk.due() == 0
    open_house.now = NOW + timedelta(days=5)
    assert await open_house.desk.due() == 1
    assert await asked(open_house, number) == [("p-2", "lapsed"), ("p-1", "open")]
    assert "our offer has ended" in await open_house.said("p-2")
    late = await says(open_house, BEN, yes_or_no("yes"), thread_id=await offer_thread(open_house, number, "p-2"))
    assert "is not open to you" in await answer_to(open_house, late)
    assert await drafts(open_house, number) == []


async def test_what_was_taken_in_time_stays_when_the_time_is_over(open_house: House) -> None:
    number = await shared(open_house)
    await says(open_house, BEN, taking(number))
    open_house.now = LATER
    await open_house.desk.due()
    assert await asked(open_house, number) == [("p-2", "accepted")]
    assert (await lead(open_house, number)).state is LeadState.ACCEPTED


async def test_when_nobody_is_left_a_manager_is_told(open_house: House) -> None:
    number = await shared(open_house)
    for _ in range(3):
        open_house.now += timedelta(days=7)
        await open_house.desk.due()
    assert (await lead(open_house, number)).state is LeadState.UNPLACED
    [(manager, text)] = await open_house.briefs(number)
    assert manager == "jonas@lumora.example"
    assert "Nobody takes lead" in text
    async with open_house.storage.begin() as connection:
        assert await timers.due(connection, LATER + timedelta(days=90)) == []


async def test_the_shipped_rules_offer_to_elite_partners_alone(house: House) -> None:
    number = await shared(house)
    house.now = LATER
    await house.desk.due()
    assert await asked(house, number) == [("p-2", "lapsed")]
    assert (await lead(house, number)).state is LeadState.UNPLACED


async def test_turns_go_round_among_equals(open_house: House) -> None:
    first = await shared(open_house, region="")
    open_house.program = replace(open_house.program, lead_rules=LeadRules(order=("round_robin",)))
    open_house.now += timedelta(hours=1)
    second = await shared(open_house, customer="Initech", customer_domain="initech.example")
    open_house.now += timedelta(hours=1)
    third = await shared(open_house, customer="Hooli", customer_domain="hooli.example")
    assert [(await asked(open_house, n))[0][0] for n in (first, second, third)] == ["p-2", "p-1", "p-2"]


async def test_a_partner_that_nobody_can_write_to_is_passed_over(open_house: House) -> None:
    gone = replace(PEOPLE[1], active=False)
    async with open_house.storage.begin() as connection:
        await mirror.store(connection, [gone])
    assert await asked(open_house, await shared(open_house)) == [("p-1", "open")]


async def test_who_may_not_register_takes_no_lead(open_house: House) -> None:
    reader = Contact("c-9", "p-2", "Rita Reads", "rita@harbour.example", rights=(ContactRight.SEE_DEALS,))
    async with open_house.storage.begin() as connection:
        await mirror.store(connection, [reader])
    number = await shared(open_house)
    heard = await says(open_house, reader.email, taking(number))
    assert (await lead(open_house, number)).state is LeadState.OFFERED
    assert "Jane" not in await answer_to(open_house, heard)


async def test_an_unsure_reading_of_a_yes_is_asked_about(open_house: House) -> None:
    number = await shared(open_house)
    heard = await says(open_house, BEN, taking(number, ask=True))
    assert "Would you like to take lead" in await answer_to(open_house, heard)
    assert (await lead(open_house, number)).state is LeadState.OFFERED


@pytest.mark.parametrize("attempt", range(3))
async def test_a_yes_and_the_end_of_its_time_at_once_leave_one_holder(open_house: House, attempt: int) -> None:
    number = await shared(open_house)
    message = await arrived(open_house, BEN, thread_id=await offer_thread(open_house, number, "p-2"))
    open_house.now = LATER
    work: list[Awaitable[object]] = [handled(open_house, message, taking(number)), open_house.desk.due()]
    await asyncio.gather(*(work if attempt % 2 else reversed(work)))
    await open_house.desk.due()
    held = await lead(open_house, number)
    states = dict(await asked(open_house, number))
    made = await drafts(open_house, number)
    if held.state is LeadState.ACCEPTED:
        assert (held.partner_id, states, [d.partner_id for d in made]) == ("p-2", {"p-2": "accepted"}, ["p-2"])
    else:
        assert (held.partner_id, states["p-2"], made) == ("p-1", "lapsed", [])


async def test_two_colleagues_who_take_it_at_once_take_it_once(open_house: House) -> None:
    colleague = contact(id="c-3", partner_id="p-2", name="Cleo Fay", email="cleo@harbour.example", main=False)
    async with open_house.storage.begin() as connection:
        await mirror.store(connection, [colleague])
    number = await shared(open_house)
    both = [await arrived(open_house, sender) for sender in (BEN, colleague.email)]
    await asyncio.gather(*(handled(open_house, message, taking(number)) for message in both))
    assert len(await drafts(open_house, number)) == 1
    answers = [await answer_to(open_house, message) for message in both]
    assert sorted("is yours already" in text for text in answers) == [False, True]


async def test_leads_shared_at_once_go_to_one_partner_each(open_house: House) -> None:
    many = [replace(GLOBEX, customer=f"Customer {n}", customer_domain=f"c{n}.example") for n in range(4)]
    await asyncio.gather(*(desk(open_house).share(one, NOOR) for one in many))
    async with open_house.storage.begin() as connection:
        query = select(func.count()).select_from(lead_offers).group_by(lead_offers.c.lead_number)
        assert list(await connection.scalars(query)) == [1, 1, 1, 1]


async def test_the_database_holds_that_a_lead_is_offered_to_one_at_a_time(open_house: House) -> None:
    number = await shared(open_house)
    async with open_house.storage.begin() as connection:
        assert not await leads.offer(connection, number, "p-1", NOW, LATER)
        assert not await leads.offer(connection, number, "p-2", NOW, LATER)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"customer": "  "}, "names no customer"),
        ({"products": ("Frobnicator",)}, "is no product"),
        ({"amount": Decimal(-1)}, "above zero"),
        ({"amount": Decimal("NaN")}, "above zero"),
        ({"currency": ""}, "needs its currency"),
        ({"currency": "XXX"}, "needs its currency"),
        ({"quantity": 0}, "seats"),
    ],
)
async def test_what_is_no_lead_is_offered_to_nobody(open_house: House, changes: dict[str, Any], why: str) -> None:
    refused = await desk(open_house).share(replace(GLOBEX, **changes), NOOR)
    assert isinstance(refused, NotDone)
    assert why in refused.text


async def test_only_managers_share_and_take_back(open_house: House) -> None:
    assert isinstance(await desk(open_house).share(GLOBEX, SARA), NotDone)
    number = await shared(open_house)
    assert isinstance(await desk(open_house).withdraw(number, SARA), NotDone)


async def test_what_is_taken_back_is_told_and_taken_by_nobody(open_house: House) -> None:
    number = await shared(open_house)
    assert isinstance(await desk(open_house).withdraw(number, NOOR), Done)
    assert "take back our offer" in await open_house.said("p-2")
    assert await open_house.briefs(number) == []
    late = await says(open_house, BEN, taking(number))
    assert "is not open to you" in await answer_to(open_house, late)
    open_house.now = LATER
    await open_house.desk.due()
    assert await asked(open_house, number) == [("p-2", "withdrawn")]


async def test_what_a_partner_holds_is_not_taken_back(open_house: House) -> None:
    number = await shared(open_house)
    await says(open_house, BEN, taking(number))
    refused = await desk(open_house).withdraw(number, NOOR)
    assert isinstance(refused, NotDone)
    assert "accepted" in refused.text


async def test_a_partner_with_a_channel_reads_the_offer_there_as_well(open_house: House) -> None:
    async with open_house.storage.begin() as connection:
        await slack_channels.save(connection, SlackChannel("T1", "C-harbour", "harbour", "p-2", "T2"))
    number = await shared(open_house)
    mail, post = await open_house.told("p-2")
    assert (mail["to"], post["channel"], post["only_team"]) == (BEN, "C-harbour", "T2")
    assert number in post["text"]
    async with open_house.storage.begin() as connection:
        row = update(tables.outbox).where(tables.outbox.c.destination == "slack").values(remote_id="17.5")
        await connection.execute(row)
        found = await leads_thread(connection, "p-2", "T1/C-harbour/17.5")
        foreign = await leads_thread(connection, "p-1", "T1/C-harbour/17.5")
    assert found == (number, (Question.LEAD.value,))
    assert foreign is None


async def test_where_an_offer_was_posted_its_end_is_told_below_it(open_house: House) -> None:
    async with open_house.storage.begin() as connection:
        await slack_channels.save(connection, SlackChannel("T1", "C-harbour", "harbour", "p-2", "T2"))
    number = await shared(open_house)
    async with open_house.storage.begin() as connection:
        row = update(tables.outbox).where(tables.outbox.c.destination == "slack").values(remote_id="17.5")
        await connection.execute(row)
    await desk(open_house).withdraw(number, NOOR)
    *_, mail, post = await open_house.told("p-2")
    assert (mail["to"], post["channel"], post["thread_ts"]) == (BEN, "C-harbour", "17.5")
    assert "take back our offer" in mail["text"]
    assert "take back our offer" in post["text"]


async def test_an_answer_under_the_post_belongs_to_the_offer_from_the_first_word_on(open_house: House) -> None:
    async with open_house.storage.begin() as connection:
        await slack_channels.save(connection, SlackChannel("T1", "C-harbour", "harbour", "p-2", "T2"))
    number = await shared(open_house)
    sender = Sender(slack_team="T2", slack_user="U-ben", slack_channel="C-harbour", proof="slack")
    message = Message("00000000-0000-0000-0000-00000000000a", Channel.SLACK, "m", NOW, sender, "", "Yes")
    incoming = Incoming(message, slack_key="T1/C-harbour/17.5")
    theirs = Identity(Trust.PROVEN, partner=SECOND)
    async with open_house.storage.begin() as connection:
        row = update(tables.outbox).where(tables.outbox.c.destination == "slack").values(remote_id="17.5")
        await connection.execute(row)
        first = await thread_of(connection, incoming, theirs)
        again = await thread_of(connection, incoming, theirs)
        elsewhere = await thread_of(connection, replace(incoming, slack_key="T1/C-harbour/18.0"), theirs)
        found = await threads.get(connection, first)
    assert found is not None
    assert (found.context.subject_ref, found.context.question) == (number, Question.LEAD)
    assert first == again != elsewhere


async def leads_thread(connection: Any, partner_id: str, place: str) -> tuple[str, tuple[str, ...]] | None:
    found = await threads.of_our_post(connection, partner_id, place)
    return (found.context.subject_ref, found.context.asked) if found else None


# What becomes of leads in the CRM


def referring(**said: Any) -> Request:
    return Request(Intent.REFER_LEAD, DealFields(**({"customer": "Globex", "contact_name": "Jane Roe"} | said)))


async def mirrored(house: House) -> None:
    await MirrorJob(house.storage, house.crm, house.desk.fates)()


async def delivered(house: House) -> None:
    """What is on its way to the CRM arrives there."""
    async with house.storage.begin() as connection:
        query = select(tables.outbox.c.payload).where(
            tables.outbox.c.kind == "save_lead", tables.outbox.c.state == "pending"
        )
        for payload in list(await connection.scalars(query.order_by(tables.outbox.c.seq))):
            await house.crm.save_lead(from_doc(Lead, payload["record"]))
        sent = update(tables.outbox).where(tables.outbox.c.kind == "save_lead")
        await connection.execute(sent.values(state="sent"))


async def referred(house: House) -> tuple[Lead, str]:
    message = await says(house, SARA, referring())
    async with house.storage.begin() as connection:
        [mine] = await mirror.of_partner(connection, Lead, "p-1")
    return mine, message


async def test_a_referred_lead_reaches_the_crm_and_its_own_echo_is_no_news(house: House) -> None:
    mine, _ = await referred(house)
    before = len(await house.told("p-1"))
    await delivered(house)
    await mirrored(house)
    assert (mine.attribution, mine.partner_id) == (Attribution.SOURCED, "p-1")
    assert len(await house.told("p-1")) == before


async def test_each_change_of_a_lead_is_told_once_in_its_thread(house: House) -> None:
    mine, _ = await referred(house)
    await delivered(house)
    for changed in (
        replace(mine, state=LeadState.WORKING),
        replace(mine, state=LeadState.CONVERTED, deal_number="D-4711"),
    ):
        await house.crm.save_lead(changed)
        for _ in range(3):
            await mirrored(house)
    notices = [m for m in await house.told("p-1") if "lead" in m["text"]][1:]
    assert ["is now working on" in notices[0]["text"], "has become deal D-4711" in notices[1]["text"]] == [True, True]
    assert len(notices) == 2
    async with house.storage.begin() as connection:
        query = select(tables.outbox.c.thread_id).where(tables.outbox.c.thread_id.is_not(None))
        assert len(set(await connection.scalars(query))) == 1


async def test_a_rejected_lead_is_told_with_the_reason(house: House) -> None:
    mine, _ = await referred(house)
    await delivered(house)
    await house.crm.save_lead(replace(mine, state=LeadState.REJECTED, reason="They stay with their vendor."))
    await mirrored(house)
    assert "They stay with their vendor." in await house.said("p-1")


async def test_what_the_crm_says_while_our_own_word_is_on_its_way_is_older(house: House) -> None:
    mine, _ = await referred(house)
    await house.crm.save_lead(replace(mine, state=LeadState.WORKING))
    await mirrored(house)
    assert (await lead(house, mine.number)).state is LeadState.NEW
    await delivered(house)
    await mirrored(house)
    assert (await lead(house, mine.number)).state is LeadState.NEW


async def test_a_lead_that_the_crm_has_from_before_is_no_news(house: House) -> None:
    old = replace(GLOBEX, number="L-55555555", source=LeadSource.PARTNER, state=LeadState.WORKING, partner_id="p-1")
    await house.crm.save_lead(old)
    await mirrored(house)
    assert await house.told("p-1") == []


async def test_an_offer_that_the_vendor_ends_in_the_crm_is_taken_back(open_house: House) -> None:
    number = await shared(open_house)
    await delivered(open_house)
    await open_house.crm.save_lead(replace(await lead(open_house, number), state=LeadState.REJECTED))
    await mirrored(open_house)
    assert await asked(open_house, number) == [("p-2", OfferState.WITHDRAWN.value)]
    assert "take back our offer" in await open_house.said("p-2")
    open_house.now = LATER
    await open_house.desk.due()
    assert len(await asked(open_house, number)) == 1


def automatic(house: House) -> House:
    rules = replace(house.program.deal_rules, automatic=(AutomaticRule(),))
    house.program = replace(house.program, deal_rules=rules)
    return house


OF_GLOBEX: dict[str, Any] = {"customer": "Globex", "customer_domain": "globex.example"}


async def test_nothing_known_of_a_lead_is_accepted_at_once(open_house: House) -> None:
    await automatic(open_house).submitted("D-100001", **OF_GLOBEX)
    assert (await open_house.screen("D-100001")).state is RegistrationState.APPROVED


@pytest.mark.parametrize("customer", [OF_GLOBEX, {"customer": "Globex GmbH", "customer_domain": "globex-emea.example"}])
async def test_a_shared_lead_is_not_registered_past_whoever_has_it(open_house: House, customer: dict[str, Any]) -> None:
    number = await shared(open_house)
    await says(open_house, BEN, taking(number))
    await automatic(open_house).submitted("D-100001", **customer)
    assert (await open_house.screen("D-100001")).state is RegistrationState.SUBMITTED
    ((_, brief),) = await open_house.briefs("D-100001")
    assert f"our own lead {number} (Globex), which is accepted by Harbour" in brief
    assert number not in await open_house.said("p-1")


@pytest.mark.parametrize("ends", ["open", "lapsed"])
async def test_who_was_offered_a_lead_and_registers_it_as_its_own_find_comes_before_a_manager(
    open_house: House, ends: str
) -> None:
    number = await shared(open_house)
    if ends == "lapsed":
        async with open_house.storage.begin() as connection:
            await leads.settle(connection, number, "p-2", OfferState.LAPSED)
            await mirror.store(connection, [replace(await lead(open_house, number), state=LeadState.UNPLACED)])
    await automatic(open_house).submitted("D-100001", SECOND, **OF_GLOBEX)
    assert (await open_house.screen("D-100001")).state is RegistrationState.SUBMITTED
    ((_, brief),) = await open_house.briefs("D-100001")
    assert f"our own lead {number} (Globex), which was offered to this partner;" in brief


async def test_who_registers_the_lead_that_it_has_taken_is_held_up_by_nothing(open_house: House) -> None:
    number = await shared(open_house)
    await says(open_house, BEN, taking(number))
    [opened] = await drafts(open_house, number)
    sent = replace(opened, state=RegistrationState.SUBMITTED, submitted_at=NOW, close_date=NOW.date())
    await automatic(open_house).kept(sent)
    assert (await open_house.screen(opened.number)).state is RegistrationState.APPROVED
