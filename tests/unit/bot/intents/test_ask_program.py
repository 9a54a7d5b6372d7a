"""Questions about the program are answered in the words of its pages, or by a person."""

from __future__ import annotations

import pytest

from bot.intents.ask_program import decide
from bot.vocabulary.decisions import HandOver
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import Intent
from tests.builders import draft, facts, request


def test_the_passage_is_quoted_word_for_word_with_its_source() -> None:
    decision = decide(request(Intent.ASK_PROGRAM, topic="how long is a registered deal protected"), facts())
    values = decision.outcomes[0].values
    assert decision.commands == ()
    assert values["passage"] == "An accepted registration is protected for 90 days from its acceptance."
    assert (values["page"], values["title"]) == ("Deal registration", "How long a deal is protected")


def test_the_page_is_quoted_in_the_language_of_the_message() -> None:
    wish = request(Intent.ASK_PROGRAM, topic="Wie lange ist ein registrierter Deal geschützt?")
    assert "90 Tage" in str(decide(wish, facts(language="de")).outcomes[0].values["passage"])


@pytest.mark.parametrize("topic", [None, "", "   ", "Connect with on-premises SQL server", "¿¿??", "x" * 50_000])
def test_what_no_page_answers_goes_to_a_person_and_nothing_is_made_up(topic: str | None) -> None:
    decision = decide(request(Intent.ASK_PROGRAM, topic=topic), facts())
    assert isinstance(decision.commands[0], HandOver)
    assert [o.text for o in decision.outcomes] == ["program.not_found", "handed_over.to_manager"]


def test_in_the_conversation_of_a_draft_what_it_lacks_is_told() -> None:
    known = draft(close_date=None)
    thread = ThreadContext("t", ThreadKind.QUESTION, ("close_date",), known.number)
    wish = request(Intent.ASK_PROGRAM, topic="what else do you need?")
    decision = decide(wish, facts(registrations=(known,), thread=thread))
    assert [o.text for o in decision.outcomes] == [
        "handed_over.to_manager", "register.draft_waits", "register.missing",
    ]  # fmt: skip
    assert isinstance(decision.commands[0], HandOver)
