"""The end of a manager's message: marked as handled, written into ledger and timeline, answered where it came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import briefs, inbox, ledger, outbox, registrations
from bot.storage.answers import REPLY, put_answer
from bot.storage.briefs import SentBrief
from bot.storage.caps import Answering, over_cap
from bot.storage.codec import storable
from bot.storage.crm_writes import interaction_row
from bot.storage.database import Database
from bot.storage.inbox import InboxRow, InboxState
from bot.storage.timeline import in_short, mail_link, slack_link
from bot.vocabulary.layout import Paragraph
from bot.vocabulary.message import Message, ReplyAddress
from bot.vocabulary.reply import Reply
from bot.vocabulary.results import Done, NotDone
from crm.records import Channel, Direction, Interaction
from knowledge.program import Manager


def in_words(result: Done | NotDone) -> str:
    """A result in sentences."""
    parts = [result.text, result.fix] if isinstance(result, NotDone) else [result.text]
    return " ".join(f"{part[0].upper()}{part[1:].rstrip('.')}." for part in parts if part)


def _link(message: Message) -> str:
    to = message.reply_to
    if message.channel is Channel.SLACK:
        return slack_link(to.slack_channel, to.slack_thread_ts) if to else ""
    return mail_link(message.message_id)


@dataclass(frozen=True, slots=True)
class Closing:
    """Closes one message, in one transaction; `who` None is nobody who may do anything. Without a brief, `number` says
    what it is about.
    """

    database: Database
    answering: Answering
    now: datetime
    row: InboxRow
    message: Message
    who: Manager | None
    brief: SentBrief | None = None
    number: str = ""

    async def __call__(
        self, outcome: str, answer: str, *, expects: str | None = None, done: bool = False, talk: bool = False
    ) -> None:
        """`expects` is the verb whose words the manager writes next, None leaves that as it is. `done` True where the
        card itself tells what was done, so that a press of its button needs no other answer. `talk` True where it is
        none of the partner's timeline.
        """
        async with self.database.begin() as connection:
            now = await inbox.fetch(connection, self.row.id, lock=True)
            if now is None or now.state is not InboxState.READ:
                return  # another run of this job finished it meanwhile
            await inbox.mark(
                connection, self.row.id, InboxState.HANDLED, outcome=outcome, handled_at=self.now, error=""
            )
            if self.brief is not None and self.who is not None and expects is not None:
                await briefs.expect(connection, self.brief, self.who.email, expects, self.now)
            await self._note(connection, outcome, answer, on_timeline=not talk)
            if answer and not (done and self.message.click and await self._told_by_card(connection)):
                await self._answer(connection, answer)

    async def _told_by_card(self, connection: AsyncConnection) -> bool:
        brief = await briefs.by_id(connection, self.brief.id) if self.brief else None
        return brief is not None and not brief.open

    async def _note(self, connection: AsyncConnection, outcome: str, answer: str, *, on_timeline: bool) -> None:
        message, partner_id = self.message, await self._partner(connection)
        pressed = f"pressed {message.click.action}" if message.click else ""
        words = message.text or pressed if on_timeline else ""  # what colleagues say to each other is theirs
        sender = message.sender.address or message.sender.slack_user
        body = {
            "message_id": message.message_id, "sender": sender, "text": words, "about": self._subject,
            "outcome": outcome, "answer": answer,
        }  # fmt: skip
        by = self.who.email if self.who else message.channel.value
        await ledger.append(
            connection, "manager_message", by, storable(body), partner_id=partner_id, inbox_id=self.row.id
        )
        if on_timeline and self.who is not None and partner_id is not None:
            said = f"{words}\n\n{answer}".strip()
            await outbox.put(connection, [interaction_row(self._interaction(self.who, partner_id, outcome, said))])

    def _interaction(self, who: Manager, partner_id: str, outcome: str, said: str) -> Interaction:
        """What a colleague wrote to the agent: no mail of the partner's, so it stands there without addresses."""
        about = self._subject
        return Interaction(
            key=f"in:{self.row.id}",
            partner_id=partner_id,
            contact_id=None,
            deal_numbers=(about,) if about.startswith("D-") else (),
            channel=self.message.channel,
            direction=Direction.IN,
            at=self.message.received_at,
            summary=in_short(f"{who.name}: {said}"),
            message_id=self.message.message_id,
            outcome=outcome,
            body=said,
            subject=self.message.subject,
            link=_link(self.message),
        )

    @property
    def _subject(self) -> str:
        return self.brief.subject if self.brief else self.number

    async def _partner(self, connection: AsyncConnection) -> str | None:
        """Whom it is about: as the brief says, else the owner of the registration that is named."""
        if self.brief is not None and self.brief.partner_id:
            return self.brief.partner_id
        kept = await registrations.find(connection, self._subject) if self._subject.startswith("D-") else None
        return kept.registration.partner_id if kept and self.who else None

    async def _answer(self, connection: AsyncConnection, answer: str) -> None:
        """To the manager's own address whatever a Reply-To says, or into the thread; capped as every answer.

        What a manager is told may be of any partner's: it is not posted where somebody from outside has come to read.
        """
        to = self._address()
        if to is None or self.message.no_answer:
            return
        if await over_cap(connection, self.answering, to, thread_id=None, proven=True, now=self.now):
            return
        reply = Reply(answer, language="en", layout=(Paragraph(answer),))
        await put_answer(
            connection, f"reply:{self.row.id}", REPLY, to, reply, mail_domain=self.answering.mail_domain,
            thread_id=None, partner_id=None, inbox_id=self.row.id,
            only_team=None if self.who is None else "",
            reply_key=(self.brief.reply_key or "") if self.brief else "",
        )  # fmt: skip

    def _address(self) -> ReplyAddress | None:
        to = self.message.reply_to
        if self.message.channel is Channel.SLACK or to is None or self.who is None:
            return to if self.message.channel is Channel.SLACK else None
        return replace(to, to=self.who.email)
