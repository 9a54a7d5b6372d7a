"""The engagement of all partners, or of one: as it stands, and as it stood four weeks ago."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests import engagement
from bot.digests.engagement import Activity, Score
from bot.storage.engagement import Done, Spans, done_by
from crm.records import Partner
from knowledge.program import Program

EARLIER = timedelta(weeks=4)
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


async def done_at(connection: AsyncConnection, program: Program, now: datetime) -> tuple[Done, ...]:
    """What all partners had done by then; `now` is in the vendor's zone."""
    return await done_by(connection, now, now.date(), _SPANS, program.vendor.time_zone)


async def standings(
    connection: AsyncConnection, program: Program, now: datetime, done: Sequence[Done] = ()
) -> dict[str, Standing]:
    """By partner. `done` is what `done_at` gave for that moment, where it is at hand."""
    then = now - EARLIER
    latest = done or await done_at(connection, program, now)
    before = {one.partner_id: one for one in await done_at(connection, program, then)}
    return {
        one.partner_id: Standing(
            one.partner_id,
            scored(one, program, now.date()),
            scored(before[one.partner_id], program, then.date()) if one.partner_id in before else Score(None, ()),
        )
        for one in latest
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
