"""What the rules make of a registration: refused or accepted at once, or put before a manager with a suggestion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from bot.desk import told
from bot.desk.case import Case, priority
from bot.desk.routing import chain_of
from bot.desk.worth import worth
from bot.intents import refusals
from bot.intents.leads import called
from bot.vocabulary.briefs import Act
from bot.vocabulary.decisions import Outcome
from crm.records import Deal, LeadState, ReasonCode, RegistrationState
from knowledge.program import AutomaticRule, Program

RULES = "rules"
"""Stands for whoever decided where nobody did."""
_MOST = 5  # sentences of one kind
_GONE = "The CRM no longer has this partner."


@dataclass(frozen=True, slots=True)
class Verdict:
    """`act` is what is to be done (None: nothing is suggested), at once where it is `automatic`; `why` says so to a
    manager. A refusal has its `code`, and in `told` what the partner reads.
    """

    automatic: bool
    act: Act | None
    why: str
    code: ReasonCode | None = None
    told: tuple[Outcome, ...] = ()


def verdict(case: Case) -> Verdict:
    """The first check that fails decides; what the rules must not decide goes to a manager."""
    refusal = _blocked(case) or _against_policy(case)
    if refusal is not None:
        return _unless_a_person_must(refusal, case)
    if doubts := [*_doubts(case)]:
        return Verdict(automatic=False, act=None, why=" ".join(doubts))
    if _accepted_by_rule(case):
        return Verdict(automatic=True, act=Act.APPROVE, why="A rule of the program accepts it at once.")
    return Verdict(
        automatic=False,
        act=Act.APPROVE,
        why="Complete; no older open deal with the customer, and nobody else holds it for these products.",
    )


def _blocked(case: Case) -> Verdict | None:
    """The customer's older open deal, else another partner's protection; to the partner both are one."""
    older = case.older_deals()
    if not older and not case.protections:
        return None
    code = ReasonCode.CUSTOMER_IN_PROGRESS if older else ReasonCode.ALREADY_PROTECTED
    why = [
        f"The customer has an open deal that is older: {d.number} of {case.whose(d)}, since {d.created_on}."
        for d in older
    ]
    why += [f"{r.number} of {case.whose(r)} is protected until {r.protected_until}." for r in case.protections]
    said = refusals.blocked(case.registration, code, told_apart=case.program.deal_rules.blocker_told)
    return Verdict(automatic=True, act=Act.REFUSE, why=" ".join(why), code=code, told=said)


def _unless_a_person_must(refusal: Verdict, case: Case) -> Verdict:
    """Who hands in the customer's own choice, or asks after customer upon customer, is answered by a person."""
    rules = case.program.deal_rules
    # That somebody is a customer is told by a refusal as well, where such refusals are wanted.
    telling = refusal.code is not ReasonCode.POLICY or rules.existing_customers_refused
    probing = telling and case.refusals >= rules.refusals_per_day
    reasons = []
    if case.registration.evidence:
        reasons.append("The customer's own choice of this partner was handed in.")
    if probing:
        reasons.append(f"The partner had {case.refusals} such refusals in 24 hours, so a person looks at it.")
    if case.gone:
        reasons.append(_GONE)
    if not reasons:
        return refusal
    return Verdict(False, refusal.act, " ".join([refusal.why, *reasons]), refusal.code, refusal.told)


def _against_policy(case: Case) -> Verdict | None:
    rules, registration = case.program.deal_rules, case.registration
    value, home = worth(registration), case.partner.country
    if rules.territories and home and registration.customer_country not in ("", home):
        why = f"The customer is in {registration.customer_country}, the partner in {home}."
        return _policy(case, "territory", why)
    if rules.minimum and value and value.currency == rules.minimum.currency and value < rules.minimum:
        return _policy(case, "minimum", f"It is worth less than {rules.minimum.currency} {rules.minimum.amount:,.0f}.")
    if rules.existing_customers_refused and any(d.stage is d.stage.WON for d in case.deals):
        return _policy(case, "existing_customer", "The customer has bought before.")
    return None


def _policy(case: Case, rule: str, why: str) -> Verdict:
    said = told.policy(case.registration, rule, case.program.deal_rules)
    return Verdict(automatic=True, act=Act.REFUSE, why=why, code=ReasonCode.POLICY, told=said)


def _doubts(case: Case) -> Iterator[str]:
    """What the rules cannot judge, each in a sentence."""
    if case.gone:
        yield _GONE
    for own in case.own:
        yield f"The partner's own {own.number} holds this customer and product already."
    for deal in case.unprotected_deals():
        yield f"The customer has an older open deal, {deal.number} of {case.whose(deal)}, {_unprotected(deal, case)}."
    yield from _the_first(_rivals(case))
    yield from _the_first(_alike(case))
    yield from _leads(case)
    if case.registration.evidence:
        yield "The customer's own choice of this partner was handed in."
    yield from _unknown(case)


def _rivals(case: Case) -> Iterator[str]:
    for rival in sorted(case.earlier(), key=lambda r: r.state is not RegistrationState.SUBMITTED):
        whose = f"{rival.number} of {case.whose(rival)} named the customer first, {when(priority(rival), case.program)}"
        complete = rival.state is RegistrationState.SUBMITTED
        yield f"{whose}; decide that one first." if complete else f"{whose}, and is not complete."


def _alike(case: Case) -> Iterator[str]:
    for record in case.alike:
        yield f"The customer looks like {record.customer} of {record.number} ({case.whose(record)})."


def _the_first(sentences: Iterator[str]) -> Iterator[str]:
    """However many a partner makes there to be, the manager still reads what else there is."""
    yield from islice(sentences, _MOST)
    if more := sum(1 for _ in sentences):
        yield f"There are {more} more of that kind."


def _unprotected(deal: Deal, case: Case) -> str:
    registration = case.registered[deal.number]
    until, products = registration.protected_until, ", ".join(registration.products)
    if registration.state is RegistrationState.APPROVED and until is not None and until >= case.today:
        return f"protected until {until} for {products}"
    return f"of a registration that is {registration.state.value} and protects nothing any more"


def _leads(case: Case) -> Iterator[str]:
    """A lead that the vendor shares is registered neither past whoever has it nor as somebody's own find."""
    for lead in case.leads:
        parts = ["was offered to this partner"] if lead.number in case.offered else []
        if lead.partner_id not in ("", case.registration.partner_id):
            parts.append(
                f"is {lead.state.value}{' to' if lead.state is LeadState.OFFERED else ' by'} {case.whose(lead)}"
            )
        told = f"It may be our own lead {lead.number} ({called(lead)}), which {' and '.join(parts)}"
        yield f"{told}; the registration does not come from it."


def _unknown(case: Case) -> Iterator[str]:
    rules, value = case.program.deal_rules, worth(case.registration)
    if rules.territories and not (case.registration.customer_country and case.partner.country):
        yield "Whether the customer is in the partner's country is not known."
    if rules.minimum and (value is None or value.currency != rules.minimum.currency):
        yield f"Whether it reaches {rules.minimum.currency} {rules.minimum.amount:,.0f} is not known."


def _accepted_by_rule(case: Case) -> bool:
    """Where several managers have to accept no rule does it for them."""
    chained = chain_of(case.program, case.registration) is not None
    return not chained and any(_falls_under(rule, case) for rule in case.program.deal_rules.automatic)


def _falls_under(rule: AutomaticRule, case: Case) -> bool:
    registration, partner = case.registration, case.partner
    value, currency = worth(registration), case.program.vendor.currency
    within = rule.up_to is None or (
        value is not None and value.currency == rule.up_to.currency == currency and value <= rule.up_to
    )
    return (
        within
        and (not rule.types or bool(set(rule.types) & set(partner.types)))
        and _among(partner.tier, rule.tiers)
        and _among(partner.region, rule.regions)
        and (not rule.products or set(registration.products) <= set(rule.products))
    )


def _among(name: str, allowed: tuple[str, ...]) -> bool:
    return not allowed or name.casefold() in {one.casefold() for one in allowed}


def when(moment: datetime | None, program: Program) -> str:
    """A moment by the vendor's clock, for managers."""
    if moment is None:
        return "at no known time"
    local = moment.astimezone(ZoneInfo(program.vendor.time_zone))
    return f"{local.day} {local:%B %Y, %H:%M %Z}"
