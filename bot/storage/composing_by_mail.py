"""An announcement that is composed by mail: the text as it stands, and which of our mails showed it to how many."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import threads
from bot.storage.codec import from_doc, to_doc
from bot.storage.threads import Thread
from bot.vocabulary.documents import Document
from crm.records import Channel

_MARK = "announcing"
_REMEMBERED = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview that was mailed: in which version, and to how many contacts that would go."""

    message_id: str
    version: str
    count: int


@dataclass(frozen=True, slots=True)
class Composing:
    """`text` and `documents` are the newest version; `announcement_id` is "" as long as none was without a fault.
    `shown` are its previews, the latest last. `thread_id` "" is that of none yet.
    """

    text: str
    documents: tuple[Document, ...] = ()
    announcement_id: str = ""
    shown: tuple[Shown, ...] = ()
    thread_id: str = field(default="")

    def answered(self, message_ids: Sequence[str]) -> Shown | None:
        """The preview that a mail answers, by the ids it refers to with the nearest first; else the latest."""
        known = {one.message_id: one for one in self.shown}
        named = next((known[one] for one in message_ids if one in known), None)
        return named or (self.shown[-1] if self.shown else None)


async def of_mail(connection: AsyncConnection, keys: Sequence[str], message_ids: Sequence[str]) -> Composing | None:
    """By the reply key it was sent to, else by the ids that it refers to. Knowing them proves nobody."""
    by_key = await threads.owner_of(connection, keys) if keys else None
    thread = by_key or await threads.find(connection, None, message_ids=message_ids)
    return _of(thread) if thread is not None and thread.partner_id is None else None


async def keep(connection: AsyncConnection, composing: Composing, subject: str) -> str:
    """The id of its thread; where it has none yet, one is opened."""
    thread_id = composing.thread_id or await threads.open_thread(connection, Channel.EMAIL, subject, partner_id=None)
    kept = Composing(composing.text, composing.documents, composing.announcement_id, composing.shown[-_REMEMBERED:])
    await threads.remember(connection, thread_id, proposal=json.dumps({_MARK: to_doc(kept)}))
    return thread_id


def _of(thread: Thread) -> Composing | None:
    said = thread.context.proposal
    if not said.startswith(f'{{"{_MARK}":'):
        return None
    kept = from_doc(Composing, json.loads(said)[_MARK])
    return Composing(kept.text, kept.documents, kept.announcement_id, kept.shown, thread.context.id or "")
