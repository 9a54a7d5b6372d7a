"""What counts of the money collected on a deal: first-year revenue only, refunds in time only, never over the year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from crm.money import Money
from knowledge.commission.derivation import Said, Step, step

_RULE = "collected"


class Kind(StrEnum):
    RECURRING = "recurring"
    RENEWAL = "renewal"
    ONE_OFF = "one_off"


@dataclass(frozen=True, slots=True)
class Collected:
    """A sum collected, or (negative) refunded. `refunds` is the day of the payment refunded; None: the latest ones."""

    amount: Money
    received_on: date
    kind: Kind = Kind.RECURRING
    refunds: date | None = None


@dataclass(frozen=True, slots=True)
class SoFar:
    """The first-year revenue that counts after one sum came in, and the step that tells it."""

    base: Money
    step: Step


@dataclass(frozen=True, slots=True)
class _Paid:
    on: date
    left: Decimal


def counted(first_year: Money, collected: Sequence[Collected], clawback_days: int, *, flat: bool) -> Iterator[SoFar]:
    """What counts after each of `collected`, in their order: between nothing and `first_year`.

    A refund later than `clawback_days` after its payment takes nothing back. Raises ValueError for another currency.
    """
    total, payments = Decimal(0), list[_Paid]()
    for item in collected:
        if item.amount.currency != first_year.currency:
            raise ValueError(f"a deal in {first_year.currency} collects no {item.amount.currency}")
        added, said = _added(item, payments, clawback_days)
        total += added
        base = Money(min(max(total, Decimal(0)), first_year.amount), first_year.currency)
        if flat and total > 0:
            base = first_year  # a flat sum is earned whole, and lost only when everything is refunded
        yield SoFar(base, said or _collected(item, Money(total, first_year.currency), base))


def _added(item: Collected, payments: list[_Paid], days: int) -> tuple[Decimal, Step | None]:
    """What one sum adds to the count, with a step where it adds nothing."""
    if item.kind is Kind.ONE_OFF:
        return Decimal(0), step("base", _RULE, Said.NOTHING_ONE_OFF, Decimal(0), amount=item.amount)
    if item.kind is Kind.RENEWAL:
        return Decimal(0), step("base", _RULE, Said.NOTHING_RENEWAL, Decimal(0), amount=item.amount)
    if item.amount.amount >= 0:
        payments.append(_Paid(item.received_on, item.amount.amount))
        return item.amount.amount, None
    back = _taken_back(item, payments, days)
    if not back:
        return back, step("base", _RULE, Said.NOTHING_LATE_REFUND, back, amount=item.amount, days=days)
    return -back, None


def _taken_back(item: Collected, payments: list[_Paid], days: int) -> Decimal:
    """How much of a refund falls on payments at most `days` old; marks it on them, latest first."""
    refund, in_time = -item.amount.amount, Decimal(0)
    for place in sorted(range(len(payments)), key=lambda n: payments[n].on, reverse=True):
        paid = payments[place]
        if item.refunds is not None and paid.on != item.refunds:
            continue
        part = min(refund, paid.left)
        payments[place] = replace(paid, left=paid.left - part)
        refund -= part
        if (item.received_on - paid.on).days <= days:
            in_time += part
    return in_time


def _collected(item: Collected, total: Money, base: Money) -> Step:
    return step("base", _RULE, Said.COLLECTED, base, amount=item.amount, collected=total, base=base)
