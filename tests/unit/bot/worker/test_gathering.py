"""Interactions that come often wait a little for each other; those that come now and then do not wait at all."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.worker.crm_outlet import CrmOutlet, Gathering
from tests.fakes.crm import InMemoryCrm


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_first_ones_go_at_once_and_the_following_keep_their_distance() -> None:
    clock = Clock()
    gathering = Gathering(2.0, free=3, clock=clock)
    for _ in range(3):
        assert gathering.wait() == 0
        gathering.went()
    assert gathering.wait() == 2.0
    clock.now += 1.5
    assert gathering.wait() == 0.5
    clock.now += 60.0
    assert gathering.wait() == 0


def test_a_full_batch_waits_for_nothing() -> None:
    clock = Clock()
    gathering = Gathering(2.0, free=1, clock=clock)
    gathering.went()
    outlet = CrmOutlet(InMemoryCrm(), gathering)
    assert outlet.wait(outlet.batch - 1) > 0
    assert outlet.wait(outlet.batch) == 0


def test_without_a_distance_nothing_ever_waits() -> None:
    gathering = Gathering(0.0, free=1, clock=Clock())
    for _ in range(5):
        gathering.went()
        assert gathering.wait() == 0


@given(st.lists(st.floats(0.0, 5.0), min_size=30, max_size=200))
def test_however_they_come_nobody_waits_longer_than_the_distance_and_calls_stay_few(pauses: list[float]) -> None:
    clock = Clock()
    gathering = Gathering(2.0, free=5, clock=clock)
    went: list[float] = []
    for pause in pauses:
        clock.now += pause
        assert gathering.wait() <= 2.0
        clock.now += gathering.wait()
        gathering.went()
        went.append(clock.now)
    assert all(later - earlier >= -1e-9 for earlier, later in pairwise(went))
    assert len(went) <= 5 + (went[-1] - 100.0) / 2.0 + 1
