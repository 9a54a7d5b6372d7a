"""What was said, as rows of the CRM's timelines: one for the message, one for the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.vocabulary.attached import with_files
from bot.vocabulary.documents import Document, named
from bot.vocabulary.identity import Identity
from bot.vocabulary.message import Attachment, Message
from bot.vocabulary.reply import Reply
from crm.records import Direction, Interaction

_SUMMARY = 160  # characters


@dataclass(frozen=True, slots=True)
class Talk:
    """One handled message of a proven sender: `wished` are the intents read in it, `deals` the numbers it is about."""

    message: Message
    identity: Identity
    wished: Sequence[str]
    outcome: str
    deals: tuple[str, ...]
    files: tuple[Attachment, ...]

    def rows(
        self, reply: Reply | None, sent_id: str, now: datetime, documents: Sequence[Document] = ()
    ) -> list[Interaction]:
        """The message, and its answer where there is one, known by `sent_id`, with the documents that went with it."""
        came = self._came()
        if reply is None:
            return [came]
        went = replace(
            came,
            key=f"out:{self.message.inbox_id}",
            direction=Direction.OUT,
            at=now,
            summary=in_short(reply.text),
            message_id=sent_id,
            outcome="answered",
            body=f"{reply.text}\n\n{named(documents)}" if documents else reply.text,
        )
        return [came, went]

    def _came(self) -> Interaction:
        message, contact = self.message, self.identity.contact
        wished = ", ".join(dict.fromkeys(self.wished)) or "nothing"
        return Interaction(
            key=f"in:{message.inbox_id}",
            partner_id=self.identity.proven_partner_id,
            contact_id=contact.id if contact else None,
            deal_numbers=self.deals,
            channel=message.channel,
            direction=Direction.IN,
            at=message.received_at,
            summary=in_short(f"{wished}: {message.subject or message.text}"),
            message_id=message.message_id,
            outcome=self.outcome,
            body=with_files(message.text, self.files),
        )


def in_short(text: str) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _SUMMARY else line[: _SUMMARY - 1] + "…"
