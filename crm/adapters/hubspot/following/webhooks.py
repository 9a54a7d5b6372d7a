"""HubSpot's calls: what they touch is kept, to be read anew; what they say of values is not believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import func, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.following.event_bodies import Touch, read_events
from crm.adapters.hubspot.following.signatures import is_signed
from crm.adapters.hubspot.tables import touched
from crm.errors import CrmUnavailable
from crm.ports import Call

PATH = "/webhooks/hubspot"

_LOCK = 0x6875_6201


@dataclass(slots=True)
class HubSpotEvents:
    """`secrets` are the app's client secrets; `public_url` is what HubSpot calls us by, "" where a call arrives as it
    was addressed.
    """

    engine: AsyncEngine
    secrets: Sequence[str]
    public_url: str = ""
    path: str = PATH

    async def take(self, call: Call, now: datetime) -> int | None:
        """How many events it brought; None where HubSpot did not sign it. ValueError, CrmUnavailable."""
        if not is_signed(call.method, self._addressed(call), call.headers, call.body, self.secrets, now):
            return None
        count, touches = read_events(call.body, now)
        await touch(self.engine, touches)
        return count

    def _addressed(self, call: Call) -> tuple[str, ...]:
        """Behind a proxy a call arrives with another name, scheme or path than HubSpot has signed."""
        if not self.public_url:
            return (call.url,)
        try:
            query = urlsplit(call.url).query
        except ValueError:
            return (call.url,)
        return (call.url, f"{self.public_url.rstrip('/')}{self.path}{'?' if query else ''}{query}")


async def touch(engine: AsyncEngine, touches: Sequence[Touch]) -> None:
    """Committed when this returns. Numbers are drawn one after the other, so that none appears after a higher one was
    seen: whoever has read up to a number has seen all of them.
    """
    if not touches:
        return
    # In one order, and under one lock: two calls never wait for each other in a ring.
    ordered = sorted(touches, key=lambda touch: (touch.object_type, touch.hubspot_id))
    rows = [
        {
            "object_type": touch.object_type,
            "hubspot_id": touch.hubspot_id,
            "occurred_at": touch.occurred_at,
            "deleted": touch.deleted,
        }
        for touch in ordered
    ]
    try:
        async with engine.begin() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            await connection.execute(_TOUCH, rows)
    except (DBAPIError, OSError) as fault:
        raise CrmUnavailable(f"HubSpot's events could not be kept: {fault}") from fault


_NEW = insert(touched)
_TOUCH = _NEW.on_conflict_do_update(
    index_elements=["object_type", "hubspot_id"],
    set_={
        "seq": func.nextval(text("pg_get_serial_sequence('hubspot.touched', 'seq')")),
        "occurred_at": func.greatest(touched.c.occurred_at, _NEW.excluded.occurred_at),
        "deleted": _NEW.excluded.deleted,
    },
)
