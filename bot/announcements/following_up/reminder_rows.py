"""Reminders as outbox rows: in the thread of the first copy, each in the reader's working hours, in portions."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.composing.letters import MAIL
from bot.announcements.following_up.reminder_words import above, reminder
from bot.storage import ledger, mirror, outbox, slack_channels
from bot.storage.announcing import pace, reminders
from bot.storage.announcing.followed import Announced
from bot.storage.announcing.pace import Pace
from bot.storage.announcing.reminders import Post, Reader
from bot.storage.answers import NOTICE
from bot.storage.crm_writes import interaction_row
from bot.storage.outbox import BULK, Destination, Outgoing
from bot.storage.timeline import Author, as_it_went
from crm.records import Channel, Direction, Interaction, Partner
from knowledge.program import Program
from knowledge.working_hours import awake, place_of

_ONCE = ("documents",)  # what stands in the first copy alone: it is in the same thread


@dataclass(frozen=True, slots=True)
class ReminderRows:
    """One round's; `round` tells it from the others of the same announcement. All in the caller's transaction."""

    program: Program
    mail_domain: str
    announced: Announced
    round: str
    pace: Pace

    async def mails(self, connection: AsyncConnection, people: Sequence[Reader], now: datetime) -> None:
        """Each with its entry on the timeline; who is noted as reminded is reminded."""
        if not people:
            return
        partners = await self._partners(connection, [one.partner_id for one in people])
        wanted = {one.thread_id: (one.address, secrets.token_hex(16)) for one in people}
        keys = await reminders.keys(connection, wanted)
        waits = await self._waits(connection, people, now)
        made = [
            self._mail(one, partners.get(one.partner_id), keys[one.thread_id], now, wait)
            for one, wait in zip(people, waits, strict=True)
        ]
        await outbox.put(connection, made)
        ids = {self._message_id(row.id): str(row.thread_id) for row in made}
        await reminders.join(connection, ids)
        await outbox.put(connection, [self._told(r.contact_id, w, now) for r, w in zip(people, made, strict=True)])
        await reminders.note_readers(connection, self.announced.id, [r.contact_id for r in people], now)
        await self._note(connection, "mail", len(made))

    async def posts(self, connection: AsyncConnection, places: Sequence[Post], now: datetime) -> None:
        """Below each post; a channel that is the partner's no longer, or paused, is passed over."""
        if not places:
            return
        partners = await self._partners(connection, [one.partner_id for one in places])
        made = [await self._post(connection, one, partners.get(one.partner_id), now) for one in places]
        written = [one for one in made if one is not None]
        await outbox.put(connection, written)
        await outbox.put(connection, [self._told(None, one, now) for one in written])
        await reminders.note_posts(connection, self.announced.id, places, now)
        await self._note(connection, "slack", len(written))

    async def _partners(self, connection: AsyncConnection, ids: Sequence[str]) -> dict[str, Partner]:
        return {one.id: one for one in await mirror.some(connection, Partner, set(ids))}

    async def _waits(self, connection: AsyncConnection, people: Sequence[Reader], now: datetime) -> list[timedelta]:
        """How much later than the first of his domain each one's mail goes."""
        domains = [one.address.rpartition("@")[2].lower() for one in people]
        free = dict(await pace.take(connection, self.pace, domains, now))
        waits = []
        for domain in domains:
            waits.append(max(free[domain] - now, timedelta()))
            free[domain] += self.pace.step
        return waits

    def _mail(
        self, reader: Reader, partner: Partner | None, reply_key: str, now: datetime, wait: timedelta
    ) -> Outgoing:
        language = str(reader.first.get("language") or reader.language or "en")  # the reader's, not the text's
        first_mail = self._message_id(reader.first_id)
        text = str(reader.first.get("text", ""))
        country = partner.country if partner else ""
        payload: dict[str, Any] = {name: said for name, said in reader.first.items() if name not in _ONCE}
        payload |= {
            "to": reader.address, "language": language, "reply_key": reply_key, "in_reply_to": first_mail,
            "references": [first_mail],
            "text": above(self.program, self.announced.call, language, country, text),
        }  # fmt: skip
        return Outgoing(
            key=f"{self.round}:{reader.contact_id}",
            destination=Destination.MAIL,
            kind=MAIL,
            payload=payload,
            ordering=reader.address.lower(),
            partner_id=reader.partner_id,
            thread_id=reader.thread_id,
            priority=BULK,
            announcement_id=self.announced.id,
            not_before=self._not_before(partner, now, wait),
        )

    async def _post(
        self, connection: AsyncConnection, post: Post, partner: Partner | None, now: datetime
    ) -> Outgoing | None:
        channel = await slack_channels.find(connection, post.channel_id)
        if partner is None or channel is None or channel.partner_id != post.partner_id or channel.paused:
            return None
        language = post.language or partner.language
        said = reminder(self.program, self.announced.call, language, partner.country, Channel.SLACK)
        payload: dict[str, Any] = {
            "channel": post.channel_id, "thread_ts": post.ts, "text": said, "language": language,
            "only_team": channel.partner_team_id,
        }  # fmt: skip
        return Outgoing(
            f"{self.round}:{post.channel_id}", Destination.SLACK, NOTICE, payload, ordering=post.channel_id,
            partner_id=post.partner_id, thread_id=post.thread_id, priority=BULK,
            announcement_id=self.announced.id, not_before=self._not_before(partner, now),
        )  # fmt: skip

    def _not_before(self, partner: Partner | None, now: datetime, wait: timedelta = timedelta()) -> datetime | None:
        """None where it may go just now; quiet hours are kept where the announcement keeps them."""
        vendor = self.program.vendor
        place = place_of(partner.time_zone, partner.country, vendor) if partner else place_of("", "", vendor)
        then = (awake(now, place, vendor) if self.announced.keep_quiet else now) + wait
        return then if then > now else None

    def _told(self, contact_id: str | None, row: Outgoing, now: datetime) -> Outgoing:
        """The line on the timeline, which comes no sooner than what it tells of."""
        in_slack = row.destination is Destination.SLACK
        told = Interaction(
            key=row.key,
            partner_id=row.partner_id or "",
            contact_id=contact_id,
            deal_numbers=(),
            channel=Channel.SLACK if in_slack else Channel.EMAIL,
            direction=Direction.OUT,
            at=now,
            summary=f"Reminder: {self.announced.subject}",
            message_id=row.id if in_slack else self._message_id(row.id),
            outcome="reminded",
            body=str(row.payload["text"]),
        )
        author = Author(self.program.vendor.agent_address, self.mail_domain)
        return replace(interaction_row(as_it_went(told, row, author)), not_before=row.not_before)

    async def _note(self, connection: AsyncConnection, where: str, count: int) -> None:
        said = {"announcement": self.announced.id, "subject": self.announced.subject, "count": count, "where": where}
        await ledger.append(connection, "announcement_reminded", "partnerline", said)

    def _message_id(self, row_id: str) -> str:
        return f"<{row_id}@{self.mail_domain}>"
