"""Look again: before anything is granted, the CRM is asked what it says of it at this moment, not only the mirror."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.ports import Live
from bot.vocabulary.decisions import Decision, SaveRegistration
from bot.vocabulary.facts import Facts
from crm.records import Registration


def granted(decisions: Iterable[Decision], facts: Facts) -> tuple[str, ...]:
    """Numbers of the deals whose protection these decisions would lengthen."""
    known = {registration.number: registration for registration in facts.registrations}
    saved = [c.registration for decision in decisions for c in decision.commands if isinstance(c, SaveRegistration)]
    return tuple(dict.fromkeys(one.number for one in saved if _longer(known.get(one.number), one)))


async def look_again(facts: Facts, numbers: tuple[str, ...], live: Live) -> Facts:
    """The facts with what the CRM says of these deals now; the version stays the one that they were read at."""
    said = await live.deals(facts.partner.id, numbers)
    others = tuple(deal for deal in facts.deals if deal.number not in said.deals)
    there = tuple(deal for deal in said.deals.values() if deal is not None)
    return replace(facts, deals=(*others, *there), unsettled={**facts.unsettled, **said.unsettled})


def _longer(was: Registration | None, becomes: Registration) -> bool:
    if becomes.protected_until is None:
        return False
    return was is None or was.protected_until is None or becomes.protected_until > was.protected_until
