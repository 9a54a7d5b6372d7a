"""Asks the owner of an address whether a message that names it is his: one mail, capped, to the address on file."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import confirmations, tasks, undeliverable
from bot.storage.answers import CONFIRMATION, put_answer
from bot.storage.caps import Answering
from bot.storage.outbox import Outgoing
from bot.vocabulary.identity import Identity
from bot.vocabulary.message import Message, ReplyAddress
from bot.vocabulary.reply import Reply
from crm.records import Contact


async def ask_owner(
    connection: AsyncConnection,
    answering: Answering,
    message: Message,
    identity: Identity,
    question: Reply,
    subject: str,
    now: datetime,
) -> Outgoing | None:
    """The row that asks; None where he may not be asked just now, of which his manager is told once a day.

    To no Reply-To, and in no thread: a message says itself which ids it belongs to.
    """
    contact = identity.contact
    if contact is None or message.reply_to is None:
        return None
    if why := await _unaskable(connection, message, contact, now):
        await _tell_once(connection, identity, contact, message, why, now)
        return None
    code = confirmations.new_code()
    row = await put_answer(
        connection, f"confirmation:{code}", CONFIRMATION, ReplyAddress(to=contact.email, subject=subject), question,
        mail_domain=answering.mail_domain, thread_id=None, partner_id=contact.partner_id, inbox_id=message.inbox_id,
        reply_key=code,
    )  # fmt: skip
    mail_id = f"<{row.id}@{answering.mail_domain}>"
    await confirmations.ask(connection, message.inbox_id, contact, code=code, mail_id=mail_id, now=now)
    return row


async def _unaskable(connection: AsyncConnection, message: Message, contact: Contact, now: datetime) -> str:
    if message.no_answer:
        return f"the mail says {message.no_answer}"
    if await confirmations.about(connection, message.inbox_id) is not None:
        return f"{contact.email} was asked about it before"
    if await undeliverable.of_addresses(connection, [contact.email]):
        return f"mail to {contact.email} comes back"
    return await confirmations.why_not(connection, contact, now)


async def _tell_once(
    connection: AsyncConnection, identity: Identity, contact: Contact, message: Message, why: str, now: datetime
) -> None:
    """A flood of forged mail is one matter: one task for an address and day."""
    await tasks.open_task(
        connection, f"unasked:{contact.id}:{now.date()}", "notice",
        f"messages in the name of {contact.email} are held, and nobody was asked whether they are genuine: {why}",
        manager_email=identity.partner.manager_email if identity.partner else "", partner_id=contact.partner_id,
        contact_id=contact.id, inbox_id=message.inbox_id,
    )  # fmt: skip
