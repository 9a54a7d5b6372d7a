"""What a partner's message leaves to a person reaches that person: one brief for a message, however much is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.briefing import Briefing
from bot.desk.managers_of import deciders, looking_after
from bot.storage import approvals, inbox, mirror, registrations, tasks
from bot.storage.codec import from_doc
from bot.storage.tasks import Task
from bot.vocabulary.briefs import Act, Brief, BriefKind
from bot.vocabulary.message import Message
from crm.records import Contact, Partner, Registration, RegistrationState
from knowledge.deal_clock import Timer
from knowledge.program import Manager, Program

_WORDS = 1_500  # characters of the message
_REVIEWED = (RegistrationState.SUBMITTED, RegistrationState.NEEDS_INFO)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Sees to timers of `bot.storage.tasks.HANDED_OVER`; their subject is the message."""

    program: Program
    briefing: Briefing

    async def __call__(self, connection: AsyncConnection, timer: Timer, now: datetime) -> None:  # noqa: ARG002
        found = await tasks.open_of_message(connection, timer.subject)
        row = await inbox.fetch(connection, timer.subject)
        partner_id = found[0].partner_id if found else None
        partner = await mirror.one(connection, Partner, partner_id) if partner_id else None
        if row is None or row.message is None or partner is None:
            return
        contact_id = found[0].contact_id
        contact = await mirror.one(connection, Contact, contact_id) if contact_id else None
        facts = _facts(partner, contact, from_doc(Message, row.message), found)
        about = await _under_review(connection, found)
        for who in await self._whom(connection, partner, about, found):
            await self.briefing.send(connection, _brief(timer, who, partner, about, found, facts))

    async def _whom(
        self, connection: AsyncConnection, partner: Partner, about: Registration | None, found: Sequence[Task]
    ) -> tuple[Manager, ...]:
        """Whose turn it is to decide, where it is about a registration that waits; else who has something to do."""
        doing = to_do(self.program, partner, found)
        if about is None:
            return doing
        accepted = await approvals.of_registration(connection, about)
        turn = deciders(self.program, partner, about, accepted)[:1]
        own = looking_after(self.program, partner)
        return (*turn, *(who for who in doing if who not in own and who not in turn))


def to_do(program: Program, partner: Partner, found: Sequence[Task]) -> tuple[Manager, ...]:
    """Whose the tasks are: those of whoever looks after the partner, or of somebody else who is named, such as whoever
    announced what is asked about.
    """
    named = {task.manager_email for task in found} - {"", partner.manager_email}
    others = tuple(manager for manager in program.managers if manager.email in named)
    if others and all(task.manager_email in {who.email for who in others} for task in found):
        return others
    own = looking_after(program, partner)
    return (*own, *(who for who in others if who not in own))


async def _under_review(connection: AsyncConnection, found: Sequence[Task]) -> Registration | None:
    for number in dict.fromkeys(task.deal_number for task in found if task.deal_number):
        kept = await registrations.find(connection, number)
        if kept is not None and kept.registration.state in _REVIEWED:
            return kept.registration
    return None


def _brief(
    timer: Timer,
    who: Manager,
    partner: Partner,
    about: Registration | None,
    found: Sequence[Task],
    facts: tuple[tuple[str, str], ...],
) -> Brief:
    """News of a registration under review can be decided at once, with what is new in view."""
    number = about.number if about else next((task.deal_number for task in found if task.deal_number), "")
    title = f"News of registration {number} from {partner.name}" if about else f"{partner.name} needs you"
    return Brief(
        key=f"{timer.key}:{who.email}",
        kind=BriefKind.REGISTRATION if about else BriefKind.NOTICE,
        subject=number or timer.subject,
        manager=who,
        title=title,
        facts=facts,
        acts=(Act.APPROVE, Act.REFUSE, Act.ASK) if about else (),
        partner_id=partner.id,
        shared=timer.key,
    )


def _facts(
    partner: Partner, contact: Contact | None, message: Message, found: Sequence[Task]
) -> tuple[tuple[str, str], ...]:
    """Who wrote, what is left to do, and the words themselves, so that nobody has to look them up."""
    writer = f"{contact.name} <{contact.email}>" if contact else message.sender.name or message.sender.address
    lines = [("Partner", partner.name), ("From", writer)]
    lines += [("To do", task.summary) for task in found]
    words = " ".join(message.text.split())
    lines.append(("Message", words if len(words) <= _WORDS else f"{words[:_WORDS]}…"))
    return tuple((label, said) for label, said in lines if said)
