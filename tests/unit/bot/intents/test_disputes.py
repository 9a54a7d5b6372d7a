"""A line that the partner does not agree with: what is held, what goes on, and what is told of it later."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.intents import dispute_commission, follow_dispute
from bot.vocabulary.decisions import AwaitFields, HandOver, OpenDispute, WithdrawDispute
from bot.vocabulary.message import ThreadContext
from bot.vocabulary.requests import DisputeDetails, Finer, Intent, Request
from crm.records import Channel, ContactRight
from knowledge.commission.correcting import correction
from knowledge.commission.statement import DisputeState, StatementState
from tests.builders import contact, euro
from tests.unit.bot.intents.money_world import LINE_ACME, LINE_ORION, OCTOBER, dispute, stated, told, world
from tests.unit.bot.payouts.made import line, statement


def objection(ask: bool = False, finer: Finer | None = None, **fields: Any) -> Request:
    details = DisputeDetails(**fields)
    return Request(Intent.DISPUTE_COMMISSION, details, ask=ask, finer=finer, said="too low")


@pytest.mark.parametrize(
    "fields",
    [
        {"customer": "Acme"},
        {"deal_refs": ("D-1042",)},
        {"lines": (1,)},
        {"amounts": (Decimal("1050.00"),)},
        {"customer": "Acme", "amounts": (Decimal(1200),)},
    ],
)
def test_the_named_line_is_held_and_the_rest_goes_on(fields: dict[str, Any]) -> None:
    decision = dispute_commission.decide(objection(**fields), world(words="The Acme line is too low."))
    assert decision.commands == (OpenDispute("st-10", (LINE_ACME.key,), "The Acme line is too low."),)
    said = told(decision)
    assert "D-1042 (Acme GmbH): €1,050.00" in said
    assert "for €2,550.00 net" in said
    assert "Noor Haddad looks into it and answers you by Thursday, 3 December 2026" in said


def test_of_a_corrected_line_the_one_that_took_its_place_is_meant() -> None:
    back, right = correction(LINE_ACME, euro("1200.00"), "di-0", "a seat was missing", date(2026, 10, 30))
    later = statement(LINE_ACME, back, right, LINE_ORION, id="st-10")
    facts_ = world((later,), stated(LINE_ACME, back, right, LINE_ORION))
    decision = dispute_commission.decide(objection(customer="Acme"), facts_)
    [held] = [c for c in decision.commands if isinstance(c, OpenDispute)]
    assert held.lines == (right.key,)
    for place in (1, 2):
        assert dispute_commission.decide(objection(lines=(place,)), facts_).log == "line_asked"


def test_where_none_is_named_it_is_asked_which() -> None:
    decision = dispute_commission.decide(objection(), world())
    assert decision.commands == (AwaitFields("S-2026-10", ("dispute_line",)),)
    assert "line 2, D-2002 (Orion AG): €2,550.00" in told(decision)


def test_the_whole_statement_is_held_only_where_that_is_said() -> None:
    decision = dispute_commission.decide(objection(whole=True), world())
    [held] = [c for c in decision.commands if isinstance(c, OpenDispute)]
    assert held.lines == (LINE_ACME.key, LINE_ORION.key)
    assert "Nothing else is on S-2026-10" in told(decision)


def test_two_lines_of_one_customer_are_asked_about() -> None:
    second = line("k-3", "300.00")
    both = statement(LINE_ACME, second, id="st-10")
    decision = dispute_commission.decide(objection(customer="Acme"), world((both,), stated(LINE_ACME, second)))
    assert decision.log == "line_asked"


def test_what_only_may_be_an_objection_holds_nothing() -> None:
    decision = dispute_commission.decide(objection(ask=True, customer="Acme"), world())
    assert not any(isinstance(c, OpenDispute) for c in decision.commands)


def test_a_rest_below_the_minimum_comes_with_the_next_statement() -> None:
    small = line("k-4", "40.00", deal_number="D-2002", customer="Orion AG")
    both = statement(LINE_ACME, small, id="st-10")
    said = told(dispute_commission.decide(objection(lines=(1,)), world((both,), stated(LINE_ACME, small))))
    assert "too little to be paid by itself" in said
    assert "€40.00" in said


def test_an_invoice_that_was_sent_has_to_come_anew() -> None:
    sent = replace(OCTOBER, state=StatementState.INVOICE_RECEIVED, invoice_number="INV-7")
    assert "send us a new invoice" in told(dispute_commission.decide(objection(customer="Acme"), world((sent,))))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"disputable_until": date(2026, 11, 25)}, "possible until 25 November 2026"),
        ({"state": StatementState.APPROVED}, "is approved"),
        ({"state": StatementState.PAID}, "has been paid"),
    ],
)
def test_too_late_is_told_honestly_and_a_person_sees_it(changes: dict[str, object], said: str) -> None:
    late = replace(OCTOBER, **changes)  # type: ignore[arg-type]
    decision = dispute_commission.decide(objection(customer="Acme"), world((late,)))
    [task] = decision.commands
    assert isinstance(task, HandOver)
    assert "S-2026-10 line 1 1050.00 EUR" in task.summary
    assert said in told(decision)


def test_the_last_day_ends_at_midnight_of_the_vendor_and_counts_from_when_the_message_came() -> None:
    last = replace(OCTOBER, disputable_until=date(2026, 11, 25))
    in_time = datetime(2026, 11, 25, 22, 59, tzinfo=UTC)  # 23:59 in Brussels
    assert (
        dispute_commission.decide(objection(customer="Acme"), world((last,), received_at=in_time)).log
        == "dispute_opened"
    )
    late = datetime(2026, 11, 25, 23, 0, tzinfo=UTC)
    assert dispute_commission.decide(objection(customer="Acme"), world((last,), received_at=late)).log == "handed_over"


def test_a_line_in_dispute_is_not_disputed_twice() -> None:
    decision = dispute_commission.decide(objection(customer="Acme"), world(disputes=(dispute(),)))
    assert (decision.log, decision.commands) == ("dispute_open_already", ())
    assert "of 20 November 2026" in told(decision)


def test_a_deal_that_is_on_no_statement_goes_to_a_person_with_what_is_known() -> None:
    decision = dispute_commission.decide(objection(customer="Globex", statement_ref="S-2026-10"), world())
    assert any(isinstance(c, HandOver) for c in decision.commands)
    assert "There is no line for Globex on statement S-2026-10" in told(decision)


@pytest.mark.parametrize("number", ["S-2026-09", "S-1999-12"])
def test_a_statement_of_others_is_as_unknown_as_none(number: str) -> None:
    decision = dispute_commission.decide(objection(statement_ref=number, whole=True), world())
    assert [o.text for o in decision.outcomes] == ["payout.no_such_statement"]


def test_without_the_right_nothing_is_held() -> None:
    clerk = contact(id="c-9", main=False, rights=(ContactRight.REGISTER,))
    assert dispute_commission.decide(objection(customer="Acme"), world(contact=clerk)).log == "no_right"


def test_the_partner_can_follow_its_objections() -> None:
    upheld = dispute(
        LINE_ORION, id="di-2", state=DisputeState.UPHELD, reason="the refund came on day 40",
        resolved_at=datetime(2026, 11, 24, tzinfo=UTC),
    )  # fmt: skip
    said = told(follow_dispute.status(objection(finer=Finer.DISPUTE_STATUS), world(disputes=(dispute(), upheld))))
    assert "D-1042 (Acme GmbH): €1,050.00, open since 20 November 2026" in said
    assert "the line stays as it is. The reason: the refund came on day 40" in said


def test_the_only_open_objection_is_withdrawn() -> None:
    decision = follow_dispute.withdraw(objection(finer=Finer.WITHDRAW_DISPUTE), world(disputes=(dispute(),)))
    assert decision.commands == (WithdrawDispute("di-1"),)


def test_of_several_the_named_one_is_withdrawn_else_it_is_asked_which() -> None:
    two = world(disputes=(dispute(), dispute(LINE_ORION, id="di-2")))
    assert follow_dispute.withdraw(objection(customer="Orion"), two).commands == (WithdrawDispute("di-2"),)
    assert follow_dispute.withdraw(objection(), two).log == "dispute_asked"
    assert len(follow_dispute.withdraw(objection(whole=True), two).commands) == 2


def test_nothing_open_is_said_to_be_nothing() -> None:
    assert follow_dispute.withdraw(objection(), world()).commands == ()
    assert "no objection of yours" in told(follow_dispute.status(objection(), world()))


@pytest.mark.parametrize("language", ["en", "de", "fr", "nl", "es"])
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SLACK])
def test_every_answer_can_be_said_in_every_language(language: str, channel: Channel) -> None:
    open_one = world(disputes=(dispute(),))
    thread = world(thread=ThreadContext("t", subject_ref="S-2026-10", asked=("dispute_line",)))
    for decision in (
        dispute_commission.decide(objection(customer="Acme"), thread),
        dispute_commission.decide(objection(), thread),
        dispute_commission.decide(objection(customer="Acme"), open_one),
        dispute_commission.decide(objection(customer="Globex"), open_one),
        follow_dispute.status(objection(), open_one),
        follow_dispute.withdraw(objection(), open_one),
    ):
        assert "{" not in told(decision, language, channel)
