"""What is filled in for an announcement, and when it goes out in the vendor's zone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.managers.drafts import (
    DAY,
    HOUR,
    SUBJECT_LONG,
    TEXT_LONG,
    AtField,
    from_doc,
    from_filled,
    moment,
    to_doc,
)
from bot.channels.slack.managers.ports import Draft
from bot.vocabulary.segment import Segment

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def at(day: str, hour: str, now: datetime = NOW) -> datetime | AtField | None:
    return moment(Draft(day=day, hour=hour), BERLIN, now)


def test_without_day_and_time_it_is_now() -> None:
    assert at("", "") is None


def test_day_and_time_are_those_of_the_vendor() -> None:
    assert at("2026-12-01", "09:00") == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert at("2027-07-01", "09:00") == datetime(2027, 7, 1, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hour", "field"),
    [
        ("2026-12-01", "", HOUR),
        ("", "09:00", DAY),
        ("2026-11-27", "12:59", DAY),
        ("2026-11-27", "13:00", DAY),
        ("2028-01-01", "09:00", DAY),
        ("2026-02-30", "09:00", DAY),
        ("tomorrow", "09:00", DAY),
        ("2026-12-01", "25:00", DAY),
        ("2027-03-28", "02:30", HOUR),
    ],
)
def test_what_is_no_time_to_come_is_told_at_its_field(day: str, hour: str, field: str) -> None:
    found = at(day, hour)
    assert isinstance(found, AtField)
    assert found.field == field


def test_an_hour_that_a_day_has_twice_is_its_first() -> None:
    found = at("2027-10-31", "02:30")
    assert isinstance(found, datetime)
    assert found.astimezone(UTC) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_form_is_read_by_its_fields() -> None:
    filled = {"subject": " New \n prices ", "text": "Soon.\n", "tiers": "Elite\nSelect\n\nElite", "day": "2026-12-01"}
    found = from_filled(filled)
    assert found == Draft("New prices", "Soon.", Segment(tiers=("Elite", "Select")), "2026-12-01", "")
    assert from_filled({}) == Draft()


@given(
    st.dictionaries(
        st.sampled_from(["subject", "text", "tiers", "partners", "day", "hour", "other"]), st.text(max_size=4_000)
    )
)
def test_what_is_filled_in_is_kept_as_it_is(filled: dict[str, str]) -> None:
    draft = from_filled(filled)
    assert len(draft.subject) <= SUBJECT_LONG
    assert len(draft.text) <= TEXT_LONG
    assert from_doc(json.loads(json.dumps(to_doc(draft)))) == draft
    moment(draft, BERLIN, NOW)
