"""The deal desk, put together: what decides, screens and reminds, with the one voice to partners and to managers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.bootstrap.due import due_desk
from bot.desk.briefing import Briefing
from bot.desk.carrying_out import CarryingOut
from bot.desk.cases import Cases
from bot.desk.deciding import RegistrationDesk
from bot.desk.due import DueDesk
from bot.desk.screening import Screening
from bot.desk.telling import Telling
from bot.storage.database import Database
from bot.storage.queue import Queue
from crm.ports import CrmPort
from knowledge.program import Program


@dataclass(frozen=True, slots=True)
class DealDesk:
    telling: Telling
    briefing: Briefing
    cases: Cases
    registrations: RegistrationDesk
    screening: Screening
    due: DueDesk


def deal_desk(
    database: Database,
    queue: Queue,
    crm: CrmPort,
    program: Program,
    clock: Callable[[], datetime],
    mail_domain: str,
    managers_channel: str = "",
) -> DealDesk:
    """`mail_domain` is that of our Message-IDs, `managers_channel` the Slack channel of managers ("" for none)."""
    telling = Telling(program, mail_domain, clock)
    briefing = Briefing(mail_domain, managers_channel)
    cases = Cases(database, crm, program, clock)
    carrying_out = CarryingOut(program, queue, telling, briefing, clock)
    return DealDesk(
        telling,
        briefing,
        cases,
        RegistrationDesk(database, queue, program, clock, cases, carrying_out, briefing),
        Screening(database, queue, program, cases, carrying_out, briefing),
        due_desk(database, queue, program, clock, telling, briefing),
    )
