"""Progress as managers see it in Slack: a direct message for each announcement, changed in place while it goes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.slack.managers.announcements.progress_card import progress_blocks, progress_text
from bot.channels.slack.outbound.outlet import CARD, UPDATE
from bot.storage import outbox
from bot.storage.announcing import kept, progress, shown
from bot.storage.announcing.shown import Shown
from bot.storage.codec import storable
from bot.storage.database import Database
from bot.storage.outbox import Destination, Outgoing
from bot.storage.queue import Queue
from bot.vocabulary.announcing import Announcement, AnnouncementState, Progress
from knowledge.program import Program

PAUSE = timedelta(seconds=5)
"""No message is changed more often than that, but for its last change."""
_LATELY = timedelta(minutes=30)
_OVER = (AnnouncementState.SENT, AnnouncementState.CANCELLED)


@dataclass(frozen=True, slots=True)
class ProgressInSlack:
    """Whoever confirmed an announcement sees it, on whatever surface that was, where the program names his Slack id."""

    database: Database
    queue: Queue
    program: Program
    now: Callable[[], datetime]

    async def __call__(self) -> None:
        """The clock's duty; repeating it changes nothing that is shown already."""
        async with self.database.begin() as connection:
            moving = await shown.moving(connection, self.now() - _LATELY)
            await shown.forget(connection, moving)
            wrote = [await self._show(connection, announcement_id) for announcement_id in moving]
        if any(wrote):
            await self.queue.deliver(Destination.SLACK)

    async def _show(self, connection: AsyncConnection, announcement_id: str) -> bool:
        found = await kept.find(connection, announcement_id)
        before = await shown.find(connection, announcement_id)
        who = self.program.manager(found.confirmed_by or found.created_by) if found else None
        if found is None or who is None or not who.slack_user_id or (before is not None and before.last):
            return False
        counted = await progress.progress_of(connection, found.id, found.state, self.now())
        row = self._row(found, counted, who.slack_user_id, before.times if before else 0)
        digest, over = _digest(row.payload), found.state in _OVER
        if before is not None and not await self._may_change(connection, found.id, before, digest, over=over):
            return False
        await outbox.put(connection, [row])
        times = before.times + 1 if before else 1
        await shown.note(connection, found.id, Shown(times, digest, self.now().isoformat(), last=over))
        return True

    async def _may_change(
        self, connection: AsyncConnection, announcement_id: str, before: Shown, digest: str, *, over: bool
    ) -> bool:
        """Where Slack is slow, changes do not queue up behind each other."""
        if over:
            return True
        if digest == before.digest or self.now() - datetime.fromisoformat(before.at) < PAUSE:
            return False
        return not await shown.waits(connection, _key(announcement_id, before.times - 1))

    def _row(self, found: Announcement, counted: Progress, user: str, times: int) -> Outgoing:
        zone = ZoneInfo(self.program.vendor.time_zone)
        payload: dict[str, Any] = storable({
            "channel": user, "thread_ts": "", "text": progress_text(found, counted),
            "blocks": progress_blocks(found, counted, zone),
        })  # fmt: skip
        first = Outgoing(_key(found.id, 0), Destination.SLACK, CARD, payload, ordering=user)
        if not times:
            return first
        changed = payload | {"update_of": first.id}
        return Outgoing(_key(found.id, times), Destination.SLACK, UPDATE, changed, ordering=user, priority=outbox.AFTER)


def _key(announcement_id: str, times: int) -> str:
    return f"announcement-progress:{announcement_id}:{times}"


def _digest(payload: dict[str, Any]) -> str:
    return sha256(json.dumps([payload["text"], payload["blocks"]], sort_keys=True).encode()).hexdigest()[:16]
