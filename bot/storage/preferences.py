"""How each contact wants to be written to: what he said himself, else what his answers show."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import any_, bindparam, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Text

from bot.storage.announcement_tables import contact_preferences
from bot.vocabulary.announcing import Route
from crm.records import Channel, Contact

LEARNED_FROM = 3
"""So many answers in a row in one place show where somebody reads."""

_ROUTE_OF = {Channel.EMAIL.value: Route.MAIL, Channel.SLACK.value: Route.SLACK}
_SAID = frozenset({Route.MAIL, Route.SLACK, Route.BOTH})
_c = contact_preferences.c


async def routes(connection: AsyncConnection, contact_ids: Collection[str]) -> Mapping[str, Route]:
    """Mail, Slack or both, of those alone who said so or always answer in one place; an explicit word comes first."""
    if not contact_ids:
        return {}
    shown = or_(_c.route != "", func.cardinality(_c.answered_last) >= LEARNED_FROM)
    query = select(_c.contact_id, _c.route, _c.answered_last).where(_of(contact_ids), shown)
    found = {row.contact_id: _route(row.route, row.answered_last) for row in await connection.execute(query)}
    return {contact_id: route for contact_id, route in found.items() if route is not None}


async def wants_digest(connection: AsyncConnection, contact_ids: Collection[str]) -> Mapping[str, bool]:
    """Whether the monthly digest is wanted, of those alone who said so."""
    if not contact_ids:
        return {}
    query = select(_c.contact_id, _c.digest).where(_of(contact_ids), _c.digest.is_not(None))
    return {row.contact_id: row.digest for row in await connection.execute(query)}


async def say(
    connection: AsyncConnection,
    contact: Contact,
    *,
    route: Route | None = None,
    digest: bool | None = None,
    proof: Mapping[str, str],
) -> None:
    """Keep what a contact said of himself. `route` PREFERRED takes an earlier word back; None leaves it as it is.
    `proof` names the message and its time, and is kept for each thing that was said.
    """
    values: dict[str, Any] = {}
    said: dict[str, dict[str, str]] = {}
    if route is not None:
        values["route"] = route.value if route in _SAID else ""
        said["route"] = {**proof, "said": route.value}
    if digest is not None:
        values["digest"] = digest
        said["digest"] = {**proof, "said": "yes" if digest else "no"}
    if values:
        await _keep(connection, contact, values, said)


async def prove(connection: AsyncConnection, contact: Contact, what: str, proof: Mapping[str, str]) -> None:
    """Keep what shows that a contact left the announcements (`opted_out`) or came back (`opted_in`)."""
    await _keep(connection, contact, {}, {what: dict(proof)})


async def proofs(connection: AsyncConnection, contact_ids: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
    """What was said by which message and when, by contact: under `route`, `digest`, `opted_out` and `opted_in`."""
    if not contact_ids:
        return {}
    query = select(_c.contact_id, _c.proof).where(_of(contact_ids))
    return {row.contact_id: row.proof for row in await connection.execute(query)}


async def learn(connection: AsyncConnection, contact_id: str, partner_id: str, channel: Channel) -> None:
    """A contact answered here: the places of his last three answers are kept, newest last."""
    by_mail, in_slack = int(channel is Channel.EMAIL), int(channel is Channel.SLACK)
    made = insert(contact_preferences).values(
        contact_id=contact_id, partner_id=partner_id, answered_last=[channel.value],
        answers_by_mail=by_mail, answers_in_slack=in_slack,
    )  # fmt: skip
    older = func.cardinality(_c.answered_last)
    kept = _c.answered_last[func.greatest(older - LEARNED_FROM + 2, 1) : older]
    learned = {
        "answered_last": func.array_append(kept, literal(channel.value, Text)),
        "answers_by_mail": _c.answers_by_mail + by_mail,
        "answers_in_slack": _c.answers_in_slack + in_slack,
        "changed_at": func.now(),
    }
    await connection.execute(made.on_conflict_do_update(index_elements=["contact_id"], set_=learned))


async def _keep(
    connection: AsyncConnection, contact: Contact, values: Mapping[str, Any], said: Mapping[str, Mapping[str, str]]
) -> None:
    made = insert(contact_preferences).values(
        contact_id=contact.id, partner_id=contact.partner_id, proof=said, **values
    )
    latest: dict[str, Any] = {name: made.excluded[name] for name in ("partner_id", *values)}
    latest |= {"proof": _c.proof.op("||")(made.excluded.proof), "changed_at": func.now()}
    await connection.execute(made.on_conflict_do_update(index_elements=["contact_id"], set_=latest))


def _of(contact_ids: Collection[str]) -> Any:
    """One parameter for however many contacts: an announcement has more of them than a statement may have."""
    return _c.contact_id == any_(bindparam("contacts", sorted(set(contact_ids)), type_=ARRAY(Text)))


def _route(said: str, answered: Collection[str]) -> Route | None:
    if said:
        return Route(said)
    last = list(answered)[-LEARNED_FROM:]
    return _ROUTE_OF.get(last[0]) if len(last) == LEARNED_FROM and len(set(last)) == 1 else None
