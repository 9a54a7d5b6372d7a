"""Segments under a name of their own: kept by managers who announce, and taken by saved=NAME in a segment's words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.composing.faults import announcer
from bot.announcements.segments.audience import Audience, reached_by
from bot.announcements.segments.choices import known_choices
from bot.announcements.segments.parsing import SegmentFault, parse_segment
from bot.storage import ledger, saved_segments
from bot.storage.codec import storable
from bot.storage.database import Database
from bot.vocabulary.results import Done, NotDone
from bot.vocabulary.segment import SavedSegment, Segment
from knowledge.business_days import vendors_day
from knowledge.nearest import meant
from knowledge.program import Program

LONGEST_NAME = 60
MOST = 500
"""So many names fit on a page that somebody reads."""
_RESERVED = frozenset(',;="!')


@dataclass(frozen=True, slots=True)
class SavedSegments:
    """`by` is a manager's address. A name counts without case; what others have announced or scheduled stays as it is,
    whatever becomes of the name.
    """

    database: Database
    program: Program
    now: Callable[[], datetime]

    async def save(self, by: str, name: str, segment: Segment | str) -> Done | NotDone:
        """`segment` may be in words. Of the same name, the newer one counts."""
        name = _tidied(name)
        if fault := self._fault(by, name):
            return fault
        async with self.database.begin() as connection:
            kept = {one.name.casefold() for one in await saved_segments.listed(connection)}
            if len(kept) >= MOST and name.casefold() not in kept:
                return NotDone(f"{MOST} segments are saved already", "delete those that nobody needs")
            read = await self._read(connection, segment)
            if isinstance(read, NotDone):
                return read
            await saved_segments.save(connection, name, read, by)
            await ledger.append(connection, "segment_saved", by, {"name": name, "segment": str(read)})
        return Done(f"“{name}” is saved: {read}", name)

    async def listed(self) -> tuple[SavedSegment, ...]:
        """By name."""
        async with self.database.reading() as connection:
            return tuple(await saved_segments.listed(connection))

    async def find(self, name: str) -> SavedSegment | NotDone:
        async with self.database.reading() as connection:
            return await self._found(connection, name)

    async def audience(self, segment: Segment) -> Audience:
        """Whom it reaches as things stand."""
        async with self.database.begin() as connection:
            today = vendors_day(self.now(), self.program.vendor)
            return await reached_by(connection, segment, program=self.program, today=today)

    async def rename(self, by: str, name: str, to: str) -> Done | NotDone:
        to = _tidied(to)
        if fault := self._fault(by, to):
            return fault
        async with self.database.begin() as connection:
            found = await self._found(connection, name)
            if isinstance(found, NotDone):
                return found
            if not await saved_segments.rename(connection, found.name, to):
                return NotDone(f"there is a saved segment “{to}” already", "choose another name, or delete that one")
            await ledger.append(connection, "segment_renamed", by, {"name": found.name, "to": to})
        return Done(f"“{found.name}” is called “{to}” now", to)

    async def delete(self, by: str, name: str) -> Done | NotDone:
        if isinstance(refused := announcer(self.program, by), NotDone):
            return refused
        async with self.database.begin() as connection:
            found = await self._found(connection, name)
            if isinstance(found, NotDone):
                return found
            await saved_segments.remove(connection, found.name)
            body = {"name": found.name, "segment": str(found.segment)}
            await ledger.append(connection, "segment_deleted", by, body)
        return Done(f"“{found.name}” is deleted; announcements that were made with it stay as they are", found.name)

    def _fault(self, by: str, name: str) -> NotDone | None:
        if isinstance(refused := announcer(self.program, by), NotDone):
            return refused
        if not name:
            return NotDone("the segment has no name", "give it one by which others know it, such as Elite in DACH")
        if len(name) > LONGEST_NAME or _RESERVED & set(name):
            fix = f"use at most {LONGEST_NAME} characters, and none of , ; = ! and quotes"
            return NotDone("this name cannot be written in a segment", fix)
        return None

    async def _read(self, connection: AsyncConnection, segment: Segment | str) -> Segment | NotDone:
        if isinstance(segment, Segment):
            return segment
        try:
            return parse_segment(storable(segment), await known_choices(connection, self.program))
        except SegmentFault as fault:
            return NotDone(str(fault))

    async def _found(self, connection: AsyncConnection, name: str) -> SavedSegment | NotDone:
        found = await saved_segments.find(connection, storable(name))
        if found is not None:
            return found
        known = [one.name for one in await saved_segments.listed(connection)]
        return NotDone(f"no segment is saved as “{_tidied(name)}”", meant(name, known))


def _tidied(name: str) -> str:
    return " ".join(storable(name).split())
