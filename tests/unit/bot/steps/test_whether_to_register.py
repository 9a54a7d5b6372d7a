"""What is answered to whether a deal is to be registered at all: yes, no, or details that say one of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.vocabulary.requests import AnswerFields, Finer, Intent, Request
from crm.records import Registration, RegistrationState
from tests.builders import complete_deal, request
from tests.unit.bot.conversation import Conversation, texts

YES = Request(Intent.ANSWER_ANNOUNCEMENT, AnswerFields("yes"), finer=Finer.CONFIRM)
NO = Request(Intent.ANSWER_ANNOUNCEMENT, AnswerFields("no"), finer=Finer.DENY)
MORE = request(Intent.PROVIDE_FIELD, quantity=60)


def after(*said: Request) -> tuple[Registration, list[str]]:
    """The deal about which it was asked, and what is then told."""
    talk = Conversation()
    talk.say(replace(complete_deal(), ask=True))
    told = texts(talk.say(*said))
    [deal] = talk.registrations.values()
    return deal, told


@pytest.mark.parametrize("said", [(YES, MORE), (MORE, YES), (MORE,)])
def test_details_are_a_yes_and_are_kept(said: tuple[Request, ...]) -> None:
    deal, told = after(*said)
    assert (deal.state, deal.quantity) == (RegistrationState.SUBMITTED, 60)
    assert told.count("register.received") == 1


def test_a_no_with_details_may_be_a_correction_and_is_asked_again_with_them() -> None:
    deal, told = after(MORE, NO)
    assert (deal.state, deal.quantity) == (RegistrationState.DRAFT, 60)
    assert told[0] == "register.shall_we_of"
    assert "register.called_off" not in told


def test_a_no_alone_ends_it() -> None:
    deal, told = after(NO)
    assert (deal.state, told) == (RegistrationState.WITHDRAWN, ["register.called_off"])
