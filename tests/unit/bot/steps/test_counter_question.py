"""What is asked back to a manager's question: the program's pages answer it, else it is the manager's to read."""

from __future__ import annotations

import pytest

from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import Intent
from crm.records import RegistrationState
from tests.builders import registration, request
from tests.unit.bot.conversation import Conversation, texts

ASKED = registration(state=RegistrationState.NEEDS_INFO, question="Who decides?")


@pytest.mark.parametrize(
    ("topic", "state", "told"),
    [
        ("How do you mean that, technically or commercially?", RegistrationState.SUBMITTED, "register.answered"),
        ("How long is an accepted registration protected?", RegistrationState.NEEDS_INFO, "program.passage"),
    ],
)
def test_it_goes_to_the_manager_unless_the_pages_answer_it(topic: str, state: RegistrationState, told: str) -> None:
    talk = Conversation()
    talk.know(ASKED)
    talk.threads["main"] = ThreadContext("main", ThreadKind.QUESTION, ("answer",), ASKED.number)
    decisions = talk.say(request(Intent.ASK_PROGRAM, topic=topic), words=topic)
    [after] = talk.registrations.values()
    assert after.state is state
    assert texts(decisions)[0] == told
    assert (topic in after.notes) is (state is RegistrationState.SUBMITTED)
