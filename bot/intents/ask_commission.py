"""What the partner earns: its rates, what a deal or all of them bring and when; every figure comes from the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.documents.rate_lines import rate_lines
from bot.intents import all_earnings, ask_tier, earned, hand_over, rights, shared_deals
from bot.intents.commission_subjects import Subject, here, subjects
from bot.intents.offers import how_for_deal
from bot.intents.own_money import OwnMoney, expected, own_money
from bot.intents.phrases import text
from bot.intents.what_if import Changed, changed
from bot.vocabulary.decisions import Decision, Outcome, Value
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import CommissionFields, Request, WhatIfFields
from crm.records import Channel, ContactRight, Stage
from knowledge.commission.account import Account
from knowledge.commission.derivation import Derivation, NoQuote, Reason
from knowledge.commission.plan import RateAnswer, rates_for
from knowledge.commission.worth import DealLike

_ASKED_BACK = {
    Reason.NO_AMOUNT: "commission.no_amount",
    Reason.NO_QUANTITY: "commission.no_quantity",
    Reason.ONE_OFF_SHARE_UNKNOWN: "commission.one_off_share",
}

_QUOTES = ("commission.quote", "commission.quote_won", "commission.quote_short", "commission.quote_won_short")


def decide(request: Request, facts: Facts) -> Decision:
    if ask_tier.is_named(getattr(request.fields, "customer", None), facts):
        return ask_tier.decide(request, facts)
    return rights.refused(ContactRight.SEE_COMMISSION, facts) or _answered(request, facts)


def earnings(request: Request, facts: Facts) -> Decision:
    """What all deals bring; what one brings where one is named."""
    if facts.money is None or getattr(request.fields, "customer", None):
        return decide(request, facts)
    return rights.refused(ContactRight.SEE_COMMISSION, facts) or all_earnings.decide(facts, facts.money)


def what_if(request: Request, facts: Facts) -> Decision:
    """What a changed deal would bring, beside what it would bring as it is; nothing is saved."""
    return rights.refused(ContactRight.SEE_COMMISSION, facts) or _if_changed(request, facts)


def wanted_of(request: Request) -> CommissionFields:
    """The fields of a question about commission, whatever the message was taken for."""
    if isinstance(request.fields, CommissionFields):
        return request.fields
    return CommissionFields(customer=getattr(request.fields, "customer", None))


def _answered(request: Request, facts: Facts) -> Decision:
    wanted = wanted_of(request)
    plans = rates_for(facts.program, facts.partner, facts.now.date())
    if not plans:
        return hand_over.decide(request, facts)
    if (asked := _currency_asked(wanted, facts)) is not None:
        return asked
    meant = subjects(wanted, facts)
    if not meant:
        if wanted.customer and (shared := shared_deals.told(wanted.customer, facts)):
            return Decision((), shared, "commission_told")
        unknown = (Outcome("status.no_such_customer", {"said": wanted.customer}),) if wanted.customer else ()
        return Decision((), (*unknown, *(_rates(p) for p in plans)), "rates_told")
    return _computed(request, meant, plans, facts)


def _computed(request: Request, meant: tuple[Subject, ...], plans: tuple[RateAnswer, ...], facts: Facts) -> Decision:
    """The figures; where the plan needs more than the deal itself, its rates and a person."""
    numbers = tuple(s.number for s in meant if s.number)
    won = any(s.stage is Stage.WON for s in meant)
    own = own_money(facts, facts.money) if facts.money is not None and won else None
    told = [_told(subject, own, facts) for subject in meant]
    if any(outcome is None for outcome in told):
        passed_on = hand_over.decide(request, facts)
        said = (*(_rates(p) for p in plans), Outcome("commission.needs_person"), *passed_on.outcomes)
        return Decision(passed_on.commands, said, passed_on.log, numbers)
    outcomes = [outcome for outcome in told if outcome is not None]
    outcomes += _earned_how(outcomes)
    if (own is not None or any(o.text in _QUOTES for o in outcomes)) and (when := _when(facts)):
        outcomes.append(when)
    return Decision((), tuple(outcomes), "commission_told", numbers)


def _earned_how(told: Sequence[Outcome]) -> list[Outcome]:
    """By what the quoted sums are earned, which is where the answer to "and when?" begins."""
    quoted = [outcome for outcome in told if outcome.text in _QUOTES]
    in_parts = [earned.is_in_parts(outcome) for outcome in quoted]
    keys = (
        "commission.earned_as_paid" if not all(in_parts) else "",
        "commission.earned_in_parts" if any(in_parts) else "",
    )
    return [Outcome(key, figures=True) for key in keys if key]


def _told(subject: Subject, own: OwnMoney | None, facts: Facts) -> Outcome | None:
    """None where only a person can tell."""
    if subject.stage is Stage.LOST:
        return Outcome("commission.lost", {"deal": subject.called}, figures=True)
    if subject.stage is Stage.WON and own is not None:
        told = earned.of_deal(subject.called, subject.number, own, facts)
        return told if told.text == "commission.deal_nothing" else _with_the_way(told, subject)
    found = result_of(subject, facts)
    if isinstance(found, NoQuote):
        return asked_back(subject.called, found)
    key = "commission.quote_won" if subject.stage is Stage.WON else "commission.quote"
    if facts.channel is Channel.SLACK and subject.number:
        return _with_the_way(earned.derived(f"{key}_short", subject.called, found), subject)
    return earned.derived(key, subject.called, found)


def _with_the_way(told: Outcome, subject: Subject) -> Outcome:
    """In a channel the figure comes first, and how it comes about to whoever asks or presses."""
    return replace(told, offers=(how_for_deal(subject.called, subject.number),)) if subject.number else told


def result_of(
    subject: Subject, facts: Facts, deal: DealLike | None = None, account: Account | None = None
) -> Derivation | NoQuote:
    """What it would bring as it is on file, or as the `deal` it is compared with."""
    if subject.unclear and deal is None:
        return NoQuote(Reason.NO_AMOUNT)
    return expected(facts, deal or subject.held or subject.deal, account)


def asked_back(called: Value, why: NoQuote) -> Outcome | None:
    """The question for what is missing; None where a person has to look at it."""
    key = _ASKED_BACK.get(why.reason)
    return Outcome(key, {"deal": called, "product": why.about}) if key else None


def _when(facts: Facts) -> Outcome | None:
    rules = facts.program.statements
    if rules is None:
        return None
    return Outcome("commission.when", {"day": rules.day_of_month, "days": rules.payment_days_after_approval})


def _if_changed(request: Request, facts: Facts) -> Decision:
    wanted = request.fields if isinstance(request.fields, WhatIfFields) else WhatIfFields()
    if (asked := _currency_asked(wanted, facts)) is not None:
        return asked
    meant = subjects(wanted, facts) or (() if wanted.customer else _made_up(wanted, facts))
    if not meant:
        said = {"said": wanted.customer or ""}
        return Decision((), (Outcome("status.no_such_customer", said),), "status_unknown")
    numbers = tuple(s.number for s in meant if s.number)
    told = [_compared(subject, wanted, facts) for subject in meant]
    if any(outcome is None for outcome in told):
        passed_on = hand_over.decide(request, facts)
        needs = Outcome("commission.needs_person")
        return Decision(passed_on.commands, (needs, *passed_on.outcomes), passed_on.log, numbers)
    return Decision((), tuple(o for o in told if o is not None), "what_if_told", numbers)


def _made_up(wanted: WhatIfFields, facts: Facts) -> tuple[Subject, ...]:
    """The deal of the thread, else one that only the message describes."""
    if meant := here(facts):
        return meant
    return (Subject(text("commission.such_a_deal"), DealLike(products=wanted.products or ())),)


def _compared(subject: Subject, wanted: WhatIfFields, facts: Facts) -> Outcome | None:
    account = facts.money.account if facts.money else Account(facts.partner, facts.deals, facts.payments)
    other: Changed = changed(subject.deal, wanted, account, facts)
    found = NoQuote(Reason.NO_AMOUNT) if other.unclear else result_of(subject, facts, other.deal, other.account)
    if isinstance(found, NoQuote):
        return asked_back(subject.called, found)
    as_it_is = result_of(subject, facts) if subject.number else None
    if not other.changes:
        return earned.derived("commission.quote", subject.called, found)
    if isinstance(as_it_is, Derivation) and as_it_is.result.currency == found.result.currency:
        return earned.derived("commission.what_if", subject.called, found, changes=other.changes, now=as_it_is.result)
    return earned.derived("commission.what_if_alone", subject.called, found, changes=other.changes)


def _currency_asked(wanted: CommissionFields, facts: Facts) -> Decision | None:
    if wanted.amount is None or _usable(wanted, facts):
        return None
    currencies = Outcome("commission.which_currency", {"currencies": facts.program.vendor.currencies})
    return Decision((), (currencies,), "currency_asked")


def _rates(answer: RateAnswer) -> Outcome:
    lines = tuple(rate_lines(answer))
    return Outcome("commission.rates", {"plan": answer.plan, "tier": answer.tier, "lines": lines}, figures=True)


def rates_told(facts: Facts) -> tuple[Outcome, ...]:
    """What each of the partner's plans pays."""
    return tuple(_rates(answer) for answer in rates_for(facts.program, facts.partner, facts.now.date()))


def _usable(wanted: CommissionFields, facts: Facts) -> bool:
    """A sum counts with a currency that the vendor sells in; nothing is guessed."""
    amount = wanted.amount
    sane = amount is not None and amount.is_finite() and 0 < amount < 10**12
    return sane and (wanted.currency or "").upper() in facts.program.vendor.currencies
