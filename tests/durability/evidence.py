"""What the database holds in the end, counted by the Message-ID of the mail that led to it."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_PENDING = """
select (select count(*) from inbox where state in ('received', 'read'))
     + (select count(*) from outbox where state = 'pending')
     + (select count(*) from procrastinate_jobs where status in ('todo', 'doing') and task_name <> 'tick')
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Reads from the agent's own tables and from the embedded CRM's."""

    engine: AsyncEngine

    async def settled(self, within: float) -> None:
        """Return when nothing waits to be read, handled or sent. TimeoutError says what still waits."""
        try:
            async with asyncio.timeout(within):
                while True:
                    if not await self.pending():
                        return
                    await asyncio.sleep(0.25)
        except TimeoutError:
            jobs = await self._rows("select task_name, status::text, lock, attempts from procrastinate_jobs")
            raise TimeoutError(f"{await self.pending()} things still wait: {jobs[:20]}") from None

    async def pending(self) -> int:
        return int((await self._rows(_PENDING))[0][0])

    async def states(self, message_id: str) -> Counter[str]:
        return Counter((await self._states()).get(message_id, ()))

    async def all_states(self) -> dict[str, Counter[str]]:
        return {message_id: Counter(states) for message_id, states in (await self._states()).items()}

    async def ledger(self) -> Counter[str]:
        return await self._counted("select body ->> 'message_id' from ledger where kind = 'message_in'")

    async def timeline(self) -> Counter[str]:
        """Entries that came in, each under the key of the inbox row that was handled."""
        return await self._counted(
            "select i.message_id from crm.interactions c join inbox i on c.key = 'in:' || i.id and i.state = 'handled'"
            " where c.direction = 'in' and c.message_id = i.message_id"
        )

    async def timeline_length(self) -> int:
        return int((await self._rows("select count(*) from crm.interactions where direction = 'in'"))[0][0])

    async def registrations(self) -> Counter[str]:
        """By the customer's domain; a reader that is not sure leaves a draft and asks."""
        return await self._counted("select customer_domain from registrations where state in ('draft', 'submitted')")

    async def registrations_in_crm(self) -> Counter[str]:
        return await self._counted(
            "select customer_domain from crm.registrations where state in ('draft', 'submitted')"
        )

    async def handled_in_order(self) -> dict[str, list[str]]:
        """The Message-IDs of each sender, in the order they were handled."""
        order: dict[str, list[str]] = {}
        rows = await self._rows("select sender, message_id from inbox where state = 'handled' order by handled_at")
        for sender, message_id in rows:
            order.setdefault(sender, []).append(message_id)
        return order

    async def _states(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for message_id, state in await self._rows("select message_id, state from inbox"):
            found.setdefault(message_id, []).append(state)
        return found

    async def _counted(self, query: str) -> Counter[str]:
        return Counter(row[0] for row in await self._rows(query))

    async def _rows(self, query: str) -> list[Any]:
        async with self.engine.connect() as connection:
            return list((await connection.execute(text(query))).all())
