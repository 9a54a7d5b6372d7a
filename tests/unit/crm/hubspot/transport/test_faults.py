"""HubSpot's refusals come out as our errors, in its own words."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.adapters.hubspot.transport.faults import (
    MissingScope,
    NotInPlan,
    NotThere,
    Taken,
    TokenRefused,
    existing_id,
    fault,
    words,
)
from crm.errors import CrmError, CrmRejected, CrmUnavailable

INVALID = {
    "status": "error",
    "message": 'Property values were not valid: [{"isValid":false,"message":"2026-13-01 was not a valid date.",'
    '"error":"INVALID_DATE","name":"closedate","localizedErrorMessage":"2026-13-01 was not a valid date."},'
    '{"isValid":false,"message":"gold was not one of the allowed options","error":"INVALID_OPTION","name":"tier"}]',
    "correlationId": "7c1d-44",
    "category": "VALIDATION_ERROR",
}


def test_a_refusal_says_what_was_done_and_why_not_and_how_hubspots_support_finds_it() -> None:
    refused = fault("update an object", 400, INVALID)
    assert type(refused) is CrmRejected
    assert str(refused) == (
        "HubSpot refused to update an object: Property values were not valid: closedate: 2026-13-01 was not a valid "
        "date.; tier: gold was not one of the allowed options (correlation id 7c1d-44)"
    )


def test_properties_that_are_named_in_a_list_are_said_once() -> None:
    body = {
        "message": 'Property values were not valid: [{"message":"is required","name":"closedate"}]',
        "errors": [{"message": "is required", "context": {"propertyName": ["closedate"]}}],
    }
    assert words(body) == "Property values were not valid: closedate: is required"


def test_a_value_that_is_taken_names_the_record_that_has_it() -> None:
    said = {"message": "Contact already exists. Existing ID: 4711", "category": "CONFLICT", "correlationId": "c"}
    refused = fault("create an object", 409, said)
    assert isinstance(refused, Taken)
    assert refused.existing_id == "4711"


def test_a_value_that_is_taken_by_nobody_that_is_named_is_taken_all_the_same() -> None:
    refused = fault("create an object", 409, {"message": "already exists"})
    assert isinstance(refused, Taken)
    assert refused.existing_id is None


@pytest.mark.parametrize("said", ["Existing ID: 12", "existing object id 12", "… Existing ID:12."])
def test_the_existing_id_is_found_in_the_text(said: str) -> None:
    assert existing_id({"message": said}) == "12"


@pytest.mark.parametrize(
    "body",
    [
        {"errors": [{"message": "One or more …", "context": {"requiredGranularScopes": ["crm.objects.deals.read"]}}]},
        {"context": {"requiredScopes": ["crm.objects.deals.read"]}},
    ],
)
def test_scopes_that_the_token_lacks_are_named(body: dict[str, Any]) -> None:
    refused = fault("read an object", 403, {"message": "This app hasn't been granted …", **body})
    assert isinstance(refused, MissingScope)
    assert refused.scopes == ("crm.objects.deals.read",)
    assert "it needs crm.objects.deals.read" in str(refused)


def test_a_plan_that_does_not_have_it_is_another_matter_than_a_scope() -> None:
    refused = fault("define a label", 403, {"category": "FORBIDDEN", "message": "Not for you"})
    assert isinstance(refused, NotInPlan)


def test_what_is_not_there_is_not_there() -> None:
    assert isinstance(fault("read an object", 404, {"message": "resource not found"}), NotThere)


def test_a_token_that_is_refused_loses_nothing() -> None:
    refused = fault("read an object", 401, {"message": "expired", "correlationId": "x9"})
    assert isinstance(refused, TokenRefused)
    assert isinstance(refused, CrmUnavailable)
    assert refused.retry_after >= 60
    assert "x9" in str(refused)


def test_a_refusal_without_a_word_gives_its_status() -> None:
    assert str(fault("read an object", 418, {})) == "HubSpot refused to read an object: status 418"


def test_a_long_refusal_is_cut_with_a_sign() -> None:
    said = words({"message": "no " * 5_000})
    assert len(said) == 1_000
    assert said.endswith("…")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
_KEYS = st.sampled_from(["message", "errors", "context", "category", "correlationId", "policyName"])


@given(status=st.integers(400, 499), body=st.dictionaries(_KEYS, _JSON))
def test_whatever_hubspot_says_becomes_an_error_of_ours(status: int, body: dict[str, Any]) -> None:
    assert isinstance(fault("read an object", status, body), CrmError)


@given(rows=st.lists(_JSON), around=st.text(max_size=20))
def test_whatever_stands_in_a_message_can_be_said(rows: list[Any], around: str) -> None:
    assert len(words({"message": f"{around}: {json.dumps(rows)}"})) <= 1_000


@pytest.mark.parametrize("part", ["[{", "[{}", "[{}]", "}]", "[ ", "existing id: ", "<"])
def test_words_of_strangers_of_any_length_are_read_at_once(part: str) -> None:
    """HubSpot's messages repeat what was to be written."""
    message = f"Property values were not valid: {part * 60_000}"
    began = time.monotonic()
    assert len(words({"message": message, "errors": [{"message": message}]})) <= 1_000
    assert existing_id({"message": message}) is None
    assert time.monotonic() - began < 20
