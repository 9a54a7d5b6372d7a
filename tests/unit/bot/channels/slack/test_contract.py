"""The fake Slack holds requests to Slack's contract: what breaks it is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fakes.slack.contract import faults
from tests.shared_folder import shared

POST = {"channel": "C1", "text": "hi", "unfurl_links": "false"}


def section(**text: Any) -> str:
    return json.dumps([{"type": "section", "text": {"type": "mrkdwn", "text": "hi", **text}}])


def test_a_good_request_breaks_nothing() -> None:
    assert faults("chat.postMessage", {**POST, "blocks": section()}) == []


def test_a_block_that_is_too_long_is_told_even_without_the_contract() -> None:
    assert faults("chat.postMessage", {**POST, "blocks": section(text="x" * 3001)}) != []


@pytest.mark.shared
@pytest.mark.parametrize(
    "arguments",
    [
        {"text": "no channel"},
        {**POST, "outbox_id": "41"},
        {**POST, "unfurl_links": "maybe"},
        {**POST, "metadata": json.dumps({"event_type": "x"})},
        {**POST, "blocks": section(type="html")},
    ],
)
def test_what_breaks_slacks_contract_is_told(arguments: dict[str, str]) -> None:
    if shared() is None:
        pytest.skip("Slack's contract is not at hand")
    assert faults("chat.postMessage", arguments) != []
