"""Budget, pause and memory of the model reader."""

from __future__ import annotations

from datetime import date

import pytest

from bot.readers.model.cache import ReadingCache
from bot.readers.model.limits import FAILURES_BEFORE_PAUSE, LONGEST_PAUSE_SECONDS, PAUSE_SECONDS, DailyBudget, Pause
from bot.readers.model.settings import ModelSettings
from bot.vocabulary.requests import Reading


class Clock:
    def __init__(self) -> None:
        self.now = 0.0
        self.day = date(2026, 11, 26)


def test_a_budget_is_used_up_and_comes_back_the_next_day() -> None:
    clock = Clock()
    budget = DailyBudget(2, lambda: clock.day)
    assert [budget.take() for _ in range(3)] == [True, True, False]
    clock.day = date(2026, 11, 27)
    assert budget.take()


def test_a_budget_of_nothing_allows_nothing() -> None:
    assert not DailyBudget(0, lambda: date(2026, 11, 26)).take()


def test_failures_in_a_row_begin_a_pause_that_ends() -> None:
    clock = Clock()
    pause = Pause(lambda: clock.now)
    seen = []
    for _ in range(FAILURES_BEFORE_PAUSE):
        seen.append(pause.over)
        pause.failed()
    seen.append(pause.over)
    clock.now = PAUSE_SECONDS
    assert [*seen, pause.over] == [True] * FAILURES_BEFORE_PAUSE + [False, True]


def test_a_success_in_between_begins_the_count_anew() -> None:
    pause = Pause(lambda: 0.0)
    for _ in range(FAILURES_BEFORE_PAUSE * 2):
        pause.failed()
        pause.succeeded()
    assert pause.over


def test_a_named_time_is_kept_but_not_for_ever() -> None:
    clock = Clock()
    pause = Pause(lambda: clock.now)
    pause.failed(retry_after=1e12)
    assert not pause.over
    clock.now = LONGEST_PAUSE_SECONDS
    assert pause.over


def test_the_cache_forgets_what_was_used_longest_ago() -> None:
    cache = ReadingCache(2)
    readings = {key: Reading(key, (), answer_expected=True) for key in ("en", "de", "fr")}
    cache.put("en", readings["en"])
    cache.put("de", readings["de"])
    cache.get("en")
    cache.put("fr", readings["fr"])
    assert cache.get("de") is None
    assert cache.get("en") == readings["en"]


def test_a_cache_of_size_nothing_keeps_nothing() -> None:
    cache = ReadingCache(0)
    cache.put("en", Reading("en", (), answer_expected=True))
    assert cache.get("en") is None


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"base_url": "file:///etc"}, "base_url"),
        ({"model": " "}, "model"),
        ({"seconds": 0}, "seconds"),
        ({"calls_per_day": -1}, "calls_per_day"),
    ],
)
def test_settings_that_cannot_work_are_named(changed: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        ModelSettings(**({"base_url": "http://127.0.0.1/v1", "model": "m"} | changed))  # type: ignore[arg-type]


def test_the_key_is_not_shown() -> None:
    assert "sesame" not in repr(ModelSettings("http://127.0.0.1/v1", "m", key="sesame"))
