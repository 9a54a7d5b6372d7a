"""The adapter's own log of interactions (`hubspot.interactions`): what is logged, what was begun, what was refused."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, bindparam, cast, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.logging.markers import marker_of
from crm.adapters.hubspot.logging.places import Linked
from crm.adapters.hubspot.records.codec import record_of, text_of
from crm.adapters.hubspot.records.store import connected, transaction
from crm.adapters.hubspot.tables import interactions as log
from crm.records import Interaction


class State(StrEnum):
    """WAITING  surely not in HubSpot
    BEGUN    sent, and perhaps there
    LOGGED   there
    KEPT     about nobody that HubSpot could show it on: kept here alone
    REFUSED  HubSpot said no
    """

    WAITING = ""
    BEGUN = "begun"
    LOGGED = "logged"
    KEPT = "kept"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    marker: str
    state: State
    object_type: str
    hubspot_id: str
    linked: Linked
    missed_at: datetime | None
    attempts: int = 0


class Book:
    """Every method may raise CrmUnavailable."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def rows(self, keys: Collection[str]) -> dict[str, Row]:
        query = select(log).where(log.c.key == func.any(cast(list(keys), ARRAY(Text))))
        async with connected(self._engine) as connection:
            found = (await connection.execute(query)).mappings().all()
        return {row["key"]: _row(row) for row in found}

    async def enter(
        self,
        said: Sequence[Interaction],
        state: State,
        object_type: str = "",
        linked: Mapping[str, Linked] | None = None,
    ) -> None:
        """Before it is sent, or where it is not to be. `linked` by key. What is logged stays as it is."""
        if not said:
            return
        put_on = linked or {}
        values = [_values(one, state, object_type, put_on.get(one.key, {})) for one in said]
        made = insert(log)
        new = made.excluded
        fresh = {name: new[name] for name in ("state", "object_type", "linked", "doc", "deal_numbers", "at")}
        entered = made.on_conflict_do_update(
            index_elements=["key"],
            set_={**fresh, "missed_at": None, "hubspot_id": "", "attempts": log.c.attempts + 1},
            where=log.c.state != State.LOGGED.value,
        )
        async with transaction(self._engine) as connection:
            await connection.execute(entered, values)

    async def logged(self, ends: Mapping[str, tuple[str, str]]) -> None:
        """(object type, HubSpot id) by marker."""
        if not ends:
            return
        markers = list(ends)
        said = (
            func.unnest(
                cast(markers, ARRAY(Text)),
                cast([ends[marker][0] for marker in markers], ARRAY(Text)),
                cast([ends[marker][1] for marker in markers], ARRAY(Text)),
            )
            .table_valued("marker", "object_type", "hubspot_id")
            .render_derived()
        )
        change = (
            update(log)
            .where(log.c.marker == said.c.marker)
            .values(
                state=State.LOGGED.value, object_type=said.c.object_type, hubspot_id=said.c.hubspot_id, missed_at=None
            )
        )
        async with transaction(self._engine) as connection:
            await connection.execute(change)

    async def mark(self, keys: Collection[str], state: State) -> None:
        await self._change(keys, state=state.value, missed_at=None)

    async def unsent(self, keys: Collection[str]) -> None:
        """What was begun and surely not sent: that was no attempt."""
        await self._change(
            keys, state=State.WAITING.value, missed_at=None, attempts=func.greatest(log.c.attempts - 1, 0)
        )

    async def missed(self, keys: Collection[str], now: datetime) -> None:
        """Looked for in vain, for the first time since it was sent."""
        await self._change(keys, missed_at=now)

    async def put_on(self, keys: Mapping[str, Linked]) -> None:
        """The records that they stand on now."""
        if not keys:
            return
        change = update(log).where(log.c.key == bindparam("one")).values(linked=bindparam("there"))
        async with transaction(self._engine) as connection:
            await connection.execute(change, [{"one": key, "there": _lists(linked)} for key, linked in keys.items()])

    async def rewrite(self, said: Sequence[Interaction]) -> None:
        """What HubSpot was made to say anew."""
        if not said:
            return
        values = [{f"new_{name}": value for name, value in _doc(one).items()} | {"one": one.key} for one in said]
        names = ("doc", "deal_numbers", "at", "partner_id", "contact_id")
        change = update(log).where(log.c.key == bindparam("one")).values({n: bindparam(f"new_{n}") for n in names})
        async with transaction(self._engine) as connection:
            await connection.execute(change, values)

    async def known(self, object_type: str, ids: Collection[str]) -> set[str]:
        """Those of HubSpot's ids that are known to be of something logged."""
        query = select(log.c.hubspot_id).where(
            log.c.hubspot_id == func.any(cast(list(ids), ARRAY(Text))),
            log.c.hubspot_id != "",
            log.c.object_type == object_type,
        )
        async with connected(self._engine) as connection:
            return set(await connection.scalars(query))

    async def about(self, number: str) -> list[Row]:
        """What is logged about a deal, whether it stands on it or not."""
        query = select(log).where(_is_about(number), log.c.state == State.LOGGED.value)
        async with connected(self._engine) as connection:
            return [_row(row) for row in (await connection.execute(query)).mappings().all()]

    async def counts(self) -> dict[State, int]:
        query = select(log.c.state, func.count()).where(log.c.state != State.LOGGED.value).group_by(log.c.state)
        async with connected(self._engine) as connection:
            return {State(state): count for state, count in (await connection.execute(query)).all()}

    async def timeline(
        self, partner_id: str, deal_number: str | None, before: datetime | None, limit: int
    ) -> list[Interaction]:
        """Newest first; entries of one instant are never torn apart, since the next page begins before it."""
        shown = (State.LOGGED.value, State.BEGUN.value, State.KEPT.value)
        query = select(log.c.doc, log.c.at, log.c.position).where(
            log.c.partner_id == partner_id, log.c.state.in_(shown)
        )
        if deal_number is not None:
            query = query.where(_is_about(deal_number))
        if before is not None:
            query = query.where(log.c.at < before)
        query = query.order_by(log.c.at.desc()).fetch(max(limit, 0), with_ties=True)
        async with connected(self._engine) as connection:
            found = (await connection.execute(query)).all()
        newest_first = sorted(found, key=lambda row: (row.at, row.position), reverse=True)
        return [record_of(Interaction, json.dumps(row.doc)) for row in newest_first]

    async def _change(self, keys: Collection[str], **values: Any) -> None:
        if not keys:
            return
        async with transaction(self._engine) as connection:
            await connection.execute(
                update(log).where(log.c.key == func.any(cast(list(keys), ARRAY(Text)))).values(**values)
            )


def _is_about(number: str) -> ColumnElement[bool]:
    return log.c.deal_numbers.op("@>", is_comparison=True)(cast([number], ARRAY(Text)))


def _values(said: Interaction, state: State, object_type: str, linked: Linked) -> dict[str, Any]:
    return {
        "key": said.key,
        "marker": marker_of(said.key),
        "state": state.value,
        "object_type": object_type,
        "hubspot_id": "",
        "linked": _lists(linked),
        "attempts": 1,
        **_doc(said),
    }


def _doc(said: Interaction) -> dict[str, Any]:
    return {
        "partner_id": said.partner_id,
        "contact_id": said.contact_id,
        "deal_numbers": list(said.deal_numbers),
        "at": said.at,
        "doc": json.loads(text_of(said)),
    }


def _lists(linked: Linked) -> dict[str, list[str]]:
    return {object_type: list(ids) for object_type, ids in linked.items()}


def _row(row: Any) -> Row:
    return Row(
        row["key"], row["marker"], State(row["state"]), row["object_type"], row["hubspot_id"], row["linked"],
        row["missed_at"], row["attempts"],
    )  # fmt: skip
