"""An announcement as a post in a channel: what stands where, and a long one in its thread."""

from __future__ import annotations

from typing import Any

from bot.channels.slack.blocks.announced import Around, announced
from tests.fakes.slack.contract import block_faults

AROUND = Around("From Noor Haddad, Lumora", "How to stop these: write “unsubscribe”.", "Continued in the thread.")
YES_NO = [{"id": "0b9c1a52-93c1-4a6a-9d0f-5a7e3b1c2d4e", "prompt": "", "labels": [["Yes", "primary"], ["No", ""]]}]


def kinds(blocks: list[dict[str, Any]]) -> list[str]:
    return [str(block["type"]) for block in blocks]


def test_who_says_it_stands_above_and_how_to_stop_it_below_what_may_be_pressed() -> None:
    (post,) = announced("Spring webinar", "Will you **join**?", AROUND, YES_NO)
    assert kinds(post.blocks) == ["header", "context", "rich_text", "actions", "context"]
    assert post.blocks[1]["elements"][0]["text"] == AROUND.byline
    assert post.blocks[-1]["elements"][0]["text"] == AROUND.stop
    assert post.text == "Spring webinar\n\nFrom Noor Haddad, Lumora\n\nWill you join?"
    assert block_faults(post.blocks) == []


def test_a_long_text_goes_on_below_and_is_answered_above() -> None:
    first, *more = announced("News", "\n\n".join(["word " * 500] * 40), AROUND, YES_NO)
    assert len(more) > 5
    assert "Continued in the thread." in str(first.blocks)
    assert "actions" in kinds(first.blocks)
    assert not any("actions" in kinds(post.blocks) for post in more)
    assert [fault for post in (first, *more) for fault in block_faults(post.blocks)] == []


def test_the_subject_is_said_once_and_a_question_in_full() -> None:
    around = Around("From Noor", "Stop", "More", call="Which day suits you? Please answer in the thread.")
    (post,) = announced("News", "# News\n\nText.", around)
    assert kinds(post.blocks) == ["header", "context", "rich_text", "rich_text", "context"]
    assert "Which day suits you?" in str(post.blocks[3])


def test_words_of_others_are_no_marks_in_what_notifications_show() -> None:
    (post,) = announced("<!channel> & co", "a" * 4_000, AROUND)
    assert len(post.text) < 3_000
    assert post.blocks[0]["text"] == {"type": "plain_text", "text": "<!channel> & co", "emoji": False}
