"""One portion of an announcement's mails: threads, reply keys, ways to opt out, outbox and timelines."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.composing.letters import MAIL, letter
from bot.announcements.composing.personal import Reader, as_said, filled, lacking
from bot.announcements.planning.previewing import says_deals
from bot.announcements.segments.audience import OPTED_OUT, UNDELIVERABLE
from bot.storage import mirror, undeliverable
from bot.storage.announcing import copies, readers
from bot.storage.announcing.copies import QueuedCopy, RecipientRow
from bot.storage.announcing.mails import NewMail, write_all
from bot.storage.announcing.pace import Pace, take
from bot.storage.crm_writes import interaction_row
from bot.storage.outbox import BULK, Destination, Outgoing
from bot.storage.timeline import Author, as_it_went
from bot.vocabulary.announcing import Announcement, AnnouncementText
from bot.vocabulary.documents import named
from crm.records import Channel, Contact, Direction, Interaction, Partner, language_of
from knowledge.program import Program
from knowledge.working_hours import awake, place_of
from mail_ingest.address import domain_of

_Told = tuple[Partner, Contact, RecipientRow]
_LEFT = "left the partner meanwhile"


@dataclass(frozen=True, slots=True)
class Mailing:
    """Writes in the caller's transaction. `now` is the moment of the portion."""

    program: Program
    mail_domain: str
    pace: Pace
    announcement: Announcement
    now: datetime

    async def write(self, connection: AsyncConnection, rows: Sequence[RecipientRow]) -> None:
        """A mail for each of the recipients who is there still, wants it and may read it; the others are noted with
        why. Whoever rests now gets his copy when people work again.
        """
        people = {one.id: one for one in await mirror.some(connection, Contact, [row.contact_id for row in rows])}
        partners = {one.id: one for one in await mirror.some(connection, Partner, [row.partner_id for row in rows])}
        resting = self._resting(tuple(partners.values()))
        await copies.postpone(connection, self.announcement.id, resting)
        rows = [row for row in rows if row.partner_id not in resting]
        why = await self._left_out(connection, rows, people, partners)
        await copies.leave_out(connection, self.announcement.id, why, self.now)
        told = [(partners[row.partner_id], people[row.contact_id], row) for row in rows if row.contact_id not in why]
        deals = await readers.open_deals(connection, partners) if says_deals(self.announcement.composed) else {}
        times = await self._times(connection, told)
        # In a thread, so that whoever asks something meanwhile is answered between any two of them.
        mails = await asyncio.to_thread(self._mails, told, deals, times)
        await write_all(connection, self.announcement.id, mails, self.mail_domain)
        queued = [QueuedCopy(mail.contact_id, mail.thread_id, mail.row.id) for mail in mails]
        await copies.mails_queued(connection, self.announcement.id, queued, self.now)

    def _resting(self, partners: Collection[Partner]) -> Mapping[str, datetime]:
        """Those who are not to be written to at this hour, with when they are."""
        if not self.announcement.composed.timing.keep_quiet:
            return {}
        times = {partner.id: self._awake(self.now, partner) for partner in partners}
        return {partner_id: at for partner_id, at in times.items() if at > self.now}

    def _awake(self, moment: datetime, partner: Partner) -> datetime:
        if not self.announcement.composed.timing.keep_quiet:
            return moment
        vendor = self.program.vendor
        return awake(moment, place_of(partner.time_zone, partner.country, vendor), vendor)

    async def _left_out(
        self, connection: AsyncConnection, rows: Sequence[RecipientRow], people: Mapping[str, Contact],
        partners: Mapping[str, Partner],
    ) -> Mapping[str, str]:  # fmt: skip
        """Contact -> why it is not written to after all."""
        addresses = [one.email for one in people.values() if one.email]
        out = await readers.opted_out(connection, addresses)
        dead = await undeliverable.of_addresses(connection, addresses)
        found: dict[str, str] = {}
        for row in rows:
            contact = people.get(row.contact_id)
            if (
                contact is None
                or not contact.active
                or contact.partner_id != row.partner_id
                or row.partner_id not in partners
                or not contact.email
            ):
                found[row.contact_id] = _LEFT
            elif contact.opted_out or contact.email in out:
                found[row.contact_id] = OPTED_OUT
            elif contact.email.lower() in dead:
                found[row.contact_id] = UNDELIVERABLE
            elif why := lacking(self._text(row), contact):
                found[row.contact_id] = why
        return found

    async def _times(self, connection: AsyncConnection, told: Sequence[_Told]) -> Sequence[datetime | None]:
        """Before which each may not go; None where nothing is in the way."""
        domains = [domain_of(contact.email) for _, contact, _ in told]
        free = dict(await take(connection, self.pace, domains, self.now))
        times: list[datetime | None] = []
        for (partner, _, _), domain in zip(told, domains, strict=True):
            at = self._awake(free[domain], partner)
            free[domain] += self.pace.step
            times.append(at if at > self.now else None)
        return times

    def _text(self, row: RecipientRow) -> AnnouncementText:
        return self.announcement.composed.text_for(row.language)

    def _mails(
        self, told: Sequence[_Told], deals: Mapping[str, int], times: Sequence[datetime | None]
    ) -> list[NewMail]:
        return [self._mail(*one, deals.get(one[0].id, 0), at) for one, at in zip(told, times, strict=True)]

    def _mail(
        self, partner: Partner, contact: Contact, row: RecipientRow, open_deals: int, at: datetime | None
    ) -> NewMail:
        composed, reader = self.announcement.composed, Reader(partner, contact, open_deals)
        text = filled(self._text(row), reader, self.program)
        thread_id, key, token = str(uuid4()), secrets.token_hex(16), secrets.token_urlsafe(24)
        payload = letter(composed, text, contact.email, language_of(contact, partner))
        parcel = Outgoing(
            key=f"announcement:{self.announcement.id}:{contact.id}",
            destination=Destination.MAIL,
            kind=MAIL,
            payload=payload | {"reply_key": key, "opt_out_token": token},
            ordering=contact.email.lower(),
            partner_id=partner.id,
            thread_id=thread_id,
            priority=BULK,
            announcement_id=self.announcement.id,
            not_before=at,
        )
        said = as_said(self._text(row), reader, self.program)
        line = replace(interaction_row(self._told(parcel, contact, text.subject, said)), not_before=at)
        return NewMail(contact.id, contact.email, thread_id, text.subject, key, token, parcel, line)

    def _told(self, parcel: Outgoing, contact: Contact, subject: str, body: str) -> Interaction:
        documents = self.announcement.composed.documents
        told = Interaction(
            key=parcel.key,
            partner_id=contact.partner_id,
            contact_id=contact.id,
            deal_numbers=(),
            channel=Channel.EMAIL,
            direction=Direction.OUT,
            at=parcel.not_before or self.now,
            summary=f"Announcement: {subject}",
            message_id=f"<{parcel.id}@{self.mail_domain}>",
            outcome="announced",
            body=f"{body}\n\n{named(documents)}" if documents else body,
        )
        author = Author(self.program.vendor.agent_address, self.mail_domain)
        return as_it_went(told, parcel, author, documents)
