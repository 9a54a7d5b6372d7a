"""Partners who talk to a furnished deal desk: each message goes through the whole pipeline, read as the test says."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from bot.desk.live import LiveDeals
from bot.pipeline import Agent, handle
from bot.ports import Readable
from bot.storage import inbox as inboxes
from bot.storage import threads
from bot.storage.caps import Answering
from bot.storage.codec import from_doc, to_doc
from bot.storage.directory import StoredDirectory, StoredRecords
from bot.storage.inbox import Arrival, Inbox, InboxState
from bot.storage.tables import inbox, outbox
from bot.storage.units import StoredUnits
from bot.vocabulary.message import Message, ReplyAddress, Sender
from bot.vocabulary.requests import AnswerFields, Finer, Intent, NoFields, Reading, Request
from crm.records import Channel
from knowledge.programs import Programs
from tests.unit.bot.desk.house import House

SARA, BEN = "sara@brightpath.example", "ben@harbour.example"


@dataclass
class Reads:
    """Implements `bot.ports.Reader`: whatever is written, this is what was read."""

    requests: tuple[Request, ...]
    name: str = "told"

    def read(self, readable: Readable) -> Reading:
        return Reading("en", self.requests, True)


def taking(number: str = "", *, ask: bool = False) -> Request:
    return Request(Intent.OTHER, NoFields(), finer=Finer.ACCEPT_LEAD, said=f"we take {number}", ask=ask)


def leaving(number: str = "") -> Request:
    return Request(Intent.OTHER, NoFields(), finer=Finer.DECLINE_LEAD, said=f"not {number}")


def yes_or_no(answer: str) -> Request:
    return Request(Intent.ANSWER_ANNOUNCEMENT, AnswerFields(answer))  # type: ignore[arg-type]


async def says(
    house: House, sender: str, *requests: Request, thread_id: str | None = None, proof: str = "dmarc", name: str = ""
) -> str:
    """A mail in a thread of its own, unless said; the id of its row in the inbox."""
    message_id = await arrived(house, sender, thread_id=thread_id, proof=proof, name=name)
    await handled(house, message_id, *requests)
    return message_id


async def arrived(
    house: House, sender: str, *, thread_id: str | None = None, proof: str = "dmarc", name: str = ""
) -> str:
    """A mail that is read and not handled yet."""
    arrival = Arrival(Channel.EMAIL, b"raw", {}, house.now, lock=sender)
    await Inbox(house.storage, house.queue).accept([arrival])
    to = ReplyAddress(to=sender, subject="Hello")
    message = Message(
        arrival.id, Channel.EMAIL, f"<{arrival.id}@x>", house.now, Sender(sender, name, proof=proof), "Hello", "Hello",
        reply_to=to,
    )  # fmt: skip
    known = await StoredDirectory(house.storage).by_address(sender)
    owner = known[0].id if known and proof else None
    async with house.storage.begin() as connection:
        thread = thread_id or await threads.open_thread(connection, Channel.EMAIL, "Hello", partner_id=owner)
        await inboxes.mark(
            connection, arrival.id, InboxState.READ, message=to_doc(message), thread_id=thread, sender=sender,
            partner_id=owner, trust="proven" if owner else "unknown",
        )  # fmt: skip
    return arrival.id


async def handled(house: House, inbox_id: str, *requests: Request) -> None:
    """What the handle job does with it."""
    async with house.storage.begin() as connection:
        row = await inboxes.fetch(connection, inbox_id)
    assert row is not None
    assert row.message is not None
    await handle(agent(house, *requests), from_doc(Message, row.message), row.thread_id)


def agent(house: House, *requests: Request) -> Agent:
    units = StoredUnits(house.storage, house.queue, house.program, Answering("lumora.example"))
    records = StoredRecords(house.storage, Programs((house.program,)))
    return Agent(
        Programs((house.program,)),
        Reads(requests),
        StoredDirectory(house.storage),
        records,
        units,
        LiveDeals(house.storage, house.crm),
        house.clock,
    )


async def answer_to(house: House, inbox_id: str) -> str:
    """What was answered to a message, "" for nothing."""
    async with house.storage.begin() as connection:
        query = select(outbox.c.payload).where(outbox.c.inbox_id == inbox_id, outbox.c.kind == "reply")
        payload = await connection.scalar(query)
    return str(payload["text"]) if payload else ""


async def state_of(house: House, inbox_id: str) -> str:
    async with house.storage.begin() as connection:
        return str(await connection.scalar(select(inbox.c.state).where(inbox.c.id == inbox_id)))
