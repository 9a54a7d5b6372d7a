"""What keeps tiers, put together: the quarterly review, managers' own changes, and what the CRM changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.desk.briefing import Briefing
from bot.desk.due import Handler
from bot.desk.telling import Telling
from bot.payouts.tier_desk import TierDesk
from bot.payouts.tier_digest import TierDigest
from bot.payouts.tier_reviews import TierReviews
from bot.payouts.tier_watch import TierWatch
from bot.storage.database import Database
from bot.storage.queue import Queue
from crm.ports import CrmPort
from knowledge import tier_clock
from knowledge.programs import Programs


@dataclass(frozen=True, slots=True)
class TierParts:
    reviews: TierReviews
    desk: TierDesk
    watch: TierWatch
    digest: TierDigest

    @property
    def handlers(self) -> dict[str, Handler]:
        """By kind of timer."""
        return {**self.reviews.handlers, tier_clock.DIGEST: self.digest}


def tier_parts(
    database: Database,
    queue: Queue,
    crm: CrmPort,
    programs: Programs,
    clock: Callable[[], datetime],
    telling: Telling,
    briefing: Briefing,
) -> TierParts:
    return TierParts(
        TierReviews(database, programs, crm, telling, clock),
        TierDesk(database, queue, programs, crm, telling, clock),
        TierWatch(programs, clock),
        TierDigest(programs, briefing),
    )
