"""The end of a manager's mail about an announcement: marked as handled, written down, answered in its thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.by_mail.wording import reply_of
from bot.announcements.composing import attaching
from bot.announcements.composing.attaching import GivenFile
from bot.storage import composing_by_mail, inbox, ledger, threads
from bot.storage.answers import REPLY, put_answer
from bot.storage.caps import Answering, over_cap
from bot.storage.codec import storable
from bot.storage.composing_by_mail import Composing, Shown
from bot.storage.database import Database
from bot.storage.inbox import InboxRow, InboxState
from bot.vocabulary.documents import Document
from bot.vocabulary.layout import Block
from bot.vocabulary.message import Message
from knowledge.program import Manager
from mail_ingest.subject import bare


@dataclass(frozen=True, slots=True)
class Answer:
    """`composing` as it stands now, None where nothing is composed. With `version` it shows that version of the text,
    and that it goes to `count` contacts. `files` go with the answer.
    """

    outcome: str
    blocks: tuple[Block, ...]
    composing: Composing | None = None
    version: str = ""
    count: int = 0
    files: tuple[GivenFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Closing:
    database: Database
    answering: Answering
    now: Callable[[], datetime]

    async def __call__(self, row: InboxRow, message: Message, who: Manager, answer: Answer) -> None:
        """All in one transaction; a message that is closed stays as it is."""
        async with self.database.begin() as connection:
            now = await inbox.fetch(connection, row.id, lock=True)
            if now is None or now.state is not InboxState.READ:
                return  # another run of this job finished it meanwhile
            await inbox.mark(
                connection, row.id, InboxState.HANDLED, outcome=answer.outcome, handled_at=self.now(), error=""
            )
            thread_id = await self._thread(connection, message, answer)
            reply = reply_of(answer.blocks)
            body = {
                "message_id": message.message_id, "sender": message.sender.address, "text": message.text,
                "about": answer.composing.announcement_id if answer.composing else "", "outcome": answer.outcome,
                "answer": reply.text,
            }  # fmt: skip
            await ledger.append(connection, "manager_message", who.email, storable(body), inbox_id=row.id)
            await self._answer(connection, row, message, who, answer, thread_id)

    async def _thread(self, connection: AsyncConnection, message: Message, answer: Answer) -> str | None:
        if answer.composing is None:
            return None
        thread_id = await composing_by_mail.keep(connection, answer.composing, bare(message.subject))
        await threads.join(connection, thread_id, message.message_id)
        return thread_id

    async def _answer(
        self, connection: AsyncConnection, row: InboxRow, message: Message, who: Manager, answer: Answer,
        thread_id: str | None,
    ) -> None:  # fmt: skip
        """To the manager's own address whatever a Reply-To says; capped as every answer."""
        if message.reply_to is None or message.no_answer:
            return
        to = replace(message.reply_to, to=who.email)
        if await over_cap(connection, self.answering, to, thread_id=thread_id, proven=True, now=self.now()):
            return
        sent = await put_answer(
            connection, f"reply:{row.id}", REPLY, to, reply_of(answer.blocks), mail_domain=self.answering.mail_domain,
            thread_id=thread_id, partner_id=None, inbox_id=row.id, documents=await _kept(connection, answer.files),
        )  # fmt: skip
        if answer.version and answer.composing is not None and thread_id is not None:
            shown = Shown(f"<{sent.id}@{self.answering.mail_domain}>", answer.version, answer.count)
            kept = replace(answer.composing, thread_id=thread_id, shown=(*answer.composing.shown, shown))
            await composing_by_mail.keep(connection, kept, "")


async def _kept(connection: AsyncConnection, files: tuple[GivenFile, ...]) -> list[Document]:
    kept = [await attaching.keep(connection, file) for file in files]
    return [document for document in kept if isinstance(document, Document)]
