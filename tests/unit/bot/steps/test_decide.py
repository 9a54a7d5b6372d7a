"""How the requests of one message are decided together, and what those may be told who are not proven."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.steps.decide import decide, decide_for_manager, decide_unproven
from bot.vocabulary.decisions import AwaitFields, Decision, HandOver, NoteAbsence, SaveRegistration
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import ThreadContext, ThreadKind
from bot.vocabulary.requests import Absence, Intent, Request
from crm.records import Channel, ContactRight, Registration, RegistrationState
from tests.builders import FRESH, complete_deal, contact, deal, draft, facts, partner, program, reading, request


def texts(decisions: tuple[Decision, ...]) -> list[str]:
    return [o.text for d in decisions for o in d.outcomes]


def saved(decisions: tuple[Decision, ...]) -> list[Registration]:
    return [c.registration for d in decisions for c in d.commands if isinstance(c, SaveRegistration)]


def waits(decisions: tuple[Decision, ...]) -> list[AwaitFields]:
    return [c for d in decisions for c in d.commands if isinstance(c, AwaitFields)]


def test_beside_a_call_for_a_person_it_is_not_said_that_a_question_has_no_answer() -> None:
    wishes = (request(Intent.REQUEST_HUMAN), request(Intent.ASK_PROGRAM, topic="zzz"), request(Intent.ASK_TIER))
    decided = decide(reading(*wishes), facts())
    assert [t for t in texts(decided) if t.startswith(("human.", "program.", "handed_over."))] == ["human.manager"]
    assert "tier.current" in texts(decided)
    assert len([c for d in decided for c in d.commands if isinstance(c, HandOver)]) == 2
    assert "program.not_found" in texts(decide(reading(wishes[1]), facts()))


def test_several_deals_of_one_message_take_successive_numbers() -> None:
    wishes = [
        complete_deal(),
        complete_deal(customer="Helios", customer_domain="helios.example", contact_email="a@helios.example"),
        complete_deal(customer="Lyra", customer_domain="lyra.example", contact_email="a@lyra.example"),
    ]
    made = saved(decide(reading(*wishes), facts()))
    assert [(r.number, r.customer) for r in made] == [(FRESH[0], "Nova Labs"), (FRESH[1], "Helios"), (FRESH[2], "Lyra")]


def test_the_same_deal_twice_in_one_message_is_registered_once() -> None:
    decisions = decide(reading(complete_deal(), complete_deal()), facts())
    assert len(saved(decisions)) == 1
    assert texts(decisions)[-1] == "register.exists"


def test_a_second_question_sees_the_deal_that_the_first_one_opened() -> None:
    decisions = decide(reading(complete_deal(), request(Intent.ASK_COMMISSION, customer="Nova Labs")), facts())
    assert decisions[1].deal_numbers == (FRESH[0],)
    assert decisions[1].outcomes[0].text == "commission.quote"


def test_it_means_the_deal_that_was_just_opened() -> None:
    decisions = decide(reading(complete_deal(), request(Intent.ASK_COMMISSION)), facts(deals=(deal(),)))
    assert decisions[1].deal_numbers == (FRESH[0],)


def test_two_deals_with_gaps_do_not_flow_into_each_other() -> None:
    wishes = (
        request(Intent.REGISTER_DEAL, customer="Nova Labs", amount=Decimal(100), currency="EUR"),
        request(Intent.REGISTER_DEAL, contact_name="Ivo Maes", products=("Lumora Core",)),
    )
    first, second = saved(decide(reading(*wishes), facts()))
    assert (first.number, second.number) == FRESH[:2]
    assert first.contact_name == ""


def test_where_two_drafts_have_gaps_the_thread_waits_for_both_and_names_none() -> None:
    wishes = (
        complete_deal(currency=None),
        complete_deal(customer="Helios", customer_domain="helios.example", close_date=None),
    )
    [wait] = waits(decide(reading(*wishes), facts()))
    assert wait == AwaitFields("", ("currency", "close_date"))


def test_where_one_of_two_has_a_gap_the_thread_waits_for_that_one() -> None:
    wishes = (complete_deal(currency=None), complete_deal(customer="Helios", customer_domain="helios.example"))
    [wait] = waits(decide(reading(*wishes), facts()))
    assert wait == AwaitFields(FRESH[0], ("currency",))


def test_an_answer_and_a_question_in_one_message_are_both_served() -> None:
    thread = ThreadContext("t", ThreadKind.QUESTION, ("currency", "close_date"), "D-3001")
    answer = request(Intent.PROVIDE_FIELD, currency="EUR", close_date=date(2027, 3, 31))
    decisions = decide(
        reading(answer, request(Intent.ASK_TIER)), facts(registrations=(draft(),), deals=(deal(),), thread=thread)
    )
    assert saved(decisions)[0].state is RegistrationState.SUBMITTED
    assert "tier.current" in texts(decisions)


@pytest.mark.parametrize("intent", [Intent.THANKS, Intent.AUTO_REPLY])
def test_thanks_and_machines_are_logged_and_not_answered(intent: Intent) -> None:
    assert decide(reading(request(intent)), facts()) == (Decision((), (), intent.value),)


def test_nothing_is_done_or_said_where_no_answer_is_expected() -> None:
    decisions = decide(reading(complete_deal(), request(Intent.OTHER), answer_expected=False), facts())
    assert [d.log for d in decisions] == ["register_deal", "other"]
    assert all(not d.commands and not d.outcomes for d in decisions)


def test_a_message_that_nobody_understood_goes_to_a_person_and_is_answered() -> None:
    [decision] = decide(reading(), facts())
    assert isinstance(decision.commands[0], HandOver)
    assert decision.outcomes


def test_figures_are_withheld_where_outsiders_read_and_what_was_wanted_is_done_all_the_same() -> None:
    decisions = decide(reading(complete_deal(), request(Intent.ASK_DEAL_STATUS)), facts(outsiders_read=True))
    assert saved(decisions)[0].state is RegistrationState.SUBMITTED
    assert set(texts(decisions)) == {"register.received", "withheld.address"}


def test_what_is_withheld_says_who_would_read_it() -> None:
    wish = reading(request(Intent.ASK_DEAL_STATUS))
    for channel, words in ((Channel.EMAIL, "withheld.address"), (Channel.SLACK, "channel.directly")):
        assert texts(decide(wish, facts(deals=(deal(),), outsiders_read=True, channel=channel))) == [words]


def test_deciding_twice_gives_the_same() -> None:
    wish, world = reading(complete_deal(), request(Intent.ASK_TIER), request(Intent.ASK_COMMISSION)), facts()
    assert decide(wish, world) == decide(wish, world)


CLAIMED = Identity(Trust.CLAIMED, partner=partner(), contact=contact(), reason="no aligned DKIM or SPF")
UNKNOWN = Identity(Trust.UNKNOWN)


def test_a_claimed_and_an_unknown_sender_read_the_same_words() -> None:
    wish = reading(request(Intent.ASK_DEAL_STATUS, deal_ref="D-1042"))
    assert texts(decide_unproven(CLAIMED, wish)) == texts(decide_unproven(UNKNOWN, wish)) == ["unproven.not_verified"]
    assert decide_unproven(CLAIMED, wish)[0].outcomes[0].values == {}
    # In Slack no address would help.
    assert texts(decide_unproven(UNKNOWN, wish, slack_channel="C0ONE")) == ["direct.in_a_channel"]
    assert texts(decide_unproven(UNKNOWN, wish, slack_channel="D0ONE")) == ["direct.unknown"]


def test_only_behind_a_claimed_address_the_manager_is_told() -> None:
    wish = reading(request(Intent.ASK_DEAL_STATUS, deal_ref="D-1042"), request(Intent.ASK_TIER))
    [note] = decide_unproven(CLAIMED, wish)[0].commands
    assert isinstance(note, HandOver)
    assert "no aligned DKIM or SPF" in note.summary
    assert "D-1042" in note.summary
    assert decide_unproven(UNKNOWN, wish)[0].commands == ()


def test_an_unproven_wish_changes_nothing() -> None:
    for intent in Intent:
        for identity in (CLAIMED, UNKNOWN):
            for decision in decide_unproven(identity, reading(request(intent))):
                assert all(isinstance(c, HandOver) for c in decision.commands)


def test_a_proven_manager_is_told_where_managers_decide_and_a_claimed_one_is_not() -> None:
    boss = program().managers[0]
    wish = reading(request(Intent.OTHER))
    assert texts(decide_unproven(Identity(Trust.PROVEN, manager=boss), wish)) == ["manager.where_to_decide"]
    assert texts(decide_unproven(Identity(Trust.CLAIMED, manager=boss), wish)) == ["unproven.not_verified"]


@pytest.mark.parametrize("identity", [CLAIMED, UNKNOWN])
def test_an_unproven_machine_or_thanks_gets_no_answer(identity: Identity) -> None:
    assert texts(decide_unproven(identity, reading(request(Intent.AUTO_REPLY), answer_expected=False))) == []
    assert texts(decide_unproven(identity, reading(request(Intent.THANKS)))) == []


def test_a_wish_that_a_later_one_repeats_as_a_question_is_not_lost() -> None:
    asked = replace(complete_deal(), ask=True)
    decisions = decide(reading(asked, request(Intent.ASK_DEAL_STATUS, customer="Nova Labs")), facts())
    assert decisions[1].deal_numbers == (FRESH[0],)


def test_an_answer_read_in_several_parts_is_one_answer() -> None:
    """ "The contact is …; register it with 70 seats for EUR 20,000" is read as a detail and as a registration."""
    waiting = draft(customer="Vega Foods BV", customer_domain="vega.example")
    thread = ThreadContext("t-1", ThreadKind.QUESTION, ("contact_name", "amount"), waiting.number)
    parts = (
        request(Intent.PROVIDE_FIELD, contact_name="Jan Smit", contact_email="jan@vega.example", quantity=70),
        request(Intent.ASK_TIER),
        request(Intent.REGISTER_DEAL, ask=True, customer="Vega Foods", amount=Decimal(20160), currency="EUR"),
    )
    decisions = decide(reading(*parts), facts(registrations=(waiting,), thread=thread))
    (made,) = saved(decisions)
    assert (made.number, made.contact_name, made.quantity, made.amount) == (
        waiting.number,
        "Jan Smit",
        70,
        Decimal(20160),
    )
    assert "register.shall_we_of" not in texts(decisions)
    assert len(decisions) == 2


def test_a_deal_with_another_customer_is_no_part_of_the_answer() -> None:
    waiting = draft(customer="Vega Foods BV", customer_domain="vega.example")
    thread = ThreadContext("t-1", ThreadKind.QUESTION, ("amount",), waiting.number)
    parts = (request(Intent.PROVIDE_FIELD, amount=Decimal(9000), currency="EUR"), complete_deal())
    made = saved(decide(reading(*parts), facts(registrations=(waiting,), thread=thread)))
    assert {r.number for r in made} == {waiting.number, FRESH[0]}


def test_an_automatic_reply_of_a_contact_is_noted_and_not_answered() -> None:
    said = replace(
        reading(request(Intent.AUTO_REPLY), answer_expected=False), absence=Absence(date(2026, 12, 7), "Anke")
    )
    (decision,) = decide(said, facts(contact=contact()))
    assert decision.commands == (NoteAbsence("c-1", date(2026, 12, 7), "Anke"),)
    assert (decision.outcomes, decision.log) == ((), "away_until_2026-12-07")
    assert decide(replace(said, absence=None), facts(contact=contact()))[0].commands == ()


def test_a_manager_in_a_partners_channel_is_answered_and_does_nothing() -> None:
    wish = reading(request(Intent.ASK_TIER), complete_deal(), request(Intent.ASK_DEAL_STATUS))
    decisions = decide_for_manager(wish, facts(deals=(deal(),)))
    assert [c for d in decisions for c in d.commands] == []
    assert "tier.current" in texts(decisions)
    assert texts(decisions)[-1] == "manager.where_to_decide"
    assert not any(o.offers for d in decisions for o in (*d.outcomes, *d.privately))


@pytest.mark.parametrize(
    "wish",
    [
        complete_deal(),
        request(Intent.REQUEST_HUMAN),
        request(Intent.UPDATE_DEAL),
        request(Intent.UNSUBSCRIBE),
        request(Intent.DISPUTE_COMMISSION),
    ],
)
def test_what_a_manager_orders_in_a_partners_channel_leads_to_where_managers_decide(wish: Request) -> None:
    decisions = decide_for_manager(reading(wish), facts(deals=(deal(),)))
    assert texts(decisions) == ["manager.where_to_decide"]
    assert [c for d in decisions for c in d.commands] == []


def test_the_rights_of_a_contact_are_not_a_managers_in_its_channel() -> None:
    boss = contact(rights=tuple(ContactRight))
    wish = reading(request(Intent.ASK_COMMISSION))
    assert decide_for_manager(wish, facts(contact=boss)) == decide_for_manager(wish, facts(contact=None))


def test_thanks_of_a_manager_need_no_answer() -> None:
    assert texts(decide_for_manager(reading(request(Intent.THANKS), answer_expected=False), facts())) == []
