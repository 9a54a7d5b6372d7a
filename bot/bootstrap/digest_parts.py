"""Digests, put together: what managers ask for, and what the clock writes each week and each month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.desk.unasked import Letters
from bot.digests.letters import PartnerLetters
from bot.digests.managers import ManagersDigests
from bot.digests.monthly import MonthlyDigests
from bot.digests.rules import rules_of
from bot.digests.telling_managers import as_text
from bot.digests.weekly import WeeklyDigests
from bot.storage.database import Database
from bot.storage.queue import Queue
from config.settings import Settings
from knowledge.program import Manager
from knowledge.programs import Programs


@dataclass(frozen=True, slots=True)
class DigestParts:
    managers: ManagersDigests
    weekly: WeeklyDigests
    monthly: MonthlyDigests

    async def told(self, manager: Manager) -> str:
        """What needs this manager now, as text."""
        return as_text(await self.managers.of(manager))

    async def __call__(self) -> None:
        """The clock's duty."""
        await self.weekly()
        await self.monthly()


def digest_parts(
    settings: Settings,
    database: Database,
    queue: Queue,
    programs: Programs,
    clock: Callable[[], datetime],
    mail_domain: str,
) -> DigestParts:
    """`mail_domain` is that of our Message-IDs."""
    rules = rules_of(
        settings.managers_digest, settings.managers_digest_at, settings.silent_days, settings.partner_digests,
        settings.partner_digest_day,
    )  # fmt: skip
    managers = ManagersDigests(database, programs, rules, clock)
    letters = PartnerLetters(Letters(mail_domain, clock))
    return DigestParts(
        managers,
        WeeklyDigests(managers, queue, clock),
        MonthlyDigests(database, queue, programs, rules, clock, letters),
    )
