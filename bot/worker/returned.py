"""Mail that came back: a report that is truly about a mail of ours marks its address and tells the partner's manager.

Anybody can send a report. It counts where it came to the return path that only this one mail had, and then for the
address that mail went to, whatever the report names; or where it encloses the Message-ID of a mail of ours and names
the address that this very mail went to.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Incoming
from bot.storage import inbox, ledger, mirror, outbox, tasks, undeliverable
from bot.storage.codec import to_doc
from bot.storage.crm_writes import interaction_row
from bot.storage.inbox import InboxRow, InboxState
from bot.storage.timeline import mail_link
from bot.storage.undeliverable import Bounced, SentMail
from bot.vocabulary.delivery import DeliveryReport
from crm.records import Channel, Contact, Direction, Interaction, Partner

BOUNCED, NOT_OURS = "bounced", "bounce_not_counted"


def counted(report: DeliveryReport, sent: Sequence[SentMail]) -> tuple[Bounced, ...]:
    """What a report proves of the mails of ours that it may be about; pure."""
    by_path = next((mail for mail in sent if mail.id == report.came_back_to), None)
    if by_path is not None:
        worst = max(report.failures, key=lambda failure: failure.hard)
        return (Bounced(by_path, worst.hard, worst.status, worst.words),)
    found = {
        mail.address: Bounced(mail, failure.hard, failure.status, failure.words)
        for mail in sent
        for failure in sorted(report.failures, key=lambda failure: failure.hard)
        if mail.address in failure.addresses
    }
    return tuple(found.values())


async def file_report(connection: AsyncConnection, row: InboxRow, incoming: Incoming) -> bool:
    """File the message as a bounce; False where it is none of ours and goes on like any other automatic mail."""
    report = incoming.report
    if report is None or not report.failures:
        return False
    by_path = [report.came_back_to] if report.came_back_to else []
    bounces = counted(report, await undeliverable.sent_mails(connection, by_path, report.about))
    message = incoming.message
    if not bounces:
        said = {"sender": message.sender.address, "about": list(report.about[:5])}
        await ledger.append(connection, NOT_OURS, message.channel.value, said, inbox_id=row.id)
        return False
    for bounced in bounces:
        await _one(connection, row, message.message_id, bounced)
    mail = bounces[0].mail
    await inbox.mark(
        connection, row.id, InboxState.HANDLED, outcome=BOUNCED, message=to_doc(message), partner_id=mail.partner_id,
        thread_id=mail.thread_id, message_id=message.message_id, sender=message.sender.address, error="", failures=0,
        handled_at=datetime.now(UTC),
    )  # fmt: skip
    return True


async def proves_delivery(connection: AsyncConnection, address: str, at: datetime) -> None:
    """Somebody writes from the address, and it is proven: it is no dead one."""
    await undeliverable.clear(connection, address, "mail", before=at)


async def _one(connection: AsyncConnection, row: InboxRow, message_id: str, bounced: Bounced) -> None:
    mail = bounced.mail
    partner = await mirror.one(connection, Partner, mail.partner_id) if mail.partner_id else None
    contacts = await mirror.of_partner(connection, Contact, mail.partner_id) if mail.partner_id else ()
    contact = next((c for c in contacts if c.email.lower() == mail.address), None)
    contact_id = contact.id if contact else None
    marked = await undeliverable.note(
        connection, bounced, inbox_id=row.id, contact_id=contact_id, at=row.received_at
    )  # fmt: skip
    body = {"address": mail.address, "hard": bounced.hard, "status": bounced.status, "words": bounced.words}
    await ledger.append(
        connection, BOUNCED, Channel.EMAIL.value, body | {"marked": marked}, partner_id=mail.partner_id, inbox_id=row.id
    )
    if partner is not None:
        await outbox.put(connection, [interaction_row(_on_timeline(row, message_id, bounced, partner, contact_id))])
    if marked:
        await tasks.open_task(
            connection, f"undeliverable:{row.id}:{mail.address}", "undeliverable", _told(bounced, contact, row),
            manager_email=partner.manager_email if partner else "", partner_id=mail.partner_id, contact_id=contact_id,
            inbox_id=row.id,
        )  # fmt: skip


def _on_timeline(
    row: InboxRow, message_id: str, bounced: Bounced, partner: Partner, contact_id: str | None
) -> Interaction:
    return Interaction(
        key=f"bounce:{row.id}:{bounced.mail.address}",
        partner_id=partner.id,
        contact_id=contact_id,
        deal_numbers=(),
        channel=Channel.EMAIL,
        direction=Direction.IN,
        at=row.received_at,
        summary=f"A mail to {bounced.mail.address} came back{'' if bounced.hard else ', for the time being'}",
        message_id=message_id,
        outcome="bounced_hard" if bounced.hard else "bounced_soft",
        body=bounced.words,
        link=mail_link(message_id),
    )


def _told(bounced: Bounced, contact: Contact | None, row: InboxRow) -> str:
    who = f"{contact.name} ({bounced.mail.address})" if contact else bounced.mail.address
    why = "a mail came back" if bounced.hard else f"{undeliverable.SOFT_ENOUGH} mails came back within a week"
    words = f": {bounced.words}" if bounced.words else ""
    return f"{who} takes no mail, {why}{words}. No more announcements go there until it writes again [{row.reference}]"
