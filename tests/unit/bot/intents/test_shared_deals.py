"""A deal of another partner, asked about by its customer's name: its partner's part is told, and nothing else of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.intents import ask_commission, why_commission
from bot.vocabulary.decisions import Decision
from bot.vocabulary.facts import Facts
from bot.vocabulary.requests import Finer, Intent, WhatIfFields
from crm.records import Attribution, Deal, DealPartner, Stage
from knowledge.commission.account import Line
from tests.builders import euro, request
from tests.unit.bot.intents.money_world import LINE_ACME, LINE_ORION, globex, stated, told, world
from tests.unit.bot.payouts.made import line

SECRETS = ("D-7777", "p-2", "1,234", "14,400", "Lumora Core", "their note")
LINE = line("k-9", "70.00", deal_id="h-9", deal_number="", customer="Umbra Works", event="pay-9")


def shared(stage: Stage = Stage.WON, **changes: Any) -> Deal:
    made = replace(
        globex(), id="h-9", number="D-7777", partner_id="p-2", customer="Umbra Works", customer_domain="umbra.example",
        stage=stage, won_on=date(2026, 9, 1) if stage is Stage.WON else None, margin=euro(1234),
        others=(DealPartner("p-1", Attribution.INFLUENCED),), internal_notes="their note",
    )  # fmt: skip
    return replace(made, **changes)


def with_part(deal: Deal, *lines: Line) -> Facts:
    made = world(lines=(*stated(LINE_ACME, LINE_ORION), *stated(*lines)))
    assert made.money is not None
    account = replace(made.money.account, deals=(*made.money.account.deals, deal))
    return replace(made, money=replace(made.money, account=account))


def asked(facts: Facts, customer: str = "Umbra Works", **fields: Any) -> Decision:
    return ask_commission.decide(request(Intent.ASK_COMMISSION, customer=customer, **fields), facts)


@pytest.mark.parametrize("customer", ["Umbra Works", "umbra", "umbra.example"])
def test_its_own_lines_are_told_by_the_customers_name(customer: str) -> None:
    decision = asked(with_part(shared(), LINE), customer)
    said = told(decision)
    assert decision.log == "commission_told"
    assert decision.deal_numbers == ()
    assert "Umbra Works" in said
    assert "€70.00" in said
    assert "S-2026-10" in said
    assert not [word for word in SECRETS if word in said]


def test_of_an_open_one_the_sum_alone_is_told() -> None:
    said = told(asked(with_part(shared(Stage.PROPOSAL))))
    assert "You take part in Umbra Works" in said
    assert "€720.00" in said
    assert not [word for word in SECRETS if word in said]


def test_one_without_a_value_says_that_nothing_can_be_said_yet() -> None:
    said = told(asked(with_part(shared(Stage.PROPOSAL, amount=None, quantity=None))))
    assert "once its value is known" in said


def test_how_it_ended_for_the_other_partner_is_not_told() -> None:
    said = told(asked(with_part(shared(Stage.LOST))))
    assert "Umbra Works" in said
    assert "lost" not in said
    assert said == told(asked(world()))


def test_why_explains_its_own_line() -> None:
    wish = replace(request(Intent.ASK_COMMISSION, customer="Umbra Works"), finer=Finer.WHY_COMMISSION)
    decision = why_commission.decide(wish, with_part(shared(), LINE))
    assert decision.log == "derivation_told"
    assert "€70.00" in told(decision)
    assert "D-7777" not in told(decision)


def test_what_it_would_be_if_it_were_another_deal_is_the_other_partners_to_ask() -> None:
    facts = with_part(shared(Stage.PROPOSAL))
    wish = replace(
        request(Intent.ASK_COMMISSION), fields=WhatIfFields(customer="Umbra Works", seats=80), finer=Finer.WHAT_IF
    )
    decision = ask_commission.what_if(wish, facts)
    assert decision.log == "status_unknown"
    assert "720" not in told(decision)


def test_a_deal_in_which_it_has_no_part_stays_unknown() -> None:
    assert told(asked(with_part(shared()), "Nimbus")) == told(asked(world(), "Nimbus"))


@pytest.mark.parametrize("language", ["de", "fr", "nl", "es"])
@pytest.mark.parametrize("stage", [Stage.PROPOSAL, Stage.WON])
def test_it_can_be_said_in_every_language(language: str, stage: Stage) -> None:
    for deal in (shared(stage), shared(stage, amount=None, quantity=None)):
        said = told(asked(with_part(deal)), language)
        assert "Umbra Works" in said
        assert "{" not in said
