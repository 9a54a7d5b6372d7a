"""Which managers are told: who looks after a partner, and who may decide a registration."""

from __future__ import annotations

from bot.desk.rights import may_not_decide
from bot.desk.routing import next_to_decide
from crm.records import Partner, Registration
from knowledge.program import Manager, Program


def looking_after(program: Program, partner: Partner) -> tuple[Manager, ...]:
    """The partner's own manager; where the program knows none of that address, everyone."""
    own = program.manager(partner.manager_email)
    return (own,) if own else program.managers


def deciders(
    program: Program, partner: Partner, registration: Registration, accepted: tuple[str, ...]
) -> tuple[Manager, ...]:
    """Everyone who may decide it, and first of all whose turn it is; `accepted` are approvers who have done so."""
    first = next_to_decide(program, partner, registration, accepted)
    others = (m for m in program.managers if m is not first and not may_not_decide(m, partner, registration))
    return (first, *others)
