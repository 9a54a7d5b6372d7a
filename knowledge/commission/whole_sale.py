"""Bands of which a whole sum earns one: the band that a volume has reached, which each rule chooses."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from decimal import Decimal
from typing import ClassVar

from crm.money import Money
from knowledge.commission.bands import Bands
from knowledge.commission.derivation import Said, step
from knowledge.commission.rule import Sale, Trace


class WholeSale(Bands):
    """What is paid back takes back the rate that it had earned. `said` tells the volume that counted."""

    rule: ClassVar[str]
    said: ClassVar[Said]

    @abstractmethod
    def volume(self, sale: Sale) -> Decimal:
        """The volume whose band the sum earns."""

    def earned(self, sale: Sale, trace: Trace | None) -> tuple[Decimal, Decimal | None]:
        rate, remembered = _rate_of(sale, lambda: self.at(self.volume(sale)))
        if trace is not None and remembered:
            trace.append(step("rate", self.rule, Said.BAND_SAME, rate, rate=rate))
        elif trace is not None:
            volume = Money(self.volume(sale), sale.currency)
            trace.append(step("rate", self.rule, self.said, rate, volume=volume, rate=rate))
        return sale.value * rate, rate


def _rate_of(sale: Sale, reached: Callable[[], Decimal]) -> tuple[Decimal, bool]:
    """The rate of the payment that a refund takes back and True, else the one now reached."""
    cash = sale.entry.cash
    if cash is not None and cash.paid is not None and cash.paid.event in sale.memory:
        return sale.memory[cash.paid.event], True
    rate = sale.memory[sale.entry.event] = reached()
    return rate, False
