"""Only what was signed with our secret within five minutes is Slack's."""

from __future__ import annotations

import time

import pytest

from bot.channels.slack.edge.signing import is_signed, sign

BODY = b'{"type": "event_callback"}'
SECRET = "8f742231b10e8888"


def test_what_is_signed_just_now_is_slacks() -> None:
    assert is_signed(BODY, sign(BODY, SECRET, int(time.time())), SECRET)


@pytest.mark.parametrize("off", [-301, -86_400, 301, 86_400, -(10**12), 10**12])
def test_a_signature_of_another_time_is_not_taken_whether_past_or_to_come(off: int) -> None:
    assert not is_signed(BODY, sign(BODY, SECRET, int(time.time()) + off), SECRET)


def test_a_changed_body_another_secret_and_no_header_are_not_slacks() -> None:
    now = int(time.time())
    assert not is_signed(BODY + b" ", sign(BODY, SECRET, now), SECRET)
    assert not is_signed(BODY, sign(BODY, "another", now), SECRET)
    assert not is_signed(BODY, {}, SECRET)


def test_without_a_secret_nothing_is_signed_whoever_signs_with_none() -> None:
    assert not is_signed(BODY, sign(BODY, "", int(time.time())), "")
