"""Business days are the vendor's own: its week, its holidays, its clock."""

from datetime import UTC, date, datetime

import pytest

from knowledge.business_days import add_business_days, decide_by, extended_until, is_business_day, protected_until
from knowledge.program import Program


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (datetime(2026, 11, 26, 10, tzinfo=UTC), date(2026, 11, 30)),  # Thursday to Monday
        (datetime(2026, 11, 27, 10, tzinfo=UTC), date(2026, 12, 1)),  # Friday to Tuesday
        (datetime(2026, 11, 28, 10, tzinfo=UTC), date(2026, 12, 2)),  # Saturday counts as Monday
        (datetime(2026, 11, 29, 22, 59, tzinfo=UTC), date(2026, 12, 2)),  # Sunday, 23:59 in Brussels
        (datetime(2026, 11, 29, 23, 0, tzinfo=UTC), date(2026, 12, 2)),  # already Monday in Brussels
        (datetime(2026, 11, 26, 23, 30, tzinfo=UTC), date(2026, 12, 1)),  # already Friday in Brussels
        (datetime(2026, 12, 24, 12, tzinfo=UTC), date(2026, 12, 29)),  # over Christmas
        (datetime(2026, 7, 20, 12, tzinfo=UTC), date(2026, 7, 23)),  # over Belgium's national day
    ],
)
def test_a_registration_is_answered_within_two_business_days(
    program: Program, received: datetime, expected: date
) -> None:
    assert decide_by(received, program.deal_rules, program.vendor) == expected


def test_a_time_without_a_zone_is_refused(program: Program) -> None:
    with pytest.raises(ValueError, match="time zone"):
        decide_by(datetime(2026, 11, 26, 10), program.deal_rules, program.vendor)  # noqa: DTZ001


def test_weekends_and_holidays_are_no_business_days(program: Program) -> None:
    assert not is_business_day(date(2026, 11, 28), program.vendor)
    assert not is_business_day(date(2026, 11, 11), program.vendor)
    assert is_business_day(date(2026, 11, 12), program.vendor)
    assert add_business_days(date(2026, 11, 10), 1, program.vendor) == date(2026, 11, 12)


def test_protection_and_its_extension_end_on_their_last_day(program: Program) -> None:
    assert protected_until(date(2026, 11, 18), program.deal_rules) == date(2027, 2, 16)
    assert extended_until(date(2027, 2, 16), program.deal_rules) == date(2027, 4, 17)
