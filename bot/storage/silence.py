"""Why a message gets no automatic answer, and what a manager is told of that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import error_mails
from bot.storage.caps import Answering, over_cap
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import Message, ReplyAddress


@dataclass(frozen=True, slots=True)
class Silence:
    """`words` are for a manager, "" where nobody is told. A task with the same `key` is opened once, "" each time."""

    words: str
    key: str = ""


async def silence(
    connection: AsyncConnection,
    answering: Answering,
    message: Message,
    identity: Identity,
    thread_id: str | None,
    to: ReplyAddress,
    now: datetime,
) -> Silence | None:
    """None where an answer may go to `to`; what is no more than an error then counts as told to it."""
    proven = identity.trust is Trust.PROVEN
    if why := message.no_answer:
        return Silence(f"no automatic answer was sent (the mail says {why}); please answer by hand" if proven else "")
    over = await over_cap(connection, answering, to, thread_id=thread_id, proven=proven, now=now)
    if over is not None:
        what = "please answer by hand, also what comes after it today"
        return Silence(f"no automatic answer was sent ({over.words}); {what}", over.key(now))
    if not proven and to.to and not message.sender.proof:
        told = await error_mails.told_within_a_day(connection, error_mails.NOT_VERIFIED, now)
        if told >= answering.strangers_per_day:
            words = f"{told} addresses that nothing proves were answered within a day; no more of them are until then"
            return Silence(words, f"cap:strangers:{now.date()}")
    if proven or not to.to or await error_mails.claim(connection, to.to, error_mails.NOT_VERIFIED, now):
        return None
    again = f"{to.to} writes again; it was told within a day that nothing proves who writes, and is not told again"
    return Silence(again, f"again:{to.to.lower()}:{now.date()}")
