"""Registrations by week as a picture, and the same in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.documents.weeks_chart import Week, in_words, png
from knowledge.brand import Colours

WEEKS = [Week(date(2026, 11, 16), in_time=5, late=1), Week(date(2026, 11, 23), in_time=2, overdue=1, waiting=3)]


def test_in_words_every_number_stands_the_latest_week_first() -> None:
    assert in_words(WEEKS) == (
        "Week of 23 Nov: 6 (2 decided in time, 1 overdue, 3 not decided yet)."
        " Week of 16 Nov: 6 (5 decided in time, 1 decided late)."
    )


def test_a_week_without_any_is_said_as_well() -> None:
    assert in_words([Week(date(2026, 11, 16))]) == "Week of 16 Nov: 0."


@pytest.mark.parametrize("weeks", [WEEKS, [Week(date(2026, 11, 16))], [Week(date(2026, 11, 16), 40_000)]])
def test_the_picture_is_a_png_and_the_same_for_the_same_numbers(weeks: list[Week]) -> None:
    drawn = png(weeks, Colours())
    assert drawn.startswith(b"\x89PNG")
    assert drawn == png(weeks, Colours())


def test_other_numbers_and_other_colours_are_another_picture() -> None:
    more = [*WEEKS, Week(WEEKS[-1].first + timedelta(weeks=1), waiting=1)]
    assert len({png(WEEKS, Colours()), png(more, Colours()), png(WEEKS, Colours(accent="#006644"))}) == 3


def test_no_week_is_no_picture() -> None:
    with pytest.raises(ValueError, match="has a week"):
        png([], Colours())
