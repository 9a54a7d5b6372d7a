"""Whatever stands in a field of HubSpot is read as what it says, or refused: it never stops or fills the agent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.adapters.hubspot.mapping import values
from crm.adapters.hubspot.schema import Shape

ODD = st.one_of(
    st.text(max_size=40),
    st.integers().map(str),
    st.decimals().map(str),
    st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat()),
    st.dates().map(date.isoformat),
    st.sampled_from(
        ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "253402300799000", "1e999999999", "-1e-999999999"]
    ),
)
ZONES = st.sampled_from([ZoneInfo(name) for name in ("Asia/Tokyo", "America/New_York", "Europe/Brussels")])


@given(ODD, ZONES)
def test_what_cannot_be_read_is_a_value_error_and_nothing_worse(text: str, zone: ZoneInfo) -> None:
    reads: list[Callable[[str], object]] = [
        values.to_number,
        values.to_whole,
        values.to_day,
        values.to_instant,
        lambda said: values.day_there(said, zone),
    ]
    for read in reads:
        try:
            read(text)
        except ValueError:
            continue


@given(st.sampled_from(Shape), ODD, ODD)
def test_any_two_texts_can_be_compared(shape: Shape, one: str, other: str) -> None:
    assert values.same(shape, one, one)
    assert values.same(shape, one, other) is values.same(shape, other, one)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Pacific/Kiritimati"])
def test_the_last_day_of_the_calendar_is_no_day_where_it_is_over(zone: str) -> None:
    with pytest.raises(ValueError, match="no day of the calendar"):
        values.day_there("9999-12-31T23:59:59Z", ZoneInfo(zone))
    assert values.to_instant("9999-12-31T23:59:59Z").tzinfo is UTC


@pytest.mark.parametrize("text", ["1e999999999", "1e25", "-1e-999999999"])
def test_a_number_that_nobody_could_write_out_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="is meant"):
        values.to_whole(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("60.000000"), "60"),
        (Decimal("0.050"), "0.05"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.10"), "-0.1"),
        (7, "7"),
        (100, "100"),
    ],
)
def test_numbers_are_written_as_people_would(value: Decimal | int, text: str) -> None:
    assert values.number(value) == text


def test_numbers_that_people_mean_are_read() -> None:
    assert values.to_number("1e6") == Decimal(1_000_000)
    assert values.to_number("-0.000000000000000001") < 0
    assert values.to_whole("1234567890123456789012345") == 1234567890123456789012345
