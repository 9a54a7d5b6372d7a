"""The same deal again for another customer: what is the deal's is taken over, what is the customer's is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.intents import register_deal, rights
from bot.intents.customer import may_mean
from bot.intents.draft import Checked, check
from bot.intents.own_deals import by_number
from bot.intents.phrases import field_names
from bot.intents.which_deal import named
from bot.vocabulary.decisions import Decision, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import DealFields, Request
from crm.records import AmountBasis, ContactRight, Deal, Registration

_VALUE = ("amount", "currency", "amount_basis")
_TAKEN_OVER = ("products", "quantity", "term_months", *_VALUE, "close_date")


def decide(request: Request, facts: Facts) -> Decision:
    if no := rights.refused(ContactRight.REGISTER, facts):
        return no
    fields = request.fields if isinstance(request.fields, DealFields) else DealFields()
    checked = check(fields, facts)
    source = _source(request.source, facts)
    if source is None:
        return _without_source(request, checked, facts)
    taken = _taken_over(source, checked, facts.now.date())
    decision = register_deal.opened(replace(register_deal.blank(facts), **taken), checked, request, facts)
    if decision.log not in ("fields_asked", "confirmation_asked", "registration_submitted") or not taken:
        return decision
    names = [n for n in _TAKEN_OVER if n in taken and n not in checked.said and n != "amount_basis"]
    if not names:
        return decision
    told: dict[str, Value] = {"deal": named(source.number, source.customer), "fields": field_names(names)}
    return replace(
        decision, outcomes=(decision.outcomes[0], Outcome("repeat.taken_over", told), *decision.outcomes[1:])
    )


def _without_source(request: Request, checked: Checked, facts: Facts) -> Decision:
    """A deal of which nothing is known to copy is registered as any other."""
    decision = register_deal.opened(register_deal.blank(facts), checked, request, facts)
    if not request.source:
        return decision
    unknown = Outcome("repeat.no_source", {"said": request.source})
    return replace(decision, outcomes=(unknown, *decision.outcomes))


def _source(said: str, facts: Facts) -> Registration | Deal | None:
    """The own deal that is named, else that of the thread, else the newest. A registration knows more of it than the
    deal that it became, except for what changed since: both say the same of what is taken over at first.
    """
    own = _newest_first(facts)
    if said:
        number = meant.number if (meant := by_number(facts, said)) else ""
        of_customer = (x for x in own if may_mean(said, x.customer, x.customer_domain))
        return next((x for x in own if x.number == number), None) or next(of_customer, None)
    here = (x for x in own if x.number == facts.thread.subject_ref)
    return next(here, None) or next((x for x in own if x.products), None)


def _newest_first(facts: Facts) -> list[Registration | Deal]:
    """Deals and registrations; of one number the deal, as it holds the value of today."""
    deals = {d.number: d for d in facts.deals}
    own: list[Registration | Deal] = [*deals.values(), *(r for r in facts.registrations if r.number not in deals)]
    return sorted(own, key=lambda x: (_since(x), x.number), reverse=True)


def _since(record: Registration | Deal) -> date:
    if isinstance(record, Deal):
        return record.created_on
    return record.opened_at.date() if record.opened_at else date.min


def _taken_over(source: Registration | Deal, checked: Checked, today: date) -> dict[str, Any]:
    """What is copied: neither a close date that is over, nor the value of another size of deal."""
    known = {name: value for name, value in _fields_of(source).items() if value}
    if (until := known.get("close_date")) is not None and until < today:
        del known["close_date"]
    if _resized(known, checked.said):
        known = {name: value for name, value in known.items() if name not in _VALUE}
    return known


def _fields_of(source: Registration | Deal) -> dict[str, Any]:
    known = {name: getattr(source, name) for name in _TAKEN_OVER if name != "currency"}
    if isinstance(source, Deal):
        known["amount"] = source.amount.amount if source.amount else None
        known["currency"] = source.amount.currency if source.amount else ""
    else:
        known["currency"] = source.currency
    return known


def _resized(known: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Whether other products, seats or months make the value another; a price for each seat holds for any number."""
    if "amount" in said:
        return True
    per_seat = known.get("amount_basis") is AmountBasis.PER_SEAT_MONTH
    telling = ("products",) if per_seat else ("products", "quantity", "term_months")
    return any(name in said and name in known and said[name] != known[name] for name in telling)
