"""Why a manager cannot decide a registration as he wishes, in words for him alone."""

from __future__ import annotations

from bot.desk.case import Case, priority
from bot.desk.verdict import when
from bot.vocabulary.results import NotDone
from crm.records import Registration, RegistrationState

_DECIDABLE = (RegistrationState.SUBMITTED, RegistrationState.NEEDS_INFO)
_REFUSE_IT = "refuse it; the partner is told your reason and never whose deal it is"


def undecidable(registration: Registration) -> str:
    if registration.state in _DECIDABLE:
        return ""
    if registration.state is RegistrationState.DRAFT:
        waits = f"{registration.number} is a draft: the partner has not given everything yet"
        return f"{waits}; `partnerline registrations submit` takes it as it is"
    by = f" by {registration.decided_by}" if registration.decided_by else ""
    return f"{registration.number} is {registration.state.value} already{by}"


def unsubmittable(registration: Registration) -> str:
    """What a customer and product are claimed by is the least that a registration needs."""
    if registration.state is not RegistrationState.DRAFT:
        return f"{registration.number} is {registration.state.value}: only a draft is submitted"
    needed = {"customer": registration.customer, "product": registration.products}
    lacks = [name for name, there in needed.items() if not there]
    return f"{registration.number} names no {' and no '.join(lacks)} yet; ask the partner for it" if lacks else ""


def unprotectable(registration: Registration, *, ended: bool) -> str:
    """Only what was accepted is protected; what has run out may be protected anew, but not end once more."""
    accepted = registration.state is RegistrationState.APPROVED
    lapsed = registration.state is RegistrationState.EXPIRED and registration.protected_until is not None
    if accepted or (lapsed and not ended):
        return ""
    return f"{registration.number} is {registration.state.value}: only an accepted registration is protected"


def in_the_way(case: Case) -> NotDone | None:
    """Why it cannot be accepted now, for managers only. The customer's own choice outweighs an older deal."""
    if case.not_entered:
        number = case.registration.number
        return NotDone(
            f"the CRM refused the entry of {number}: {case.not_entered}",
            f'mend that there, then write "retry {number}" or press Try again; accept it once it is entered',
        )
    older = case.older_deals()
    if older and not case.registration.evidence:
        deal = older[0]
        return NotDone(
            f"there is an open deal with this customer that is older: {deal.number} of {case.whose(deal)},"
            f" {deal.stage.value}, since {deal.created_on}",
            _REFUSE_IT,
        )
    if case.protections:
        return taken(case.protections[0].number, case)
    if first := case.first_to_decide():
        since = when(priority(first), case.program)
        return NotDone(
            f"{first.number} of {case.whose(first)} came first ({since}) and is complete",
            f"decide {first.number} before this one",
        )
    return None


def taken(number: str, case: Case) -> NotDone:
    known = next((r for r in case.protections if r.number == number), None)
    whose = f"{number} of {case.whose(known)}" if known else f"{number} of another partner"
    until = f" until {known.protected_until}" if known else ""
    return NotDone(f"{whose} protects this customer and product{until}", _REFUSE_IT)
