"""Clawback: a refund takes commission back for so many days after its payment."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from knowledge.values import Checked, Count


class WithinDays(Checked):
    rule: ClassVar[str] = "within_days"
    days: Count

    def in_time(self, paid_on: date, refunded_on: date) -> bool:
        return (refunded_on - paid_on).days <= self.days
