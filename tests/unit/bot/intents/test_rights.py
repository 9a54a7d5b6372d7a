"""Without the right to something a contact is told who has it, and nothing else."""

from __future__ import annotations

import pytest

from bot.intents.rights import refused
from bot.texts.catalogue import LANGUAGES, catalogue
from crm.records import ContactRight
from tests.builders import contact, facts

MAIN = contact()
JUNIOR = contact(id="c-2", name="Tom Beck", email="tom@brightpath.example", main=False, rights=())


def test_whoever_has_the_right_goes_on() -> None:
    assert refused(ContactRight.REGISTER, facts()) is None


@pytest.mark.parametrize("right", list(ContactRight))
def test_whoever_has_it_not_learns_who_may(right: ContactRight) -> None:
    decision = refused(right, facts(contact=JUNIOR, colleagues=(JUNIOR, MAIN)))
    assert decision is not None
    assert decision.commands == ()
    assert [o.text for o in decision.outcomes] == [f"rights.{right.value}", "rights.ask_main"]
    assert decision.outcomes[1].values["main"] == "Sara Lind"


def test_a_main_contact_who_left_is_not_named() -> None:
    gone = contact(active=False)
    decision = refused(ContactRight.REGISTER, facts(contact=JUNIOR, colleagues=(gone, JUNIOR)))
    assert decision is not None
    assert decision.outcomes[1].text == "rights.ask_manager"


def test_without_main_contact_and_manager_the_team_is_named() -> None:
    decision = refused(ContactRight.REGISTER, facts(contact=JUNIOR, colleagues=(), manager=None))
    assert decision is not None
    assert decision.outcomes[1].text == "rights.ask_team"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("right", list(ContactRight))
def test_every_right_has_its_words(right: ContactRight, language: str) -> None:
    assert catalogue().template(language, f"rights.{right.value}")
