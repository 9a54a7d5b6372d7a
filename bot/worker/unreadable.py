"""A message that could not be read: set aside, shown, and its sender told once where an answer is allowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Incoming
from bot.steps.say import Listener, say
from bot.storage import error_mails, inbox, ledger, tasks
from bot.storage.answers import REPLY, put_answer
from bot.storage.caps import Answering, over_cap
from bot.storage.inbox import InboxRow, InboxState
from bot.texts.catalogue import Catalogue
from bot.vocabulary.decisions import Decision, Outcome
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import Message
from crm.records import language_of


@dataclass(frozen=True, slots=True)
class Head:
    """What was read of it all the same, without any text, and who that says wrote."""

    incoming: Incoming
    identity: Identity

    @property
    def message(self) -> Message:
        return self.incoming.message

    @property
    def may_be_answered(self) -> bool:
        """Only a person we know, and whose mail proves that it is that person's; never a machine."""
        who, message = self.identity, self.message
        known = who.trust is Trust.PROVEN and (who.partner is not None or who.manager is not None)
        return known and message.addressed and not message.automatic and not message.no_answer


@dataclass(frozen=True, slots=True)
class SetsAside:
    """`vendor` is the name that signs, `texts` are the ones that the vendor answers with."""

    answering: Answering
    vendor: str
    texts: Catalogue
    now: Callable[[], datetime]

    async def __call__(self, connection: AsyncConnection, row: InboxRow, reason: str, head: Head | None) -> None:
        """`row` is locked and not yet read. The same mail a second time counts as a duplicate, as it would if read."""
        if head is not None and not await self._is_news(connection, row, head):
            return
        await inbox.mark(connection, row.id, InboxState.SHUNTED, error=reason, **_known(head))
        partner = head.identity.partner if head is not None and head.identity.proven_partner_id else None
        await tasks.open_task(
            connection, f"{row.id}:unreadable", "shunted", f"a message could not be read: {reason} [{row.reference}]",
            manager_email=partner.manager_email if partner else "", partner_id=partner.id if partner else None,
            inbox_id=row.id,
        )  # fmt: skip
        await ledger.append(
            connection, "shunted", row.channel.value, {"why": reason},
            partner_id=partner.id if partner else None, inbox_id=row.id,
        )  # fmt: skip
        if head is not None and head.may_be_answered:
            await self._tell(connection, row, head)

    async def _is_news(self, connection: AsyncConnection, row: InboxRow, head: Head) -> bool:
        incoming = head.incoming
        if incoming.ignore:
            await inbox.mark(connection, row.id, InboxState.IGNORED, outcome=incoming.ignore, **_known(head))
            return False
        proven = head.identity.trust is Trust.PROVEN
        if incoming.dedupe_key and not await inbox.claim_key(connection, row.id, incoming.dedupe_key, proven=proven):
            await inbox.mark(connection, row.id, InboxState.DUPLICATE, outcome="duplicate", **_known(head))
            return False
        return True

    async def _tell(self, connection: AsyncConnection, row: InboxRow, head: Head) -> None:
        """In the language on file: that of the message is part of what could not be read."""
        to, who, now = head.message.reply_to, head.identity, self.now()
        if to is None or await over_cap(connection, self.answering, to, thread_id=None, proven=True, now=now):
            return
        if not await error_mails.claim(connection, to.to, error_mails.UNREADABLE, now):
            return
        said = Decision((), (Outcome("trouble.unreadable", {"reference": row.reference}),), "unreadable")
        name = who.contact.name if who.contact else head.message.sender.name
        language = language_of(who.contact, who.partner)
        if reply := say((said,), Listener(language, row.channel, name, self.vendor, texts=self.texts)):
            await put_answer(
                connection, f"unreadable:{row.id}", REPLY, to, reply, mail_domain=self.answering.mail_domain,
                thread_id=None, partner_id=who.proven_partner_id, inbox_id=row.id,
            )  # fmt: skip


def _known(head: Head | None) -> dict[str, str | None]:
    """What the inbox keeps of it; a sender who only claims to be a partner's puts nothing into its records."""
    if head is None:
        return {}
    who, message = head.identity, head.message
    return {
        "message_id": message.message_id,
        "sender": message.sender.address or message.sender.slack_user,
        "trust": who.trust.value,
        "partner_id": who.proven_partner_id,
        "contact_id": who.contact.id if who.contact and who.proven_partner_id else None,
    }
