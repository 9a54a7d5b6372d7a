"""News on deals: written where they go on, asked where the record says otherwise, and nothing closed is reopened."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intents import update_deal
from bot.steps.decide import decide as decide_all
from bot.steps.say import Listener, say
from bot.vocabulary.decisions import AwaitFields, ChangeDeal, Decision, HandOver, SaveRegistration
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Question, ThreadContext
from bot.vocabulary.requests import AnswerFields, Finer, Intent, NoFields, Request, UpdateFields
from crm.money import Money
from crm.records import AmountBasis, Channel, Deal, RegistrationState, Stage
from tests.builders import TODAY, contact, deal, draft, euro, facts, reading, registration, request


def update(*, said: str = "", ask: bool = False, **fields: Any) -> Request:
    return replace(request(Intent.UPDATE_DEAL, ask=ask, **fields), said=said)


def change(*decisions: Decision) -> ChangeDeal:
    [made] = [c for d in decisions for c in d.commands if isinstance(c, ChangeDeal)]
    return made


def changes(*decisions: Decision) -> list[ChangeDeal]:
    return [c for d in decisions for c in d.commands if isinstance(c, ChangeDeal)]


def handed_over(decision: Decision) -> list[HandOver]:
    return [c for c in decision.commands if isinstance(c, HandOver)]


def waits(*decisions: Decision) -> AwaitFields:
    [wait] = [c for d in decisions for c in d.commands if isinstance(c, AwaitFields)]
    return wait


def told(*decisions: Decision, language: str = "en") -> str:
    reply = say(decisions, Listener(language, Channel.EMAIL, "Sara Lind", "Lumora"))
    assert reply is not None
    return " ".join(reply.text.replace("\u00a0", " ").split())


def asked_in(world: Facts, *decisions: Decision) -> Facts:
    """The world when the answer comes: the thread waits for what the decisions asked."""
    wait = waits(*decisions)
    thread = ThreadContext("t-1", asked=wait.fields, subject_ref=wait.registration_number, proposal=wait.proposal)
    return replace(world, thread=thread)


def said_yes(world: Facts) -> Decision:
    decision = update_deal.answered(True, world)
    assert decision is not None
    return decision


CLOSE = "Kind regards Lumora partner team"
OPEN = deal(stage=Stage.PROPOSAL, stage_since=date(2026, 10, 1))


# What goes on.


def test_the_next_stage_is_written_and_told_with_what_it_was() -> None:
    decision = update_deal.decide(update(deal_ref="D-1042", stage=Stage.NEGOTIATION), facts(deals=(OPEN,)))
    assert change(decision) == ChangeDeal(OPEN, replace(OPEN, stage=Stage.NEGOTIATION, stage_since=TODAY))
    assert "updated D-1042 (Acme GmbH): - Stage: proposal → negotiation" in told(decision)
    assert decision.log == "deal_updated"


def test_value_and_date_are_written_together_in_the_deals_own_currency_and_basis() -> None:
    wish = update(deal_ref="D-1042", amount=Decimal(24000), close_date=date(2027, 3, 1))
    decision = update_deal.decide(wish, facts(deals=(OPEN,)))
    assert change(decision).wanted == replace(OPEN, amount=euro(24000), close_date=date(2027, 3, 1))
    text = told(decision)
    assert "Value: €30,000.00 (per year) → €24,000.00 (per year)" in text
    assert "Close date: 31 January 2027 → 1 March 2027" in text


def test_the_stage_keeps_its_day_where_only_the_value_moves() -> None:
    decision = update_deal.decide(update(deal_ref="D-1042", amount=Decimal(31000)), facts(deals=(OPEN,)))
    assert change(decision).wanted.stage_since == OPEN.stage_since


@pytest.mark.parametrize("was", [Stage.QUALIFIED, Stage.PROPOSAL, Stage.NEGOTIATION])
def test_a_deal_may_be_put_on_hold_and_taken_up_again(was: Stage) -> None:
    held = update_deal.decide(update(customer="Acme", stage=Stage.ON_HOLD), facts(deals=(deal(stage=was),)))
    back = update_deal.decide(update(customer="Acme", stage=was), facts(deals=(change(held).wanted,)))
    assert change(back).wanted.stage is was


def test_a_deal_that_is_won_counts_from_today_and_is_told_what_comes_next() -> None:
    decision = update_deal.decide(update(customer="Acme", stage=Stage.WON), facts(deals=(OPEN,)))
    wanted = change(decision).wanted
    assert (wanted.stage, wanted.won_on, wanted.close_date) == (Stage.WON, TODAY, TODAY)
    assert "You earn your commission once the customer has paid." in told(decision)
    assert "Won on: 26 November 2026" in told(decision)


def test_it_counts_from_the_day_that_was_said() -> None:
    wish = update(customer="Acme", stage=Stage.WON, close_date=date(2026, 11, 20))
    assert change(update_deal.decide(wish, facts(deals=(OPEN,)))).wanted.won_on == date(2026, 11, 20)


def test_a_win_that_is_still_to_come_moves_the_date_only() -> None:
    wish = update(customer="Acme", stage=Stage.WON, close_date=date(2026, 12, 15))
    decision = update_deal.decide(wish, facts(deals=(OPEN,)))
    assert change(decision).wanted == replace(OPEN, close_date=date(2026, 12, 15))
    assert "counts as won once the customer has signed" in told(decision)


def test_a_lost_deal_keeps_the_partners_reason() -> None:
    wish = update(customer="Acme", stage=Stage.LOST, said="  price was\ntoo high ")
    decision = update_deal.decide(wish, facts(deals=(OPEN,)))
    assert change(decision).wanted == replace(
        OPEN, stage=Stage.LOST, stage_since=TODAY, lost_reason="price was too high"
    )
    assert "Reason: price was too high" in told(decision)
    assert "tell us why" not in told(decision)


def test_without_a_reason_it_is_asked_for_and_the_next_message_gives_it() -> None:
    world = facts(deals=(OPEN,))
    lost = update_deal.decide(update(customer="Acme", stage=Stage.LOST), world)
    assert "tell us why it was lost" in told(lost)
    later = replace(asked_in(world, lost), deals=(change(lost).wanted,), words="They went with a cheaper product.")
    [decision] = decide_all(reading(Request(Intent.OTHER, NoFields())), later)
    assert change(decision).wanted.lost_reason == "They went with a cheaper product"
    assert waits(decision).fields == ()
    again = replace(later, deals=(change(decision).wanted,))
    assert decide_all(reading(Request(Intent.OTHER, NoFields())), again)[0].log == "handed_over"


def test_a_reason_that_is_read_as_news_and_as_a_detail_is_one_answer() -> None:
    world = facts(deals=(OPEN,))
    lost = update_deal.decide(update(customer="Acme", stage=Stage.LOST), world)
    later = replace(asked_in(world, lost), deals=(change(lost).wanted,), words="Lost because of the budget.")
    wishes = [update(stage=Stage.LOST, ask=True), request(Intent.PROVIDE_FIELD)]
    [decision] = decide_all(reading(*wishes), later)
    assert change(decision).wanted.lost_reason == "Lost because of the budget"
    assert told(decision) == "Hello Sara, Thank you, we have noted the reason for D-1042 (Acme GmbH). " + CLOSE


def test_in_a_thread_that_asked_nothing_other_words_are_no_reason() -> None:
    lost = deal(stage=Stage.LOST)
    world = facts(deals=(lost,), words="Hello", thread=ThreadContext("t", subject_ref="D-1042"))
    assert changes(*decide_all(reading(Request(Intent.OTHER, NoFields())), world)) == []


def test_what_is_on_file_already_changes_nothing() -> None:
    wish = update(deal_ref="D-1042", stage=Stage.PROPOSAL, amount=Decimal("30000.00"), currency="EUR")
    decision = update_deal.decide(wish, facts(deals=(OPEN,)))
    assert decision.commands == ()
    assert "nothing to change" in told(decision)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"amount": Decimal(0)}, "greater than zero"),
        ({"amount": Decimal("NaN")}, "greater than zero"),
        ({"amount": Decimal(-5)}, "greater than zero"),
        ({"amount": Decimal(10) ** 13}, "greater than zero"),
        ({"amount": Decimal(5), "currency": "JPY"}, "We sell in"),
        ({"close_date": TODAY - timedelta(days=1)}, "lies in the past"),
    ],
)
def test_what_cannot_be_right_is_told_and_the_rest_written(fields: dict[str, Any], problem: str) -> None:
    world = facts(deals=(OPEN,))
    alone = update_deal.decide(update(deal_ref="D-1042", **fields), world)
    beside = update_deal.decide(update(deal_ref="D-1042", stage=Stage.NEGOTIATION, **fields), world)
    assert changes(alone) == []
    assert problem in told(alone)
    assert change(beside).wanted == replace(OPEN, stage=Stage.NEGOTIATION, stage_since=TODAY)
    assert problem in told(beside)


def test_a_value_without_a_currency_on_file_is_asked_for_its_currency() -> None:
    decision = update_deal.decide(update(deal_ref="D-1042", amount=Decimal(5)), facts(deals=(deal(amount=None),)))
    assert changes(decision) == []
    assert "We sell in" in told(decision)


def test_a_first_value_fills_the_empty_one() -> None:
    wish = update(deal_ref="D-1042", amount=Decimal(9000), currency="usd", amount_basis=AmountBasis.TOTAL)
    wanted = change(update_deal.decide(wish, facts(deals=(deal(amount=None, amount_basis=None),)))).wanted
    assert (wanted.amount, wanted.amount_basis) == (Money(Decimal(9000), "USD"), AmountBasis.TOTAL)


# What contradicts the record.


CONTRADICTIONS: list[tuple[dict[str, Any], str]] = [
    ({"stage": Stage.QUALIFIED}, "Stage: proposal on file, qualified in your message"),
    ({"amount": Decimal(30000), "currency": "USD"}, "€30,000.00 (per year) on file, US$30,000.00 (per year)"),
    ({"currency": "USD"}, "€30,000.00 (per year) on file, US$30,000.00 (per year)"),
    ({"amount": Decimal(60001)}, "€30,000.00 (per year) on file, €60,001.00 (per year)"),
    ({"amount": Decimal(14999)}, "€14,999.00 (per year) in your message"),
    ({"amount": Decimal(30000), "amount_basis": AmountBasis.TOTAL}, "€30,000.00 (in total) in your message"),
    ({"stage": Stage.WON, "close_date": date(2026, 8, 31)}, "Won on: 31 August 2026"),
]


@pytest.mark.parametrize(("fields", "shown"), CONTRADICTIONS)
def test_what_contradicts_the_record_is_asked_with_both_values(fields: dict[str, Any], shown: str) -> None:
    world = facts(deals=(OPEN,))
    decision = update_deal.decide(update(deal_ref="D-1042", **fields), world)
    assert changes(decision) == []
    assert waits(decision).fields == (Question.UPDATE,)
    assert shown in told(decision)
    yes = said_yes(asked_in(world, decision))
    assert change(yes).seen == OPEN
    assert change(yes).wanted != OPEN
    assert waits(yes) == AwaitFields("D-1042", ())
    [note] = handed_over(yes)
    assert (note.intent, note.deal_number) == (Intent.UPDATE_DEAL, "D-1042")
    assert note.summary.startswith("The partner confirmed a change that contradicted the record of D-1042: ")
    no = update_deal.answered(False, asked_in(world, decision))
    assert no is not None
    assert changes(no) == []
    assert handed_over(no) == []
    assert "stays as it is" in told(no)


def test_the_manager_sees_what_a_yes_changed_against_the_record() -> None:
    world = facts(deals=(OPEN,))
    wish = update(deal_ref="D-1042", amount=Decimal(90000), stage=Stage.QUALIFIED, close_date=date(2027, 2, 26))
    [note] = handed_over(said_yes(asked_in(world, update_deal.decide(wish, world))))
    assert note.summary.endswith(
        "of D-1042: stage proposal -> qualified; value EUR 30000 (annual) -> EUR 90000 (annual); "
        "close date 2027-01-31 -> 2027-02-26"
    )


@pytest.mark.parametrize("amount", [15000, 60000])
def test_up_to_double_or_half_a_value_is_news(amount: int) -> None:
    decision = update_deal.decide(update(deal_ref="D-1042", amount=Decimal(amount)), facts(deals=(OPEN,)))
    assert change(decision).wanted.amount == euro(amount)


def test_who_is_not_sure_of_what_was_meant_asks() -> None:
    world = facts(deals=(OPEN,))
    decision = update_deal.decide(update(deal_ref="D-1042", stage=Stage.NEGOTIATION, ask=True), world)
    assert changes(decision) == []
    assert "Shall we change D-1042 (Acme GmbH) as follows?" in told(decision)
    yes = said_yes(asked_in(world, decision))
    assert change(yes).wanted.stage is Stage.NEGOTIATION
    assert handed_over(yes) == [], "what goes on is no matter for the manager"


def test_a_yes_comes_through_the_thread_that_asked() -> None:
    world = facts(deals=(OPEN,))
    asked = update_deal.decide(update(deal_ref="D-1042", stage=Stage.QUALIFIED), world)
    answer = Request(Intent.ANSWER_ANNOUNCEMENT, AnswerFields("yes"), finer=Finer.CONFIRM)
    assert change(*decide_all(reading(answer), asked_in(world, asked))).wanted.stage is Stage.QUALIFIED


def test_a_deal_that_moved_in_the_crm_meanwhile_is_asked_about_anew() -> None:
    asked = update_deal.decide(update(deal_ref="D-1042", stage=Stage.QUALIFIED), facts(deals=(OPEN,)))
    moved = replace(OPEN, stage=Stage.NEGOTIATION)
    again = said_yes(asked_in(facts(deals=(moved,)), asked))
    assert changes(again) == []
    assert "negotiation on file" in told(again)
    assert change(said_yes(asked_in(facts(deals=(moved,)), again))).seen == moved


@pytest.mark.parametrize(
    "kept", ["", "x", "{}", "[]", "null", '{"deal": "D-1042", "fields": {"partner_id": ["a", "b"]}}']
)
def test_a_yes_to_nothing_changes_nothing(kept: str) -> None:
    world = facts(deals=(OPEN,), thread=ThreadContext("t", asked=(Question.UPDATE,), proposal=kept))
    assert update_deal.answered(True, world) is None


# Closed deals.


@pytest.mark.parametrize("stage", [Stage.WON, Stage.LOST])
def test_a_closed_deal_is_not_reopened_but_put_before_the_manager(stage: Stage) -> None:
    closed = deal(stage=stage)
    decision = update_deal.decide(update(deal_ref="D-1042", stage=Stage.NEGOTIATION), facts(deals=(closed,)))
    assert changes(decision) == []
    [note] = handed_over(decision)
    assert note.deal_number == "D-1042"
    assert f"which is {stage.value}, the partner now says: stage negotiation" in note.summary
    assert f"as closed (stage “{stage.value}”)" in told(decision)
    assert "Noor Haddad" in told(decision)


def test_a_yes_does_not_reopen_what_was_closed_meanwhile() -> None:
    asked = update_deal.decide(update(deal_ref="D-1042", stage=Stage.QUALIFIED), facts(deals=(OPEN,)))
    decision = said_yes(asked_in(facts(deals=(replace(OPEN, stage=Stage.LOST),)), asked))
    assert changes(decision) == []
    assert len(handed_over(decision)) == 1


def test_a_win_told_twice_is_known() -> None:
    decision = update_deal.decide(update(customer="Acme", stage=Stage.WON), facts(deals=(deal(stage=Stage.WON),)))
    assert decision.log == "deal_unchanged"


def test_why_the_crm_said_it_was_lost_before_is_not_told() -> None:
    """Colleagues write that for themselves; the deal was opened again since."""
    open_again = replace(OPEN, lost_reason="Northwind offered 12 % more to the buyer")
    wish = update(customer="Acme", stage=Stage.LOST, said="price was too high")
    decision = update_deal.decide(wish, facts(deals=(open_again,)))
    assert change(decision).wanted.lost_reason == "price was too high"
    assert "Reason: price was too high" in told(decision)
    assert "Northwind" not in told(decision)


def test_a_reason_fills_the_empty_one_of_a_lost_deal_and_replaces_none() -> None:
    wish = update(customer="Acme", stage=Stage.LOST, said="price")
    empty = update_deal.decide(wish, facts(deals=(deal(stage=Stage.LOST),)))
    known = update_deal.decide(wish, facts(deals=(deal(stage=Stage.LOST, lost_reason="budget"),)))
    assert change(empty).wanted.lost_reason == "price"
    assert changes(known) == []


# Which deal.


def test_a_foreign_and_a_made_up_number_get_the_words_of_a_question() -> None:
    theirs = deal(number="D-7", id="h-7", partner_id="p-2")
    decisions = decide_all(reading(update(deal_ref="D-7", stage=Stage.WON)), facts(deals=(OPEN, theirs)))
    made_up = update_deal.decide(update(deal_ref="D-8", stage=Stage.WON), facts(deals=(OPEN,)))
    assert changes(*decisions) == []
    assert told(*decisions).replace("D-7", "D-8") == told(made_up)


def test_one_of_several_deals_of_a_customer_is_asked_for_unless_the_thread_is_about_it() -> None:
    other = replace(OPEN, id="h-2", number="D-1043")
    world = facts(deals=(OPEN, other))
    decision = update_deal.decide(update(customer="Acme", stage=Stage.NEGOTIATION), world)
    assert changes(decision) == []
    assert "D-1042 (Acme GmbH)" in told(decision)
    assert "D-1043 (Acme GmbH)" in told(decision)
    here = replace(world, thread=ThreadContext("t", subject_ref="D-1043"))
    assert change(update_deal.decide(update(customer="Acme", stage=Stage.NEGOTIATION), here)).seen == other


def test_an_open_deal_is_meant_before_a_closed_one() -> None:
    closed = replace(OPEN, id="h-2", number="D-1043", stage=Stage.WON)
    wish = update(customer="Acme", stage=Stage.NEGOTIATION)
    assert change(update_deal.decide(wish, facts(deals=(closed, OPEN)))).seen == OPEN


def test_where_nothing_is_named_the_deal_of_the_thread_is_meant() -> None:
    other = replace(OPEN, id="h-2", number="D-1043", customer="Vega", customer_domain="vega.example")
    world = facts(deals=(OPEN, other), thread=ThreadContext("t", subject_ref="D-1043"))
    assert change(update_deal.decide(update(stage=Stage.NEGOTIATION), world)).seen == other
    nowhere = update_deal.decide(update(stage=Stage.NEGOTIATION), facts(deals=(OPEN, other)))
    assert nowhere.log == "deal_asked"


def test_the_only_open_deal_is_made_sure_of() -> None:
    decision = update_deal.decide(update(stage=Stage.NEGOTIATION), facts(deals=(OPEN,)))
    assert decision.log == "update_asked"


def test_a_number_and_a_customer_that_do_not_belong_together_are_made_sure_of() -> None:
    wish = update(deal_ref="D-1042", customer="Globex", stage=Stage.NEGOTIATION)
    assert update_deal.decide(wish, facts(deals=(OPEN,))).log == "update_asked"


def test_news_that_say_nothing_go_to_a_person() -> None:
    assert update_deal.decide(update(deal_ref="D-1042"), facts(deals=(OPEN,))).log == "handed_over"


# Registrations that are no deal yet.


def test_a_draft_takes_the_news_in() -> None:
    wish = update(customer="Orion", amount=Decimal(50000), currency="EUR", close_date=date(2027, 4, 1))
    decision = update_deal.decide(wish, facts(registrations=(draft(),)))
    [saved] = [c.registration for c in decision.commands if isinstance(c, SaveRegistration)]
    assert (saved.number, saved.amount, saved.close_date) == ("D-3001", Decimal(50000), date(2027, 4, 1))


def test_a_lost_draft_is_called_off() -> None:
    decision = update_deal.decide(update(customer="Orion", stage=Stage.LOST), facts(registrations=(draft(),)))
    assert decision.log == "called_off"


@pytest.mark.parametrize("state", [RegistrationState.SUBMITTED, RegistrationState.APPROVED])
def test_what_is_under_review_is_locked_and_the_news_a_note_for_the_manager(state: RegistrationState) -> None:
    wish = update(customer="Vega", amount=Decimal(60000), stage=Stage.NEGOTIATION)
    decision = update_deal.decide(wish, facts(registrations=(registration(state=state),)))
    [note] = handed_over(decision)
    assert "amount 60000" in note.summary
    assert "stage negotiation" in note.summary
    assert "cannot be changed at the moment" in told(decision)


@pytest.mark.parametrize("state", [RegistrationState.DECLINED, RegistrationState.WITHDRAWN, RegistrationState.EXPIRED])
def test_what_is_over_is_told_with_its_state(state: RegistrationState) -> None:
    decision = update_deal.decide(
        update(deal_ref="D-2001", stage=Stage.WON), facts(registrations=(registration(state=state),))
    )
    assert decision.commands == ()
    assert f"its status is “{state.value}”" in told(decision)


# Rights, threads and several at once.


def test_whoever_may_not_register_may_not_change_either() -> None:
    world = facts(deals=(OPEN,), contact=contact(main=False, rights=()))
    assert update_deal.decide(update(deal_ref="D-1042", stage=Stage.WON), world).log == "no_right"
    asked = update_deal.decide(update(deal_ref="D-1042", stage=Stage.QUALIFIED), facts(deals=(OPEN,)))
    assert said_yes(asked_in(world, asked)).log == "no_right"


def test_a_thread_that_waits_for_details_of_a_draft_goes_on_doing_so() -> None:
    thread = ThreadContext("t", asked=("currency", "close_date"), subject_ref="D-3001")
    world = facts(deals=(OPEN,), registrations=(draft(),), thread=thread)
    done = update_deal.decide(update(deal_ref="D-1042", stage=Stage.NEGOTIATION), world)
    asked = update_deal.decide(update(deal_ref="D-1042", stage=Stage.QUALIFIED), world)
    assert waits(done) == AwaitFields("D-3001", ("currency", "close_date"))
    assert waits(asked).fields == ("currency", "close_date", Question.UPDATE)
    assert waits(said_yes(asked_in(world, asked))) == AwaitFields("D-3001", ("currency", "close_date"))


def test_a_question_of_a_reminder_stays_open_beside_news() -> None:
    thread = ThreadContext("t", asked=(Question.EXTEND,), subject_ref="D-1042")
    decision = update_deal.decide(update(stage=Stage.NEGOTIATION), facts(deals=(OPEN,), thread=thread))
    assert waits(decision) == AwaitFields("D-1042", (Question.EXTEND,))


def test_each_of_several_deals_gets_its_line() -> None:
    other = replace(OPEN, id="h-2", number="D-1043", customer="Vega", customer_domain="vega.example")
    wishes = [update(customer="Acme", stage=Stage.NEGOTIATION), update(customer="Vega", stage=Stage.WON)]
    decisions = decide_all(reading(*wishes), facts(deals=(OPEN, other)))
    assert [c.wanted.number for c in changes(*decisions)] == ["D-1042", "D-1043"]
    assert "D-1042 (Acme GmbH)" in told(*decisions)
    assert "D-1043 (Vega)" in told(*decisions)


def test_two_news_of_one_deal_are_one_write_from_what_was_seen() -> None:
    wishes = [update(customer="Acme", stage=Stage.NEGOTIATION), update(customer="Acme", amount=Decimal(31000))]
    decisions = decide_all(reading(*wishes), facts(deals=(OPEN,)))
    assert change(*decisions).seen == OPEN
    assert change(*decisions).wanted == replace(OPEN, stage=Stage.NEGOTIATION, stage_since=TODAY, amount=euro(31000))
    assert "proposal → negotiation" in told(*decisions)
    assert "€31,000.00" in told(*decisions)


def test_one_yes_is_for_all_that_was_asked() -> None:
    other = replace(OPEN, id="h-2", number="D-1043", customer="Vega", customer_domain="vega.example")
    world = facts(deals=(OPEN, other))
    wishes = [update(customer="Acme", stage=Stage.QUALIFIED), update(customer="Vega", amount=Decimal(5))]
    decision = said_yes(asked_in(world, *decide_all(reading(*wishes), world)))
    assert {c.wanted.number: c.wanted for c in changes(decision)} == {
        "D-1042": replace(OPEN, stage=Stage.QUALIFIED, stage_since=TODAY),
        "D-1043": replace(other, amount=euro(5)),
    }
    assert [note.deal_number for note in handed_over(decision)] == ["D-1042", "D-1043"]


# Whatever partners say.

FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "stage": st.sampled_from(Stage),
        "amount": st.one_of(
            st.integers(-5, 100_000).map(Decimal),
            st.sampled_from([Decimal("NaN"), Decimal("Infinity"), Decimal("1E+20")]),
        ),
        "currency": st.sampled_from(["EUR", "USD", "usd", "JPY", "x"]),
        "amount_basis": st.sampled_from(AmountBasis),
        "close_date": st.dates(date(2026, 1, 1), date(2028, 1, 1)),
        "deal_ref": st.sampled_from(["D-1042", "D-1", "D-7", "D-9", "D-3001", "D-2001", "x"]),
        "customer": st.sampled_from(["Acme", "Vega", "Orion", "Theirs", ""]),
    },
)
MESSAGES = st.lists(
    st.one_of(
        st.lists(st.tuples(FIELDS, st.booleans(), st.sampled_from(["", "price"])), min_size=1, max_size=3),
        st.sampled_from(["yes", "no"]),
    ),
    max_size=6,
)


def _requests(message: Any) -> list[Request]:
    if isinstance(message, str):
        finer = Finer.CONFIRM if message == "yes" else Finer.DENY
        return [Request(Intent.ANSWER_ANNOUNCEMENT, AnswerFields("yes" if message == "yes" else "no"), finer=finer)]
    return [Request(Intent.UPDATE_DEAL, UpdateFields(**f), ask=ask, said=said) for f, ask, said in message]


@given(MESSAGES, st.sampled_from(Stage), st.sampled_from(Stage))
@settings(max_examples=250, deadline=None)
def test_no_messages_reopen_a_closed_deal_or_touch_anothers(messages: list[Any], first: Stage, second: Stage) -> None:
    theirs = deal(id="h-7", number="D-7", partner_id="p-2", customer="Theirs", customer_domain="theirs.example")
    held: dict[str, Deal] = {
        "h-1": deal(stage=first),
        "h-9": deal(id="h-9", number="D-1", customer="Vega", customer_domain="vega.example", stage=second),
    }
    thread = ThreadContext("t-1")
    for message in messages:
        world = facts(
            deals=(*held.values(), theirs), registrations=(draft(), registration()), thread=thread, words="words"
        )
        decisions = decide_all(reading(*_requests(message)), world)
        say(decisions, Listener("de", Channel.SLACK, "", "Lumora"))
        for made in changes(*decisions):
            assert made.seen == held[made.seen.id]
            assert made.seen.stage.open or made.wanted.stage is made.seen.stage
            assert replace(made.wanted, lost_reason="") == replace(made.seen, lost_reason="") or made.seen.stage.open
            assert _untouched(made.seen) == _untouched(made.wanted)
            held[made.seen.id] = made.wanted
        for wait in (c for d in decisions for c in d.commands if isinstance(c, AwaitFields)):
            thread = ThreadContext("t-1", None, wait.fields, wait.registration_number, proposal=wait.proposal)


def _untouched(one: Deal) -> Deal:
    """What no partner may change."""
    emptied: dict[str, Any] = dict.fromkeys(("amount", "amount_basis", "close_date", "won_on", "stage_since"))
    return replace(one, stage=Stage.WON, lost_reason="", **emptied)
