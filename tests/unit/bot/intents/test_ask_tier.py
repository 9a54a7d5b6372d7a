"""What a partner is told about its tier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.bootstrap.understanding import make_finer, make_reader
from bot.intents.ask_commission import decide as commission
from bot.intents.ask_deal_status import decide as status
from bot.intents.ask_tier import decide
from bot.ports import Readable
from bot.steps.say import Listener, say
from bot.vocabulary import wish
from bot.vocabulary.decisions import Decision, HandOver
from bot.vocabulary.facts import Facts
from bot.vocabulary.money import MoneyFacts, TierChange
from bot.vocabulary.requests import Finer, Intent, Request
from config.settings import Settings
from crm.money import Money
from crm.records import Channel, Milestone, MilestoneKind, Stage
from knowledge.commission.account import Account
from knowledge.commission.exchange import ExchangeRate, RateTable
from knowledge.programs import Programs
from knowledge.tier_review import Notice
from tests.builders import deal, euro, facts, partner, payment, program, request

Decide = Callable[[Request, Facts], Decision]
READER = make_finer(make_reader(Settings(profile="demo"), program().products))


def told(world: Facts, language: str = "en", asked: Request | None = None) -> str:
    decided = decide(asked or request(Intent.ASK_TIER), world)
    reply = say((decided,), Listener(language, Channel.EMAIL, "", "Lumora"))
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


def test_at_the_top_nothing_is_ahead_and_what_keeps_it_is_told() -> None:
    text = told(facts(partner=partner(tier="Elite")))
    assert "highest tier" in text
    assert "To keep Elite at the next review" in text
    assert "€0.00 of €400,000.00, €400,000.00 to go" in text
    assert "without giving you notice" in text


def test_who_holds_its_tier_is_told_so_and_the_lowest_one_is_never_at_stake() -> None:
    assert "enough to keep Select at the next review" in told(collected("100000"))
    assert "to keep" not in told(facts(partner=partner(tier="Registered"))).casefold()


def test_the_review_and_the_period_that_it_counts_are_told() -> None:
    assert "It counts 1 January 2026 to 31 December 2026." in told(facts())


def with_money(**changes: Any) -> Facts:
    world = collected("90000")
    account = Account(world.partner, world.deals, (*world.payments, *changes.pop("paid", ())))
    return replace(world, money=MoneyFacts(Programs((world.program,)), RateTable("EUR"), account, **changes))


def test_other_currencies_count_at_their_stored_rate() -> None:
    rates = RateTable.of("EUR", [ExchangeRate("USD", date(2026, 10, 6), Decimal("0.9"), "a bank")])
    paid = (payment(id="y-2", amount=Money(Decimal(10000), "USD"), received_on=date(2026, 10, 6)),)
    world = with_money(paid=paid)
    assert world.money is not None
    text = told(replace(world, money=replace(world.money, rates=rates)))
    assert "€99,000.00 of €400,000.00" in text
    assert "US$" not in text


CHANGES = (
    TierChange(date(2025, 2, 3), "", "Registered", "crm"),
    TierChange(date(2026, 4, 1), "Registered", "Select", "Noor owed them one."),
)


def test_since_when_the_tier_is_held_is_told_where_it_is_known() -> None:
    text = told(with_money(earlier_tiers=CHANGES))
    assert "You have had it since 1 April 2026. Before that, your tier was Registered." in text
    assert "since" not in told(with_money(earlier_tiers=CHANGES[:1]))


def test_the_history_is_told_when_it_is_asked_for_and_no_managers_reason_with_it() -> None:
    asked = replace(request(Intent.ASK_TIER), finer=Finer.TIER_HISTORY)
    text = told(with_money(earlier_tiers=CHANGES), asked=asked)
    assert "- Registered when our records begin, on 3 February 2025" in text
    assert "- since 1 April 2026: Select" in text
    assert "Noor" not in text
    assert "to go" not in text
    assert "no record of since when" in told(facts(), asked=asked)


@pytest.mark.parametrize("language", ["en", "de", "fr", "nl", "es"])
def test_a_standing_notice_is_told_with_what_the_review_of_it_will_count(language: str) -> None:
    world = with_money(tier_notice=Notice(date(2027, 4, 1), "Select", "Registered"))
    text = told(world, language)
    assert "Registered" in text
    assert "90" in text
    if language == "en":
        assert "at the review on 1 April 2027 it becomes Registered" in text
        assert "The review counts 1 April 2026 to 31 March 2027" in text


def test_a_notice_about_a_tier_that_is_no_longer_held_is_not_told() -> None:
    assert "at risk" not in told(with_money(tier_notice=Notice(date(2027, 4, 1), "Elite", "Select")))


def test_a_mark_just_below_the_limit_does_not_read_like_the_limit() -> None:
    world = with_money()
    marks = [Decimal(4), Decimal("4.4"), Decimal("4.49")]
    rated = tuple(
        Milestone(f"m-{n}", "p-1", MilestoneKind.CSAT, date(2026, 5, 1), f"h-{n}", value=mark)
        for n, mark in enumerate(marks)
    )
    assert world.money is not None
    account = replace(world.money.account, milestones=rated)
    text = told(replace(world, money=replace(world.money, account=account)))
    assert "average customer satisfaction: 4.29 of at least 4.3, 0.01 to go" in text


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


WHY = replace(request(Intent.ASK_TIER), finer=Finer.WHY_TIER)


def test_what_the_figures_are_made_of_is_told_deal_by_deal_the_largest_first() -> None:
    deals = tuple(deal(id=f"h-{n}", number=f"D-10{n:02}", customer=f"Customer {n}", stage=Stage.WON) for n in range(14))
    paid = tuple(payment(id=f"y-{n}", deal_id=f"h-{n}", amount=euro(str(1000 + n))) for n in range(14))
    text = told(facts(deals=deals, payments=paid), asked=WHY)
    assert text.index("D-1013 (Customer 13): €1,013.00") < text.index("D-1012 (Customer 12): €1,012.00")
    assert "D-1001 (" not in text
    assert "2 further deals together: €2,001.00" in text
    assert "In all: €14,091.00" in text
    assert "Certified people on file: 2." in text


def test_where_nothing_counts_it_is_said_what_would() -> None:
    text = told(facts(), asked=WHY)
    assert "Nothing counts towards your revenue from 1 January 2026 to 31 December 2026 so far." in text
    assert "the mark that we have on file" in text


def test_sums_without_a_rate_and_ratings_are_told_beside_what_counts() -> None:
    paid = (payment(id="y-2", amount=Money(Decimal(10000), "USD"), received_on=date(2026, 10, 6)),)
    world = with_money(paid=paid)
    assert world.money is not None
    rated = Milestone("m-1", "p-1", MilestoneKind.CSAT, date(2026, 9, 1), "h-1", value=Decimal("4.5"))
    account = replace(world.money.account, milestones=(rated,))
    text = told(replace(world, money=replace(world.money, account=account)), asked=WHY)
    assert "€90,000.00" in text
    assert "Not counted yet: US$10,000.00" in text
    assert "the average of the latest ratings of your projects in this period (1 rated)" in text


@pytest.mark.parametrize("language", ["en", "de", "fr", "nl", "es"])
def test_the_answer_about_the_tier_leads_to_what_it_rests_on(language: str) -> None:
    reply = say((decide(request(Intent.ASK_TIER), facts()),), Listener(language, Channel.SLACK, "", "Lumora"))
    assert reply is not None
    ((choice,),) = (group.choices for group in reply.choices)
    reading = wish.read(choice.wish)
    assert reading is not None
    assert reading.requests == (WHY,)
    typed = READER.read(Readable(choice.words, datetime(2026, 11, 27, tzinfo=UTC), Channel.SLACK))
    assert [found.finer for found in typed.requests] == [Finer.WHY_TIER]


@pytest.mark.parametrize(("intent", "answer"), [(Intent.ASK_COMMISSION, commission), (Intent.ASK_DEAL_STATUS, status)])
def test_a_tier_that_is_taken_for_a_customer_is_a_question_about_tiers(intent: Intent, answer: Decide) -> None:
    assert answer(request(intent, customer="elite"), facts()).log == "tier_told"
    own = facts(deals=(deal(customer="Elite"),))
    assert answer(request(intent, customer="Elite"), own).log != "tier_told"
