"""What the rules could not decide about commission reaches managers: one brief for all that waits for each of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.briefing import Briefing
from bot.payouts.statement_facts import COMMISSION
from bot.storage import mirror, tasks, timers
from bot.storage.tasks import Task
from bot.vocabulary.briefs import Brief, BriefKind
from crm.records import Partner
from knowledge.commission.account import Doubt
from knowledge.deal_clock import Timer
from knowledge.programs import Programs

DOUBTS = "commission_doubts"
"""The kind of timer; its subject is the address of the manager whose partners it is about, as the CRM has it."""
_RULES = "rules"
_SHOWN = 25
_WORD = re.compile(r"[\w-]+")


async def note(connection: AsyncConnection, partner: Partner, doubts: Sequence[Doubt], today: date) -> None:
    """A task for each, once however often it is met, and a brief where one is new. What is in doubt no more is closed,
    and opened again where it comes back; what a person closed stays closed.
    """
    keys = {doubt.key: f"doubt:{partner.id}:{doubt.key}" for doubt in doubts}
    await tasks.close_others(connection, partner.id, COMMISSION, list(keys.values()), _RULES)
    new = [doubt for doubt in doubts if await _asked(connection, partner, doubt, keys[doubt.key])]
    if new:
        key = f"{DOUBTS}:{partner.manager_email.lower()}"
        at = datetime.combine(today, time(), UTC)
        await timers.schedule(connection, Timer(key, DOUBTS, partner.manager_email, at))
        await timers.again(connection, key, at)


async def _asked(connection: AsyncConnection, partner: Partner, doubt: Doubt, key: str) -> bool:
    held = "no commission is posted for it until that is settled" if doubt.blocks else "its line stands meanwhile"
    return await tasks.open_task(
        connection, key, COMMISSION, f"{partner.name}: {doubt.text} ({held})", manager_email=partner.manager_email,
        partner_id=partner.id, deal_number=doubt.deal_number, closed_by=_RULES,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DoubtBriefs:
    """The handler of that timer. The same questions are put once; a new one brings them all again."""

    programs: Programs
    briefing: Briefing

    async def __call__(self, connection: AsyncConnection, timer: Timer, now: datetime) -> None:
        mine = [t for t in await tasks.open_tasks(connection, timer.subject) if _is_of(t, timer.subject)]
        if not mine:
            return
        program = self.programs.at(now)
        own = program.manager(timer.subject)
        names = {p.id: p.name for p in await mirror.some(connection, Partner, {t.partner_id or "" for t in mine})}
        digest = hashlib.sha256("|".join(sorted(task.id for task in mine)).encode()).hexdigest()[:32]
        for who in (own,) if own else program.managers:
            brief = Brief(
                key=f"{timer.key}:{digest}:{who.email.lower()}",
                kind=BriefKind.NOTICE,
                subject=timer.key,
                manager=who,
                title=_title(mine),
                facts=_facts(mine, names),
                why="Settle each in the CRM or the program; what is settled goes away by itself, and its commission is "
                "posted the next night.",
                shared=f"{timer.key}:{digest}",
            )
            await self.briefing.send(connection, brief)


def _is_of(task: Task, manager_email: str) -> bool:
    return task.kind == COMMISSION and task.manager_email == manager_email


def _title(found: Sequence[Task]) -> str:
    partners = len({task.partner_id for task in found})
    questions = (
        "1 question about commission needs" if len(found) == 1 else f"{len(found)} questions about commission need"
    )
    return f"{questions} you, of {partners} partner{'s' if partners > 1 else ''}"


def _facts(found: Sequence[Task], names: dict[str, str]) -> tuple[tuple[str, str], ...]:
    told = []
    for task in found[:_SHOWN]:
        name = names.get(task.partner_id or "", "")
        said = task.summary.removeprefix(f"{name}: ")
        number = "" if task.deal_number in _WORD.findall(said) else task.deal_number
        told.append((", ".join(part for part in (name, number) if part), said))
    if len(found) > _SHOWN:
        told.append(("And more", f"{len(found) - _SHOWN}: all of them are on the console's desk"))
    return tuple(told)
