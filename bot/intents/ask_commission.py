"""What the partner earns: the rates of its plan, and what a deal would bring; every figure is the engine's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from bot.intents import hand_over, rights
from bot.intents.own_deals import by_customer, numbers_of, of_thread
from bot.intents.phrases import text
from bot.vocabulary.decisions import Decision, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import CommissionFields, Request
from crm.money import Money
from crm.records import ContactRight, Stage
from knowledge.commission.derivation import Derivation, NoQuote, Reason, Said, Step
from knowledge.commission.plan import RateAnswer, rates_for
from knowledge.commission.quote import DealLike, quote
from knowledge.commission.rule import RateKey, RateLine

_MOST_DEALS = 5
_ASKED_BACK = {
    Reason.NO_AMOUNT: "commission.no_amount",
    Reason.NO_QUANTITY: "commission.no_quantity",
    Reason.ONE_OFF_SHARE_UNKNOWN: "commission.one_off_share",
}


@dataclass(frozen=True, slots=True)
class _Subject:
    """A deal to compute, and what it is called; `number` is empty for one that stands in the message only, `stage` is
    that of a deal computed as it is on file.

    `unclear` says that it has a value whose currency is missing: its list price would then be a figure beside the deal.
    """

    called: Value
    deal: DealLike
    number: str = ""
    unclear: bool = False
    stage: Stage | None = None


def decide(request: Request, facts: Facts) -> Decision:
    return rights.refused(ContactRight.SEE_COMMISSION, facts) or _answered(request, facts)


def _answered(request: Request, facts: Facts) -> Decision:
    wanted = cast("CommissionFields", request.fields)
    plans = rates_for(facts.program, facts.partner, facts.now.date())
    if not plans:
        return hand_over.decide(request, facts)
    if wanted.amount is not None and not _usable(wanted, facts):
        currencies = Outcome("commission.which_currency", {"currencies": facts.program.vendor.currencies})
        return Decision((), (currencies,), "currency_asked")
    subjects = _subjects(wanted, facts)
    if not subjects:
        unknown = (Outcome("status.no_such_customer", {"said": wanted.customer}),) if wanted.customer else ()
        return Decision((), (*unknown, *(_rates(p) for p in plans)), "rates_told")
    return _computed(request, subjects, plans, facts)


def _computed(
    request: Request, subjects: tuple[_Subject, ...], plans: tuple[RateAnswer, ...], facts: Facts
) -> Decision:
    """The figures; where the plan needs more than the deal itself, its rates and a person."""
    numbers = tuple(s.number for s in subjects if s.number)
    results = [(s, _result(s, facts)) for s in subjects]
    if any(isinstance(r, NoQuote) and r.reason not in _ASKED_BACK for _, r in results):
        passed_on = hand_over.decide(request, facts)
        told = (*(_rates(p) for p in plans), Outcome("commission.needs_person"), *passed_on.outcomes)
        return Decision(passed_on.commands, told, passed_on.log, numbers)
    return Decision((), tuple(_told(s, r) for s, r in results), "commission_told", numbers)


def _result(subject: _Subject, facts: Facts) -> Derivation | NoQuote:
    if subject.unclear:
        return NoQuote(Reason.NO_AMOUNT)
    return quote(facts.program, facts.partner, subject.deal, facts.now.date())


def _told(subject: _Subject, result: Derivation | NoQuote) -> Outcome:
    if subject.stage is Stage.LOST:
        return Outcome("commission.lost", {"deal": subject.called}, figures=True)
    if isinstance(result, NoQuote):
        return Outcome(_ASKED_BACK[result.reason], {"deal": subject.called, "product": result.about})
    values: dict[str, Value] = {
        "deal": subject.called,
        "result": result.result,
        "plan": result.plan,
        "version": result.version,
        "steps": tuple(_step(s) for s in result.steps),
    }
    key = "commission.quote_won" if subject.stage is Stage.WON else "commission.quote"
    return Outcome(key, values, figures=True)


def _step(step: Step) -> Value:
    """The sentence of a step; what was left out at no value, and what needed no rounding, are told differently."""
    key = str(step.sentence)
    amount = step.values.get("amount")
    if step.sentence is Said.ONE_OFF_LEFT_OUT and isinstance(amount, Money) and not amount.amount:
        key = "one_off_apart"
    if step.sentence is Said.ROUNDED and step.values.get("exact") == step.values.get("result"):
        key = "exact"
    return text(f"said.{key}", **step.values)


def _rates(answer: RateAnswer) -> Outcome:
    """All lines of the plan; those that the tier adds nothing to come after the sentence about its addition."""
    apart = (RateKey.INFLUENCED,)
    lines = [_rate_line(line) for line in answer.lines if line.key not in apart]
    if answer.added_points:
        lines.append(text("rate.tier_included", tier=answer.tier, points=answer.added_points))
    lines += [_rate_line(line) for line in answer.lines if line.key in apart]
    return Outcome("commission.rates", {"plan": answer.plan, "tier": answer.tier, "lines": tuple(lines)}, figures=True)


def _rate_line(line: RateLine) -> Value:
    """The first band has no lower end worth saying and the last no upper one, so each has a sentence of its own."""
    key = str(line.key)
    if line.key is RateKey.BAND:
        lower = line.values.get("from")
        first = isinstance(lower, Money) and not lower.amount
        key = "band_open" if "to" not in line.values else "band_first" if first else key
    return text(f"rate.{key}", **line.values)


def _subjects(wanted: CommissionFields, facts: Facts) -> tuple[_Subject, ...]:
    """The own deals of the named customer, else what is stated, else the deal the thread is about."""
    if wanted.customer:
        numbers = numbers_of(by_customer(facts, wanted.customer))[:_MOST_DEALS]
        own = tuple(_own(number, facts) for number in numbers)
        if len(own) == 1:
            unclear = own[0].unclear and wanted.amount is None
            stage = own[0].stage if wanted.amount is None and not wanted.products else None
            return (replace(own[0], deal=_as_stated(own[0].deal, wanted), unclear=unclear, stage=stage),)
        if own:
            return own
    if wanted.amount is not None:
        called = wanted.customer or text("commission.such_a_deal")
        return (_Subject(called, _as_stated(DealLike(), wanted)),)
    here = None if wanted.customer or wanted.products else of_thread(facts)
    return (_own(here.number, facts),) if here else ()


def _as_stated(deal: DealLike, wanted: CommissionFields) -> DealLike:
    """The deal with what the message says in place of what is on file; another sum has no known basis."""
    if wanted.products:
        deal = replace(deal, products=wanted.products)
    if wanted.amount is None:
        return deal
    amount = Money(wanted.amount, (wanted.currency or "").upper())
    return deal if amount == deal.amount else replace(deal, amount=amount, basis=None)


def _own(number: str, facts: Facts) -> _Subject:
    deal = next((d for d in facts.deals if d.number == number), None)
    if deal is not None:
        called = text("line.named", number=number, customer=deal.customer)
        return _Subject(called, DealLike.of(deal), number, stage=deal.stage)
    registration = next(r for r in facts.registrations if r.number == number)
    money = Money(registration.amount, registration.currency) if registration.amount and registration.currency else None
    like = DealLike(
        registration.products, registration.quantity, money, registration.amount_basis, registration.term_months
    )
    unclear = registration.amount is not None and not registration.currency
    key = "line.named" if registration.customer else "line.number"
    return _Subject(text(key, number=number, customer=registration.customer), like, number, unclear)


def _usable(wanted: CommissionFields, facts: Facts) -> bool:
    """A sum counts with a currency that the vendor sells in; nothing is guessed."""
    amount = wanted.amount
    sane = amount is not None and amount.is_finite() and 0 < amount < 10**12
    return sane and (wanted.currency or "").upper() in facts.program.vendor.currencies
