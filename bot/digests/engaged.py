"""The engagement of all partners, or of one: as it stands, and as it stood four weeks ago."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests import engagement
from bot.digests.engagement import Activity, Score
from bot.storage.engagement import Done, Moment, Spans, done_by
from crm.records import Partner
from knowledge.program import Program

EARLIER = timedelta(weeks=4)
Counted = tuple[tuple[Done, Done], ...]
"""What partners have done, and had done four weeks ago."""
_SPANS = Spans(engagement.ANSWERS_OF, engagement.MESSAGES_OF, engagement.REGISTRATIONS_OF, engagement.WON_OF)
_MOVED = 5  # points from which on a change is told
_SHOWN = 5  # falls, and rises


@dataclass(frozen=True, slots=True)
class Standing:
    """`before` is the score four weeks ago."""

    partner_id: str
    score: Score
    before: Score

    @property
    def moved(self) -> int:
        """How many points up, or down where it is negative; 0 where one of the two is not known."""
        if self.score.value is None or self.before.value is None:
            return 0
        return self.score.value - self.before.value


async def done_by_all(connection: AsyncConnection, program: Program, now: datetime) -> Counted:
    """What each partner has done by now and had done four weeks ago; `now` is in the vendor's zone."""
    then = now - EARLIER
    zone = program.vendor.time_zone
    return await done_by(connection, Moment(now, now.date()), Moment(then, then.date()), _SPANS, zone)


async def standings(connection: AsyncConnection, program: Program, now: datetime) -> dict[str, Standing]:
    """By partner; `now` is in the vendor's zone."""
    return standings_of(await done_by_all(connection, program, now), program, now)


def standings_of(counted: Counted, program: Program, now: datetime) -> dict[str, Standing]:
    """`counted` is what `done_by_all` gave for that moment."""
    today, then = now.date(), (now - EARLIER).date()
    return {
        latest.partner_id: Standing(latest.partner_id, scored(latest, program, today), scored(before, program, then))
        for latest, before in counted
    }


def scored(done: Done, program: Program, today: date) -> Score:
    """`today` is the day for which it was counted."""
    days = (today - done.heard_on).days if done.heard_on else None
    needed = max((tier.certified_people for tier in program.tiers), default=0)
    counted = (done.reached, done.answered, done.messages, done.registrations, done.won)
    known = Activity(*counted, done.certified, needed, days, done.ever)
    return engagement.score(known)


def moved(found: Iterable[Standing], partners: Mapping[str, Partner]) -> tuple[str, ...]:
    """The biggest falls, then the biggest rises, in words."""
    known = [one for one in found if one.partner_id in partners and abs(one.moved) >= _MOVED]
    falls = sorted((one for one in known if one.moved < 0), key=lambda one: (one.moved, one.partner_id))
    rises = sorted((one for one in known if one.moved > 0), key=lambda one: (-one.moved, one.partner_id))
    return tuple(
        f"{partners[one.partner_id].name}: {one.before.value} to {one.score.value} ({one.moved:+d})"
        for one in (*falls[:_SHOWN], *rises[:_SHOWN])
    )
