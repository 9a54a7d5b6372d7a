"""What a review of all tiers came to, put before the managers in one brief."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.briefing import Briefing
from bot.payouts.tier_reviews import in_a_line
from bot.storage import mirror, tiers, timers
from bot.storage.tiers import Change, KeptNotice, Settled
from bot.vocabulary.briefs import Brief, BriefKind
from crm.records import Partner
from knowledge import tier_clock
from knowledge.deal_clock import Timer
from knowledge.program import Program
from knowledge.programs import Programs

_WAIT = timedelta(minutes=15)
_PATIENCE = timedelta(days=1)  # then managers hear of what is through; what fails has a task of its own
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class TierDigest:
    """The handler of the digest's timer."""

    programs: Programs
    briefing: Briefing

    async def __call__(self, connection: AsyncConnection, timer: Timer, now: datetime) -> None:
        """Waits for the partners that are not through yet, but not for ever."""
        left = await timers.undone(connection, tier_clock.REVIEW, timer.payload)
        if left and now - timer.due_at < _PATIENCE:
            await timers.postpone(connection, timer.key, now + _WAIT)
            await timers.again(connection, timer.key, timer.due_at)
            return
        review = date.fromisoformat(timer.payload["review"])
        names = {partner.id: partner.name for partner in await mirror.everyone(connection, Partner)}
        changes = await tiers.of_review(connection, review)
        notices = await tiers.notices_at(connection, review)
        program = self.programs.on(review)
        told = _lines(program, review, changes, notices, names)
        if left:
            told.append(("Not through yet", f"{left} partner(s): they are tried again"))
        for manager in program.managers:
            brief = Brief(
                key=f"{timer.key}:{now:%Y-%m-%dT%H:%M}:{manager.email}",
                kind=BriefKind.NOTICE,
                subject=f"tiers {review}",
                manager=manager,
                title=_title(review, changes, notices),
                facts=tuple(told),
                shared=f"{timer.key}:{now:%Y-%m-%dT%H:%M}",
            )
            await self.briefing.send(connection, brief)


def _title(review: date, changes: Sequence[Change], notices: Sequence[KeptNotice]) -> str:
    at_risk = sum(notice.settled is None for notice in notices)
    changed = f"{len(changes)} changed" if changes else "none changed"
    return f"Tiers reviewed on {_day(review)}: {changed}, {at_risk} at risk"


def _lines(
    program: Program, review: date, changes: Sequence[Change], notices: Sequence[KeptNotice], names: dict[str, str]
) -> list[tuple[str, str]]:
    """Rises, falls, what is at risk, what recovered; the first ones where they are many."""
    order = [tier.name for tier in program.tiers]
    ups = [c for c in changes if c.tier in order and c.was in order and order.index(c.tier) > order.index(c.was)]
    said = [
        *(
            (names.get(c.partner_id, c.partner_id), f"rises from {c.was} to {c.tier}; {in_a_line(c.figures)}")
            for c in ups
        ),
        *(
            (names.get(c.partner_id, c.partner_id), f"falls from {c.was} to {c.tier}; {in_a_line(c.figures)}")
            for c in changes
            if c not in ups
        ),
        *((names.get(n.partner_id, n.partner_id), _noticed(n)) for n in notices if n.settled is None),
        *(
            (names.get(n.partner_id, n.partner_id), f"keeps {n.notice.tier} after its notice")
            for n in notices
            if n.settled is Settled.RECOVERED and n.settled_on == review
        ),
    ]
    more = len(said) - _SHOWN
    return [*said[:_SHOWN], *([("And", f"{more} more; `partnerline tiers history` has them")] if more > 0 else [])]


def _noticed(kept: KeptNotice) -> str:
    notice = kept.notice
    return f"{notice.tier} is at risk: {notice.becomes} from {_day(notice.review)} on; {in_a_line(kept.figures)}"


def _day(day: date) -> str:
    return f"{day:%d %b %Y}".lstrip("0")
