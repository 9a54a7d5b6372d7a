"""The quarter of a reseller's volume is one of the vendor's fiscal year."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm.records import PartnerType
from knowledge.calendar import Calendar
from tests.unit.knowledge.commission.accounts import Desk, sample


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        pytest.param(1, ["7500.00", "2000.00"], id="July and August are of one quarter"),
        pytest.param(2, ["7500.00", "1500.00"], id="a quarter begins in August"),
    ],
)
def test_the_bands_of_a_quarter_begin_again_with_the_next_one(starts: int, expected: list[str]) -> None:
    vendor = replace(sample().vendor, calendar=Calendar(fiscal_year_starts=starts))
    desk = Desk("Registered", PartnerType.RESELLER, program=replace(sample(), vendor=vendor))
    desk.sale("50000", day=30)  # 31 July
    desk.sale("10000", day=31)
    assert desk.amounts() == expected
