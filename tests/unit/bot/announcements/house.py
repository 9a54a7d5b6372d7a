"""A vendor with two partners, its announcements, and a worker that does what falls due when it is told to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bot.announcements.desk import ANNOUNCEMENT, AnnouncementDesk
from bot.announcements.sending.spreading import Spreading
from bot.channels.slack.outbound.outlet import CARD
from bot.desk.due import DueDesk
from bot.storage import mirror, outbox, slack_channels
from bot.storage.announcement_tables import announcement_recipients
from bot.storage.announcing.pace import Pace
from bot.storage.database import Database
from bot.storage.outbox import OutboxState
from bot.storage.queue import Queue
from bot.storage.slack_channels import SlackChannel
from bot.storage.tables import outbox as outbox_table
from bot.vocabulary.announcing import (
    Announcement,
    AnnouncementState,
    AnnouncementText,
    Call,
    CallKind,
    Composed,
    Preview,
    Timing,
)
from bot.vocabulary.results import NotDone
from crm.records import Contact
from knowledge.program import Program
from tests.builders import contact, partner, program

FRIDAY = datetime(2026, 11, 27, 10, tzinfo=UTC)
"""A working hour at everybody's."""


def wall(text: str) -> datetime:
    """What clocks show: "2026-11-30 09:00"."""
    return datetime.fromisoformat(text)


LATER = Timing(wall("2026-11-30 10:00"))  # Monday
DOMAIN = "partners.example"
ENGLISH = AnnouncementText("en", "Prices", "Hello {first_name}, new prices.")
GERMAN = AnnouncementText("de", "Preise", "Guten Tag {first_name}, neue Preise.")
PRICES = Composed((ENGLISH,), call=Call(CallKind.ANSWER))


async def _nothing_overlooked() -> int:
    return 0


@dataclass
class House:
    storage: Database
    queue: Queue
    program: Program = field(default_factory=program)
    now: datetime = FRIDAY
    per_minute: int = 6_000
    portion: int = 500

    @property
    def by(self) -> str:
        return self.managers[0]

    @property
    def other(self) -> str:
        return self.managers[1]

    @property
    def managers(self) -> list[str]:
        return [manager.email for manager in self.program.managers if manager.announces]

    @property
    def desk(self) -> AnnouncementDesk:
        pace = Pace(self.per_minute)
        return AnnouncementDesk(self.storage, self.queue, self.program, lambda: self.now, DOMAIN, pace)

    @property
    def spreading(self) -> Spreading:
        pace = Pace(self.per_minute)
        return Spreading(self.storage, self.queue, self.program, lambda: self.now, DOMAIN, pace, self.portion)

    async def draft(self, composed: Composed = PRICES, by: str = "") -> Announcement:
        made = await self.desk.keep(by or self.by, composed)
        assert isinstance(made, Announcement), made
        return made

    async def confirmed(self, composed: Composed = PRICES) -> Announcement:
        """Kept, looked at and confirmed with the count that was shown."""
        made = await self.draft(composed)
        seen = await self.desk.preview(self.by, composed)
        assert isinstance(seen, Preview), seen
        done = await self.desk.confirm(self.by, made.id, seen.contacts)
        assert isinstance(done, Announcement), done
        return done

    async def sent(self, composed: Composed = PRICES) -> Announcement:
        """All of it in the outbox."""
        made = await self.confirmed(composed)
        await self.work(made.id)
        return made

    async def work(self, announcement_id: str) -> None:
        """What falls due does, and the job of this announcement runs."""
        due = DueDesk(
            self.storage, self.queue, lambda: self.now, {ANNOUNCEMENT: self.spreading.fall_due}, _nothing_overlooked
        )
        await due()
        await self.spreading(announcement_id)

    async def store(self, *people: Contact) -> None:
        async with self.storage.begin() as connection:
            await mirror.store(connection, people)

    async def map_channel(self, partner_id: str = "p-1", channel_id: str = "C-1", **changes: Any) -> None:
        channel = SlackChannel("T-vendor", channel_id, f"ext-{partner_id}", partner_id, "T-theirs", **changes)
        async with self.storage.begin() as connection:
            await slack_channels.save(connection, channel)

    async def rows(self, destination: str = "mail", kind: str = "announcement") -> list[Any]:
        """Of the outbox, in the order they were written."""
        query = select(outbox_table).where(outbox_table.c.destination == destination, outbox_table.c.kind == kind)
        async with self.storage.reading() as connection:
            return list((await connection.execute(query.order_by(outbox_table.c.seq))).all())

    async def mailed(self) -> list[str]:
        return sorted(row.payload["to"] for row in await self.rows())

    async def told(self) -> list[tuple[str, str]]:
        """(whom, what) was written to managers directly."""
        return [(row.payload["channel"], row.payload["text"]) for row in await self.rows("slack", CARD)]

    async def delivered(self, most: int = 1_000) -> int:
        """A second later the relay has taken so many of those that may go by then."""
        self.later(seconds=1)
        ripe = [
            row.id for row in await self.rows()
            if row.state == "pending" and (row.not_before is None or row.not_before <= self.now)
        ][:most]  # fmt: skip
        async with self.storage.begin() as connection:
            await outbox.settle_many(connection, [(one, "") for one in ripe], OutboxState.SENT)
        return len(ripe)

    async def state(self, announcement_id: str) -> AnnouncementState:
        found = await self.desk.find(announcement_id)
        assert found is not None
        return found.state

    async def left_out(self, announcement_id: str) -> dict[str, str]:
        r = announcement_recipients.c
        query = select(r.contact_id, r.left_out).where(r.announcement_id == UUID(announcement_id).hex, r.left_out != "")
        async with self.storage.reading() as connection:
            return {row.contact_id: row.left_out for row in await connection.execute(query)}

    def in_slack(self) -> None:
        """Every manager is known there."""
        managers = tuple(replace(m, slack_user_id=f"U{n}") for n, m in enumerate(self.program.managers))
        self.program = replace(self.program, managers=managers)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


def refusal(done: object) -> str:
    assert isinstance(done, NotDone), done
    return done.text


async def furnished(storage: Database, queue: Queue) -> House:
    """Ada reads English at One; Bo reads German at Two, where Cy has opted out."""
    people = [
        contact(id="c-1", partner_id="p-1", name="Ada Byron", email="ada@one.example"),
        contact(id="c-2", partner_id="p-2", name="Bo Klein", email="bo@two.example", language="de"),
        contact(id="c-3", partner_id="p-2", name="Cy Kern", email="cy@two.example", opted_out=True),
    ]
    async with storage.begin() as connection:
        await mirror.store(connection, [partner(id="p-1", name="One"), partner(id="p-2", name="Two"), *people])
    return House(storage, queue)
