"""Which managers are told: who looks after a partner, and who may decide a registration."""

from __future__ import annotations

from bot.desk.rights import may_not_decide
from crm.records import Partner, Registration
from knowledge.program import Manager, Program


def looking_after(program: Program, partner: Partner) -> tuple[Manager, ...]:
    """The partner's own manager; where the program knows none of that address, everyone."""
    own = program.manager(partner.manager_email)
    return (own,) if own else program.managers


def deciders(program: Program, partner: Partner, registration: Registration) -> tuple[Manager, ...]:
    """Who may decide it, the partner's own manager first."""
    may = [who for who in program.managers if not may_not_decide(who, partner, registration)]
    own = program.manager(partner.manager_email)
    return tuple(sorted(may, key=lambda who: who is not own))
