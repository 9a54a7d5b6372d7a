"""Entries that the CRM refused: managers learn of it in its words, and a partner whose registration waits for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.briefing import Briefing
from bot.desk.managers_of import looking_after
from bot.desk.telling import Telling
from bot.intents.which_deal import named
from bot.storage import crm_writes, mirror, outbox, refused, registrations, tasks, timers
from bot.storage.outbox import Due
from bot.storage.queue import SCREEN, NewJob, Queue
from bot.storage.refused import RETRIED, RefusedEntry, subject_of
from bot.storage.registrations import Kept
from bot.vocabulary.briefs import Act, Brief, BriefKind
from bot.vocabulary.decisions import Outcome, Value
from crm.records import Partner, Registration, RegistrationState
from knowledge.deal_clock import Timer
from knowledge.program import Program

REFUSED, ENTERED = "entry_refused", "entry_entered"
"""The kinds of timers: one when the CRM refused, one when it took what it had refused before."""
TASK = "refused_delivery"
_BY_CRM = "crm"
_SINGLE = (crm_writes.SAVE_REGISTRATION, crm_writes.SAVE_DEAL, crm_writes.SAVE_LEAD, crm_writes.UPDATE_DEAL)
_WAITS = (RegistrationState.SUBMITTED, RegistrationState.NEEDS_INFO)
_ONE_AND_MANY = {
    crm_writes.SAVE_REGISTRATION: ("registration", "registrations"),
    crm_writes.SAVE_DEAL: ("deal", "deals"),
    crm_writes.UPDATE_DEAL: ("update of deal", "updates of deals"),
    crm_writes.SAVE_LEAD: ("lead", "leads"),
    crm_writes.SAVE_CONTACT: ("contact", "contacts"),
    crm_writes.OPT_OUT: ("opt-out of contact", "opt-outs"),
    crm_writes.SET_TIER: ("tier of partner", "tiers"),
    crm_writes.SAVE_PAYMENT: ("payment", "payments"),
    crm_writes.SAVE_MILESTONE: ("milestone", "milestones"),
    crm_writes.LOG_INTERACTION: ("interaction", "interactions"),
    crm_writes.LOG_AGAIN: ("interaction", "interactions"),
}
_ENTRY = ("entry", "entries")
_CRMS = {"hubspot": "HubSpot"}
_OF_ONE_CALL = re.compile(r"\(?correlation id[^)]*\)?|\d+", re.IGNORECASE)  # what differs although it is the same


def crm_called(name: str) -> str:
    """What people call the CRM of that name."""
    return _CRMS.get(name, "the CRM")


def entry_called(kind: str, payload: dict[str, Any]) -> str:
    """What people call such an entry: "registration D-123456 (Vega Foods)"."""
    wanted = payload.get("wanted")  # of a tier, the word itself
    record = payload.get("record") or (wanted if isinstance(wanted, dict) else {})
    what, subject = _ONE_AND_MANY.get(kind, _ENTRY)[0], subject_of(payload)
    if kind in (crm_writes.LOG_INTERACTION, crm_writes.LOG_AGAIN):
        return f"interaction “{' '.join(str(record.get('summary', '')).split())[:80]}”"
    more = record.get("customer") or record.get("name") or record.get("email") or ""
    return f"{what} {subject} ({more})" if more else f"{what} {subject}"


def kind_called(kind: str) -> str:
    """Several of a kind."""
    return _ONE_AND_MANY.get(kind, _ENTRY)[1]


async def note(connection: AsyncConnection, row: Due, words: str, *, unknown: bool) -> None:
    """In the transaction that settles the row. A draft is incomplete anyway: what becomes of it is written again."""
    record = row.payload.get("record") or {}
    if row.kind == crm_writes.SAVE_REGISTRATION and record.get("state") == RegistrationState.DRAFT.value:
        return
    partner = await mirror.one(connection, Partner, row.partner_id) if row.partner_id else None
    fate = "may or may not be in the CRM" if unknown else "was refused by the CRM"
    opened = await tasks.open_task(
        connection, _task_key(row.kind, subject_of(row.payload), row.partner_id, words), TASK,
        f"{entry_called(row.kind, row.payload)} {fate}: {words}",
        manager_email=partner.manager_email if partner else "", partner_id=row.partner_id, inbox_id=row.inbox_id,
        deal_number=_number(row), closed_by=_BY_CRM,
    )  # fmt: skip
    again = int(row.payload.get(RETRIED, 0))
    if opened or again:
        timer = Timer(
            f"{REFUSED}:{row.id}:{again}", REFUSED, subject_of(row.payload), row.created_at, {"outbox_id": row.id},
            row.partner_id or "",
        )  # fmt: skip
        await timers.schedule(connection, timer)


async def taken(connection: AsyncConnection, rows: Sequence[Due]) -> None:
    """In the transaction that settles them: the CRM took these rows, and may have refused the same before."""
    records = [row for row in rows if row.kind != crm_writes.LOG_INTERACTION]
    settled = await refused.overtaken(connection, records) if records else []
    mended = [row for row in rows if row.payload.get(RETRIED)]
    before = {found.id: found for row_id in settled if (found := await outbox.find(connection, row_id))}
    for row in (*mended, *before.values()):
        await _close(connection, row)
    for row in {subject_of(row.payload): row for row in (*mended, *before.values())}.values():
        timer = Timer(
            f"{ENTERED}:{row.id}:{row.payload.get(RETRIED, 0)}", ENTERED, subject_of(row.payload), row.created_at,
            {"outbox_id": row.id}, row.partner_id or "",
        )  # fmt: skip
        await timers.schedule(connection, timer)


async def _close(connection: AsyncConnection, row: Due) -> None:
    if row.kind in _SINGLE:
        await tasks.close_keyed(connection, f"entry:{row.kind}:{subject_of(row.payload)}", _BY_CRM)
    elif not await refused.left(connection, row.kind, row.partner_id):
        await tasks.close_beginning(connection, f"entry:{row.kind}:{row.partner_id or ''}:", _BY_CRM)


def _task_key(kind: str, subject: str, partner_id: str | None, words: str) -> str:
    """Registrations, deals and leads each; of the rest one for a partner, kind and reason, however many there are."""
    if kind in _SINGLE:
        return f"entry:{kind}:{subject}"
    same = sha256(_OF_ONE_CALL.sub("", words).encode()).hexdigest()[:12]
    return f"entry:{kind}:{partner_id or ''}:{same}"


def _number(row: Due) -> str:
    return subject_of(row.payload) if row.kind in _SINGLE else ""


@dataclass(frozen=True, slots=True)
class RefusedEntries:
    """The handler of both kinds of timers; `crm` is the CRM's name as the port says it."""

    program: Program
    queue: Queue
    telling: Telling
    briefing: Briefing
    crm: str

    async def __call__(self, connection: AsyncConnection, timer: Timer, _now: datetime) -> None:
        if timer.kind == ENTERED:
            await self._entered(connection, timer)
            return
        entry = next(iter(await refused.about(connection, timer.payload["outbox_id"])), None)
        if entry is None:
            return  # overtaken, or tried again meanwhile
        partner = await mirror.one(connection, Partner, timer.partner_id) if timer.partner_id else None
        await self._brief(connection, timer, entry, partner)
        if entry.kind == crm_writes.SAVE_REGISTRATION and partner is not None:
            await self._tell(connection, partner, entry)

    async def _brief(
        self, connection: AsyncConnection, timer: Timer, entry: RefusedEntry, partner: Partner | None
    ) -> None:
        what, crm = entry_called(entry.kind, entry.payload), crm_called(self.crm)
        crm = crm[0].upper() + crm[1:]
        happened = "did not confirm" if entry.unknown else "did not take"
        alike = await refused.left(connection, entry.kind, entry.partner_id) if entry.kind not in _SINGLE else 1
        facts = (
            ("Partner", partner.name if partner else ""), ("What", what), (f"{crm} says", entry.words),
            ("All of these", f"{alike} of this partner" if partner and alike > 1 else ""),
        )  # fmt: skip
        subject = entry.subject if entry.kind in _SINGLE else entry.id
        for who in looking_after(self.program, partner) if partner else self.program.managers:
            brief = Brief(
                key=f"{timer.key}:{who.email}",
                kind=BriefKind.ENTRY,
                subject=subject,
                manager=who,
                title=f"{crm} {happened} {what}",
                facts=tuple(fact for fact in facts if fact[1]),
                why="Nothing is lost. Mend what stands in the way there, then have it tried again.",
                acts=(Act.RETRY,),
                partner_id=partner.id if partner else None,
                shared=timer.key,
                named=what,
            )
            await self.briefing.send(connection, brief)

    async def _tell(self, connection: AsyncConnection, partner: Partner, entry: RefusedEntry) -> None:
        """Once for a registration that waits, however often it is refused: it was received, and is not entered yet."""
        kept = await registrations.find(connection, entry.subject)
        if kept is None or kept.registration.state not in _WAITS or entry.unknown:
            return
        who = self.program.manager(partner.manager_email)
        values = _about(kept.registration) | ({"manager": who.name} if who else {})
        told = Outcome("entry.received" if who else "entry.received_team", values, figures=True)
        entered = await timers.count(connection, ENTERED, entry.subject)
        await self._say(connection, _told_key(entry.subject, entered), partner, kept, told, "not_entered")

    async def _entered(self, connection: AsyncConnection, timer: Timer) -> None:
        said = f"{crm_called(self.crm)} took it"
        for subject in (timer.subject, timer.payload["outbox_id"]):
            await self.briefing.settle(connection, BriefKind.ENTRY, subject, crm_called(self.crm), said)
        if timer.partner_id:
            # What was said about it meanwhile is on the partner's timeline, and belongs to the record as well.
            logged = await refused.logged_about(connection, timer.partner_id, timer.subject)
            await outbox.put(connection, [crm_writes.log_again_row(one, timer.key) for one in logged])
        kept = await registrations.find(connection, timer.subject)
        partner = await mirror.one(connection, Partner, timer.partner_id) if timer.partner_id else None
        if kept is None or partner is None or kept.registration.state not in _WAITS:
            return
        if kept.registration.state is RegistrationState.SUBMITTED:
            # What the program's rules may accept by themselves waited for this.
            job = NewJob(SCREEN, f"screen:{timer.subject}", {"number": timer.subject, "waited": 0}, wait=1)
            await self.queue.defer(connection, [job])
        before = await timers.count(connection, ENTERED, timer.subject) - 1  # without this one
        if await outbox.is_written(connection, _told_key(timer.subject, before)):
            told = Outcome("entry.entered", _about(kept.registration), figures=True)
            await self._say(connection, f"{timer.key}:told", partner, kept, told, "entered")

    async def _say(
        self,
        connection: AsyncConnection,
        key: str,
        partner: Partner,
        kept: Kept,
        told: Outcome,
        word: str,
    ) -> None:
        about = kept.registration
        await self.telling.tell(
            connection, key, partner, about.contact_id, kept.thread_id, (told,),
            f"{about.customer} - {about.number}", (about.number,), word,
        )  # fmt: skip


def _told_key(number: str, entered: int) -> str:
    """`entered` is how often the CRM took it after all before: then it may be refused, and told, once more."""
    return f"{REFUSED}:{number}:{entered}:told"


def _about(registration: Registration) -> dict[str, Value]:
    return {"deal": named(registration.number, registration.customer)}
