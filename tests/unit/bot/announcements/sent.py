"""An announcement that has gone out, as its rows stand then: who got it, who answered what, and what came back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import mirror, outbox, threads
from bot.storage.announcement_tables import announcement_posts, announcement_recipients, announcements
from bot.storage.codec import to_doc
from bot.storage.database import Database
from bot.storage.outbox import BULK, Destination, Outgoing
from bot.storage.tables import outbox as outbox_table
from bot.vocabulary.announcing import AnnouncementText, Call, CallKind, Composed
from bot.vocabulary.segment import Segment
from crm.records import Channel, Contact, Partner
from tests.builders import contact, partner

ID = "7d1f60c4-6c0b-4b7e-9c39-4f3f6f1f2a10"
WENT = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday
YES_OR_NO = Call(CallKind.ANSWER)
TEXTS = (
    AnnouncementText("en", "Partner day", "Will you **come**?"),
    AnnouncementText("de", "Partnertag", "Kommen Sie?"),
)


@dataclass
class SentAnnouncement:
    """Its partners are known by their number, its people by a word; mails went out a second after `WENT`."""

    storage: Database
    by: str
    call: Call = YES_OR_NO
    remind_after: int | None = None
    id: str = ID
    people: dict[str, Contact] = field(default_factory=dict)

    async def make(self, state: str = "sent") -> None:
        composed = Composed(TEXTS, call=self.call, remind_after=self.remind_after)
        row = {
            "id": self.id, "subject": "Partner day", "body": TEXTS[0].body, "segment": to_doc(Segment()),
            "created_by": self.by, "created_at": WENT, "state": state,
            "began_at": WENT if state == "sent" else None, "ended_at": WENT if state == "sent" else None,
            "composed": to_doc(composed), "confirmed_by": self.by,
        }  # fmt: skip
        async with self.storage.begin() as connection:
            await connection.execute(insert(announcements).values(row))

    async def partners(self, *made: Partner) -> None:
        async with self.storage.begin() as connection:
            await mirror.store(connection, made)

    async def person(
        self, name: str, partner_id: str = "p-1", *, mail: str = "sent", about: dict[str, Any] | None = None, **row: Any
    ) -> Contact:
        """`mail` is the state of his mail, "" where none goes to him; `about` is what the CRM says of him, `row` what
        else stands in his row: with `due_at` None he was not meant.
        """
        said: dict[str, Any] = {
            "id": name,
            "partner_id": partner_id,
            "name": name.title(),
            "email": f"{name}@x.example",
        }
        made = contact(**(said | (about or {})))
        self.people[name] = made
        async with self.storage.begin() as connection:
            await mirror.store(connection, [made])
            values = {
                "announcement_id": self.id, "contact_id": name, "partner_id": partner_id, "address": made.email,
                "language": made.language or "en", "by_mail": bool(mail), "due_at": WENT,
            } | row  # fmt: skip
            if mail:
                values |= await self._mail(connection, made, partner_id, mail)
            await connection.execute(insert(announcement_recipients).values(values))
        return made

    async def change(self, name: str, **row: Any) -> None:
        """What he said since."""
        c = announcement_recipients.c
        async with self.storage.begin() as connection:
            mine = update(announcement_recipients).where(c.announcement_id == self.id, c.contact_id == name)
            await connection.execute(mine.values(**row))

    async def post(self, channel_id: str, partner_id: str, state: str = "sent") -> None:
        async with self.storage.begin() as connection:
            thread_id = await threads.open_thread(connection, Channel.SLACK, "Partner day", partner_id=partner_id)
            payload = {"channel": channel_id, "thread_ts": "", "text": "Will you come?"}
            row = Outgoing(
                f"announcement:{self.id}:{channel_id}", Destination.SLACK, "announcement", payload, channel_id,
                partner_id, thread_id=thread_id, priority=BULK, announcement_id=self.id,
            )  # fmt: skip
            await outbox.put(connection, [row])
            await self._settle(connection, row.id, state, remote_id=f"17.{channel_id}")
            values = {
                "announcement_id": self.id, "channel_id": channel_id, "team_id": "T-own", "partner_id": partner_id,
                "language": "en", "thread_id": thread_id, "outbox_id": row.id, "due_at": WENT, "queued_at": WENT,
            }  # fmt: skip
            await connection.execute(insert(announcement_posts).values(values))

    def mail_id(self, name: str) -> str:
        """The outbox row of the first copy."""
        return str(uuid5(NAMESPACE_URL, f"partnerline:outbox:announcement:{self.id}:{name}"))

    async def _mail(self, connection: AsyncConnection, made: Contact, partner_id: str, state: str) -> dict[str, Any]:
        subject, body = (
            ("Partnertag", "Kommen Sie?") if made.language == "de" else ("Partner day", "Will you **come**?")
        )
        thread_id = await threads.open_thread(
            connection, Channel.EMAIL, subject, partner_id=partner_id, announcement_id=self.id
        )
        payload = {
            "to": made.email, "subject": subject, "text": body, "language": made.language or "en",
            "reply_key": await threads.reply_key(connection, thread_id, made.email), "opt_out_token": f"t-{made.id}",
        }  # fmt: skip
        row = Outgoing(
            f"announcement:{self.id}:{made.id}", Destination.MAIL, "announcement", payload, made.email, partner_id,
            thread_id=thread_id, priority=BULK, announcement_id=self.id,
        )  # fmt: skip
        await outbox.put(connection, [row])
        await self._settle(connection, row.id, state)
        return {"thread_id": thread_id, "outbox_id": row.id, "due_at": WENT, "queued_at": WENT}

    async def _settle(self, connection: AsyncConnection, row_id: str, state: str, remote_id: str = "") -> None:
        sent_at = WENT + timedelta(seconds=1) if state in ("sent", "kept") else None
        done = update(outbox_table).where(outbox_table.c.id == row_id)
        await connection.execute(done.values(state=state, sent_at=sent_at, remote_id=remote_id))


def one(number: int, **changes: Any) -> Partner:
    """Partner `p-1`, `p-2` …"""
    return partner(**({"id": f"p-{number}", "name": f"Partner {number}", "domains": ()} | changes))
