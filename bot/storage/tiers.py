"""The tiers of partners through time, and the notices that a tier is at risk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, case, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import outbox
from bot.storage.crm_writes import SET_TIER
from bot.storage.desk_tables import timers
from bot.storage.payout_tables import tier_changes, tier_notices
from bot.storage.tables import mirror
from bot.storage.tables import outbox as outbox_table
from bot.vocabulary.money import TierChange
from crm.records import Partner
from knowledge.commission.account import TierHistory, TierSince
from knowledge.tier_clock import REVIEW as REVIEW_TIMER
from knowledge.tier_review import Notice

REVIEW = "review"
"""Who changed a tier: a review that found other figures, a colleague in the CRM, or a manager's address."""
CRM = "crm"


class Settled(StrEnum):
    """What became of a notice: the tier was lowered, the figures recovered, or a manager set the tier meanwhile."""

    LOWERED = "lowered"
    RECOVERED = "recovered"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of tier as it is kept. `was` is "" for the tier with which the records begin; `by` an address, or REVIEW
    or CRM; `figures` what a review saw, by name.
    """

    partner_id: str
    since: date
    was: str
    tier: str
    by: str
    reason: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptNotice:
    partner_id: str
    notice: Notice
    given_on: date
    settled: Settled | None
    settled_on: date | None
    figures: Mapping[str, str]


async def history(connection: AsyncConnection, partner_id: str) -> TierHistory:
    """Every tier that the partner has had since records began, the oldest first."""
    changes = await changes_of(connection, partner_id)
    return TierHistory(tuple(TierSince(change.since, change.tier) for change in changes))


async def histories(connection: AsyncConnection) -> dict[str, TierHistory]:
    """Those of all partners, by partner."""
    entries: dict[str, list[TierSince]] = {}
    query = select(tier_changes.c.partner_id, tier_changes.c.since, tier_changes.c.tier).order_by(tier_changes.c.since)
    for row in await connection.execute(query):
        entries.setdefault(row.partner_id, []).append(TierSince(row.since, row.tier))
    return {partner_id: TierHistory(tuple(of_partner)) for partner_id, of_partner in entries.items()}


async def changes_of(connection: AsyncConnection, partner_id: str) -> tuple[TierChange, ...]:
    """What a partner may know of its own: the oldest first, the one with which the records begin without `was`."""
    return tuple(
        TierChange(change.since, change.was, change.tier, change.reason or _in_a_word(change.by))
        for change in await kept_of(connection, partner_id)
    )


async def kept_of(connection: AsyncConnection, partner_id: str) -> tuple[Change, ...]:
    """All that is kept of them, for managers; the oldest first."""
    query = select(tier_changes).where(tier_changes.c.partner_id == partner_id).order_by(tier_changes.c.since)
    return tuple(_change(row) for row in await connection.execute(query))


async def of_review(connection: AsyncConnection, review: date) -> tuple[Change, ...]:
    """What the review of that day changed, for everybody."""
    found = (tier_changes.c.by == REVIEW) & (tier_changes.c.doc["review"].astext == review.isoformat())
    query = select(tier_changes).where(found).order_by(tier_changes.c.partner_id)
    return tuple(_change(row) for row in await connection.execute(query))


async def record(connection: AsyncConnection, change: Change) -> None:
    """One change a day is kept: a later one of the same day takes its place, and one back to what was leaves none.

    Where records began on that day they began the day before: what the partner had until then stays known.
    """
    c = tier_changes.c
    begun = (c.partner_id == change.partner_id) & (c.since == change.since) & (c.was == "")
    if change.was:
        await connection.execute(update(tier_changes).where(begun).values(since=c.since - 1))
    made = insert(tier_changes).values(
        partner_id=change.partner_id, since=change.since, was=change.was, tier=change.tier, by=change.by,
        reason=change.reason, doc=dict(change.figures),
    )  # fmt: skip
    said = {name: made.excluded[name] for name in ("tier", "by", "reason", "doc")}
    await connection.execute(
        made.on_conflict_do_update(index_elements=["partner_id", "since"], set_=said | {"at": func.now()})
    )
    same = (c.partner_id == change.partner_id) & (c.since == change.since)
    await connection.execute(delete(tier_changes).where(same, c.was == c.tier))


async def noticed(connection: AsyncConnection, partners: Sequence[Partner], day: date) -> None:
    """What the CRM says of tiers by `day`: one that was not recorded so far is a change that a colleague made there.

    A partner's first one is where its records begin.
    """
    last = await _last(connection, [partner.id for partner in partners])
    first = [
        {"partner_id": partner.id, "since": day, "tier": partner.tier, "by": CRM}
        for partner in partners
        if partner.tier and partner.id not in last
    ]
    if first:
        await connection.execute(insert(tier_changes).values(first).on_conflict_do_nothing())
    for partner in partners:
        known = last.get(partner.id, partner.tier)
        if partner.tier and partner.tier != known:
            await record(connection, Change(partner.id, day, known, partner.tier, CRM))


async def on_their_way(connection: AsyncConnection, since: datetime | None = None) -> dict[str, str]:
    """Tiers by partner that the CRM did not know at `since` by the database's clock, or when this transaction began:
    what it said then is older than our change.
    """
    query = (
        select(outbox_table.c.partner_id, outbox_table.c.payload["wanted"].astext.label("tier"))
        .where(
            outbox_table.c.destination == outbox.Destination.CRM.value,
            outbox_table.c.kind == SET_TIER,
            (outbox_table.c.state == outbox.OutboxState.PENDING.value)
            | (
                (outbox_table.c.state == outbox.OutboxState.SENT.value)
                & (outbox_table.c.sent_at >= (since or func.now()))
            ),
        )
        .order_by(outbox_table.c.seq)
    )
    return {row.partner_id: row.tier for row in await connection.execute(query)}


async def unreviewed(connection: AsyncConnection, review: date) -> tuple[str, ...]:
    """Partners for whom that review was never set."""
    key = func.concat(f"{REVIEW_TIMER}:{review}:", mirror.c.id)
    query = select(mirror.c.id).where(
        mirror.c.kind == "partner", ~select(timers.c.key).where(timers.c.key == key).exists()
    )
    return tuple(await connection.scalars(query.order_by(mirror.c.id)))


async def standing(connection: AsyncConnection, partner_id: str) -> Notice | None:
    """The notice that the partner's tier will be lowered, as long as nothing has become of it."""
    query = select(tier_notices).where(tier_notices.c.partner_id == partner_id, tier_notices.c.settled == "")
    row = (await connection.execute(query.order_by(tier_notices.c.review).limit(1))).one_or_none()
    return None if row is None else _notice(row).notice


async def notices_of(connection: AsyncConnection, partner_id: str) -> tuple[KeptNotice, ...]:
    """All that the partner was ever given, the oldest first."""
    query = select(tier_notices).where(tier_notices.c.partner_id == partner_id).order_by(tier_notices.c.review)
    return tuple(_notice(row) for row in await connection.execute(query))


async def notices_at(connection: AsyncConnection, review: date) -> tuple[KeptNotice, ...]:
    """Everybody's that stand, and those of which something became at the review of that day."""
    asked = (tier_notices.c.settled == "") | (tier_notices.c.settled_on == review)
    query = select(tier_notices).where(asked).order_by(tier_notices.c.partner_id, tier_notices.c.review)
    return tuple(_notice(row) for row in await connection.execute(query))


async def give(connection: AsyncConnection, partner_id: str, notice: Notice, figures: Mapping[str, str]) -> None:
    """Once for each review; one that was settled before stands again."""
    made = insert(tier_notices).values(
        partner_id=partner_id, review=notice.review, tier=notice.tier, becomes=notice.becomes, doc=dict(figures)
    )
    again = case((tier_notices.c.settled == "", tier_notices.c.given_at), else_=func.now())
    said = {"tier": made.excluded.tier, "becomes": made.excluded.becomes, "doc": made.excluded.doc}
    await connection.execute(
        made.on_conflict_do_update(
            index_elements=["partner_id", "review"],
            set_=said | {"given_at": again, "settled": literal(""), "settled_on": None},
        )
    )


async def settle(connection: AsyncConnection, partner_id: str, settled: Settled, day: date) -> bool:
    """Whether one stood."""
    stood = (tier_notices.c.partner_id == partner_id) & (tier_notices.c.settled == "")
    done = await connection.execute(update(tier_notices).where(stood).values(settled=settled.value, settled_on=day))
    return done.rowcount > 0


async def _last(connection: AsyncConnection, partner_ids: Iterable[str]) -> dict[str, str]:
    """The tier that was recorded last, by partner."""
    c = tier_changes.c
    query = (
        select(c.partner_id, c.tier)
        .where(c.partner_id.in_(list(partner_ids)))
        .ext(distinct_on(c.partner_id))
        .order_by(c.partner_id, c.since.desc())
    )
    return {row.partner_id: row.tier for row in await connection.execute(query)}


def _in_a_word(by: str) -> str:
    return by if by in (REVIEW, CRM) else "manager"


def _change(row: Row[Any]) -> Change:
    return Change(row.partner_id, row.since, row.was, row.tier, row.by, row.reason, row.doc)


def _notice(row: Row[Any]) -> KeptNotice:
    return KeptNotice(
        row.partner_id,
        Notice(row.review, row.tier, row.becomes),
        row.given_at.date(),
        Settled(row.settled) if row.settled else None,
        row.settled_on,
        row.doc,
    )
