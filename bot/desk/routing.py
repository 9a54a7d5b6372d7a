"""Before which manager a registration comes: the partner's own where he may decide it, else the nearest who may."""

from __future__ import annotations

from decimal import Decimal

from bot.desk.rights import may_not_decide
from bot.desk.worth import worth
from crm.records import Partner, Registration
from knowledge.program import ApprovalChain, Manager, Program


def chain_of(program: Program, registration: Registration) -> ApprovalChain | None:
    """The approvers who all have to accept it: of the chains whose sum it exceeds, that of the highest.

    A value in another currency is compared by its figure, and one that nobody knows exceeds every sum.
    """
    value = worth(registration)
    chains = [c for c in program.deal_rules.chains if value is None or value.amount > c.above.amount]
    return max(chains, key=lambda chain: chain.above.amount, default=None)


def next_to_decide(
    program: Program, partner: Partner, registration: Registration, accepted: tuple[str, ...] = ()
) -> Manager:
    """Who is to decide now; `accepted` are the addresses (lower case) of approvers who have accepted already."""
    chain = chain_of(program, registration)
    for address in chain.approvers if chain else ():
        who = program.manager(address)
        if who is not None and who.email.lower() not in accepted:
            return who
    return decider(program, partner, registration)


def has_no_say(program: Program, who: Manager, partner: Partner, registration: Registration) -> str:
    """Why this manager can neither refuse it nor ask about it; empty for who may decide it or stands in its chain."""
    chain = chain_of(program, registration)
    if chain is not None and who.email.lower() in {address.lower() for address in chain.approvers}:
        return ""
    return may_not_decide(who, partner, registration)


def decider(program: Program, partner: Partner, registration: Registration) -> Manager:
    """The partner's own manager, else one of its region, else any within his limit, and else one who decides at all."""
    able = [m for m in program.managers if not may_not_decide(m, partner, registration)]
    own = program.manager(partner.manager_email)
    if own is not None and own in able:
        return own
    near = sorted(able, key=lambda m: (not m.regions, _limit(m)))
    deciding = sorted((m for m in program.managers if m.approves), key=_limit, reverse=True)
    return next(iter([*near, *deciding, *program.managers]))


def _limit(manager: Manager) -> Decimal:
    return manager.approves_up_to.amount if manager.approves_up_to else Decimal("Infinity")
