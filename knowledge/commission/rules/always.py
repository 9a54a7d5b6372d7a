"""Clawback: every refund takes commission back, however late."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from knowledge.values import Checked


class Always(Checked):
    rule: ClassVar[str] = "always"

    @property
    def days(self) -> None:
        return None

    def in_time(self, paid_on: date, refunded_on: date) -> bool:  # noqa: ARG002 - the contract's
        return True
