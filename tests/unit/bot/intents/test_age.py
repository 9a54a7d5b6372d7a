"""An answer says how old it is where it rests on a CRM that has been away for long, once, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.steps.decide import decide
from bot.steps.say import Listener, say
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Intent, Request, StatusFields, UpdateFields
from crm.records import Channel, Stage
from tests.builders import NOW, deal, facts, reading

ASKED = Request(Intent.ASK_DEAL_STATUS, StatusFields(deal_ref="D-1042"))
AWAY = replace(facts(deals=(deal(),)), as_of=NOW - timedelta(hours=2))


def told(known: Facts, *requests: Request) -> list[str]:
    decided = decide(reading(*requests), known)
    return [outcome.text for decision in decided for outcome in decision.outcomes]


def test_while_the_crm_is_away_a_status_says_as_of_when_it_is() -> None:
    assert told(AWAY, ASKED) == ["status.one", "status.as_of"]


def test_it_is_said_once_for_all_that_was_asked() -> None:
    assert told(AWAY, ASKED, Request(Intent.ASK_DEAL_STATUS, StatusFields())).count("status.as_of") == 1


def test_it_is_not_said_while_the_crm_answers() -> None:
    assert "status.as_of" not in told(replace(AWAY, as_of=None), ASKED)


def test_it_is_not_said_of_what_shows_nothing_of_the_crm() -> None:
    unknown = Request(Intent.ASK_DEAL_STATUS, StatusFields(deal_ref="D-9999"))
    update = Request(Intent.UPDATE_DEAL, UpdateFields(deal_ref="D-1042", stage=Stage.WON))
    assert "status.as_of" not in told(AWAY, unknown)
    assert "status.as_of" not in told(AWAY, update)


@pytest.mark.parametrize("language", ["en", "de", "fr", "nl", "es"])
def test_it_is_said_with_day_and_hour_in_every_language(language: str) -> None:
    decided = decide(replace(reading(ASKED), language=language), AWAY)
    reply = say(decided, Listener(language, Channel.EMAIL, "Sara", "Lumora", time_zone="Europe/Brussels"))
    assert reply is not None
    assert "2026" in reply.text
    assert any(hour in reply.text for hour in ("8:00", "08:00", "08.00", "8 h"))
