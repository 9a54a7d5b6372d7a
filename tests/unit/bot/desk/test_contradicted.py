"""What the CRM does not take of a partner's update is asked, never overwritten; a manager knows of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.channels.kept import KeptOutlet
from bot.intents import deal_proposal
from bot.ports import Outlet
from bot.storage import crm_writes, inbox, mirror, outbox, tasks, threads
from bot.storage.caps import Answering
from bot.storage.codec import to_doc
from bot.storage.database import Database
from bot.storage.inbox import Arrival, Inbox
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from bot.storage.units import StoredUnits
from bot.vocabulary.decisions import ChangeDeal
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import Message, ReplyAddress, Sender, ThreadContext
from bot.vocabulary.requests import Reading
from bot.worker.crm_outlet import CrmOutlet
from bot.worker.delivering import DeliverJob
from crm.adapters.embedded import EmbeddedCrm
from crm.ports import CrmPort
from crm.records import Channel, Deal, Stage
from tests.builders import NOW, contact, deal, euro, partner, program
from tests.fakes.crm import InMemoryCrm, Mood
from tests.unit.bot.desk.timed import DOMAIN, TimedHouse
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]

SEEN = deal()
IDENTITY = Identity(Trust.PROVEN, partner=partner(), contact=contact())


@dataclass
class Writing(TimedHouse):
    """A partner writes of its deal, and the CRM is written to."""

    thread_id: str = ""

    async def begins(self) -> None:
        self.now = datetime.now(UTC) + timedelta(minutes=1)
        await self.has(partner(), contact(), SEEN)
        for save, record in (
            (self.crm.save_partner, partner()), (self.crm.save_contact, contact()), (self.crm.save_deal, SEEN),
        ):  # fmt: skip
            await save(record)  # type: ignore[arg-type]
        self.thread_id = await self.opens_thread()

    async def partner_says(self, wanted: Deal, seen: Deal = SEEN) -> None:
        """A message of the partner whose outcome is this change."""
        arrival = Arrival(Channel.EMAIL, b"raw", {}, NOW, lock="a")
        await Inbox(self.storage, self.queue).accept([arrival])
        way = ReplyAddress("sara@brightpath.example", "Re: Acme", "<1@x>", ("<1@x>",))
        sender = Sender("sara@brightpath.example", proof="dmarc")
        message = Message(arrival.id, Channel.EMAIL, "<1@x>", NOW, sender, "Acme", "text", reply_to=way)
        async with self.storage.begin() as connection:
            await inbox.mark(
                connection, arrival.id, inbox.InboxState.READ, message=to_doc(message), thread_id=self.thread_id
            )
            version = await mirror.version(connection, "p-1")
        units = StoredUnits(self.storage, self.queue, program(), Answering(DOMAIN))
        async with units.open(message, IDENTITY, ThreadContext(id=self.thread_id), version) as unit:
            await unit.change_deal(ChangeDeal(seen, wanted))
            await unit.log(Reading("en", (), answer_expected=True), "deal_updated", (seen.number,), None)

    async def delivers(self) -> None:
        outlets: dict[Destination, Outlet] = {Destination.CRM: CrmOutlet(self.crm), Destination.MAIL: KeptOutlet()}
        await DeliverJob(self.storage, outlets)(Destination.CRM)

    async def by_hand(self, **values: object) -> None:
        """Somebody of the vendor changes the deal in the CRM."""
        await self.crm.save_deal(replace(await self.in_crm(), **values))  # type: ignore[arg-type]

    async def in_crm(self) -> Deal:
        held = await self.crm.deal("p-1", SEEN.number)
        assert held is not None
        return held

    async def in_mirror(self) -> Deal:
        async with self.storage.begin() as connection:
            (found,) = await mirror.of_partner(connection, Deal, "p-1")
        return found

    async def tasks(self) -> list[str]:
        async with self.storage.begin() as connection:
            return [task.summary for task in await tasks.open_tasks(connection)]


@pytest.fixture(params=["memory", "embedded"])
async def house(request: pytest.FixtureRequest, storage: Database, queue: Queue) -> Writing:
    crm: CrmPort = InMemoryCrm() if request.param == "memory" else EmbeddedCrm(storage.engine)
    made = Writing(storage, queue, crm=crm)
    await made.begins()
    return made


@pytest.fixture
async def moody(storage: Database, queue: Queue) -> Writing:
    made = Writing(storage, queue, crm=InMemoryCrm())
    await made.begins()
    return made


async def test_what_the_crm_takes_is_told_nobody(house: Writing) -> None:
    await house.partner_says(replace(SEEN, amount=euro(45000)))
    await house.delivers()
    assert await house.desk() == 0
    assert (await house.in_crm()).amount == euro(45000)
    assert await house.tasks() == []


async def test_another_value_in_the_crm_is_asked_and_not_overwritten(house: Writing) -> None:
    await house.partner_says(replace(SEEN, amount=euro(45000)))
    await house.by_hand(amount=euro(28000))
    await house.delivers()
    assert await house.desk() == 1
    assert (await house.in_crm()).amount == euro(28000)
    assert await house.in_mirror() == await house.in_crm()
    (said,) = await house.told()
    assert "We have not entered your update of D-1042 (Acme GmbH) yet" in said
    assert "€28,000.00 (per year) in our records, €45,000.00 (per year) in your message" in said
    (task,) = await house.tasks()
    assert "D-1042 (Acme GmbH)" in task
    assert "28000" in task
    assert "45000" in task
    assert ("log_interaction", "update_contradicted") in await house.logged()


async def test_a_yes_would_write_what_the_partner_said_onto_what_the_crm_holds_now(house: Writing) -> None:
    await house.partner_says(replace(SEEN, amount=euro(45000)))
    await house.by_hand(amount=euro(28000), next_step="Call on Monday")
    await house.delivers()
    await house.desk()
    context = (await house.thread(house.thread_id)).context
    assert context.asked == ("update",)
    assert context.subject_ref == SEEN.number
    (proposal,) = deal_proposal.read(context.proposal)
    held = await house.in_mirror()
    assert proposal.fits(held)
    assert proposal.applied(held, date(2026, 11, 27)) == replace(held, amount=euro(45000))
    await house.partner_says(proposal.applied(held, date(2026, 11, 27)), seen=held)
    await house.delivers()
    assert await house.desk() == 0
    assert (await house.in_crm()).amount == euro(45000)
    assert (await house.in_crm()).next_step == "Call on Monday"


async def test_changes_of_other_fields_do_not_contradict(house: Writing) -> None:
    await house.partner_says(replace(SEEN, close_date=date(2027, 3, 31)))
    await house.by_hand(amount=euro(28000))
    await house.delivers()
    assert await house.desk() == 0
    held = await house.in_crm()
    assert (held.amount, held.close_date) == (euro(28000), date(2027, 3, 31))


async def test_a_deal_that_the_vendor_closed_meanwhile_is_not_asked_about(house: Writing) -> None:
    await house.partner_says(replace(SEEN, stage=Stage.PROPOSAL, stage_since=date(2026, 11, 27)))
    await house.by_hand(stage=Stage.LOST, stage_since=date(2026, 11, 20), lost_reason="no budget")
    await house.delivers()
    await house.desk()
    (said,) = await house.told()
    assert "closed in our records meanwhile (stage “lost”)" in said
    assert "Noor Haddad is looking into it" in said
    assert (await house.thread(house.thread_id)).context.asked == ()
    assert (await house.in_mirror()).stage is Stage.LOST


async def test_a_deal_that_went_to_somebody_else_stays_theirs_and_tells_nothing_of_them(moody: Writing) -> None:
    await moody.crm.save_partner(partner(id="p-2", name="Harbour"))
    await moody.partner_says(replace(SEEN, amount=euro(45000)))
    await moody.by_hand(partner_id="p-2", customer="Secret Corp")
    await moody.delivers()
    await moody.desk()
    (said,) = await moody.told()
    assert "We could not enter your update of D-1042 (Acme GmbH) in our records." in said
    assert "Harbour" not in said
    assert "Secret" not in said
    (task,) = await moody.tasks()
    assert "no such deal" in task
    assert (await moody.in_mirror()).amount == SEEN.amount


async def test_a_crm_that_refuses_for_its_own_reasons_is_a_matter_for_a_person(moody: Writing) -> None:
    assert isinstance(moody.crm, InMemoryCrm)
    await moody.partner_says(replace(SEEN, amount=euro(45000)))
    moody.crm.moods = [Mood.REJECTING]
    await moody.delivers()
    await moody.desk()
    (said,) = await moody.told()
    assert "€30,000.00 (per year) in our records, €45,000.00 (per year) in your message" in said
    (task,) = await moody.tasks()
    assert "the CRM refuses this" in task


async def test_an_answer_that_was_lost_after_it_was_written_is_no_contradiction(moody: Writing) -> None:
    assert isinstance(moody.crm, InMemoryCrm)
    await moody.partner_says(replace(SEEN, amount=euro(45000)))
    moody.crm.moods = [Mood.ANSWER_LOST]
    await moody.delivers()
    async with moody.storage.begin() as connection:
        await connection.execute(text("update outbox set not_before = null"))
    await moody.delivers()
    assert await moody.desk() == 0
    assert (await moody.in_crm()).amount == euro(45000)


async def test_a_crm_that_is_away_is_asked_again_later(moody: Writing) -> None:
    assert isinstance(moody.crm, InMemoryCrm)
    await moody.partner_says(replace(SEEN, amount=euro(45000)))
    await moody.by_hand(amount=euro(28000))
    await moody.delivers()
    moody.crm.mood = Mood.UNAVAILABLE
    assert await moody.desk() == 0
    assert await moody.told() == []
    moody.crm.mood = Mood.WELL
    moody.now += timedelta(hours=1)
    assert await moody.desk() == 1
    assert len(await moody.told()) == 1


async def test_two_people_who_say_the_same_contradict_nobody(house: Writing) -> None:
    """The CRM came to hold what the partner said, in all but a field that nobody asked for."""
    await house.partner_says(replace(SEEN, stage=Stage.PROPOSAL, stage_since=date(2026, 11, 27)))
    await house.by_hand(stage=Stage.PROPOSAL, stage_since=date(2026, 11, 26))
    await house.delivers()
    await house.desk()
    assert await house.told() == []
    assert (await house.in_mirror()).stage_since == date(2026, 11, 26)


async def test_a_managers_own_change_that_is_refused_tells_the_partner_nothing(moody: Writing) -> None:
    row = crm_writes.deal_change_row(SEEN, replace(SEEN, amount=euro(1)), "attribution")
    async with moody.storage.begin() as connection:
        await outbox.put(connection, [row])
    await moody.by_hand(amount=euro(28000))
    await moody.delivers()
    assert await moody.desk() == 1
    assert await moody.told() == []
    assert len(await moody.tasks()) == 1


async def test_the_proposal_is_plain_json(moody: Writing) -> None:
    await moody.partner_says(replace(SEEN, amount=euro(45000)))
    await moody.by_hand(amount=euro(28000))
    await moody.delivers()
    await moody.desk()
    async with moody.storage.begin() as connection:
        found = await threads.get(connection, moody.thread_id)
    assert found is not None
    assert json.loads(found.context.proposal) == {
        "deal": "D-1042",
        "fields": {"amount": ["28000 EUR", "45000 EUR"]},
    }


async def test_a_deal_that_became_another_partners_stays_that_ones(house: Writing) -> None:
    await house.partner_says(replace(SEEN, stage=Stage.NEGOTIATION))
    moved = replace(SEEN, partner_id="p-2", next_step="Call the new partner.")
    await house.crm.save_partner(partner(id="p-2", name="Harbour"))
    await house.crm.save_deal(moved)
    await house.has(moved)
    await house.delivers()
    assert await house.desk() == 1
    async with house.storage.begin() as connection:
        assert await mirror.of_partner(connection, Deal, "p-1") == ()
        assert await mirror.of_partner(connection, Deal, "p-2") == (moved,)
    assert len(await house.tasks()) == 1
    assert "new partner" not in str(await house.told())
