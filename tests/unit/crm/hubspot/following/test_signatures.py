"""A call is HubSpot's where it is signed with a secret of ours, just now, and as it was addressed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.adapters.hubspot.following.signatures import SIGNATURE, TIMESTAMP, TOLERANCE, is_signed, signature

NOW = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp() * 1000))
URL = "https://partners.example.com/webhooks/hubspot"
BODY = b'[{"eventId": 1}]'
OLD, NEW = "old-secret", "new-secret"


def taken(headers: dict[str, str], url: str = URL, body: bytes = BODY, method: str = "POST") -> bool:
    return is_signed(method, [url], headers, body, (OLD, NEW), NOW)


def signed(secret: str = NEW, stamp: str = STAMP, url: str = URL, body: bytes = BODY) -> dict[str, str]:
    return {TIMESTAMP: stamp, SIGNATURE: signature("POST", url, body, stamp, secret)}


def test_the_signature_is_the_one_that_hubspot_documents() -> None:
    said = b"POST" + URL.encode() + BODY + STAMP.encode()
    expected = base64.b64encode(hmac.new(NEW.encode(), said, hashlib.sha256).digest()).decode()
    assert signature("POST", URL, BODY, STAMP, NEW) == expected


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_either_secret_proves_a_call_while_they_change(secret: str) -> None:
    assert taken(signed(secret))


@pytest.mark.parametrize("apart", [-TOLERANCE, -1, 0, 1, TOLERANCE])
def test_clocks_may_be_five_minutes_apart(apart: float) -> None:
    stamp = str(int((NOW + timedelta(seconds=apart)).timestamp() * 1000))
    assert taken(signed(stamp=stamp))


def test_characters_that_hubspot_decodes_before_it_signs_are_decoded() -> None:
    arrived = URL + "?portal=eu%3A1%2Fa%20b"
    assert taken(signed(url=URL + "?portal=eu:1/a%20b"), arrived)
    assert taken(signed(url=arrived), arrived)


RIGHT = signed()
LATER = NOW + timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("why", "headers"),
    [
        ("nothing", {}),
        ("no signature", {TIMESTAMP: STAMP}),
        ("no time", {SIGNATURE: RIGHT[SIGNATURE]}),
        ("another secret", signed("another")),
        ("an empty secret", signed("")),
        ("another body", signed(body=BODY + b" ")),
        ("another address", signed(url="https://elsewhere.example.com/webhooks/hubspot")),
        ("another scheme", signed(url=URL.replace("https", "http"))),
        ("replayed too late", signed(stamp=str(int(NOW.timestamp() * 1000) - 300_001))),
        ("from the future", signed(stamp=str(int(NOW.timestamp() * 1000) + 300_001))),
        ("a new time on an old signature", {TIMESTAMP: str(int(STAMP) + 1), SIGNATURE: RIGHT[SIGNATURE]}),
        ("seconds instead of milliseconds", signed(stamp=str(int(NOW.timestamp())))),
        ("half a signature", {TIMESTAMP: STAMP, SIGNATURE: RIGHT[SIGNATURE][:20]}),
        ("an empty signature", {TIMESTAMP: STAMP, SIGNATURE: ""}),
        ("outside ASCII", {TIMESTAMP: STAMP, SIGNATURE: "é\ud800"}),
        ("a time that is none", signed(stamp="now")),
        ("a time below zero", signed(stamp="-" + STAMP)),
        ("an endless time", {TIMESTAMP: "9" * 5000, SIGNATURE: RIGHT[SIGNATURE]}),
        ("other digits", {TIMESTAMP: "１７６４", SIGNATURE: RIGHT[SIGNATURE]}),
    ],
)
def test_whatever_else_stands_there_is_not_hubspot(why: str, headers: dict[str, str]) -> None:
    assert not taken(headers), why


def test_another_method_is_another_call() -> None:
    assert not taken(signed(), method="PUT")


def test_without_secrets_nothing_is_proven() -> None:
    assert not is_signed("POST", [URL], signed(""), BODY, (), NOW)


@given(st.dictionaries(st.sampled_from([SIGNATURE, TIMESTAMP]), st.text()), st.text(), st.binary())
def test_nothing_raises_and_nothing_passes(headers: dict[str, str], url: str, body: bytes) -> None:
    assert not is_signed("POST", [url], headers, body, (OLD, NEW), NOW)
