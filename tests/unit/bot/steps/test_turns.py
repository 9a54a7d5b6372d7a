"""Conversations about registrations over several turns: details in bits, corrections, interruptions, colleagues."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.intents.phrases import text
from bot.vocabulary.decisions import AwaitFields, HandOver
from bot.vocabulary.message import Question, ThreadContext, ThreadKind
from bot.vocabulary.requests import AnswerFields, DealFields, Finer, Intent, NoFields, Request, UpdateFields
from crm.records import Channel, RegistrationState, Stage
from tests.builders import NOW, complete_deal, contact, draft, registration, request
from tests.unit.bot.conversation import Conversation, texts

NEEDS_INFO = registration(
    state=RegistrationState.NEEDS_INFO, question="Who signs?", priority_at=registration().submitted_at
)
COLLEAGUE = contact(id="c-2", name="Tom Beck", email="tom@brightpath.example", main=False)


def asked_back() -> Conversation:
    talk = Conversation(now=NOW + timedelta(days=1))
    talk.know(NEEDS_INFO)
    talk.threads["main"] = ThreadContext("main", ThreadKind.QUESTION, ("answer",), "D-2001")
    return talk


def test_a_deal_in_bits_is_asked_for_three_things_at_a_time_in_slack_until_it_is_whole() -> None:
    talk = Conversation(Channel.SLACK)
    talk.say(request(Intent.REGISTER_DEAL, customer="Nova Labs"))
    assert talk.asked() == ("customer_domain", "contact_name", "contact_email")
    talk.say(request(Intent.PROVIDE_FIELD, contact_name="Lena Braun", contact_email="lena@novalabs.example"))
    assert talk.asked() == ("amount", "currency", "close_date", "products")
    talk.say(request(Intent.PROVIDE_FIELD, amount=Decimal(36000), currency="EUR", close_date=date(2027, 2, 26)))
    assert talk.asked() == ("products",)
    talk.say(request(Intent.PROVIDE_FIELD, products=("Lumora Core",)))
    [done] = talk.registrations.values()
    assert done.state is RegistrationState.SUBMITTED
    assert (done.priority_at, done.submitted_at) == (NOW + timedelta(minutes=10), NOW + timedelta(minutes=20))


@pytest.mark.parametrize(
    "question",
    [
        request(Intent.ASK_DEAL_STATUS),
        request(Intent.ASK_COMMISSION),
        request(Intent.ASK_TIER),
        request(Intent.ASK_PROGRAM, topic="protection"),
        request(Intent.REQUEST_HUMAN),
    ],
)
def test_another_question_in_between_leaves_open_what_was_asked(question: Request) -> None:
    talk = Conversation()
    talk.say(complete_deal(contact_name=None))
    before = talk.threads["main"]
    talk.say(question)
    assert talk.threads["main"] == before
    talk.say(request(Intent.PROVIDE_FIELD, contact_name="Lena Braun"))
    assert [r.state for r in talk.registrations.values()] == [RegistrationState.SUBMITTED]


def test_back_to_an_earlier_draft_by_its_customer() -> None:
    talk = Conversation()
    talk.say(complete_deal(customer="Globex", customer_domain="globex.example", contact_name=None, contact_email=None))
    talk.say(complete_deal(close_date=None))  # a second one, which the thread now waits for
    talk.say(request(Intent.ASK_DEAL_STATUS, customer="Nova Labs"))
    back = request(
        Intent.PROVIDE_FIELD, customer="Globex", contact_name="Hank Scorpio", contact_email="hank@globex.example"
    )
    talk.say(back)
    states = {r.customer: r.state for r in talk.registrations.values()}
    assert states == {"Globex": RegistrationState.SUBMITTED, "Nova Labs": RegistrationState.DRAFT}
    assert talk.asked() == ("close_date",)  # and the thread still waits for the other


def test_a_colleague_in_a_new_thread_goes_on_with_the_draft_that_he_names() -> None:
    talk = Conversation()
    talk.say(complete_deal(currency=None, close_date=None))
    talk.say(request(Intent.REGISTER_DEAL, customer="Nova Labs", currency="EUR"), thread="his", by=COLLEAGUE)
    [held] = talk.registrations.values()
    assert (held.currency, held.contact_id) == ("EUR", "c-1")
    assert talk.asked("his") == ("close_date",)
    talk.say(request(Intent.PROVIDE_FIELD, close_date=date(2027, 2, 26)))  # the first one, in her own thread
    assert [r.state for r in talk.registrations.values()] == [RegistrationState.SUBMITTED]


def test_a_correction_in_a_draft_says_what_changed() -> None:
    talk = Conversation()
    talk.say(complete_deal(close_date=None))
    decisions = talk.say(request(Intent.PROVIDE_FIELD, quantity=60))
    [changed] = [o for d in decisions for o in d.outcomes if o.text == "register.changed"]
    assert changed.values["changes"] == (text("register.change", label=text("field.quantity"), new=60, old=80),)


def test_a_correction_read_as_news_of_a_deal_corrects_the_awaited_draft() -> None:
    talk = Conversation()
    talk.say(complete_deal(close_date=None))
    talk.say(Request(Intent.UPDATE_DEAL, UpdateFields(amount=Decimal(40000), currency="EUR")))
    assert [r.amount for r in talk.registrations.values()] == [Decimal(40000)]


@pytest.mark.parametrize("label", [Intent.PROVIDE_FIELD, Intent.REGISTER_DEAL])
def test_a_correction_of_what_is_under_review_is_a_note_for_the_manager(label: Intent) -> None:
    talk = Conversation()
    talk.say(complete_deal())
    talk.know(draft())  # which lacks nothing that is said here, and is not meant
    before = dict(talk.registrations)
    decisions = talk.say(request(label, quantity=60))
    assert talk.registrations == before
    [note] = [c for d in decisions for c in d.commands if isinstance(c, HandOver)]
    assert "quantity 60" in note.summary
    assert texts(decisions) == ["register.locked", "handed_over.to_manager"]


def test_the_same_again_of_what_is_under_review_points_to_it() -> None:
    talk = Conversation()
    talk.say(complete_deal())
    assert texts(talk.say(request(Intent.PROVIDE_FIELD, quantity=80))) == ["register.exists"]


def test_a_person_who_gives_up_and_comes_back_registers_anew() -> None:
    talk = Conversation()
    talk.say(complete_deal(currency=None))
    talk.say(Request(Intent.OTHER, NoFields(), finer=Finer.WITHDRAW))
    talk.say(complete_deal(), later=timedelta(days=1))
    first, second = talk.registrations.values()
    assert (first.state, second.state) == (RegistrationState.WITHDRAWN, RegistrationState.SUBMITTED)
    assert first.number != second.number
    assert second.priority_at == second.submitted_at


@pytest.mark.parametrize(
    "answer",
    [
        request(Intent.OTHER),
        request(Intent.PROVIDE_FIELD, contact_name="Ada Voss"),
        request(Intent.UPDATE_DEAL, close_date=date(2027, 5, 31)),
        request(Intent.REGISTER_DEAL, customer="Vega Foods", quantity=120),
        request(Intent.ANSWER_ANNOUNCEMENT, answer="yes"),
        Request(Intent.OTHER, NoFields(), finer=Finer.CONFIRM),
    ],
)
def test_whatever_is_written_to_a_managers_question_is_its_answer(answer: Request) -> None:
    talk = asked_back()
    decisions = talk.say(answer, words="Ada Voss signs,\n the CFO.", by=COLLEAGUE)
    [again] = talk.registrations.values()
    assert again.state is RegistrationState.SUBMITTED
    assert again.notes == "Answer to the question “Who signs?”: Ada Voss signs, the CFO."
    assert (
        again.priority_at == NEEDS_INFO.priority_at
    )  # its place among rivals stays, the round of approvals is a new one
    assert again.submitted_at == talk.now
    assert again.decide_by == date(2026, 12, 1)  # two business days from the answer
    assert texts(decisions)[:2] == ["register.answered", "register.decision_again"]
    assert talk.asked() == ()


def test_news_of_it_in_another_thread_answers_the_question_too() -> None:
    talk = asked_back()
    news = Request(Intent.UPDATE_DEAL, UpdateFields(customer="Vega Foods", amount=Decimal(50000), currency="EUR"))
    talk.say(news, thread="elsewhere", words="Vega is worth 50,000 EUR now")
    again = talk.registrations["D-2001"]
    assert (again.state, again.amount) == (RegistrationState.SUBMITTED, Decimal(50000))


def test_words_that_nobody_could_read_are_an_answer_too() -> None:
    talk = asked_back()
    talk.say(words="n/a")
    assert talk.registrations["D-2001"].notes.endswith("n/a")


def test_details_in_an_answer_are_taken_over_and_read_back() -> None:
    talk = asked_back()
    decisions = talk.say(request(Intent.PROVIDE_FIELD, amount=Decimal(50000), currency="EUR"), words="50k")
    assert talk.registrations["D-2001"].amount == Decimal(50000)
    assert texts(decisions)[-1] == "register.changed"


def test_an_answer_makes_no_other_customers_deal_of_it() -> None:
    talk = asked_back()
    talk.say(request(Intent.PROVIDE_FIELD, customer_domain="globex.example", customer="Vega Foods"), words="globex")
    assert talk.registrations["D-2001"].customer_domain == "vega.example"


def test_an_answer_in_words_that_comes_after_another_one_is_read_by_a_person() -> None:
    talk = asked_back()
    talk.say(request(Intent.PROVIDE_FIELD), words="Ada Voss", thread="elsewhere", by=COLLEAGUE)
    talk.threads["main"] = ThreadContext("main", ThreadKind.QUESTION, ("answer",), "D-2001")
    talk.know(replace(NEEDS_INFO, state=RegistrationState.SUBMITTED))
    decisions = talk.say(request(Intent.PROVIDE_FIELD), words="The CFO signs")
    [note] = [c for d in decisions for c in d.commands if isinstance(c, HandOver)]
    assert note.deal_number == "D-2001"
    assert texts(decisions) == ["handed_over.to_manager"]


def test_another_question_is_no_answer_to_the_manager() -> None:
    talk = asked_back()
    talk.say(request(Intent.ASK_DEAL_STATUS), words="Where does it stand?")
    assert talk.registrations["D-2001"] == NEEDS_INFO
    assert talk.asked() == ("answer",)


def test_another_deal_in_that_thread_is_no_answer_either() -> None:
    talk = asked_back()
    talk.say(complete_deal(), words="register Nova Labs")
    assert talk.registrations["D-2001"] == NEEDS_INFO
    assert len(talk.registrations) == 2


def test_a_withdrawal_is_no_answer() -> None:
    talk = asked_back()
    talk.say(Request(Intent.UPDATE_DEAL, UpdateFields(), finer=Finer.WITHDRAW), words="withdraw it")
    assert talk.registrations["D-2001"].state is RegistrationState.WITHDRAWN


def test_of_two_drafts_of_one_customer_it_is_asked_which() -> None:
    talk = Conversation()
    talk.know(draft(), draft(number="D-3002", products=("Lumora Insights",)))
    decisions = talk.say(request(Intent.REGISTER_DEAL, customer="Orion AG", currency="EUR"))
    assert texts(decisions) == ["provide.which"]
    talk.say(request(Intent.PROVIDE_FIELD, customer="Orion AG", products=("Lumora Insights",), currency="EUR"))
    assert [r.currency for r in talk.registrations.values()] == ["", "EUR"]


def test_a_draft_that_turns_out_to_be_another_draft_flows_into_it() -> None:
    talk = Conversation()
    talk.know(draft(number="D-3002", quantity=None))
    talk.threads["main"] = ThreadContext("main", ThreadKind.QUESTION, ("customer",), "D-3003")
    talk.know(draft(number="D-3003", customer="", customer_domain="", quantity=70, currency="USD"))
    talk.say(request(Intent.PROVIDE_FIELD, customer="Orion AG"))
    one, other = talk.registrations["D-3002"], talk.registrations["D-3003"]
    assert (one.state, one.quantity) == (RegistrationState.DRAFT, 70)
    assert (other.state, other.reason) == (RegistrationState.WITHDRAWN, "own_duplicate")
    assert talk.threads["main"].subject_ref == "D-3002"


def test_a_question_with_a_proposal_goes_before_the_gaps_of_a_draft() -> None:
    talk = Conversation()
    talk.know(registration(state=RegistrationState.APPROVED, protected_until=date(2027, 2, 16)))
    decisions = talk.say(
        Request(Intent.UPDATE_DEAL, UpdateFields(deal_ref="D-2001"), finer=Finer.WITHDRAW),
        complete_deal(currency=None),
    )
    [wait] = [c for d in decisions for c in d.commands if isinstance(c, AwaitFields)]
    assert (wait.registration_number, wait.fields) == ("D-2001", (Question.WITHDRAW,))
    talk.say(Request(Intent.OTHER, NoFields(), finer=Finer.CONFIRM))
    assert talk.registrations["D-2001"].state is RegistrationState.WITHDRAWN


def test_without_the_right_to_register_nothing_is_stored_and_the_main_contact_is_named() -> None:
    talk = Conversation()
    junior = replace(COLLEAGUE, rights=())
    for wish in (complete_deal(), request(Intent.PROVIDE_FIELD, quantity=3)):
        decisions = talk.say(wish, by=junior)
        assert texts(decisions)[0] == "rights.register"
    assert talk.registrations == {}


def test_the_same_again_takes_over_the_deal_of_the_thread() -> None:
    talk = Conversation()
    talk.say(complete_deal())
    again = Request(Intent.REGISTER_DEAL, DealFields(customer="Globex"), finer=Finer.REPEAT)
    talk.say(again)
    globex = list(talk.registrations.values())[1]
    assert (globex.quantity, globex.contact_name, globex.priority_at) == (80, "", None)
    assert talk.threads["main"].subject_ref == globex.number


def asked_whether() -> Conversation:
    """A draft that the agent was not told to register, and that lacks its close date."""
    talk = Conversation()
    talk.say(replace(complete_deal(close_date=None), ask=True))
    assert talk.asked() == ("close_date", Question.REGISTER)
    return talk


def test_details_of_a_deal_say_that_it_is_wanted() -> None:
    talk = asked_whether()
    talk.say(request(Intent.PROVIDE_FIELD, close_date=date(2027, 2, 26)))
    assert [r.state for r in talk.registrations.values()] == [RegistrationState.SUBMITTED]


def test_a_yes_leaves_only_the_details_to_be_asked_for() -> None:
    talk = asked_whether()
    decisions = talk.say(Request(Intent.OTHER, NoFields(), finer=Finer.CONFIRM))
    assert texts(decisions)[0] == "register.draft_opened_of"
    assert talk.asked() == ("close_date",)


YES = Request(Intent.ANSWER_ANNOUNCEMENT, AnswerFields("yes"), finer=Finer.CONFIRM)


def test_a_yes_with_details_is_one_answer() -> None:
    talk = asked_whether()
    details = request(Intent.REGISTER_DEAL, ask=True, close_date=date(2027, 2, 26))
    [decision] = talk.say(YES, details)
    assert decision.log == "registration_submitted"


def test_a_yes_said_twice_is_one_answer() -> None:
    talk = Conversation()
    talk.say(replace(complete_deal(), ask=True))
    [decision] = talk.say(YES, request(Intent.REGISTER_DEAL, ask=True))
    assert decision.log == "registration_submitted"


def test_a_no_ends_it() -> None:
    talk = asked_whether()
    talk.say(Request(Intent.OTHER, NoFields(), finer=Finer.DENY))
    assert [r.state for r in talk.registrations.values()] == [RegistrationState.WITHDRAWN]
    assert talk.asked() == ()


@pytest.mark.parametrize(
    ("finer", "state"), [(Finer.CONFIRM, RegistrationState.SUBMITTED), (Finer.DENY, RegistrationState.WITHDRAWN)]
)
def test_one_yes_or_no_answers_for_all_deals_of_the_message(finer: Finer, state: RegistrationState) -> None:
    talk = Conversation()
    other = complete_deal(customer="Helios", customer_domain="helios.example", contact_email="a@helios.example")
    talk.say(replace(complete_deal(), ask=True), replace(other, ask=True))
    talk.say(Request(Intent.OTHER, NoFields(), finer=finer))
    assert [r.state for r in talk.registrations.values()] == [state, state]


def test_a_loss_told_beside_a_withdrawal_is_its_reason() -> None:
    talk = Conversation()
    talk.know(registration())
    lost = Request(Intent.UPDATE_DEAL, UpdateFields(customer="Vega Foods", stage=Stage.LOST), ask=True)
    away = Request(Intent.UPDATE_DEAL, UpdateFields(customer="Vega Foods"), finer=Finer.WITHDRAW)
    assert texts(talk.say(away, lost)) == ["withdraw.done"]


@pytest.mark.parametrize(
    "said", [{"contact_name": "yes"}, {"contact_name": "Ja."}, {"customer": "nova.example, a@nova.example"}]
)
def test_what_nobody_is_called_is_no_name(said: dict[str, Any]) -> None:
    talk = Conversation()
    talk.say(request(Intent.REGISTER_DEAL, **said))
    [made] = talk.registrations.values()
    assert (made.customer, made.contact_name) == ("", "")


def test_who_withdraws_what_we_asked_about_is_not_told_that_details_were_unread() -> None:
    talk = Conversation()
    talk.say(complete_deal(close_date=None))
    withdrawal = Request(Intent.UPDATE_DEAL, UpdateFields(), finer=Finer.WITHDRAW)
    decision = talk.say(request(Intent.PROVIDE_FIELD), withdrawal)
    assert texts(decision) == ["withdraw.done_draft"]
