"""Steps that several rules tell alike."""

from __future__ import annotations

from crm.money import Money
from knowledge.commission.derivation import Said, Step, Value, step
from knowledge.commission.rule import Entry


def paid(entry: Entry, rule: str) -> Step:
    """That a sum was paid, or paid back; the whole sum, whatever part of it counts."""
    cash = entry.cash
    amount = Money(cash.amount if cash else entry.amount, entry.currency)
    if cash is None or cash.paid is None:
        on = cash.on if cash else entry.on
        return step("trigger", rule, Said.PAID, entry.event, amount=amount, on=on)
    values: dict[str, Value] = {"amount": -amount, "on": cash.on, "paid_on": cash.paid.on}
    return step("trigger", rule, Said.PAID_BACK, entry.event, **values)
