"""What managers are told of an announcement: that it has gone out, or that it was not sent, and why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.slack.outbound.outlet import CARD
from bot.storage import ledger, outbox, tasks
from bot.storage.announcing import kept
from bot.storage.announcing.copies import Counts
from bot.storage.codec import storable
from bot.storage.outbox import Destination, Outgoing
from bot.vocabulary.announcing import Announcement, AnnouncementState
from knowledge.program import Manager, Program


async def tell_gone_out(
    connection: AsyncConnection, program: Program, announcement: Announcement, counted: Counts
) -> None:
    """Whoever confirmed it."""
    if who := program.manager(_by(announcement)):
        people = f"{counted.people} {'person' if counted.people == 1 else 'people'}"
        partners = f"{counted.partners} partner{'' if counted.partners == 1 else 's'}"
        told = f"Your announcement “{announcement.subject}” has gone out, to {people} at {partners}."
        await tell(connection, who, f"announced:{announcement.id}", f"{told} `/partners status` counts the answers.")


async def not_sent(
    connection: AsyncConnection, program: Program, announcement: Announcement, why: str, now: datetime
) -> None:
    """It is cancelled, and a person is told: he expects that it went out."""
    await kept.move(connection, announcement.id, AnnouncementState.CANCELLED, ended_at=now)
    doc = {"announcement": announcement.id, "subject": announcement.subject}
    await ledger.append(connection, "announcement_cancelled", "partnerline", doc)
    by = _by(announcement)
    told = f"the announcement “{announcement.subject}” of {by} fell due and was not sent: {why}"
    await tasks.open_task(connection, f"announcement:{announcement.id}", "notice", told, manager_email=by)
    if who := program.manager(by):
        words = f"Your announcement “{announcement.subject}” was not sent: {why}."
        await tell(connection, who, f"announced:{announcement.id}", words)


async def tell(connection: AsyncConnection, who: Manager, key: str, words: str) -> bool:
    """Directly, once for the key; False where he is not known in Slack."""
    if not who.slack_user_id:
        return False
    payload = storable({"channel": who.slack_user_id, "thread_ts": "", "text": words})
    await outbox.put(connection, [Outgoing(key, Destination.SLACK, CARD, payload, ordering=who.slack_user_id)])
    return True


def _by(announcement: Announcement) -> str:
    return announcement.confirmed_by or announcement.created_by
