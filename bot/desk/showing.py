"""A registration as a manager looks it up: its case, what the rules make of it, and what has happened to it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.case import Case
from bot.desk.cases import Cases
from bot.desk.routing import next_to_decide
from bot.desk.verdict import Verdict, verdict
from bot.storage import approvals, ledger, mirror, registrations
from bot.storage.ledger import Step
from bot.vocabulary.results import NotDone
from crm.records import Partner
from knowledge.program import Manager


@dataclass(frozen=True, slots=True)
class Shown:
    """`turn` is who is to decide it while it waits, `accepted` who has accepted it so far."""

    case: Case
    verdict: Verdict
    turn: Manager
    accepted: tuple[str, ...]
    history: tuple[Step, ...]


async def show(cases: Cases, number: str) -> Shown | NotDone:
    """Changes nothing. Raises what the CRM raises."""
    number = number.strip().upper()
    async with cases.database.reading() as connection:
        kept = await registrations.find(connection, number)
    if kept is None:
        return NotDone(
            f"there is no registration {number}",
            "`/partners status` in Slack and `partnerline registrations list --all` list them",
        )
    live = await cases.look(kept.registration)
    async with cases.database.begin() as connection:
        partner = live.partner or await mirror.one(connection, Partner, kept.registration.partner_id)
        if partner is None:
            return NotDone(f"the partner of {number} is no longer in the CRM", "restore the partner there first")
        accepted = await approvals.of_registration(connection, kept.registration)
        history = await ledger.of_registration(connection, partner.id, number)
        case = await cases.gather(connection, kept.registration, partner, live)
    turn = next_to_decide(cases.program, partner, kept.registration, accepted)
    return Shown(case, verdict(case), turn, accepted, history)
