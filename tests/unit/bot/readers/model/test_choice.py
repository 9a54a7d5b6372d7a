"""Which reading counts when there are two readers."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest

from bot.ports import Readable
from bot.readers.choice import Mode, choose_reader
from bot.readers.proposing import NoReading, Reason
from bot.vocabulary.message import ThreadContext
from bot.vocabulary.requests import FIELDS_OF, Intent, Reading, Request

READABLE = Readable("Top secret words", datetime(2026, 11, 26, tzinfo=UTC), thread=ThreadContext(id="t-1"))


def request(intent: Intent, confidence: float = 0.9, *, at: int = 0, ask: bool = False) -> Request:
    return Request(intent, FIELDS_OF[intent](), (at, at + 1), confidence, ask)


def reading(*requests: Request, reader: str = "builtin", expected: bool = True) -> Reading:
    return Reading("en", requests, expected, reader)


class Fixed:
    """A reader and a proposer that always says the same, or fails."""

    name = "fixed"

    def __init__(self, said: Reading | NoReading) -> None:
        self.said = said
        self.asked = 0

    def read(self, readable: Readable) -> Reading:
        self.asked += 1
        if isinstance(self.said, NoReading):
            raise self.said
        return self.said

    propose = read


SURE = reading(request(Intent.ASK_TIER))
UNSURE = reading(request(Intent.ASK_TIER, 0.4))
OTHER_VIEW = reading(request(Intent.ASK_PAYOUT), reader="model")


def chosen(mode: Mode, builtin: Reading, model: Reading | NoReading, readable: Readable = READABLE) -> Reading:
    return choose_reader(mode, Fixed(builtin), Fixed(model)).read(readable)


def test_builtin_mode_is_the_builtin_reader_itself() -> None:
    builtin = Fixed(SURE)
    assert choose_reader(Mode.BUILTIN, builtin, None) is builtin


@pytest.mark.parametrize("mode", [Mode.MODEL, Mode.BOTH])
def test_a_mode_with_a_model_needs_one(mode: Mode) -> None:
    with pytest.raises(ValueError, match=mode.value):
        choose_reader(mode, Fixed(SURE), None)


def test_model_mode_takes_the_models_reading() -> None:
    assert chosen(Mode.MODEL, SURE, OTHER_VIEW) == OTHER_VIEW


@pytest.mark.parametrize("mode", [Mode.MODEL, Mode.BOTH])
@pytest.mark.parametrize("reason", list(Reason))
def test_any_failure_leaves_the_builtin_reading(mode: Mode, reason: Reason) -> None:
    assert chosen(mode, UNSURE, NoReading(reason)) == UNSURE


@pytest.mark.parametrize("mode", [Mode.MODEL, Mode.BOTH])
def test_a_machines_mail_is_never_sent_to_a_model(mode: Mode) -> None:
    model = Fixed(OTHER_VIEW)
    machine = Readable("away", datetime(2026, 11, 26, tzinfo=UTC), automatic="auto-submitted")
    assert choose_reader(mode, Fixed(UNSURE), model).read(machine) == UNSURE
    assert model.asked == 0


def test_in_both_mode_a_sure_reading_costs_no_call() -> None:
    model = Fixed(OTHER_VIEW)
    assert choose_reader(Mode.BOTH, Fixed(SURE), model).read(READABLE) == SURE
    assert model.asked == 0


@pytest.mark.parametrize("doubt", [UNSURE, reading(request(Intent.ASK_TIER, ask=True)), reading()])
def test_in_both_mode_doubt_is_put_to_the_model(doubt: Reading) -> None:
    merged = chosen(Mode.BOTH, doubt, OTHER_VIEW)
    assert [r.intent for r in merged.requests] == [Intent.ASK_PAYOUT]
    assert merged.reader == "both"


def test_what_the_builtin_reader_is_sure_of_stands_beside_the_models_view() -> None:
    own = reading(request(Intent.REGISTER_DEAL, at=5), request(Intent.ASK_TIER, 0.3, at=9))
    proposed = reading(request(Intent.ASK_PAYOUT, at=1), request(Intent.REGISTER_DEAL, at=5), reader="model")
    merged = chosen(Mode.BOTH, own, proposed)
    assert [r.intent for r in merged.requests] == [Intent.ASK_PAYOUT, Intent.REGISTER_DEAL]
    assert merged.requests[1] == own.requests[0]


def test_other_of_the_model_does_not_stand_beside_a_sure_wish() -> None:
    own = reading(request(Intent.ASK_TIER), request(Intent.ASK_PAYOUT, 0.2))
    merged = chosen(Mode.BOTH, own, reading(request(Intent.OTHER), reader="model"))
    assert [r.intent for r in merged.requests] == [Intent.ASK_TIER]


def test_a_wish_is_always_answered_though_a_reader_asked_for_silence() -> None:
    own = reading(request(Intent.THANKS, 0.4), expected=False)
    assert chosen(Mode.BOTH, own, OTHER_VIEW).answer_expected


def test_disagreement_is_logged_without_a_word_of_the_message(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    chosen(Mode.BOTH, UNSURE, OTHER_VIEW)
    assert "ask_tier" in caplog.text
    assert "ask_payout" in caplog.text
    assert "t-1" in caplog.text
    assert "secret" not in caplog.text
