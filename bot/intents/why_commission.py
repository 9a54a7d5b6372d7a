"""Why a commission is as high as it is: the derivation of a line or an expected sum, in words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.intents import ask_commission, earned, rights, shared_deals
from bot.intents.commission_subjects import Subject, here, named, numbered
from bot.intents.own_money import OwnMoney, own_money, statement_named
from bot.intents.phrases import text
from bot.vocabulary.decisions import Decision, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.money import MoneyFacts
from bot.vocabulary.requests import CommissionFields, DisputeDetails, Request
from crm.money import Money
from crm.records import ContactRight
from knowledge.commission.derivation import Derivation
from knowledge.commission.statement import StatedLine

_MOST_LINES = 3


def decide(request: Request, facts: Facts) -> Decision:
    refused = rights.refused(ContactRight.SEE_COMMISSION, facts)
    if refused or facts.money is None:
        return refused or ask_commission.decide(request, facts)
    return _of_statement(request, facts, facts.money) or _of_deals(request, facts, facts.money)


def _of_deals(request: Request, facts: Facts, money: MoneyFacts) -> Decision:
    own = own_money(facts, money)
    meant = _meant(request, facts)
    if not meant:
        customer = getattr(request.fields, "customer", None)
        if customer and (shared := shared_deals.why(customer, _amount(request), facts)):
            return Decision((), shared, "derivation_told")
        if customer or not own.lines:
            return ask_commission.decide(request, facts)
        latest = own.lines[-1]
        return Decision((), (earned.line_derived(called(latest), latest.line),), "derivation_told")
    amount = _amount(request)
    outcomes = [outcome for subject in meant for outcome in _of_deal(subject, own, amount, facts)]
    return Decision((), tuple(outcomes), "derivation_told", tuple(s.number for s in meant))


def _of_deal(subject: Subject, own: OwnMoney, amount: Money | None, facts: Facts) -> Sequence[Outcome]:
    if told := earned.why(subject.called, own.of_deal(subject.number), own.coming(subject.number), amount):
        return told
    if subject.stage is not None and not subject.stage.open:
        return [Outcome("commission.deal_nothing", {"deal": subject.called}, figures=True)]
    found = ask_commission.result_of(subject, facts)
    if isinstance(found, Derivation):
        return [earned.derived("commission.quote", subject.called, found)]
    asked = ask_commission.asked_back(subject.called, found)
    return [asked or Outcome("commission.needs_person")]


def _of_statement(request: Request, facts: Facts, money: MoneyFacts) -> Decision | None:
    """The lines of the statement that is named, or that the thread is about; where there are many, which is meant."""
    if getattr(request.fields, "customer", None) or _numbers(request):
        return None
    said = getattr(request.fields, "statement_ref", None) or facts.thread.subject_ref
    statement = statement_named(money, said) if said.upper().startswith("S") else None
    if statement is None:
        return None
    own = own_money(facts, money)
    by_key = {stated.line.key: stated for stated in own.lines}
    lines = [by_key[key] for key in statement.lines if key in by_key]
    amount = _amount(request)
    chosen = [one for one in lines if one.line.amount == amount] or lines
    if len(chosen) > _MOST_LINES:
        listed = tuple(text("money.line_of", deal=called(one), amount=one.line.amount) for one in chosen)
        values: dict[str, Value] = {"statement": statement.number, "lines": listed}
        return Decision((), (Outcome("commission.why_which", values, figures=True),), "line_asked")
    told = tuple(earned.line_derived(called(one), one.line) for one in chosen)
    return Decision((), told, "derivation_told") if told else None


def _meant(request: Request, facts: Facts) -> tuple[Subject, ...]:
    if numbers := _numbers(request):
        return tuple(subject for number in numbers for subject in numbered(number, facts))
    customer = getattr(request.fields, "customer", None)
    return named(customer, facts) if customer else here(facts)


def _numbers(request: Request) -> tuple[str, ...]:
    return request.fields.deal_refs if isinstance(request.fields, DisputeDetails) else ()


def _amount(request: Request) -> Money | None:
    fields = request.fields
    if isinstance(fields, CommissionFields) and fields.amount is not None and fields.currency:
        return Money(fields.amount, fields.currency.upper())
    return None


def called(stated: StatedLine) -> Value:
    """What a line is for: its deal, or what it rewards."""
    line = stated.line
    if not line.deal_number:
        return line.plan
    return text("line.named" if line.customer else "line.number", number=line.deal_number, customer=line.customer)
