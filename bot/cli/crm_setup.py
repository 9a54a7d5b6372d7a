"""Setting up HubSpot in a dialogue: what is missing is shown, made after a yes, and what stays open is told."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bot.cli.agreeing import agreed
from bot.cli.faults import Fault
from bot.cli.progress import counting
from bot.cli.screen import say, screen, table
from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.setup import Barred, Outcome, Plan, Problem, Step
from crm.adapters.hubspot.setup.ways import SAID
from crm.adapters.hubspot.setup.workshop import Workshop
from crm.adapters.hubspot.transport.calls import CREATE_PROPERTY

_NOTHING = "nothing was made in HubSpot"


async def make_ready(workshop: Workshop, *, yes: bool) -> None:
    """Raises Fault where something stays open."""
    details = await workshop.account.details(fresh=True)
    say(f"HubSpot account {details.get('portalId')} ({details.get('accountType')}) at {workshop.hub.options.url}")
    configured = workshop.account.options.attribution
    barred: list[Barred] = []
    problems: list[Problem] = []
    while True:
        with counting("Looking"):
            plan = await workshop.setup.plan(barred)
        _show(plan, configured)
        if not plan.steps:
            break
        if not agreed("Make this in HubSpot?", yes=yes, otherwise=_NOTHING):
            return
        with counting("Making") as tell:
            outcome = await workshop.setup.carry_out(plan, tell)
        _tell(outcome)
        problems = outcome.problems
        if not outcome.barred:
            break
        barred += outcome.barred
    await workshop.account.remember()
    if plan.way is configured and not (plan.problems or problems):
        await _carry_over(workshop, yes=yes)
    _end(plan, configured, [*plan.problems, *problems])


async def _carry_over(workshop: Workshop, *, yes: bool) -> None:
    """Only where another way counted until now. Raises Fault where HubSpot refused some, or nobody wants it."""
    carrying = workshop.carrying_over
    former = await carrying.former()
    if former is None:
        await workshop.account.keep_way()
        return
    chosen = workshop.account.options.attribution
    say(f"who brought a deal was said by {SAID[former]} (`{former.value}`) until now")
    question = f"Carry {await carrying.count()} deal(s) over to {SAID[chosen]}?"
    if not agreed(question, yes=yes, otherwise="nothing was carried over"):
        raise Fault("the agent waits until it is", f"or set PARTNERLINE_HUBSPOT_ATTRIBUTION={former.value} again")
    with counting("Carrying over") as tell:
        refused = await carrying.run(former, tell)
    if refused:
        raise Fault("\n  ".join(("HubSpot refused some of it:", *refused)), "mend that in HubSpot, then set up again")
    say((f"deals are attributed by {SAID[chosen]} now; what the former way says stays and no longer counts", "green"))


def _show(plan: Plan, configured: AttributionWay) -> None:
    for one in plan.barred:
        say((f"not possible: {SAID[one.way]}. ", "yellow"), one.why)
    if plan.way is not configured:
        say(("remains: ", "bold"), f"{SAID[plan.way]} (`{plan.way.value}`)")
    if plan.steps:
        shown = table("Missing in HubSpot", "Where", "What")
        for where, what in _rows(plan.steps):
            shown.add_row(where, what)
        screen().print(shown)
    for note in plan.notes:
        say(("note: ", "bold"), note)


def _rows(steps: Sequence[Step]) -> list[tuple[str, str]]:
    """As they are made, each place named once, and the properties of an object in one row."""
    rows: list[tuple[str, str]] = []
    for where, of_place in groupby(steps, key=lambda step: step.where):
        named = ""
        for is_property, group in groupby(of_place, key=lambda step: step.call is CREATE_PROPERTY):
            said = [step.said for step in group]
            if is_property and len(said) > 1:
                said = [f"{len(said)} properties: {', '.join(one.removeprefix('property ') for one in said)}"]
            rows += [(where if where != named else "", one) for one in said[:1]] + [("", one) for one in said[1:]]
            named = where
    return rows


def _tell(outcome: Outcome) -> None:
    if outcome.made:
        say((f"{len(outcome.made)} thing(s) made in HubSpot", "green"))
    for note in outcome.notes:
        say(("note: ", "bold"), note)
    for one in outcome.barred:
        say((f"not possible: {SAID[one.way]}. ", "yellow"), one.why)


def _end(plan: Plan, configured: AttributionWay, problems: Sequence[Problem]) -> None:
    if problems:
        shown = table("To be mended by hand", "Where", "What is wrong", "What to do")
        for problem in problems:
            shown.add_row(problem.where, problem.said, problem.fix)
        screen().print(shown)
        raise Fault(f"{len(problems)} thing(s) in HubSpot must be mended by hand", "see the table above")
    if plan.way is not configured:
        raise Fault(
            f"hubspot_attribution is `{configured.value}`, which this account does not allow",
            f"set PARTNERLINE_HUBSPOT_ATTRIBUTION={plan.way.value}; it is ready for that",
        )
    say(("HubSpot has everything that is needed", "green"))
    say("next: ", ("partnerline crm check", "cyan"), ", then ", ("partnerline crm import --dry-run", "cyan"))
