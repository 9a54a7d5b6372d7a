"""What a partner is asked after follows from what it has done; of several days that were missed the latest counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot.onboarding.stage import Known, Matter, due_day, known_of, matter
from crm.records import RegistrationState, Stage
from tests.builders import NOW, TODAY, deal, registration

_DRAFT = registration(number="D-1", state=RegistrationState.DRAFT, opened_at=NOW - timedelta(days=5))
_SENT = registration(number="D-2", state=RegistrationState.SUBMITTED, submitted_at=NOW, opened_at=NOW)
_DECLINED = registration(number="D-3", state=RegistrationState.DECLINED, submitted_at=NOW, opened_at=NOW)
_WON = deal(number="D-4", stage=Stage.WON, won_on=TODAY)
_LATELY, _LONG_AGO = TODAY - timedelta(days=2), TODAY - timedelta(days=20)


@pytest.mark.parametrize(
    ("days", "checked", "due"),
    [(2, 0, None), (3, 0, 3), (5, 3, None), (20, 0, 14), (20, 14, None), (45, 3, 30), (400, 0, 60), (61, 60, None)],
)
def test_the_latest_day_that_has_come_is_due_once(days: int, checked: int, due: int | None) -> None:
    assert due_day(days, checked) == due


@pytest.mark.parametrize(
    ("heard", "registrations", "deals", "told", "expected"),
    [
        (None, [], [], [], Matter.NOTHING),
        (None, [], [], [Matter.NOTHING], Matter.NOTHING_AGAIN),
        (_LATELY, [], [], [], Matter.WROTE),
        (_LATELY, [], [], [Matter.WROTE], None),
        (_LONG_AGO, [], [], [], Matter.SILENT),
        (_LATELY, [_DRAFT], [], [], Matter.DRAFT),
        (_LATELY, [_DRAFT, _SENT], [], [Matter.DRAFT], Matter.DRAFT),
        (_LATELY, [_SENT], [], [], Matter.REGISTERED),
        (_LATELY, [_SENT], [], [Matter.REGISTERED], None),
        (_LONG_AGO, [_SENT], [], [Matter.REGISTERED], Matter.SILENT),
        (_LATELY, [_DECLINED], [], [], None),
        (_LONG_AGO, [_DECLINED], [], [], Matter.SILENT),
        (_LATELY, [_SENT, _DRAFT], [_WON], [], Matter.WON),
        (_LATELY, [], [_WON], [Matter.WON], None),
        (None, [], [_WON], [Matter.WON], Matter.SILENT),
    ],
    ids=[
        "nothing", "still nothing", "wrote", "wrote, told", "wrote long ago", "a draft", "a draft still", "registered",
        "registered, told", "registered, then silent", "declined", "declined, then silent", "won", "won, told",
        "won, never heard",
    ],
)  # fmt: skip
def test_what_there_is_to_say_follows_from_what_was_done(
    heard: date | None, registrations: list[object], deals: list[object], told: list[Matter], expected: Matter | None
) -> None:
    known = known_of(heard, registrations, deals, TODAY)  # type: ignore[arg-type]
    assert matter(known, told, TODAY) is expected


def test_a_draft_that_is_young_is_left_alone() -> None:
    young = registration(number="D-1", state=RegistrationState.DRAFT, opened_at=datetime.combine(TODAY, NOW.timetz()))
    assert matter(known_of(TODAY, [young], [], TODAY), [], TODAY) is None


def test_who_may_not_see_deals_is_told_of_none() -> None:
    known = known_of(_LATELY, [_DRAFT, _SENT], [_WON], TODAY)
    assert matter(known.without_deals(), [], TODAY) is None
    assert known.without_deals() == Known(_LATELY, begun=True, brought=True)
