"""What a partner hears of its money: one deal, all of them, why, what if, statements, documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.intents import ask_commission, ask_payout, earned, send_document, why_commission
from bot.steps.decide import decide
from bot.vocabulary.decisions import DocumentKind, SendDocument
from bot.vocabulary.message import ThreadContext
from bot.vocabulary.requests import CommissionFields, Finer, Intent, PayoutFields, Request, WhatIfFields
from crm.records import Attribution, Channel, ContactRight, DealPartner, Stage
from knowledge.commission.derivation import Derivation, Said, step
from knowledge.commission.statement import LineState, StatementState
from tests.builders import contact, euro, facts, payment, reading, request
from tests.unit.bot.intents.money_world import LINE_ACME, LINE_ORION, OCTOBER, dispute, globex, stated, told, world
from tests.unit.bot.payouts.made import line, statement

LANGUAGES = ("en", "de", "fr", "nl", "es")


def wish(finer: Finer, intent: Intent = Intent.ASK_COMMISSION, **fields: Any) -> Request:
    return replace(request(intent, **fields), finer=finer)


def what_if(**fields: Any) -> Request:
    return Request(Intent.ASK_COMMISSION, WhatIfFields(**fields), finer=Finer.WHAT_IF)


def test_a_won_deal_is_told_line_by_line_with_where_each_stands() -> None:
    said = told(ask_commission.decide(request(Intent.ASK_COMMISSION, customer="Acme"), world()))
    assert "12 October 2026: €1,050.00, on statement S-2026-10, which waits for your invoice" in said
    assert "still to come: €4,200.00, once the customer has paid" in said
    assert "In all: €5,250.00" in said
    assert "day 5 of the next" in said


def test_what_is_paid_is_told_with_its_day_and_statement() -> None:
    paid = replace(OCTOBER, state=StatementState.PAID, paid_on=date(2026, 11, 20), reference="SEPA-77")
    facts_ = world((paid,), stated(LINE_ACME, LINE_ORION, state=LineState.PAID))
    said = told(ask_commission.decide(request(Intent.ASK_COMMISSION, customer="Acme"), facts_))
    assert "paid on 20 November 2026 with statement S-2026-10" in said


def test_what_was_earned_since_the_last_run_is_on_the_next_statement() -> None:
    facts_ = world((), (), payments=(payment(amount=euro(6000), received_on=date(2026, 11, 10)),))
    said = told(ask_commission.decide(request(Intent.ASK_COMMISSION, customer="Acme"), facts_))
    assert "10 November 2026: €1,050.00, will be on the statement of 5 December 2026" in said


def test_an_open_deal_is_expected_with_its_derivation() -> None:
    said = told(ask_commission.decide(request(Intent.ASK_COMMISSION, customer="Globex"), world()))
    assert "If it closes as entered, you would earn €2,520.00 on D-3003 (Globex)" in said
    assert "17.5%" in said


def test_what_an_open_deal_would_bring_is_told_with_when() -> None:
    said = told(ask_commission.decide(request(Intent.ASK_COMMISSION, customer="Globex"), world()))
    assert "Commission is earned as the customer's payments are collected." in said
    assert "day 5 of the next" in said
    assert "30 days after we approve your invoice" in said


def test_of_a_sum_in_parts_each_waits_for_its_own_condition() -> None:
    parts = step("amount", "r", Said.PART, euro(4), share=Decimal("0.4"), total=euro(10), result=euro(4))
    quoted = earned.derived("commission.quote", "Globex", Derivation(euro(10), None, (parts,), "Services", "1"))
    assert earned.is_in_parts(quoted)
    assert not earned.is_in_parts(
        earned.derived("commission.quote", "Globex", Derivation(euro(10), None, (), "Services", "1"))
    )


def test_why_so_little_tells_what_is_still_to_come() -> None:
    said = told(why_commission.decide(wish(Finer.WHY_COMMISSION, customer="Acme"), world()))
    assert "came about" in said
    assert "€4,200.00, once the customer has paid" in said


def test_all_sums_stand_in_one_table_by_where_they_are() -> None:
    decision = ask_commission.earnings(wish(Finer.EARNINGS), world())
    said = told(decision)
    assert decision.log == "earnings_told"
    assert "expected" in said
    assert "€2,520.00" in said
    assert "pending" in said
    assert "€3,600.00" in said
    assert "D-3003 (Globex): €2,520.00, if it closes as entered" in said


def test_a_balance_below_the_minimum_is_carried_and_said_to_be() -> None:
    small = line("k-9", "49.99", earned_on=date(2026, 10, 3))
    said = told(ask_payout.decide(request(Intent.ASK_PAYOUT), world((), stated(small, state=LineState.EARNED, on=""))))
    assert "€49.99 is earned and below the minimum payout of €50.00" in said


def test_a_negative_balance_is_told_with_its_reason() -> None:
    back = line("k-9", "-2322.00", earned_on=date(2026, 10, 3))
    said = told(ask_payout.decide(request(Intent.ASK_PAYOUT), world((), stated(back, state=LineState.EARNED, on=""))))
    assert "-€2,322.00" in said
    assert "set off against what you earn next" in said


def test_why_tells_the_derivation_of_the_line() -> None:
    decision = why_commission.decide(wish(Finer.WHY_COMMISSION, customer="Acme"), world())
    said = told(decision)
    assert decision.log == "derivation_told"
    assert "This is how the €1,050.00 of 12 October 2026 on D-1042 (Acme GmbH) came about" in said
    assert "rate of the plan: 15%" in said


def test_why_in_the_thread_of_a_statement_explains_its_lines() -> None:
    facts_ = world(thread=ThreadContext("t", subject_ref="S-2026-10"))
    said = told(why_commission.decide(wish(Finer.WHY_COMMISSION), facts_))
    assert "(Acme GmbH)" in said
    assert "(Orion AG)" in said


def test_more_seats_at_the_same_price_are_compared_with_the_deal_as_it_is() -> None:
    said = told(ask_commission.what_if(what_if(customer="Globex", seats=80), world()))
    assert "With 80 seats, D-3003 (Globex) would earn you €4,032.00" in said  # 17.5 % of 23,040
    assert "As it stands it would be €2,520.00" in said
    assert "Nothing has been changed" in said


def test_another_tier_and_a_lower_price_change_the_figure() -> None:
    elite = told(ask_commission.what_if(what_if(customer="Globex", tier="elite"), world()))
    assert "With the tier Elite, D-3003 (Globex) would earn you €2,880.00" in elite  # 20 % of 14,400
    less = told(ask_commission.what_if(what_if(customer="Globex", less_percent=Decimal(20)), world()))
    assert "With 20% less, D-3003 (Globex) would earn you €2,016.00" in less


def test_what_if_saves_nothing_and_knows_no_foreign_customer() -> None:
    assert ask_commission.what_if(what_if(customer="Globex", seats=80), world()).commands == ()
    decision = ask_commission.what_if(what_if(customer="Zephyr", seats=80), world())
    assert [o.text for o in decision.outcomes] == ["status.no_such_customer"]


def test_seats_alone_are_computed_at_list_price() -> None:
    said = told(ask_commission.what_if(what_if(products=("Lumora Core",), seats=100), world(deals=(globex(),))))
    assert "such a deal would earn you €5,040.00" in said  # 17.5 % of 100 x 24 x 12


def test_a_statement_is_told_by_its_month() -> None:
    said = told(ask_payout.decide(request(Intent.ASK_PAYOUT, period="2026-10"), world()))
    assert "Status: waits for your invoice" in said
    assert "Total, net of VAT: €3,600.00" in said
    assert "invoices@lumora.example" in said


def test_what_was_paid_is_told_with_its_reference() -> None:
    paid = replace(OCTOBER, state=StatementState.PAID, paid_on=date(2026, 11, 20), reference="SEPA-77")
    said = told(ask_payout.decide(request(Intent.ASK_PAYOUT, statement_ref="s 2026 10"), world((paid,))))
    assert "Status: paid on 20 November 2026" in said
    assert "Payment reference: SEPA-77" in said


def test_many_statements_are_a_table() -> None:
    several = [
        statement(LINE_ACME, id=f"st-{n}", number=f"S-2026-{n:02d}", period=f"2026-{n:02d}") for n in range(1, 11)
    ]
    said = told(ask_payout.decide(request(Intent.ASK_PAYOUT, period="2026"), world(several)))
    assert "S-2026-01" in said
    assert "S-2026-10" in said
    assert "waits for your invoice" in said


@pytest.mark.parametrize("number", ["S-2026-09", "S-2026-10-USD", "S-1999-01"])
def test_a_foreign_statement_is_as_unknown_as_one_that_does_not_exist(number: str) -> None:
    foreign = replace(OCTOBER, id="st-x", number="S-2026-09", partner_id="p-2")
    facts_ = world((OCTOBER, foreign))
    asked = Request(Intent.ASK_PAYOUT, PayoutFields(statement_ref=number))
    [decision] = decide(reading(asked), facts_)
    assert [o.text for o in decision.outcomes] == ["payout.no_such_statement"]


def test_money_of_somebody_else_never_becomes_an_answer() -> None:
    theirs = line("k-x", "9999.00", partner_id="p-2", customer="Secret Corp", deal_number="D-9999")
    facts_ = world(
        lines=(*stated(LINE_ACME, LINE_ORION), *stated(theirs)), disputes=(dispute(theirs, partner_id="p-2"),)
    )
    everything = Request(Intent.ASK_COMMISSION, CommissionFields(), finer=Finer.EARNINGS)
    for asked in (everything, request(Intent.ASK_PAYOUT)):
        said = "\n".join(told(decision) for decision in decide(reading(asked), facts_))
        assert "9,999" not in said
        assert "Secret" not in said


def test_without_the_right_no_figure_is_told_but_finance_sees_statements() -> None:
    clerk = contact(id="c-9", main=False, rights=(ContactRight.REGISTER,))
    assert ask_payout.decide(request(Intent.ASK_PAYOUT), world(contact=clerk)).log == "no_right"
    assert ask_commission.earnings(wish(Finer.EARNINGS), world(contact=clerk)).log == "no_right"
    made = world(contact=clerk)
    finance = replace(made, partner=replace(made.partner, finance_contact_id="c-9"))
    assert ask_payout.decide(request(Intent.ASK_PAYOUT), finance).log == "payout_told"


def test_where_others_read_no_figure_is_told() -> None:
    [decision] = decide(reading(wish(Finer.EARNINGS)), world(outsiders_read=True, channel=Channel.SLACK))
    assert {o.text for o in decision.outcomes} == {"channel.directly"}


def test_a_statement_is_attached_to_the_answer_and_the_latest_where_none_is_named() -> None:
    decision = send_document.statement(wish(Finer.SEND_STATEMENT, Intent.ASK_PAYOUT), world(language="de"))
    assert decision.commands == (SendDocument(DocumentKind.STATEMENT, "st-10", "de"),)


def test_in_slack_a_statement_goes_to_the_finance_contact() -> None:
    finance = contact(id="c-2", name="Finn", email="finance@brightpath.example", main=False)
    made = world(channel=Channel.SLACK, colleagues=(contact(), finance))
    made = replace(made, partner=replace(made.partner, finance_contact_id="c-2"))
    decision = send_document.statement(wish(Finer.SEND_STATEMENT, Intent.ASK_PAYOUT), made)
    assert "finance@brightpath.example" in told(decision)
    outside = send_document.statement(wish(Finer.SEND_STATEMENT, Intent.ASK_PAYOUT), replace(made, outsiders_read=True))
    assert outside.commands == ()


def test_the_plan_is_attached_with_what_it_pays_in_short() -> None:
    decision = send_document.plan(wish(Finer.SEND_PLAN), world())
    assert [c.kind for c in decision.commands if isinstance(c, SendDocument)] == [DocumentKind.PLAN]
    assert "17.5% of the first year's recurring revenue" in told(decision)


def test_without_an_account_a_person_answers_as_before() -> None:
    assert ask_payout.decide(request(Intent.ASK_PAYOUT), facts()).log == "handed_over"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SLACK])
def test_every_answer_can_be_said_in_every_language(language: str, channel: Channel) -> None:
    facts_ = world(disputes=(dispute(),))
    for decision in (
        ask_commission.earnings(wish(Finer.EARNINGS), facts_),
        ask_commission.decide(request(Intent.ASK_COMMISSION, customer="Acme"), facts_),
        ask_commission.what_if(
            what_if(customer="Globex", seats=80, less_percent=Decimal(5), tier="Elite", months=36), facts_
        ),
        why_commission.decide(wish(Finer.WHY_COMMISSION, customer="Acme"), facts_),
        ask_payout.decide(request(Intent.ASK_PAYOUT), facts_),
        send_document.plan(wish(Finer.SEND_PLAN), facts_),
    ):
        said = told(decision, language, channel)
        assert "{" not in said
        assert "D-" in said or "S-2026-10" in said or "2026" in said


@pytest.mark.parametrize("stage", [Stage.PROPOSAL, Stage.WON])
def test_a_deal_of_another_partner_is_told_without_its_number(stage: Stage) -> None:
    shared = replace(
        globex(), id="h-9", number="D-7777", partner_id="p-2", customer="Umbra", stage=stage,
        won_on=date(2026, 9, 1) if stage is Stage.WON else None,
        others=(DealPartner("p-1", Attribution.INFLUENCED),), margin=euro(1234),
    )  # fmt: skip
    made = world()
    assert made.money is not None
    account = replace(made.money.account, deals=(*made.money.account.deals, shared))
    facts_ = replace(made, money=replace(made.money, account=account))
    said = told(ask_commission.earnings(wish(Finer.EARNINGS), facts_))
    assert "Umbra: " in said
    assert "D-7777" not in said
    assert "1,234" not in said
