"""What the CRM refuses waits with its words: managers are told, a partner whose registration waits for it as well, and
once it is mended it is written as it stands by then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.bootstrap.deal_desk import DealDesk, deal_desk
from bot.channels.kept import KeptOutlet
from bot.ports import Outlet
from bot.storage import crm_writes, outbox, refused, tasks
from bot.storage.database import Database
from bot.storage.outbox import Destination, Outgoing
from bot.storage.queue import Queue
from bot.vocabulary.results import Done, NotDone
from bot.worker.crm_outlet import CrmOutlet
from bot.worker.delivering import DeliverJob
from crm.records import Registration, RegistrationState
from tests.builders import contact, deal, partner, payment, program, registration
from tests.fakes.crm import InMemoryCrm, Mood
from tests.unit.bot.desk.timed import DOMAIN, TimedHouse
from tests.unit.bot.storage.conftest import queue, storage

__all__ = ["queue", "storage"]

WORDS = "Property values were not valid: cost_centre is required (correlation id 1f0c-11)"
NOOR = "noor@lumora.example"
SENT = registration(number="D-300001", partner_id="p-1", contact_id="c-1", state=RegistrationState.SUBMITTED)


@dataclass
class Office(TimedHouse):
    """A partner's registration on its way to a CRM that has rules of its own."""

    memory: InMemoryCrm = None  # type: ignore[assignment]

    @property
    def parts(self) -> DealDesk:
        return deal_desk(self.storage, self.queue, self.memory, program(), lambda: self.now, DOMAIN)

    async def begins(self) -> None:
        self.now = datetime.now(UTC) + timedelta(minutes=1)
        await self.moves_in()
        await self.memory.save_partner(partner())
        await self.memory.save_contact(contact())
        self.memory.refusal = WORDS

    async def writes(self, *rows: Outgoing) -> None:
        async with self.storage.begin() as connection:
            await outbox.put(connection, rows)

    async def registers(self, made: Registration = SENT, cause: str = "message") -> None:
        await self.saves(made, await self.opens_thread())
        await self.writes(crm_writes.registration_row(made, cause))

    async def delivers(self, *moods: Mood) -> None:
        self.memory.moods = list(moods)
        outlets: dict[Destination, Outlet] = {Destination.CRM: CrmOutlet(self.memory), Destination.MAIL: KeptOutlet()}
        await DeliverJob(self.storage, outlets)(Destination.CRM)
        await self.parts.due()

    async def tasks(self) -> list[str]:
        async with self.storage.begin() as connection:
            return [task.summary for task in await tasks.open_tasks(connection)]

    async def entries(self) -> tuple[refused.RefusedEntry, ...]:
        async with self.storage.begin() as connection:
            return await refused.entries(connection)

    async def retries(self, name: str = SENT.number) -> Done | NotDone:
        return await self.parts.entries.retry(name, NOOR)

    async def letters(self) -> list[str]:
        """The mails to managers, the oldest first."""
        query = "select payload ->> 'text' from outbox where kind = 'brief' and destination = 'mail' order by seq"
        return [row[0] for row in await self._rows(query)]

    async def screenings(self) -> int:
        query = "select count(*) from procrastinate_jobs where task_name = 'screen' and status = 'todo'"
        return int((await self._rows(query))[0][0])


@pytest.fixture
async def office(storage: Database, queue: Queue) -> Office:
    made = Office(storage, queue, memory=InMemoryCrm())
    await made.begins()
    return made


async def test_the_manager_reads_the_crms_own_words(office: Office) -> None:
    await office.registers()
    await office.delivers(Mood.REJECTING)
    [task] = await office.tasks()
    assert SENT.number in task
    assert WORDS in task
    [letter] = await office.letters()
    assert f"The CRM did not take registration {SENT.number} (Vega Foods BV)" in letter
    assert f"The CRM says: {WORDS}" in letter
    assert 'Reply to this mail: "retry".' in letter


async def test_the_partner_is_told_once_that_it_is_received_and_not_yet_entered(office: Office) -> None:
    await office.registers()
    await office.delivers(Mood.REJECTING)
    await office.retries()
    await office.delivers(Mood.REJECTING)
    [told] = await office.told()
    assert "not entered in our records yet" in told
    assert SENT.number in told
    assert "cost_centre" not in told  # the CRM's words are for the vendor
    assert len(await office.letters()) == 2  # the manager hears of each refusal


async def test_the_registration_waits_as_received_and_cannot_be_accepted(office: Office) -> None:
    await office.registers()
    await office.delivers(Mood.REJECTING)
    done = await office.parts.registrations.approve(SENT.number, NOOR)
    assert isinstance(done, NotDone)
    assert WORDS in done.text
    assert (await office.registration(SENT.number)).state is RegistrationState.SUBMITTED


async def test_once_mended_it_is_entered_and_everybody_hears_of_it(office: Office) -> None:
    await office.registers()
    await office.delivers(Mood.REJECTING)
    screenings = await office.screenings()
    assert isinstance(await office.retries(), Done)
    await office.delivers()
    assert [held.number for held in office.memory.held("registrations")] == [SENT.number]
    assert await office.tasks() == []
    assert await office.entries() == ()
    assert "is now entered" in (await office.told())[-1]
    assert await office.screenings() == screenings + 1  # what the rules may accept is looked at again
    assert isinstance(await office.parts.registrations.approve(SENT.number, NOOR), Done)


async def test_what_is_tried_again_is_the_record_as_it_stands_by_then(office: Office) -> None:
    await office.registers()
    await office.delivers(Mood.REJECTING)
    await office.changes(SENT.number, customer="Vega Foods Holding BV")
    await office.retries()
    await office.delivers()
    [held] = office.memory.held("registrations")
    assert held.customer == "Vega Foods Holding BV"


async def test_a_later_state_that_the_crm_takes_settles_the_one_before(office: Office) -> None:
    await office.registers()
    await office.delivers(Mood.REJECTING)
    later = replace(SENT, notes="with the cost centre")
    await office.saves(later)
    await office.writes(crm_writes.registration_row(later, "correction"))
    await office.delivers()
    assert await office.entries() == ()
    assert await office.tasks() == []
    assert isinstance(await office.retries(), NotDone)
    [held] = office.memory.held("registrations")
    assert held.notes == "with the cost centre"


async def test_a_refusal_of_another_time_is_told_anew(office: Office) -> None:
    await office.registers()
    await office.delivers(Mood.REJECTING)
    await office.retries()
    await office.delivers()
    await office.delivers()  # what was said of it meanwhile, once more
    await office.writes(crm_writes.registration_row(replace(SENT, notes="more"), "second"))
    await office.delivers(Mood.REJECTING)
    told = await office.told()
    assert ["not entered" in text for text in told] == [True, False, True]
    assert len(await office.tasks()) == 1


async def test_a_draft_that_is_refused_waits_for_its_own_completion(office: Office) -> None:
    draft = replace(SENT, state=RegistrationState.DRAFT, submitted_at=None, decide_by=None)
    await office.registers(draft)
    await office.delivers(Mood.REJECTING)
    assert await office.tasks() == []
    assert await office.told() == []
    assert [entry.subject for entry in await office.entries()] == [SENT.number]


async def test_many_refused_for_the_same_reason_are_one_task(office: Office) -> None:
    said = [payment(id=f"pay-{n}") for n in range(20)]
    await office.writes(*(crm_writes.payment_row(one, "import") for one in said))
    office.memory.mood = Mood.REJECTING
    await office.delivers()
    assert len(await office.tasks()) == 1
    [letter] = await office.letters()
    assert "All of these: 20 of this partner" in letter
    assert len(await office.entries()) == 20
    office.memory.mood = Mood.WELL
    await office.memory.save_deal(deal())
    await office.parts.entries.retry_all()
    await office.delivers()
    assert len(office.memory.held("payments")) == 20
    assert await office.tasks() == []


async def test_all_of_them_are_tried_again_at_once(office: Office) -> None:
    other = registration(number="D-300002", partner_id="p-1", contact_id="c-1", state=RegistrationState.SUBMITTED)
    await office.registers()
    await office.registers(other)
    await office.delivers(Mood.REJECTING, Mood.REJECTING)
    assert isinstance(await office.parts.entries.retry_all(), Done)
    await office.delivers()
    assert len(office.memory.held("registrations")) == 2
    assert await office.tasks() == []
    assert isinstance(await office.parts.entries.retry_all(), NotDone)


async def test_trying_again_what_nobody_refused_does_nothing(office: Office) -> None:
    for name in ("D-999999", "x" * 5_000, "", "'; drop table outbox; --", "00000000-0000-0000-0000-000000000000"):
        assert isinstance(await office.retries(name), NotDone)
