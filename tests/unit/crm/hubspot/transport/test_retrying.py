"""What each answer means for the next try."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.calls import Call
from crm.adapters.hubspot.transport.retrying import SECONDS, TRIES, Trouble, lost, not_sent, trouble
from crm.errors import CrmOutcomeUnknown, CrmUnavailable

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
FOR_READING, FOR_CREATING = calls.READ, calls.CREATE


def found(status: int, body: dict[str, str] | None, told: str = "", tried: int = 1) -> Trouble:
    headers = {"retry-after": told} if told else {}
    trouble_ = trouble(status, headers, body, tried, NOW)
    assert trouble_ is not None
    return trouble_


@pytest.mark.parametrize(
    ("policy", "told", "tried", "wait", "closes"),
    [
        ("TEN_SECONDLY_ROLLING", "", 1, 10, "burst"),
        ("TEN_SECONDLY_ROLLING", "", 2, 20, "burst"),
        ("TEN_SECONDLY_ROLLING", "3", 2, 3, "burst"),
        ("SECONDLY", "", 1, 1, "search"),
        ("SECONDLY", "", 3, 3, "search"),
        ("SECONDLY", "0.5", 1, 0.5, "search"),
        ("", "", 1, 10, "burst"),
        ("A_NEW_ONE", "7", 1, 7, "burst"),
    ],
)
def test_each_limit_is_waited_for_and_closed_for_everybody(
    policy: str, told: str, tried: int, wait: float, closes: str
) -> None:
    said = found(429, {"policyName": policy}, told, tried)
    assert (said.wait, said.closes, said.sent) == (wait, closes, False)


def test_the_days_limit_closes_the_day() -> None:
    said = found(429, {"policyName": "DAILY"}, told="5")
    assert said.closes == "daily"
    assert not said.may_repeat(FOR_READING, 1, 0.0)


@pytest.mark.parametrize(
    ("status", "told", "tried", "wait"),
    [(423, "", 1, 2), (423, "", 2, 4), (423, "1", 1, 2), (423, "9", 1, 9), (477, "", 1, 10), (477, "1800", 1, 1800)],
)
def test_locked_records_and_moved_accounts_are_waited_for(status: int, told: str, tried: int, wait: float) -> None:
    said = found(status, {}, told, tried)
    assert said.wait == wait
    assert not said.sent


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 521, 524, 599])
def test_a_failing_server_may_have_done_it(status: int) -> None:
    said = found(status, {"correlationId": "abc"})
    assert said.sent
    assert said.wait == 0.2
    assert "abc" in said.why


def test_a_failing_server_that_says_how_long_is_believed() -> None:
    assert found(503, {}, told="4").wait == 4


@pytest.mark.parametrize("status", [200, 207, 400, 403, 404, 409])
def test_what_can_be_read_is_an_answer(status: int) -> None:
    assert trouble(status, {}, {"message": "…"}, 1, NOW) is None


@pytest.mark.parametrize("status", [200, 404])
def test_what_cannot_be_read_is_none(status: int) -> None:
    """A proxy's page with status 404 does not mean that there is no such deal."""
    said = found(status, None)
    assert said.sent


def test_no_redirect_is_followed() -> None:
    said = found(302, {})
    assert not said.may_repeat(FOR_READING, 1, 0.0)
    assert "elsewhere" in said.why


@pytest.mark.parametrize("call", [calls.CREATE, calls.BATCH_CREATE, calls.CREATE_PROPERTY])
def test_what_may_have_been_created_is_never_sent_again(call: Call) -> None:
    said = lost("torn", 1)
    assert not said.may_repeat(call, 1, 0.0)
    assert isinstance(said.error(call), CrmOutcomeUnknown)


@pytest.mark.parametrize("call", [calls.READ, calls.BATCH_UPSERT, calls.UPDATE, calls.LINK_LABELLED])
def test_what_can_be_repeated_is(call: Call) -> None:
    said = lost("torn", 1)
    assert said.may_repeat(call, 1, 0.0)
    assert isinstance(said.error(call), CrmUnavailable)


@pytest.mark.parametrize("said", [not_sent("refused", 1), found(429, {}), found(423, {}), found(477, {})])
def test_what_was_surely_not_carried_out_is_repeated_even_for_a_create(said: Trouble) -> None:
    assert said.may_repeat(FOR_CREATING, 1, 0.0)
    assert isinstance(said.error(FOR_CREATING), CrmUnavailable)


def test_the_tries_and_the_time_of_a_call_have_an_end() -> None:
    said = lost("torn", 1)
    assert not said.may_repeat(FOR_READING, TRIES, 0.0)
    assert not said.may_repeat(FOR_READING, 1, SECONDS)


def test_one_who_comes_back_is_told_when() -> None:
    refused = found(477, {}, told="1200").error(FOR_READING)
    assert isinstance(refused, CrmUnavailable)
    assert refused.retry_after == 1200


@pytest.mark.parametrize("told", ["86400", "Fri, 04 Dec 2026 12:00:00 GMT"])
def test_nobody_stays_away_for_longer_than_an_hour_or_a_minute_for_a_window(told: str) -> None:
    assert found(477, {}, told).wait == 3600
    assert found(429, {}, told).wait == 60
    assert found(429, {"policyName": "SECONDLY"}, told).wait == 60


@pytest.mark.parametrize(
    ("told", "wait"),
    [
        ("Fri, 27 Nov 2026 12:00:08 GMT", 8),
        ("Fri, 27 Nov 2026 11:00:00 GMT", 0),
        ("soon", 10),
        ("-5", 0),
        ("nan", 10),
        ("inf", 10),
        ("1795780800000", 10),
    ],
)
def test_how_long_to_wait_is_read_as_number_or_date(told: str, wait: float) -> None:
    assert found(429, {}, told).wait == wait


@given(told=st.text(max_size=40), status=st.integers(300, 599), tried=st.integers(1, 5))
def test_no_wait_is_below_zero(told: str, status: int, tried: int) -> None:
    said = trouble(status, {"retry-after": told}, {}, tried, NOW)
    assert said is None or said.wait >= 0
