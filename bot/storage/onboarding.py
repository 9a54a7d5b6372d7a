"""Which partners are new, how far their onboarding is, and what they have written; nothing of a person is kept here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import instance, mirror
from bot.storage.announcement_tables import onboarding
from bot.storage.codec import from_doc
from bot.storage.tables import mirror as records
from crm.records import Partner

_SINCE = "onboarding_since"
_NEVER = ""
_DAY = timedelta(days=1)
_c = onboarding.c


class State(StrEnum):
    """`known` were there before the agent, or came while nobody was welcomed; `ended` is after day 60, or stopped."""

    KNOWN = "known"
    INVITED = "invited"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Onboarded:
    """`steps` says what was done when: `welcomed` and `posted` (ISO), `checked` (the day of the last check-in), `told`
    (what check-ins were about), `nobody` (a manager was told that nobody can be written to), `held_back`.
    """

    partner_id: str
    state: State
    began_at: datetime | None = None
    steps: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Partners that are seen for the first time: `invited`, or `held_back` since they are so many."""

    invited: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()


async def notice(connection: AsyncConnection, now: datetime, *, on: bool, at_once: int) -> Newcomers:
    """Enter every partner that is not entered yet. At the first look, and where it is not `on`, all are known; before
    the CRM was mirrored to its end nobody is entered. One look at a time: whoever comes second finds nothing.
    """
    since = await instance.hold(connection, _SINCE, _NEVER)
    if since is None or not await mirror.is_whole(connection):
        return Newcomers()
    if since == _NEVER:
        await instance.put(connection, _SINCE, now.isoformat())
        await _enter(connection, State.KNOWN, None, {})
        return Newcomers()
    count = await connection.scalar(select(func.count()).select_from(_new().subquery())) or 0
    if not count:
        return Newcomers()
    if not on:
        await _enter(connection, State.KNOWN, None, {})
        return Newcomers()
    if count + await _lately(connection, now - _DAY) > at_once:
        held = await _enter(connection, State.KNOWN, None, {"held_back": now.isoformat()})
        return Newcomers(held_back=held)
    return Newcomers(await _enter(connection, State.INVITED, now, {}))


async def begin(connection: AsyncConnection, partner_id: str, now: datetime) -> bool:
    """Invite a partner that is known, or whose onboarding ended; False where it is under way."""
    values = {"state": State.INVITED.value, "began_at": now, "steps": {}}
    made = upsert(onboarding).values(partner_id=partner_id, **values)
    begun = made.on_conflict_do_update(
        index_elements=["partner_id"], set_=values, where=_c.state != State.INVITED.value
    )
    return await connection.scalar(begun.returning(_c.partner_id)) is not None


async def end(connection: AsyncConnection, partner_id: str) -> bool:
    """False where nothing is under way."""
    query = update(onboarding).where(_c.partner_id == partner_id, _c.state == State.INVITED.value)
    return (await connection.execute(query.values(state=State.ENDED.value))).rowcount > 0


async def step(connection: AsyncConnection, partner_id: str, **steps: Any) -> None:
    """Keep what was done."""
    query = update(onboarding).where(_c.partner_id == partner_id)
    await connection.execute(query.values(steps=_c.steps.op("||")(steps)))


async def find(connection: AsyncConnection, partner_id: str) -> Onboarded | None:
    row = (await connection.execute(select(onboarding).where(_c.partner_id == partner_id))).one_or_none()
    return _onboarded(row) if row else None


async def hold(connection: AsyncConnection, partner_id: str) -> Onboarded | None:
    """Locked to the end of the transaction; None where somebody else has it in hand, or nothing is under way."""
    query = select(onboarding).where(_c.partner_id == partner_id, _c.state == State.INVITED.value)
    row = (await connection.execute(query.with_for_update(skip_locked=True))).one_or_none()
    return _onboarded(row) if row else None


async def under_way(connection: AsyncConnection) -> list[tuple[Onboarded, Partner, bool]]:
    """Every partner that is being onboarded, as the mirror has it, and whether it has a Slack channel to be posted in;
    the longest first.
    """
    return [(_onboarded(row), from_doc(Partner, row.doc), row.channel) for row in await connection.execute(_UNDER_WAY)]


async def held_back(connection: AsyncConnection) -> Sequence[str]:
    """Partners that came many at once and wait for a manager's word."""
    query = select(_c.partner_id).where(_c.state == State.KNOWN.value, _c.steps.has_key("held_back"))
    return list(await connection.scalars(query.order_by(_c.partner_id)))


async def last_heard(connection: AsyncConnection, partner_id: str) -> datetime | None:
    """When somebody of the partner wrote last, by whichever way; None for never."""
    heard: datetime | None = await connection.scalar(_HEARD, {"partner": partner_id})
    return heard


async def is_written_to(connection: AsyncConnection, partner_id: str, since: datetime, until: datetime) -> bool:
    """Whether we wrote to the partner then without being asked: a digest, a reminder, a decision, an announcement."""
    values = {"partner": partner_id, "since": since, "until": until}
    return bool(await connection.scalar(_WRITTEN_TO, values))


async def written_elsewhere(connection: AsyncConnection, partner_id: str, addresses: Collection[str]) -> frozenset[str]:
    """Those of the addresses, in lower case, that the onboarding of another partner has written to."""
    wanted = sorted({address.lower() for address in addresses})
    if not wanted:
        return frozenset()
    return frozenset(await connection.scalars(_ELSEWHERE, {"partner": partner_id, "addresses": wanted}))


async def _lately(connection: AsyncConnection, since: datetime) -> int:
    """How many partners came since then, welcomed or held back."""
    held = _c.steps["held_back"].astext >= since.isoformat()
    query = select(func.count()).select_from(onboarding).where((_c.began_at > since) | held)
    return await connection.scalar(query) or 0


async def _enter(
    connection: AsyncConnection, state: State, began_at: datetime | None, steps: Mapping[str, Any]
) -> tuple[str, ...]:
    new = _new(literal(state.value), literal(began_at, _c.began_at.type), literal(dict(steps), _c.steps.type))
    made = upsert(onboarding).from_select(["partner_id", "state", "began_at", "steps"], new)
    entered = made.on_conflict_do_nothing(index_elements=["partner_id"]).returning(_c.partner_id)
    return tuple(sorted(await connection.scalars(entered)))


def _new(*values: Any) -> Any:
    known = select(_c.partner_id).where(_c.partner_id == records.c.id)
    return select(records.c.id, *values).where(records.c.kind == "partner", ~known.exists())


def _onboarded(row: Any) -> Onboarded:
    return Onboarded(row.partner_id, State(row.state), row.began_at, row.steps)


_UNDER_WAY = text("""
select o.partner_id, o.state, o.began_at, o.steps, p.doc,
    exists (select from slack_channels s where s.partner_id = o.partner_id and s.paused = '') as channel
from onboarding o join mirror p on p.kind = 'partner' and p.id = o.partner_id
where o.state = 'invited'
order by o.began_at, o.partner_id
""")
_HEARD = text("""
select max(received_at) from inbox
where partner_id = :partner and state = 'handled' and trust = 'proven' and coalesce(message ->> 'automatic', '') = ''
""")
_WRITTEN_TO = text("""
select exists (
    select from outbox where partner_id = :partner and destination in ('mail', 'slack')
        and created_at >= :since and created_at < :until
        and inbox_id is null and key not like 'onboarding:%' and kind not in ('slack_update', 'reaction')
        and state in ('pending', 'sent', 'kept', 'unknown')
)
""")
_ELSEWHERE = text("""
select distinct ordering from outbox
where destination = 'mail' and kind = 'onboarding' and ordering = any(:addresses) and partner_id <> :partner
    and state in ('pending', 'sent', 'kept', 'unknown')
""")
