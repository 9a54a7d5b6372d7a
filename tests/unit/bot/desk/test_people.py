"""Unknown people at a partner's domain: nothing is told to them, and a manager lets them in or not, once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.ports import Incoming
from bot.steps.identify import identify
from bot.storage import contact_offers, mirror, tables, threads
from bot.storage.codec import from_doc
from bot.storage.contact_offers import PER_DAY
from bot.storage.directory import StoredDirectory
from bot.vocabulary.identity import Trust
from bot.vocabulary.message import Message, Sender
from bot.vocabulary.requests import Finer, Intent, PersonFields, Request, StatusFields
from bot.vocabulary.results import Done, NotDone
from bot.worker.filing import thread_of as thread_of_message
from crm.records import EVERYDAY_RIGHTS, Channel, Contact, ContactRight
from tests.builders import contact, partner
from tests.unit.bot.desk.house import JONAS, NOOR, SECOND, House
from tests.unit.bot.desk.talking import SARA, answer_to, says, state_of, yes_or_no

MIA = "mia@brightpath.example"
STATUS = Request(Intent.ASK_DEAL_STATUS, StatusFields())


@pytest.fixture(autouse=True)
async def apart(house: House) -> None:
    """Each partner has a domain of its own."""
    async with house.storage.begin() as connection:
        await mirror.store(connection, [replace(SECOND, domains=("harbour.example",))])


async def writes(house: House, sender: str = MIA, name: str = "Mia Wong", proof: str = "dmarc") -> str:
    """A message of somebody nobody knows, and what falls due by it."""
    message = await says(house, sender, STATUS, name=name, proof=proof)
    await house.desk.due()
    return message


async def contacts(house: House, address: str) -> list[Contact]:
    async with house.storage.begin() as connection:
        return [c for c in await mirror.everyone(connection, Contact) if c.email == address]


async def offered(house: House) -> list[str]:
    async with house.storage.begin() as connection:
        return [offer.address for offer in await contact_offers.open_offers(connection)]


async def test_the_partners_manager_is_asked_and_the_sender_told_what_every_stranger_is(house: House) -> None:
    message = await writes(house)
    stranger = await writes(house, "eve@nowhere.example", "Eve")
    assert await answer_to(house, message) == await answer_to(house, stranger) != ""
    [(manager, text)] = await house.briefs(message)
    assert manager == NOOR
    for shown in ("Mia Wong", MIA, "Brightpath"):
        assert shown in text
    assert await house.briefs(stranger) == []
    assert await offered(house) == [MIA]


async def test_who_is_accepted_is_a_contact_and_what_he_wrote_is_handled(house: House) -> None:
    message = await writes(house)
    assert isinstance(await house.desk.people.accept(message, NOOR), Done)
    [mia] = await contacts(house, MIA)
    assert (mia.partner_id, mia.name, mia.rights, mia.main) == ("p-1", "Mia Wong", EVERYDAY_RIGHTS, False)
    assert await state_of(house, message) == "received"
    assert {"inbox_id": message, "waits": False} in await house.jobs("read")
    assert any(key.startswith(f"crm:save_contact:{mia.id}") for key in await house.to_crm())
    assert await house.briefs(message) == []


async def test_everything_that_the_person_wrote_meanwhile_is_handled_too(house: House) -> None:
    first, second = await writes(house), await writes(house)
    unproven = await writes(house, proof="")
    assert len(await offered(house)) == 1
    await house.desk.people.accept(first, NOOR)
    states = [await state_of(house, message) for message in (first, second, unproven)]
    assert states == ["received", "received", "held"]


async def test_who_is_refused_gets_nothing_and_his_message_is_discarded(house: House) -> None:
    message = await writes(house)
    before = len(await house.told("p-1"))
    assert isinstance(await house.desk.people.refuse(message, NOOR), Done)
    assert await contacts(house, MIA) == []
    assert await state_of(house, message) == "ignored"
    assert len(await house.told("p-1")) == before


async def test_deciding_twice_and_in_two_places_acts_once(house: House) -> None:
    message = await writes(house)
    desk = house.desk.people
    results = await asyncio.gather(
        desk.accept(message, NOOR), desk.accept(message, JONAS), desk.refuse(message, NOOR), desk.accept(message, NOOR)
    )
    assert sorted(type(r).__name__ for r in results) == ["Done", "NotDone", "NotDone", "NotDone"]
    assert isinstance(await desk.accept(message, NOOR), NotDone)


async def test_nobody_but_a_manager_decides(house: House) -> None:
    message = await writes(house)
    for by in (SARA, MIA, ""):
        assert isinstance(await house.desk.people.accept(message, by), NotDone)
    assert await contacts(house, MIA) == []
    assert isinstance(await house.desk.people.accept("00000000-0000-0000-0000-000000000000", NOOR), NotDone)


@pytest.mark.parametrize(
    ("sender", "proof"),
    [
        (MIA, ""),
        ("mia@gmail.com", "dmarc"),
        ("mia@both.example", "dmarc"),
        ("mia@tenant.onmicrosoft.com", "dmarc"),
        ("mia@notbrightpath.example", "dmarc"),
    ],
)
async def test_who_is_not_proven_to_be_at_one_partners_own_domain_is_offered_to_nobody(
    house: House, sender: str, proof: str
) -> None:
    both = ("brightpath.example", "gmail.com", "both.example", "tenant.onmicrosoft.com")
    async with house.storage.begin() as connection:
        await mirror.store(
            connection,
            [
                partner(id="p-1", name="Brightpath", domains=both),
                partner(id="p-2", name="Harbour", domains=("both.example",)),
            ],
        )
    message = await writes(house, sender, proof=proof)
    assert await offered(house) == []
    assert await house.briefs(message) == []
    assert await state_of(house, message) == "held"


async def test_a_flood_of_invented_people_opens_a_few_offers_a_day(house: House) -> None:
    for n in range(PER_DAY + 3):
        await writes(house, f"nobody{n}@brightpath.example")
    assert len(await offered(house)) == PER_DAY
    house.now += timedelta(days=1, minutes=1)
    await writes(house, "later@brightpath.example")
    assert len(await offered(house)) == PER_DAY + 1


async def test_a_name_of_any_length_and_kind_is_a_line_of_its_own(house: House) -> None:
    message = await writes(house, name="<b>Mia</b>\r\n*approve*" + "x" * 5000)
    assert isinstance(await house.desk.people.accept(message, NOOR), Done)
    [mia] = await contacts(house, MIA)
    assert len(mia.name) <= 120
    assert "\n" not in mia.name


async def test_an_address_that_became_another_partners_meanwhile_is_not_let_in(house: House) -> None:
    message = await writes(house)
    theirs = contact(id="c-7", partner_id="p-2", email=MIA, main=False)
    async with house.storage.begin() as connection:
        await mirror.store(connection, [theirs])
    refused = await house.desk.people.accept(message, NOOR)
    assert isinstance(refused, NotDone)
    assert "another partner" in refused.text
    assert await contacts(house, MIA) == [theirs]


# Colleagues who left


async def with_declan(house: House) -> Contact:
    declan = contact(id="c-5", name="Declan Moore", email="declan@brightpath.example", main=False)
    async with house.storage.begin() as connection:
        await mirror.store(connection, [declan])
    return declan


async def thread_of(house: House, message: str) -> str:
    async with house.storage.begin() as connection:
        return str(await connection.scalar(select(tables.inbox.c.thread_id).where(tables.inbox.c.id == message)))


async def test_who_left_is_closed_by_a_colleague_and_then_nobody_on_file(house: House) -> None:
    declan = await with_declan(house)
    left = Request(Intent.OTHER, PersonFields("Declan"), finer=Finer.PERSON_LEFT)
    asked = await says(house, SARA, left)
    assert "Has Declan Moore" in await answer_to(house, asked)
    await says(house, SARA, yes_or_no("yes"), thread_id=await thread_of(house, asked))
    [closed] = await contacts(house, declan.email)
    assert not closed.active
    late = await writes(house, declan.email, "Declan Moore")
    assert await state_of(house, late) == "held"
    assert await offered(house) == []


async def test_a_closed_contacts_reply_key_opens_no_thread_of_the_partners(house: House) -> None:
    declan = await with_declan(house)
    asked = await says(house, declan.email, STATUS)
    old = await thread_of(house, asked)
    async with house.storage.begin() as connection:
        key = await threads.reply_key(connection, old, declan.email)
    assert isinstance(await house.desk.people.close(declan.email, NOOR), Done)
    sender = Sender(declan.email, "Declan Moore", proof="dmarc")
    message = Message(asked, Channel.EMAIL, "<again@x>", house.now, sender, "Re: Hello", "And now?")
    incoming = Incoming(message, reply_keys=(key,))
    identity = await identify(message, StoredDirectory(house.storage), house.program.managers)
    async with house.storage.begin() as connection:
        found = await thread_of_message(connection, incoming, identity)
        known = await threads.get(connection, found)
    assert identity.trust is Trust.UNKNOWN
    assert found != old
    assert known is not None
    assert (known.partner_id, known.context.asked) == (None, ())


async def test_an_address_of_another_partners_contact_is_not_opened_here(house: House) -> None:
    theirs = contact(id="c-8", partner_id="p-2", email=MIA, main=False)
    async with house.storage.begin() as connection:
        await mirror.store(connection, [theirs])
    joined = Request(Intent.OTHER, PersonFields("Mia Wong", MIA), finer=Finer.PERSON_JOINED)
    await says(house, SARA, joined)
    assert await contacts(house, MIA) == [theirs]
    async with house.storage.begin() as connection:
        summaries = list(await connection.scalars(select(tables.tasks.c.summary)))
    assert any("contact of another partner" in summary for summary in summaries)


async def test_a_stranger_at_a_domain_that_two_partners_have_is_opened_by_neither(house: House) -> None:
    async with house.storage.begin() as connection:
        await mirror.store(connection, [replace(SECOND, domains=("harbour.example", "brightpath.example"))])
    await says(house, SARA, Request(Intent.OTHER, PersonFields("Mia Wong", MIA), finer=Finer.PERSON_JOINED))
    assert await contacts(house, MIA) == []
    async with house.storage.begin() as connection:
        summaries = list(await connection.scalars(select(tables.tasks.c.summary)))
    assert any("at a domain of one" in summary for summary in summaries)


async def test_who_left_is_closed_although_another_partner_has_the_address_as_well(house: House) -> None:
    declan = await with_declan(house)
    async with house.storage.begin() as connection:
        await mirror.store(connection, [replace(declan, id="c-8", partner_id="p-2")])
    sure = Request(Intent.OTHER, PersonFields("", declan.email), finer=Finer.PERSON_LEFT)
    thread_id = await thread_of(house, await says(house, SARA, sure))
    await says(house, SARA, yes_or_no("yes"), thread_id=thread_id)
    assert {c.partner_id: c.active for c in await contacts(house, declan.email)} == {"p-1": False, "p-2": True}


# What managers do on the command line


async def test_a_manager_opens_changes_and_closes_contacts(house: House) -> None:
    desk = house.desk.people
    assert isinstance(await desk.add("brightpath", "Mia Wong", "Mia@Elsewhere.example", NOOR), Done)
    rights = (ContactRight.SEE_DEALS, ContactRight.MANAGE_CONTACTS)
    assert isinstance(await desk.change_rights("mia@elsewhere.example", rights, NOOR), Done)
    [mia] = await contacts(house, "mia@elsewhere.example")
    assert set(mia.rights) == set(rights)
    assert isinstance(await desk.close("mia@elsewhere.example", NOOR), Done)
    [closed] = await contacts(house, "mia@elsewhere.example")
    assert not closed.active
    assert isinstance(await desk.add("p-1", "Mia Wong", "mia@elsewhere.example", NOOR), Done)
    [again] = await contacts(house, "mia@elsewhere.example")
    assert (again.active, again.id, set(again.rights)) == (True, mia.id, set(rights))


@pytest.mark.parametrize(
    ("partner_name", "address", "by", "why"),
    [
        ("Brightpath", "ben@harbour.example", NOOR, "another partner"),
        ("Brightpath", SARA, NOOR, "already"),
        ("Nobody Ltd", MIA, NOOR, "no partner"),
        ("Brightpath", "no address", NOOR, "no mail address"),
        ("Brightpath", MIA, SARA, "no manager"),
    ],
)
async def test_who_cannot_be_opened_is_told_why(
    house: House, partner_name: str, address: str, by: str, why: str
) -> None:
    refused = await house.desk.people.add(partner_name, "Mia", address, by)
    assert isinstance(refused, NotDone)
    assert why in refused.text


async def test_nobody_by_an_address_that_nobody_has_is_changed(house: House) -> None:
    assert isinstance(await house.desk.people.close("nobody@nowhere.example", NOOR), NotDone)


async def test_every_decision_stands_in_the_ledger(house: House) -> None:
    message = await writes(house)
    await house.desk.people.accept(message, NOOR)
    async with house.storage.begin() as connection:
        rows = (
            await connection.execute(select(tables.ledger.c.kind, tables.ledger.c.actor, tables.ledger.c.body))
        ).all()
    kept: dict[str, Any] = {row.kind: row for row in rows}
    assert kept["contact_accepted"].actor == NOOR
    assert from_doc(Contact, kept["contact_accepted"].body["contact"]).email == MIA
    assert kept["held_released"].actor == NOOR
