"""What HubSpot lacks of the interactions, or says otherwise, asked live; and making it right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm.adapters.hubspot.account.associations import associated
from crm.adapters.hubspot.account.portal import Found, Portal, pages
from crm.adapters.hubspot.logging.book import Row, State
from crm.adapters.hubspot.logging.desk import LOCK, Desk, once
from crm.adapters.hubspot.logging.engagements import BODIES, EMAILS, TYPE_IDS, subject_of
from crm.adapters.hubspot.logging.places import Linked, Place
from crm.adapters.hubspot.logging.wording import says
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.faults import words
from crm.ports import MISSING
from crm.records import Direction, Interaction

_NAMES = ("hs_timestamp", "hs_email_subject", "hs_email_direction", *BODIES.values())


class Again:
    def __init__(self, portal: Portal, desk: Desk) -> None:
        self._portal = portal
        self._desk = desk

    async def lacking(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        """By key with what is wrong, in the order given."""
        wrong: dict[str, str] = {}
        wanted = once(interactions, wrong)
        rows = await self._desk.book.rows(wanted)
        there = await self._held([row for row in rows.values() if row.state is State.LOGGED])
        places = await self._desk.places.of(list(wanted.values()))
        for key, one in wanted.items():
            if key in rows and rows[key].state is State.KEPT:
                continue
            held = there.get(key)
            if held is None:
                wrong[key] = MISSING
            elif faults := _faults(one, rows[key], *held, places[key]):
                wrong[key] = "; ".join(faults)
        return {one.key: wrong[one.key] for one in interactions if one.key in wrong}

    async def log_again(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        """By key with HubSpot's words: what it refused. What was deleted there is made anew."""
        refused: dict[str, str] = {}
        wanted = once(interactions, refused)
        async with self._portal.locks.of(LOCK):
            rows = await self._desk.book.rows(wanted)
            logged = [row for row in rows.values() if row.state is State.LOGGED]
            there = await self._held(logged)
            changed = [wanted[row.key] for row in logged if row.key in there]
            refused |= await self._rewrite(changed, rows)
            await self._desk.book.mark(
                [row.key for row in rows.values() if row.state is State.LOGGED and row.key not in there],
                State.WAITING,
            )
        rest = [one for key, one in wanted.items() if key not in there]
        return {**refused, **(await self._desk.log(rest) if rest else {})}

    async def attach(self, number: str, hubspot_id: str) -> None:
        """What was logged about a deal before HubSpot had it is put on it. Harmless to repeat."""
        rows = [row for row in await self._desk.book.about(number) if hubspot_id not in row.linked.get("deals", ())]
        if rows:
            await self._link({row.key: {"deals": [hubspot_id]} for row in rows}, {row.key: row for row in rows})

    async def _held(self, rows: Sequence[Row]) -> dict[str, tuple[Found, Linked]]:
        """What HubSpot has of them, by key, and what that stands on."""
        held: dict[str, tuple[Found, Linked]] = {}
        for object_type in sorted({row.object_type for row in rows}):
            those = {row.hubspot_id: row for row in rows if row.object_type == object_type}
            found = await self._portal.read_many(object_type, those, _NAMES)
            on: dict[str, dict[str, list[str]]] = {id_: {} for id_ in found}
            for other in sorted({name for row in those.values() for name in row.linked} | TYPE_IDS[object_type].keys()):
                for id_, linked in (await associated(self._portal.hub, object_type, list(found), other)).items():
                    on[id_][other] = list(linked)
            held |= {those[id_].key: (one, on[id_]) for id_, one in found.items()}
        return held

    async def _rewrite(self, said: Sequence[Interaction], rows: Mapping[str, Row]) -> dict[str, str]:
        refused: dict[str, str] = {}
        places = await self._desk.places.of(said)
        for object_type in sorted({rows[one.key].object_type for one in said}):
            those = [one for one in said if rows[one.key].object_type == object_type]
            for page in pages(those):
                refused |= await self._update(object_type, page, rows, places)
        done = [one for one in said if one.key not in refused]
        await self._link({one.key: places[one.key].linked for one in done}, rows)
        await self._desk.book.rewrite(done)
        return refused

    async def _update(
        self, object_type: str, said: Sequence[Interaction], rows: Mapping[str, Row], places: Mapping[str, Place]
    ) -> dict[str, str]:
        """With HubSpot's words on what it refused. Attachments stay as they are."""
        key_of = {rows[one.key].hubspot_id: one.key for one in said}
        inputs: list[dict[str, Any]] = []
        for one in said:
            made = self._desk.engagement(one, object_type, places[one.key])
            inputs.append(
                {
                    "id": rows[one.key].hubspot_id,
                    "objectWriteTraceId": rows[one.key].hubspot_id,
                    "properties": dict(made.properties),
                }
            )
        answer = await self._portal.hub.call(calls.BATCH_UPDATE, at={"type": object_type}, body={"inputs": inputs})
        refused: dict[str, str] = {}
        for error in answer.errors:
            context = error.get("context") or {}
            for id_ in (*context.get("objectWriteTraceId", ()), *context.get("ids", ())):
                if str(id_) in key_of:
                    refused[key_of[str(id_)]] = words(error)
        return refused

    async def _link(self, wanted: Mapping[str, Linked], rows: Mapping[str, Row]) -> None:
        """Puts them on the records by default; what they stand on besides stays."""
        pairs: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for key, linked in wanted.items():
            for other, ids in linked.items():
                pairs.setdefault((rows[key].object_type, other), []).extend((rows[key].hubspot_id, id_) for id_ in ids)
        for (object_type, other), those in pairs.items():
            for page in pages(those):
                inputs = [{"from": {"id": id_}, "to": {"id": to_id}} for id_, to_id in page]
                at = {"type": object_type, "to": other}
                await self._portal.hub.call(calls.BATCH_LINK_DEFAULT, at=at, body={"inputs": inputs})
        await self._desk.book.put_on({key: _union(rows[key].linked, linked) for key, linked in wanted.items()})


def _faults(said: Interaction, row: Row, found: Found, on: Linked, place: Place) -> list[str]:
    faults = []
    if not says(found.props.get(BODIES[row.object_type], ""), said):
        faults.append("its text differs")
    if row.object_type == EMAILS:
        if found.props.get("hs_email_subject", "") != subject_of(said):
            faults.append("its subject differs")
        if (found.props.get("hs_email_direction") == "INCOMING_EMAIL") is not (said.direction is Direction.IN):
            faults.append("its direction differs")
    for object_type, ids in place.linked.items():
        if not set(ids) <= set(on.get(object_type, ())):
            faults.append(f"it is not on all its {object_type if not object_type[:1].isdigit() else 'partners'}")
    return faults


def _union(one: Linked, other: Linked) -> dict[str, list[str]]:
    return {name: list(dict.fromkeys((*one.get(name, ()), *other.get(name, ())))) for name in {**one, **other}}
