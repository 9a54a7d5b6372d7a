"""What is filled in for an announcement, and when it goes out in the vendor's zone."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack.managers.announcements.composing import MisfilledError, composed, moment
from bot.channels.slack.managers.announcements.drafts import (
    DAY,
    HOUR,
    SUBJECT_LONG,
    TEXT_LONG,
    Draft,
    from_composed,
    from_doc,
    from_filled,
    to_doc,
)
from bot.vocabulary.announcing import AnnouncementText, Call, CallKind, Route, Timing, Zone
from bot.vocabulary.segment import SavedSegment, Segment, SegmentChoices

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def at(day: str, hour: str, now: datetime = NOW) -> datetime | None:
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
    with pytest.raises(MisfilledError) as told:
        at(day, hour)
    assert told.value.field == field


def test_an_hour_that_a_day_has_twice_is_its_first() -> None:
    found = at("2027-10-31", "02:30")
    assert isinstance(found, datetime)
    assert found.astimezone(UTC) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_form_is_read_by_its_fields() -> None:
    filled = {"subject": " New \n prices ", "text": "Soon.\n", "tiers": "Elite\nSelect\n\nElite", "day": "2026-12-01"}
    found = from_filled(filled, Draft())
    text = AnnouncementText("", "New prices", "Soon.")
    assert found == Draft((text,), Segment(tiers=("Elite", "Select")), day="2026-12-01")
    assert from_filled({}, Draft()) == Draft()


SAVED = SavedSegment("Gold", Segment(tiers=("Elite",), without=("region!=DACH",)), "noor@lumora.example", NOW)
CHOICES = SegmentChoices((), (), (), (), saved=(SAVED,))
FILLED = {
    "subject": "Spring", "text": "Join?", "language": "en", "call": "date", "dates": "2026-12-10, 2026-12-03",
    "question": "Which day?", "remind": "5", "route": "both", "day": "2026-12-01", "hour": "09:00", "zone": "partner",
    "quiet": "any", "saved": "Gold",
}  # fmt: skip


def test_what_is_filled_in_becomes_an_announcement_and_again_what_is_filled_in() -> None:
    found = composed(from_filled(FILLED, Draft()), CHOICES, BERLIN, NOW)
    assert found.call == Call(CallKind.DATE, (date(2026, 12, 3), date(2026, 12, 10)), "Which day?")
    assert found.timing == Timing(datetime(2026, 12, 1, 9, 0), Zone.PARTNER, keep_quiet=False)  # noqa: DTZ001
    assert (found.segment, found.route, found.remind_after) == (SAVED.segment, Route.BOTH, 5)
    again = from_composed(found)
    assert composed(again, CHOICES, BERLIN, NOW) == found


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"text": " "}, "text"),
        ({"dates": "3 December"}, "dates"),
        ({"dates": ""}, "dates"),
        ({"dates": "2020-01-01"}, "dates"),
        ({"call": "answer"}, "call"),
        ({"call": "none", "dates": ""}, "question"),
        ({"call": "none", "dates": "", "question": ""}, "remind"),
        ({"remind": "soon"}, "remind"),
        ({"remind": "400"}, "remind"),
        ({"tiers": "Elite"}, "saved"),
        ({"saved": "Silver"}, "saved"),
        ({"hour": ""}, "hour"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field(changed: dict[str, str], field: str) -> None:
    with pytest.raises(MisfilledError) as told:
        composed(from_filled(FILLED | changed, Draft()), CHOICES, BERLIN, NOW)
    assert told.value.field == field


def test_a_time_by_partners_clocks_may_be_over_here() -> None:
    late = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
    assert composed(from_filled(FILLED, Draft()), CHOICES, BERLIN, late).timing.zone is Zone.PARTNER
    with pytest.raises(MisfilledError):
        composed(from_filled(FILLED | {"zone": "vendor"}, Draft()), CHOICES, BERLIN, late)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*FILLED, "tiers", "partners", "products", "other"]), st.text(max_size=3_400), max_size=6
    )
)
def test_what_is_filled_in_is_kept_as_it_is(filled: dict[str, str]) -> None:
    draft = from_filled(filled, Draft())
    assert len(draft.first.subject) <= SUBJECT_LONG
    assert len(draft.first.body) <= TEXT_LONG
    assert from_doc(json.loads(json.dumps(to_doc(draft)))) == draft
    with suppress(MisfilledError):
        composed(draft, CHOICES, BERLIN, NOW)
