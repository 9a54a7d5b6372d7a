"""Slack's final no reaches a manager in words that say what to do."""

from __future__ import annotations

import json

import pytest

from bot.channels.slack.api.calls import MAYBE_DONE, OPERATOR, TOO_MUCH, WAIT
from bot.channels.slack.outbound.refusals import MEANING, plainly
from tests.shared_folder import shared

OURS = {
    "as_user_not_supported", "attachment_payload_limit_exceeded", "draft_already_deleted", "draft_already_sent",
    "draft_has_conflict", "draft_not_found", "duplicate_channel_not_found", "duplicate_message_not_found",
    "invalid_blocks", "invalid_blocks_format", "invalid_metadata_format", "invalid_metadata_schema",
    "markdown_text_conflict", "metadata_must_be_sent_from_app", "metadata_too_large", "missing_file_data",
    "msg_blocks_too_long", "no_text", "send_on_behalf_not_allowed", "too_many_attachments", "too_many_contact_cards",
}  # fmt: skip
"""What only a fault of ours could bring about: nobody can mend it, and the code tells developers most."""


@pytest.mark.parametrize("error", sorted(MEANING))
def test_a_refusal_says_what_happened_and_what_to_do_and_keeps_slacks_code(error: str) -> None:
    said = plainly(error)
    assert said.endswith(f"(Slack says: {error})")
    what, _, to_do = MEANING[error].partition(". ")
    assert what
    assert to_do
    assert not MEANING[error].endswith(".")


def test_every_refusal_of_a_post_that_slack_names_is_put_in_words() -> None:
    root = shared()
    if root is None:
        pytest.skip("Slack's contract is not at hand")
    file = root / "contracts" / "slack" / "methods" / "chat.postMessage.json"
    named = set(json.loads(file.read_text(encoding="utf-8"))["errors"])
    assert named - set(MEANING) - OURS - OPERATOR - TOO_MUCH - WAIT - MAYBE_DONE == set()


def test_a_code_that_nobody_knows_is_told_as_it_is() -> None:
    assert plainly("brand_new_error") == "Slack refused it: brand_new_error"
