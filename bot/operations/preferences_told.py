"""How each contact is written to, in words for a manager: out since when and by what, where, with which overview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import inbox, preferences
from bot.vocabulary.announcing import Route
from crm.records import Contact

_ROUTES = {Route.MAIL: "by mail only", Route.SLACK: "in Slack only", Route.BOTH: "by mail and in Slack"}


async def read_told(connection: AsyncConnection, people: Sequence[Contact]) -> Mapping[str, str]:
    """By contact; "" for who gets them where he works and has said nothing."""
    ids = [person.id for person in people]
    proofs = await preferences.proofs(connection, ids)
    routes = await preferences.routes(connection, ids)
    digests = await preferences.wants_digest(connection, ids)
    told: dict[str, str] = {}
    for person in people:
        proof = proofs.get(person.id, {})
        parts = [await _left(connection, proof.get("opted_out"))] if person.opted_out else []
        if person.id in routes:
            learned = "" if "route" in proof and proof["route"].get("said") != Route.PREFERRED else ", as he answers"
            parts.append(f"{_ROUTES[routes[person.id]]}{learned}")
        if person.id in digests:
            parts.append("monthly overview" if digests[person.id] else "no monthly overview")
        told[person.id] = "; ".join(parts)
    return told


async def _left(connection: AsyncConnection, proof: Mapping[str, Any] | None) -> str:
    """Since when and by what; the CRM says no more than that somebody is out."""
    if proof is None:
        return "out (in the CRM)"
    by = str(proof.get("by", ""))
    where = "by the link in a mail" if by.startswith("link:") else f"by {await _message(connection, by)}"
    return f"out since {str(proof.get('at', ''))[:10]}, {where}"


async def _message(connection: AsyncConnection, inbox_id: str) -> str:
    """The message by the reference that the inbox shows it under."""
    row = await inbox.fetch(connection, inbox_id)
    return f"message {row.reference}" if row else "a message that is not kept any more"
