"""What a partner is told about its tier."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bot.intents.ask_tier import decide
from bot.steps.say import Listener, say
from bot.vocabulary.decisions import HandOver
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Intent
from crm.money import Money
from crm.records import Channel, Stage
from tests.builders import deal, euro, facts, partner, payment, request


def told(world: Facts, language: str = "en") -> str:
    reply = say((decide(request(Intent.ASK_TIER), world),), Listener(language, Channel.EMAIL, "", "Lumora"))
    assert reply is not None
    return reply.text


def collected(amount: str) -> Facts:
    return facts(deals=(deal(stage=Stage.WON),), payments=(payment(amount=euro(amount)),))


def test_the_tier_its_benefits_the_gap_and_the_review_are_told_with_figures() -> None:
    text = told(collected("150000"))
    assert "Your tier is Select." in text
    assert "- named partner manager" in text
    assert "revenue won and collected: €150,000.00 of €400,000.00, €250,000.00 to go" in text
    assert "average customer satisfaction: 4.4 of at least 4.3, met" in text
    assert "certified people: 2 of 3, 1 to go" in text
    assert "1 January 2027" in text


def test_a_partner_without_ratings_is_not_said_to_have_none_of_a_mark() -> None:
    assert "no ratings of yours" in told(facts(partner=partner(csat=None)))


def test_who_meets_everything_is_told_so() -> None:
    world = facts(
        partner=partner(certified_people=3), deals=(deal(stage=Stage.WON),), payments=(payment(amount=euro(400000)),)
    )
    assert "You currently meet everything that Elite takes." in told(world)


def test_at_the_top_nothing_is_missing() -> None:
    text = told(facts(partner=partner(tier="Elite")))
    assert "highest tier" in text
    assert "to go" not in text


def test_money_in_other_currencies_is_named_and_not_added() -> None:
    world = facts(
        deals=(deal(stage=Stage.WON),),
        payments=(payment(), payment(id="y-2", amount=Money(Decimal(9000), "USD"), received_on=date(2026, 10, 6))),
    )
    text = told(world)
    assert "€10,000.00 of €400,000.00" in text
    assert "US$9,000.00" in text


def test_benefits_are_told_in_the_readers_language() -> None:
    assert "fester Partnermanager" in told(facts(), "de")


def test_a_tier_that_the_program_does_not_know_is_a_persons_to_explain() -> None:
    assert isinstance(decide(request(Intent.ASK_TIER), facts(partner=partner(tier="Platinum"))).commands[0], HandOver)
