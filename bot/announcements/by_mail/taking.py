"""Which of a manager's mails are about an announcement: those to its address, and replies in its thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid5

from bot.announcements.by_mail.closing import Answer, Closing
from bot.announcements.by_mail.conversation import Conversation
from bot.announcements.by_mail.desk import Desk, FollowUp
from bot.announcements.by_mail.orders import Order, understood
from bot.announcements.composing import attaching
from bot.announcements.composing.attaching import GivenFile
from bot.announcements.composing.faults import announcer
from bot.announcements.text_format.parts import taken_apart
from bot.announcements.text_format.revising import says_something, titled
from bot.ports import FileSource, RawMessage
from bot.storage import composing_by_mail
from bot.storage.caps import Answering
from bot.storage.composing_by_mail import Composing
from bot.storage.database import Database
from bot.storage.inbox import InboxRow
from bot.vocabulary.documents import Document
from bot.vocabulary.layout import Paragraph
from bot.vocabulary.message import Message
from bot.vocabulary.results import NotDone, in_sentences
from crm.records import Channel
from knowledge.program import Manager, Program
from mail_ingest.address import normalised, reply_keys
from mail_ingest.subject import bare


@dataclass(frozen=True, slots=True)
class AnnouncingByMail:
    """Implements `bot.managers.announcing.AnnouncesByMail`."""

    database: Database
    desk: Desk
    follow_up: FollowUp
    files: FileSource
    program: Program
    answering: Answering
    now: Callable[[], datetime]
    today: Callable[[], date]
    language_of: Callable[[str], str]

    async def take(self, row: InboxRow, message: Message, who: Manager) -> bool:
        if message.channel is not Channel.EMAIL:
            return False
        ids = _ids(message)
        async with self.database.reading() as connection:
            keys = reply_keys(tuple(row.envelope.get("rcpt_tos", ())), ())
            composing = await composing_by_mail.of_mail(connection, keys, ids)
        if composing is None and (keys or not self._to_announce(row)):
            return False
        answer = await self._answer(row, message, who, composing, ids)
        await Closing(self.database, self.answering, self.now)(row, message, who, answer)
        return True

    def _to_announce(self, row: InboxRow) -> bool:
        ours = normalised(self.program.vendor.announce_address)
        return any(normalised(str(to)) == ours for to in row.envelope.get("rcpt_tos", ()))

    async def _answer(
        self, row: InboxRow, message: Message, who: Manager, composing: Composing | None, ids: tuple[str, ...]
    ) -> Answer:
        may = announcer(self.program, who.email)
        if isinstance(may, NotDone):
            return Answer("announcement_not_allowed", (Paragraph(in_sentences(may)),), composing)
        fresh = str(uuid5(UUID(row.id), "announcement"))
        talk = Conversation(self.desk, self.follow_up, self.program.vendor, self.language_of, self.today(), who, fresh)
        if composing is None:
            documents, refused = await self._files(row, message)
            text = titled(_text(message), bare(message.subject))
            return _with(refused, await talk.read(Composing(text, documents)))
        if _is_order(message):
            return await talk.went_on(composing, message.text, composing.answered(ids))
        documents, refused = await self._files(row, message)
        composing = replace(composing, documents=attaching.beside(composing.documents, documents))
        if documents and not says_something(message.text):
            return _with(refused, await talk.read(composing))
        return _with(refused, await talk.went_on(composing, message.text, composing.answered(ids)))

    async def _files(self, row: InboxRow, message: Message) -> tuple[tuple[Document, ...], tuple[str, ...]]:
        """Those that are kept, and in words why others are not."""
        refused = [f"{file.name}: {attaching.why_not(file.refused)}" for file in message.attachments if file.refused]
        if not any(file.kind for file in message.attachments):
            return (), tuple(refused)
        found = await self.files.files(RawMessage(row.id, row.raw, row.envelope, row.received_at), message.attachments)
        documents: list[Document] = []
        async with self.database.begin() as connection:
            for file in found.kept:
                given = GivenFile(file.attachment.name, file.content, file.attachment.content_type)
                kept = await attaching.keep(connection, given)
                if isinstance(kept, Document):
                    documents.append(kept)
                else:
                    refused.append(f"{given.name}: {kept}")
        return tuple(documents), tuple(refused)


def _ids(message: Message) -> tuple[str, ...]:
    """What the mail refers to, the nearest first, without its own id."""
    to = message.reply_to
    return tuple(one for one in reversed(to.references if to else ()) if one != message.message_id)


def _text(message: Message) -> str:
    """What was written; where that is nothing but head lines, the mail that is passed on is the text."""
    own, passed_on = message.text, message.forwarded
    return own if taken_apart(own).parts or not passed_on.strip() else f"{own}\n\n{passed_on}".strip()


def _is_order(message: Message) -> bool:
    return isinstance(understood(message.text), Order)


def _with(refused: tuple[str, ...], answer: Answer) -> Answer:
    if not refused:
        return answer
    listed = "\n".join(f"- {words}" for words in refused)
    return replace(answer, blocks=(Paragraph(f"These files do not go with it:\n{listed}"), *answer.blocks))
