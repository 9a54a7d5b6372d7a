"""Importing from HubSpot in a dialogue: who would be taken is shown, with what speaks against whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.bootstrap import Office
from bot.cli.agreeing import agreed
from bot.cli.faults import Fault
from bot.cli.progress import counting
from bot.cli.screen import say, screen, table
from crm.adapters.hubspot.importing import Findings, FoundPartner, Terms
from crm.adapters.hubspot.setup.workshop import Workshop
from crm.csv_cells import Allowed
from crm.records import PartnerType

_NOTHING = "nobody was taken"
_SHOWN = 100  # rows of a table; the rest is a number


async def import_partners(
    at: Office, workshop: Workshop, types: tuple[PartnerType, ...], tier: str, *, dry_run: bool, yes: bool
) -> None:
    """Raises Fault where HubSpot refused some."""
    terms = _terms(at, types, tier)
    with counting("Looking"):
        if lacking := [step for step in (await workshop.setup.plan()).steps if not step.optional]:
            raise Fault(f"HubSpot lacks {len(lacking)} thing(s) that an import needs", "`partnerline crm setup` first")
        findings = await workshop.importer.look(terms)
    _show(findings)
    count, people = len(findings.taken), len(findings.people_taken)
    new = sum(partner.new for partner in findings.taken)
    if not count:
        say("HubSpot shows no partner that can be taken; docs/connect-hubspot.md says what makes a company one")
        return
    if dry_run:
        say(f"{count} partner(s), {new} of them new, and {people} contact(s) would be taken; nothing was changed")
        return
    if not agreed(f"Take {count} partner(s), {new} of them new, and {people} contact(s)?", yes=yes, otherwise=_NOTHING):
        return
    with counting("Taking") as tell:
        refused = await workshop.importer.take(findings, tell)
    with counting("Comparing"):
        await at.mirror()
    say((f"{count} partner(s) and {people} contact(s) are the agent's now", "green"))
    if refused:
        raise Fault("\n  ".join(("HubSpot refused some of it:", *refused)), "mend that in HubSpot, then import again")


def _terms(at: Office, types: tuple[PartnerType, ...], tier: str) -> Terms:
    program = at.program
    tiers = tuple(one.name for one in program.tiers)
    named = next((name for name in tiers if name.casefold() == tier.strip().casefold()), "")
    if tier and not named:
        raise Fault(f"the program has no tier {tier!r}", f"give one of {', '.join(tiers)}")
    allowed = Allowed(tiers, tuple(plan.id for plan in program.plans), program.vendor.currency)
    return Terms(allowed, types, named)


def _show(findings: Findings) -> None:
    people = Counter(person.partner_id for person in findings.people_taken)
    shown = table("Partners in HubSpot", "Name", "Id", "Types", "Tier", "Mail domains", "Contacts", "")
    for partner in findings.partners[:_SHOWN]:
        shown.add_row(*_row(partner, people[partner.id]))
    if findings.partners:
        screen().print(shown)
    _more(len(findings.partners))
    left_out = [person for person in findings.people if person.faults]
    if left_out:
        aside = table("Contacts that are not taken", "Name", "Address", "Why")
        for person in left_out[:_SHOWN]:
            aside.add_row(person.name, person.email, "; ".join(person.faults))
        screen().print(aside)
        _more(len(left_out))


def _row(partner: FoundPartner, people: int) -> Sequence[str]:
    state = "; ".join(partner.faults) or ("new" if partner.new else "known")
    if partner.faults:
        state = f"not taken: {state}"
    elif not (people or partner.domains):
        state = f"{state}; nobody can write for it yet: enter “Partner mail domains” in HubSpot"
    types = partner.types.replace(";", ", ")
    return partner.name, partner.id, types, partner.tier, ", ".join(partner.domains), str(people), state


def _more(count: int) -> None:
    if count > _SHOWN:
        say(f"and {count - _SHOWN} more")
