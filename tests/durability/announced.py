"""An announcement to many while they answer and others ask: who was reached how often, and what each was told when."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import formatdate, parseaddr

import aiosmtplib
from aiosmtpd.smtp import SMTP, Envelope, Session
from aiosmtplib.errors import SMTPException
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.announcements.desk import AnnouncementDesk
from bot.storage import mirror
from bot.storage.database import Database
from bot.vocabulary.announcing import Announcement, AnnouncementText, Call, CallKind, Composed, Preview, Route, Timing
from bot.vocabulary.segment import Segment
from crm.adapters.embedded import rows, tables
from crm.records import Contact, Partner, PartnerType
from tests.durability.mails import AGENT, AUTHSERV
from tests.fakes.relay import FakeRelay

PEOPLE_EACH = 10  # of a partner
_BODY = "Dear {first_name},\n\n" + "\n\n".join(
    f"The **{n}th** thing that is new for you: [read more](https://vendor.example/{n})." for n in range(6)
)
_PAUSE = 0.2  # seconds before a mail that was not taken is tried again
_TRIES = 1_000
_TOLD_EVERY = 5.0  # seconds
_COUNTRY = "IS"  # where no partner of the demo is
_NOON = 1_795_694_400


@dataclass(frozen=True, slots=True)
class Copy:
    """One mail of the announcement as it arrived first."""

    to: str
    message_id: str
    reply_to: str


class Sink(FakeRelay):
    """Takes everything and keeps of each mail only what is asked of it later."""

    def __init__(self) -> None:
        super().__init__()
        self.times: Counter[str] = Counter()
        self.copies: dict[str, Copy] = {}
        self.order: list[Copy] = []
        self.answered: dict[str, float] = {}
        self.arrived = asyncio.Condition()
        self.began = self.ended = 0.0

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        head = BytesHeaderParser().parsebytes(content.partition(b"\r\n\r\n")[0])
        message_id = str(head["Message-ID"]).strip()
        self.times[message_id] += 1
        if str(head["Precedence"]) == "bulk":
            if message_id not in self.copies:
                self.copies[message_id] = Copy(envelope.rcpt_tos[0], message_id, parseaddr(str(head["Reply-To"]))[1])
                self.order.append(self.copies[message_id])
            self.ended = time.monotonic()
            self.began = self.began or self.ended
        elif head["In-Reply-To"]:
            self.answered.setdefault(str(head["In-Reply-To"]).strip(), time.monotonic())
        async with self.arrived:
            self.arrived.notify_all()
        return "250 OK"

    async def has(self, count: int) -> None:
        """Return once so many people have their copy."""
        async with self.arrived:
            await self.arrived.wait_for(lambda: len(self.copies) >= count)

    @property
    def repeats(self) -> int:
        return self.times.total() - len(self.times)


@dataclass
class Mouths:
    """Sends mails to the agent at a pace, each until it is taken; `sent` says when that was."""

    port: int
    sent: dict[str, float] = field(default_factory=dict)

    async def say(self, sender: str, to: str, subject: str, words: str, in_reply_to: str, message_id: str) -> None:
        mail = EmailMessage()
        mail["Authentication-Results"] = f"{AUTHSERV}; dmarc=pass header.from={sender.partition('@')[2]}"
        mail["From"], mail["To"], mail["Subject"] = sender, to, subject
        mail["Date"], mail["Message-ID"] = formatdate(_NOON), message_id
        if in_reply_to:
            mail["In-Reply-To"] = in_reply_to
        mail.set_content(words)
        for _ in range(_TRIES):
            if await self._taken(sender, to, bytes(mail)):
                break
            await asyncio.sleep(_PAUSE)
        self.sent[message_id] = time.monotonic()

    async def _taken(self, sender: str, to: str, raw: bytes) -> bool:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=self.port, use_tls=False, start_tls=False, timeout=30)
        try:
            await client.connect()
            await client.mail(sender)
            await client.rcpt(to)
            await client.data(raw)
        except (SMTPException, OSError):
            return False
        finally:
            client.close()
        return True


def people(count: int) -> tuple[list[Partner], list[Contact]]:
    """So many contacts, ten at each partner with a mail domain of its own."""
    partners, contacts = [], []
    for number in range(-(-count // PEOPLE_EACH)):
        domain = f"many{number:04}.example"
        partners.append(
            Partner(
                f"m-{number:04}",
                f"Many {number}",
                (PartnerType.RESELLER,),
                "Registered",
                domains=(domain,),
                country=_COUNTRY,
            )
        )
        contacts += [
            Contact(f"mc-{number:04}-{n}", f"m-{number:04}", f"Person Number{n}", f"person{n}@{domain}")
            for n in range(min(PEOPLE_EACH, count - number * PEOPLE_EACH))
        ]
    return partners, contacts


async def know(database: Database, partners: Sequence[Partner], contacts: Sequence[Contact]) -> None:
    """In the embedded CRM, and mirrored."""
    async with database.begin() as connection:
        await mirror.store(connection, partners)
        await mirror.store(connection, contacts)
        await connection.execute(insert(tables.partners), [rows.partner_row(partner) for partner in partners])
        await connection.execute(insert(tables.contacts), [rows.contact_row(contact) for contact in contacts])


async def announce(desk: AnnouncementDesk, by: str) -> str:
    """Confirmed and on its way to all of `people`, by mail; its id."""
    composed = Composed(
        (AnnouncementText("en", "Will you come to Ghent?", _BODY),),
        Segment(countries=(_COUNTRY,)),
        call=Call(CallKind.ANSWER), timing=Timing(keep_quiet=False), route=Route.MAIL,
    )  # fmt: skip
    kept = await desk.keep(by, composed)
    if not isinstance(kept, Announcement):
        raise TypeError(f"not kept: {kept}")
    seen = await desk.preview(by, composed)
    if not isinstance(seen, Preview):
        raise TypeError(f"not shown: {seen}")
    sent = await desk.confirm(by, kept.id, seen.contacts)
    if not isinstance(sent, Announcement):
        raise TypeError(f"not confirmed: {sent}")
    return kept.id


async def answer_at_a_pace(sink: Sink, mouths: Mouths, count: int, pace: float) -> dict[str, Copy]:
    """So many of those who were reached say yes, `pace` a second, whoever was reached first; by Message-ID."""
    answers: dict[str, Copy] = {}
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            await sink.has(number + 1)
            copy = sink.order[number]
            message_id = f"<yes-{number}@{copy.to.partition('@')[2]}>"
            answers[message_id] = copy
            group.create_task(
                mouths.say(copy.to, copy.reply_to, "Re: Will you come?", "Yes, gladly!\n", copy.message_id, message_id)
            )
            await asyncio.sleep(1 / pace)
    return answers


async def ask_at_a_pace(mouths: Mouths, contacts: Sequence[Contact], count: int, pace: float) -> list[str]:
    """Questions of others, `pace` a second; their Message-IDs."""
    asked = []
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            contact = contacts[number % len(contacts)]
            message_id = f"<question-{number}@{contact.email.partition('@')[2]}>"
            asked.append(message_id)
            words = "Hello,\n\nhow long is a deal protected once it is registered?\n\nThank you\n"
            group.create_task(mouths.say(contact.email, AGENT, f"Protection {number}", words, "", message_id))
            await asyncio.sleep(1 / pace)
    return asked


async def told(sink: Sink, mouths: Mouths, people: int) -> None:
    """How far it is, every few seconds until it is cancelled; seen with `pytest -s`."""
    while True:
        await asyncio.sleep(_TOLD_EVERY)
        rate = len(sink.copies) / max(time.monotonic() - sink.began, 1.0) if sink.began else 0.0
        sys.stderr.write(
            f"{len(sink.copies):,} of {people:,} reached at {rate:.0f}/s, {sink.repeats} repeats;"
            f" {len(mouths.sent):,} mails came in, {len(sink.answered):,} have their answer\n"
        )


async def recorded(engine: AsyncEngine, announcement_id: str) -> Counter[str]:
    """What was answered, by how many."""
    query = text("select answer from announcement_recipients where announcement_id = :id and answer <> ''")
    async with engine.connect() as connection:
        return Counter((await connection.scalars(query, {"id": announcement_id})).all())


async def written(engine: AsyncEngine, announcement_id: str, domain: str) -> dict[str, str]:
    """The Message-ID of each copy, with whom it is for."""
    query = text("select id::text, payload ->> 'to' from outbox where announcement_id = :id and destination = 'mail'")
    async with engine.connect() as connection:
        return {f"<{row[0]}@{domain}>": row[1] for row in await connection.execute(query, {"id": announcement_id})}


def percentile(seconds: Sequence[float], share: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
