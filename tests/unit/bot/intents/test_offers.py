"""What may be pressed below an answer: it stands with its question, means what its words say, and can be typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bot.bootstrap.understanding import make_finer, make_reader
from bot.intents.offers import answerable
from bot.ports import Readable, Reader
from bot.steps.decide import decide
from bot.steps.say import Listener, say
from bot.steps.understand import for_reader
from bot.texts.catalogue import LANGUAGES, catalogue
from bot.vocabulary import wish
from bot.vocabulary.decisions import AwaitFields, Outcome
from bot.vocabulary.facts import Facts
from bot.vocabulary.message import Question, ThreadContext, ThreadKind
from bot.vocabulary.reply import Choices, Reply, Style
from bot.vocabulary.requests import CommissionFields, DisputeDetails, Finer, Intent, Reading, Request, UpdateFields
from config.settings import Settings
from crm.records import Channel, RegistrationState
from tests.builders import complete_deal, deal, facts, program, reading, registration, request

SLACK = facts(
    channel=Channel.SLACK,
    deals=(deal(), deal(id="h-2", number="D-1043", customer="Acme GmbH")),
    registrations=(
        registration(
            number="D-1042", customer="Acme GmbH", customer_domain="acme.example", state=RegistrationState.APPROVED,
            protected_until=date(2027, 2, 16),
        ),
    ),
)  # fmt: skip
LISTENER = Listener("en", Channel.SLACK, "Sara Lind", "Lumora", judges=True)


def answer(said: Reading, known: Facts = SLACK, listener: Listener = LISTENER) -> Reply:
    reply = say(decide(said, known), listener)
    assert reply is not None
    return reply


def labels(group: Choices) -> list[str]:
    return [choice.label for choice in group.choices]


def test_a_question_for_a_yes_has_a_yes_and_a_no_and_is_not_judged() -> None:
    reply = answer(reading(replace(complete_deal(), ask=True)), facts(channel=Channel.SLACK))
    (group,) = reply.choices
    assert group.answers
    assert labels(group) == ["Yes, register it", "No"]
    assert [choice.words for choice in group.choices] == ["Yes, please register it.", "No, thank you."]
    meant = [wish.read(choice.wish) for choice in group.choices]
    assert [found.requests[0].finer for found in meant if found] == [Finer.CONFIRM, Finer.DENY]
    assert reply.judged == ()


def test_by_mail_nothing_is_pressed() -> None:
    listener = replace(LISTENER, channel=Channel.EMAIL)
    assert answer(reading(replace(complete_deal(), ask=True)), facts(), listener).choices == ()


def test_an_answer_that_asks_nothing_may_be_judged() -> None:
    assert answer(reading(request(Intent.ASK_TIER))).judged == ("Helpful", "Not helpful")
    assert answer(reading(request(Intent.ASK_TIER)), SLACK, replace(LISTENER, judges=False)).judged == ()


@pytest.mark.parametrize("question", Question)
def test_each_question_has_its_own_answers_in_every_language(question: Question) -> None:
    (outcome,) = answerable((Outcome("question.unclear"),), AwaitFields("D-1", ("amount", question)))
    yes, no = outcome.offers
    assert yes.answers
    assert no.answers
    assert yes.style is (Style.DANGER if question is Question.WITHDRAW else Style.PRIMARY)
    for language in LANGUAGES:
        for offer in (yes, no):
            assert catalogue().template(language, str(offer.label["text"]))
            assert catalogue().template(language, str(offer.words["text"]))


@pytest.mark.parametrize("offer", ["lead.offer", "lead.offer_plain", "lead.shall_we_assign"])
def test_a_lead_that_is_offered_is_taken_or_left(offer: str) -> None:
    (outcome,) = answerable((Outcome(offer),), AwaitFields("L-1042", (Question.LEAD,)))
    labels = [catalogue().template("en", str(one.label["text"])) for one in outcome.offers]
    assert labels == ["Take the lead", "No, thank you"]
    assert [one.requests[0].finer for one in outcome.offers] == [Finer.CONFIRM, Finer.DENY]
    assert all(catalogue().template(code, str(one.label["text"])) for code in LANGUAGES for one in outcome.offers)


@pytest.mark.parametrize("wait", [None, AwaitFields("D-1", ()), AwaitFields("D-1", ("amount", "currency"))])
def test_what_is_asked_in_words_has_no_buttons(wait: AwaitFields | None) -> None:
    assert answerable((Outcome("status.none"),), wait) == (Outcome("status.none"),)


def test_which_deal_is_meant_is_chosen_with_all_that_was_said_of_it() -> None:
    fields = UpdateFields(customer="Acme", amount=Decimal(50000), currency="EUR")
    told = Request(Intent.UPDATE_DEAL, fields)
    (group,) = answer(reading(told)).choices
    assert not group.answers
    assert labels(group) == ["D-1043 (Acme GmbH)", "D-1042 (Acme GmbH)"]
    chosen = wish.read(group.choices[0].wish)
    assert chosen is not None
    (meant,) = chosen.requests
    assert (meant.intent, meant.fields) == (
        Intent.UPDATE_DEAL,
        replace(fields, deal_ref="D-1043", customer=None),
    )


def test_how_a_figure_comes_about_is_behind_a_button_and_said_at_once_by_mail() -> None:
    asked = request(Intent.ASK_COMMISSION, customer="Acme GmbH")
    one_deal = replace(SLACK, deals=SLACK.deals[:1])
    reply = answer(reading(asked), one_deal)
    assert "rate of the plan" not in reply.text
    (group,) = reply.choices
    assert labels(group) == ["Show how"]
    assert group.choices[0].words == "How is the commission on D-1042 (Acme GmbH) worked out?"
    pressed = wish.read(group.choices[0].wish)
    assert pressed is not None
    (meant,) = pressed.requests
    assert (meant.finer, meant.fields) == (Finer.WHY_COMMISSION, DisputeDetails(deal_refs=("D-1042",)))
    by_mail = replace(one_deal, channel=Channel.EMAIL)
    assert "rate of the plan" in answer(reading(asked), by_mail, replace(LISTENER, channel=Channel.EMAIL)).text


def test_what_was_decided_in_slack_and_goes_by_mail_says_how_its_figure_comes_about() -> None:
    one_deal = replace(SLACK, deals=SLACK.deals[:1])
    decided = decide(reading(request(Intent.ASK_COMMISSION, customer="Acme GmbH")), one_deal)
    in_slack, by_mail = say(decided, LISTENER), say(decided, replace(LISTENER, channel=Channel.EMAIL))
    assert in_slack is not None
    assert by_mail is not None
    assert "rate of the plan: 15%" not in in_slack.text
    assert "rate of the plan: 15%" in by_mail.text


def test_of_several_figures_each_button_says_whose_it_is() -> None:
    reply = answer(reading(request(Intent.ASK_COMMISSION, customer="Acme GmbH")))
    assert [labels(group) for group in reply.choices] == [
        ["Show how: D-1043 (Acme GmbH)"], ["Show how: D-1042 (Acme GmbH)"],
    ]  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> Reader:
    return make_finer(make_reader(Settings(profile="demo"), program().products))


_SAME = {Question.EXTEND: Finer.EXTEND, Question.WITHDRAW: Finer.WITHDRAW}
"""Where a yes with its verb reads as the wish itself, which comes to the same in the thread of its deal."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", Question)
@pytest.mark.parametrize("said", ["yes", "no"])
def test_what_an_answer_button_says_can_be_typed(reader: Reader, language: str, question: Question, said: str) -> None:
    words = catalogue().template(language, f"say.{question}_{said}")
    thread = ThreadContext("t", ThreadKind.QUESTION, (question,), "D-1042", agent_took_part=True)
    readable = Readable(words, datetime(2026, 11, 27, tzinfo=UTC), Channel.SLACK, thread=for_reader(thread))
    first = reader.read(readable).requests[0]
    expected = {"yes": Finer.CONFIRM, "no": Finer.DENY}[said]
    answers = getattr(first.fields, "answer", None)
    assert first.finer in (expected, _SAME.get(question) if said == "yes" else expected) or answers == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_to_a_figure_can_be_typed(reader: Reader, language: str) -> None:
    template = catalogue().template(language, "say.how_of_deal")
    words = template.replace("{deal}", "D-1042 (Acme GmbH)")
    readable = Readable(words, datetime(2026, 11, 27, tzinfo=UTC), Channel.SLACK)
    (found,) = reader.read(readable).requests
    assert found.finer is Finer.WHY_COMMISSION
    assert isinstance(found.fields, CommissionFields)
    assert found.fields.customer == "Acme GmbH"
