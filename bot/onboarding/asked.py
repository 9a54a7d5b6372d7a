"""What managers say of onboarding by mail and in Slack: "adoption", "onboard" and "stop onboarding" a partner."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.desk.partners_named import partner_named
from bot.onboarding.adoption import adoption, in_words
from bot.onboarding.desk import OnboardingDesk
from bot.storage.adoption import adopted
from bot.storage.codec import storable
from bot.storage.database import Database
from bot.vocabulary.results import NotDone, in_sentences
from knowledge.business_days import vendors_day
from knowledge.program import Manager
from knowledge.programs import Programs

_READ = 200  # characters of the first line
_ADOPTION = re.compile(r"[\s*_]*(?:the |partner )?adoption(?: report)?(?:,? please)?[\s*_.!?]*", re.IGNORECASE)
_STOP = re.compile(r"[\s*_]*stop onboarding[:\s]+(?P<name>.+?)(?:,? please)?[\s*_.!?]*", re.IGNORECASE)
_START = re.compile(r"[\s*_]*onboard[:\s]+(?P<name>.+?)(?:,? please)?[\s*_.!?]*", re.IGNORECASE)
_ALL = "`partnerline report adoption` has every partner, as a table, a file or a chart."
_NO_RIGHT = "Who may announce onboards partners; you may not."


@dataclass(frozen=True, slots=True)
class OnboardingAsked:
    """A message of a proven manager's, in English."""

    database: Database
    programs: Programs
    desk: OnboardingDesk
    silent_days: int
    now: Callable[[], datetime]

    async def __call__(self, said: str, who: Manager) -> tuple[str, str] | None:
        """How it is logged, and the answer; None where nothing of this is asked."""
        lines = (" ".join(line.split()) for line in said[:10_000].splitlines())
        first = next((line for line in lines if line), "")[: _READ + 1]
        if len(first) > _READ:
            return None
        if _ADOPTION.fullmatch(first):
            return "adoption_told", await self._adoption()
        for order, start in ((_STOP, False), (_START, True)):
            if found := order.fullmatch(first):
                return "onboarding_ordered", await self._ordered(storable(found["name"]), who, start=start)
        return None

    async def _adoption(self) -> str:
        vendor = self.programs.at(self.now()).vendor
        async with self.database.reading() as connection:
            partners = await adopted(connection, self.now(), vendor.time_zone)
        found = adoption(partners, vendors_day(self.now(), vendor), self.silent_days)
        return "\n".join((*in_words(found), _ALL))

    async def _ordered(self, name: str, who: Manager, *, start: bool) -> str:
        if not who.announces:
            return _NO_RIGHT
        async with self.database.reading() as connection:
            partner = await partner_named(connection, name)
        if isinstance(partner, NotDone):
            return in_sentences(partner)
        done = await (self.desk.start(partner, who.email) if start else self.desk.stop(partner, who.email))
        return in_sentences(done)
