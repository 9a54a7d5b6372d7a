"""Which version of the program and which plans a deal goes by: those of the day of its registration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crm.records import Partner
from knowledge.commission.plan import plan_named, plans_for
from knowledge.program import Plan, Program
from knowledge.programs import Programs


@dataclass(frozen=True, slots=True)
class Holding:
    """`plans` are those that may pay, the main one first; none where nothing holds on `day`."""

    program: Program
    day: date
    plans: tuple[Plan, ...]


def holding(programs: Programs, partner: Partner, chosen: str, registered: date, today: date) -> Holding:
    """`chosen` is the plan of the deal itself, "" where it goes by its partner's.

    A deal that is older than the first version of its plan goes by that version from the day it begins, where the
    program's `older_deals` says so or a person chose the plan for the deal.
    """
    found = _held(programs, partner, chosen, registered)
    rules = found.program.commission
    if found.plans or rules is None or (rules.older_deals == "person" and not chosen):
        return found
    later = (_held(programs, partner, chosen, day) for day in _beginnings(programs) if registered < day <= today)
    return next((held for held in later if held.plans), found)


def _held(programs: Programs, partner: Partner, chosen: str, day: date) -> Holding:
    program = programs.on(day)
    if chosen:
        named = plan_named(program, chosen, day)
        return Holding(program, day, (named,) if named else ())
    return Holding(program, day, plans_for(program, partner, day))


def _beginnings(programs: Programs) -> list[date]:
    """The days on which a version of the program or of a plan begins."""
    days = {program.valid_from for program in programs.versions}
    days |= {plan.valid_from for program in programs.versions for plan in program.plans}
    return sorted(day for day in days if day)
