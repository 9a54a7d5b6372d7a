"""Cash that a deal would bring if it were paid as entered: by years of service, and what is sold once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from crm.money import Money
from crm.records import PaymentKind
from knowledge.commission.case import Case
from knowledge.commission.cash import Cash, items_of, weights_of
from knowledge.commission.derivation import NoQuote, Said, Step, step
from knowledge.commission.periods import YEAR, months_after
from knowledge.commission.rule import NOTHING
from knowledge.commission.worth import Worth

_DAY = timedelta(days=1)
NAME = "assumed"


def assumed_cash(case: Case, start: date, *, yearly: bool) -> list[Cash]:
    """Payments from `start` on, the recurring ones in advance for each year; at once where the value was given so,
    unless `yearly`."""
    worth = case.worth
    if isinstance(worth, NoQuote):
        return []
    cash = _recurring(case, worth, start, yearly=yearly) if worth.total.amount > 0 else []
    if worth.once is not None and worth.once.amount > 0:
        cash.append(_once(case, worth, worth.once))
    return cash


def left_of(expected: Sequence[Cash], collected: Sequence[Cash]) -> list[Cash]:
    """What of the expected was not paid yet; what was paid is taken from the earliest. Refunds bring nothing back."""
    paid = {True: NOTHING, False: NOTHING}
    for cash in collected:
        if cash.paid is None:
            for item in cash.items:
                if item.kind is not PaymentKind.RENEWAL:
                    paid[item.kind is PaymentKind.ONE_OFF] += item.amount
    left = []
    for cash in expected:
        once = cash.items[0].kind is PaymentKind.ONE_OFF
        taken = min(cash.amount, paid[once])
        paid[once] -= taken
        if cash.amount > taken:
            left.append(_reduced(cash, cash.amount - taken) if taken else cash)
    return left


def _reduced(cash: Cash, amount: Decimal) -> Cash:
    kind = cash.items[0].kind
    weights = tuple((item.product, item.amount / cash.amount) for item in cash.items)
    items = items_of(amount, weights, kind)
    return Cash(cash.event, cash.on, cash.currency, amount, items, cash.start, cash.end, told=cash.told)


def _recurring(case: Case, worth: Worth, start: date, *, yearly: bool) -> list[Cash]:
    told = tuple(s for s in worth.steps if s.sentence is not Said.ONE_OFF_LEFT_OUT)
    weights = weights_of(worth.recurring)[PaymentKind.RECURRING]
    if worth.at_once and not yearly:
        whole = step("base", "worth", Said.TOTAL_VALUE, worth.total, base=worth.total)
        said = told if worth.total == worth.first_year else (whole,)
        return [_cash(case, 0, worth.total, weights, start, months_after(start, worth.term) - _DAY, said)]
    chunks, left = [], worth.total.amount
    for year, months in enumerate(range(0, worth.term, YEAR)):
        last = months + YEAR >= worth.term
        amount = left if last else worth.first_year.amount
        left -= amount
        begins, ends = months_after(start, months), months_after(start, min(months + YEAR, worth.term)) - _DAY
        money = Money(amount, worth.currency)
        chunks.append(_cash(case, year, money, weights, begins, ends, told if not year else ()))
    return chunks


def _cash(
    case: Case, number: int, money: Money, weights: tuple[tuple[str, Decimal], ...], start: date, end: date,
    told: tuple[Step, ...],
) -> Cash:  # fmt: skip
    items = items_of(money.amount, weights, PaymentKind.RECURRING)
    on = max(case.today, start)
    return Cash(f"{NAME}:{number}", on, money.currency, money.amount, items, start, end, told=told)


def _once(case: Case, worth: Worth, once: Money) -> Cash:
    names = tuple(product.name for product in worth.one_off)
    told = (step("base", "worth", Said.BASE_ONE_OFF, once, products=names, amount=once),) if names else ()
    items = items_of(once.amount, weights_of(worth.one_off)[PaymentKind.ONE_OFF], PaymentKind.ONE_OFF)
    return Cash(f"{NAME}:once", case.today, once.currency, once.amount, items, told=told)
