"""What it costs to announce to ten thousand people: the preview, and every copy planned, rendered and queued.

Personal fields, two languages, quiet hours, 1,000 partners in five time zones and 2,000 mail domains; the mails look as
they do.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
from sqlalchemy import func, select

from bot.announcements.desk import AnnouncementDesk
from bot.announcements.sending.spreading import Spreading
from bot.bootstrap import read_program, storage
from bot.bootstrap.announcing import looks_of
from bot.channels.email.look import look_of
from bot.channels.email.outlet import MailWriter
from bot.channels.email.own import own_addresses
from bot.storage import mirror
from bot.storage.announcing.pace import Pace
from bot.storage.database import Database
from bot.storage.tables import outbox
from bot.vocabulary.announcing import Announcement, AnnouncementText, Call, CallKind, Composed, Preview
from config.loading import load_settings
from crm.records import Contact, Partner, PartnerType
from knowledge.program import Program

PEOPLE = 10_000
PARTNERS = 1_000
GOAL_PREVIEW, GOAL_QUEUED = 2.0, 60.0  # seconds
STEPS = 3
_AT = datetime(2026, 11, 26, 12, tzinfo=UTC)  # a Thursday, a working hour in all of these zones
_PLACES = (("Europe/Brussels", "BE"), ("Europe/Berlin", "DE"), ("Europe/Paris", "FR"), ("Europe/London", "GB"),
           ("Africa/Johannesburg", "ZA"))  # fmt: skip
_BODY = "Dear {first_name},\n\n" + "\n\n".join(
    f"The **{n}th** thing that is new for {{partner}}, your tier being {{tier}}: [read more](https://v.example/{n})."
    for n in range(12)
)


@dataclass(frozen=True, slots=True)
class Announced:
    """`preview`, `planned` and `queued` in seconds, the last with planning; `grown` in bytes, the most that the process
    held above what it held before the first copy, and `longest` the longest that nothing else could run, in seconds.
    """

    people: int
    preview: float
    queued: float
    grown: int
    longest: float


async def measure(url: str, step: Callable[[], None]) -> Announced:
    """`url` is that of an empty database."""
    settings = load_settings(Path(os.devnull), environ={"PARTNERLINE_DATABASE_URL": url})
    program = read_program(settings)
    own = own_addresses(program.vendor, "")
    writer = MailWriter(own, "https://partners.example", look_of(program.brand, program.vendor.name, program.texts))
    async with storage(settings) as (database, queue):
        await _fill(database, program)
        step()
        pace = Pace(600)
        desk = AnnouncementDesk(database, queue, program, _now, own.domain, pace, looks_of(writer, _now))
        spreading = Spreading(database, queue, program, _now, own.domain, pace)
        return await _announced(database, desk, spreading, step)


async def _announced(
    database: Database, desk: AnnouncementDesk, spreading: Spreading, step: Callable[[], None]
) -> Announced:
    by = next(manager.email for manager in desk.program.managers if manager.announces)
    composed = Composed(
        (AnnouncementText("en", "News for {partner}", _BODY), AnnouncementText("de", "Neues", _BODY)),
        call=Call(CallKind.ANSWER),
    )
    previews = []
    for _ in range(3):
        began = time.perf_counter()
        seen = await desk.preview(by, composed)
        previews.append(time.perf_counter() - began)
    assert isinstance(seen, Preview), seen
    step()
    kept = await desk.keep(by, composed)
    assert isinstance(kept, Announcement), kept
    assert isinstance(await desk.confirm(by, kept.id, seen.contacts), Announcement)
    watch = asyncio.create_task(_watched())
    began = time.perf_counter()
    await spreading.begin(kept.id)
    queued = time.perf_counter() - began
    watch.cancel()
    grown, longest = await watch
    async with database.reading() as connection:
        mails = select(func.count()).select_from(outbox).where(outbox.c.announcement_id == kept.id)
        assert await connection.scalar(mails) == seen.mails == PEOPLE
    step()
    return Announced(seen.contacts, sorted(previews)[1], queued, grown, longest)


async def _watched() -> tuple[int, float]:
    """(the most memory above the first look, the longest that this had to wait for its turn), until it is cancelled."""
    process = psutil.Process()
    first = most = process.memory_info().rss
    longest, last = 0.0, time.perf_counter()
    try:
        while True:
            await asyncio.sleep(0.005)
            now = time.perf_counter()
            longest, last = max(longest, now - last - 0.005), now
            most = max(most, process.memory_info().rss)
    except asyncio.CancelledError:
        return most - first, longest


async def _fill(database: Database, program: Program) -> None:
    partners = [_partner(n, program) for n in range(PARTNERS)]
    people = [_person(n) for n in range(PEOPLE)]
    async with database.begin() as connection:
        await mirror.store(connection, partners)
        await mirror.store(connection, people)


def _partner(number: int, program: Program) -> Partner:
    zone, country = _PLACES[number % len(_PLACES)]
    tier = program.tiers[number % len(program.tiers)].name
    made = Partner(f"p-{number:04}", f"Partner {number}", (PartnerType.RESELLER,), tier)
    return replace(made, time_zone=zone, country=country, language="de" if number % 3 == 0 else "en")


def _person(number: int) -> Contact:
    domain = f"d{number % 2_000}.example"
    partner = f"p-{number % PARTNERS:04}"
    return Contact(f"c-{number:05}", partner, f"Person Number{number}", f"person{number}@{domain}")


def _now() -> datetime:
    return _AT
