"""Partners' digests: each month once to every contact who wants it, in portions, taken up again where they were left.

An overview goes by mail and to its contact alone: its figures are for whoever asked, and a channel has more readers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests.letters import PartnerLetters
from bot.digests.noticing import local
from bot.digests.own_records import own_records
from bot.digests.rules import DigestRules, Readers
from bot.digests.when import latest_month
from bot.storage import digests, instance, preferences, tasks, undeliverable
from bot.storage.database import Database, StorageUnavailable
from bot.storage.outbox import Destination
from bot.storage.queue import Queue
from crm.records import Contact
from knowledge.program import Program
from knowledge.programs import Programs

log = logging.getLogger(__name__)

_DONE = "partner_digests_until"
_PORTION = 25  # partners in a transaction
_END = "~"  # in place of a partner: the month is through


@dataclass(frozen=True, slots=True)
class MonthlyDigests:
    """Any number of clocks may ask: one of them writes at a time, each portion in a transaction of its own."""

    database: Database
    queue: Queue
    programs: Programs
    rules: DigestRules
    now: Callable[[], datetime]
    letters: PartnerLetters

    async def __call__(self) -> int:
        """How many mails were written. The first time ever, months that are due already count as told; of several that
        were missed the last one is made up for.
        """
        if self.rules.partners is Readers.OFF:
            return 0
        program, written = self.programs.at(self.now()), 0
        month = latest_month(self.now(), self.rules, program.vendor)
        while (count := await self._portion(program, month)) is not None:
            written += count
        if written:
            await self.queue.deliver(Destination.MAIL, Destination.CRM)
        return written

    async def _portion(self, program: Program, month: str) -> int | None:
        """The next partners of the month; None where it is through, or another clock is at it."""
        async with self.database.begin() as connection:
            done = await instance.hold(connection, _DONE, f"{month}:{_END}")
            until, _, after = (done or f"{month}:{_END}").partition(":")
            if until > month or (until == month and after == _END):
                return None
            mains = self.rules.partners is Readers.MAIN_CONTACTS
            found = await digests.addressees(
                connection, mains=mains, after=after if until == month else "", partners=_PORTION
            )
            count = 0
            for partner_id, people in groupby(found, key=lambda contact: contact.partner_id):
                count += await self._of_partner(connection, program, month, partner_id, tuple(people))
            await instance.put(connection, _DONE, f"{month}:{found[-1].partner_id if found else _END}")
            return count

    async def _of_partner(
        self, connection: AsyncConnection, program: Program, month: str, partner_id: str, people: Sequence[Contact]
    ) -> int:
        """One whose records are beyond computing holds up nobody else; a manager has a task then."""
        try:
            async with connection.begin_nested():
                return await self._written(connection, program, month, partner_id, people)
        except StorageUnavailable:
            raise
        except Exception as fault:
            log.exception("the digest of partner %s for %s could not be made", partner_id, month)
            said = f"the partner's overview for {month} could not be made ({type(fault).__name__}; the log says more)"
            await tasks.open_task(connection, f"digest:{month}:{partner_id}", "notice", said, partner_id=partner_id)
            return 0

    async def _written(
        self, connection: AsyncConnection, program: Program, month: str, partner_id: str, people: Sequence[Contact]
    ) -> int:
        """To each address once, and to none that takes no mail."""
        dead = await undeliverable.of_addresses(connection, [contact.email for contact in people])
        told = {contact.email.lower(): contact for contact in reversed(people) if contact.email.lower() not in dead}
        if not told:
            return 0
        own = await own_records(connection, program, self.programs, partner_id, local(self.now(), program))
        if own is None:
            return 0
        asked = await preferences.wants_digest(connection, [contact.id for contact in people])
        written = [
            await self.letters.write(connection, own, month, contact, asked=asked.get(contact.id, False))
            for contact in told.values()
        ]
        return sum(written)
