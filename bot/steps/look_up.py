"""Look up: the asker's own records, the thread and the program become facts; nobody else's records are read."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.ports import Records
from bot.vocabulary.facts import Facts
from bot.vocabulary.identity import Identity
from bot.vocabulary.message import Message, ThreadContext
from bot.vocabulary.money import InvoiceRead
from crm.records import Partner, language_of
from knowledge.program import Manager, Program


async def look_up(
    message: Message,
    identity: Identity,
    thread: ThreadContext,
    records: Records,
    program: Program,
    now: datetime,
    *,
    numbers: int = 0,
    money: bool = False,
    invoices: tuple[tuple[str, InvoiceRead], ...] = (),
) -> Facts:
    """Everything the decision may rest on, with the version it was read at. The identity must be proven.

    `numbers` is how many registrations the message may open, `money` whether commission and statements are asked
    about; `invoices` are what was read from attached PDFs.
    """
    if identity.partner is None:
        raise ValueError("only a proven partner's records are looked up")
    held = await records.of_partner(identity.partner.id, numbers=numbers)
    if held is None:
        raise LookupError(f"partner {identity.partner.id} is no longer in the mirror")
    local = now.astimezone(ZoneInfo(program.vendor.time_zone))
    # After the version was read: what changes in between makes that too old, never this too new.
    owed = await records.money(held.partner.id, local.date()) if money else None
    language = language_of(identity.contact, held.partner)
    announced = thread.announcement_id
    # A manager who writes in a partner's channel is no reader of it: his yes is not the partner's.
    asked = announced if identity.manager is None else None
    announcement = await records.announcement(asked, language) if asked else None
    return Facts(
        partner=held.partner,
        contact=identity.contact,
        deals=held.deals,
        payments=held.payments,
        registrations=held.registrations,
        program=program,
        thread=thread,
        channel=message.channel,
        now=local,
        fresh_numbers=held.fresh_numbers,
        announcement=announcement,
        manager=manager_of(held.partner, program),
        outsiders_read=bool(message.reply_to and message.reply_to.outsiders),
        version=held.version,
        attachments=message.attachments,
        colleagues=held.contacts,
        leads=held.leads,
        fresh_leads=held.fresh_leads,
        received_at=message.received_at,
        words=message.text,
        forwarded=message.forwarded,
        money=owed,
        invoices=invoices,
        as_of=held.as_of,
    )


def manager_of(partner: Partner, program: Program) -> Manager | None:
    """The partner's own manager, else the one of its region, else the first who takes every region."""
    named = (m for m in program.managers if m.email == partner.manager_email)
    regional = (m for m in program.managers if partner.region and partner.region in m.regions)
    general = (m for m in program.managers if not m.regions)
    return next(named, None) or next(regional, None) or next(general, None)
