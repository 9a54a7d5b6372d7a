"""Steps that several rules tell alike."""

from __future__ import annotations

from crm.money import Money
from knowledge.commission.derivation import Said, Step, Value, step
from knowledge.commission.rule import Entry


def paid(entry: Entry, rule: str) -> Step:
    """That a sum was paid, or paid back."""
    amount = Money(entry.amount, entry.currency)
    back = entry.cash.paid if entry.cash else None
    values: dict[str, Value]
    if back is None:
        return step(
            "trigger", rule, Said.PAID, entry.event, amount=amount, on=entry.cash.on if entry.cash else entry.on
        )
    values = {"amount": -amount, "on": entry.on, "paid_on": back.on}
    return step("trigger", rule, Said.PAID_BACK, entry.event, **values)
