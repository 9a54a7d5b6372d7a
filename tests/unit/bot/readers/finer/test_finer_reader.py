"""What the finer reader adds to a reading and what it leaves alone: in threads, with several wishes, when attacked."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ports import Readable
from bot.readers.finer.reader import FinerReader
from bot.readers.finer.sentences import folded, sentences_of
from bot.vocabulary.message import Question, ThreadContext, ThreadKind
from bot.vocabulary.requests import (
    AnswerFields,
    DealFields,
    Fields,
    Finer,
    Intent,
    NoFields,
    PersonFields,
    Reading,
    Request,
    StatusFields,
    TopicFields,
    UpdateFields,
)
from crm.records import Channel, Stage

RECEIVED = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
ABOUT_DEAL = ThreadContext("t", subject_ref="D-1234", agent_took_part=True)


class Scripted:
    """An inner reader that reads what it is told to, and remembers what it was shown."""

    name = "scripted"

    def __init__(self, *read: tuple[Intent, Fields], language: str = "en") -> None:
        self.read_as = read
        self.language = language
        self.shown: list[Readable] = []

    def read(self, readable: Readable) -> Reading:
        self.shown.append(readable)
        whole = (0, len(readable.text))
        requests = tuple(Request(intent, fields, whole) for intent, fields in self.read_as)
        return Reading(self.language, requests, answer_expected=True)


def read(text: str, *inner: tuple[Intent, Fields], **more: Any) -> tuple[Request, ...]:
    language = more.pop("language", "en")
    return FinerReader(Scripted(*inner, language=language)).read(Readable(text, RECEIVED, **more)).requests


def asking(question: Question, **more: Any) -> ThreadContext:
    return ThreadContext("t", ThreadKind.ANNOUNCEMENT, (question.value,), agent_took_part=True, **more)


OTHER = (Intent.OTHER, NoFields())


def test_what_holds_no_finer_wish_stays_the_very_reading() -> None:
    inner = Scripted((Intent.ASK_TIER, NoFields()))
    readable = Readable("Which tier are we in?", RECEIVED)
    assert FinerReader(inner).read(readable) == inner.read(readable)


def test_a_machines_mail_is_never_looked_at() -> None:
    [request] = read("Please withdraw our registration D-1234", OTHER, automatic="auto-submitted")
    assert request.finer is None
    [request] = read("Please withdraw our registration D-1234", (Intent.AUTO_REPLY, NoFields()))
    assert request.finer is None


@pytest.mark.parametrize(
    "word", ["extend", "verlängern", "prolonger", "verlengen", "prorrogar", "Yes, extend it please"]
)
def test_the_bare_word_answers_our_reminder(word: str) -> None:
    [request] = read(word, OTHER, thread=asking(Question.EXTEND, subject_ref="D-1234"))
    assert (request.finer, request.intent) == (Finer.EXTEND, Intent.UPDATE_DEAL)


@pytest.mark.parametrize("word", ["extend please", "bitte verlängern", "graag verlengen", "prolonger svp"])
def test_the_bare_word_counts_in_the_thread_of_a_registration(word: str) -> None:
    [request] = read(word, OTHER, thread=ABOUT_DEAL)
    assert (request.finer, request.ask) == (Finer.EXTEND, False)


@pytest.mark.parametrize(
    "word", ["don't extend", "nicht verlängern", "ne pas prolonger", "niet verlengen", "no prorrogar"]
)
def test_a_denied_word_is_no_wish(word: str) -> None:
    requests = read(word, OTHER, thread=asking(Question.EXTEND, subject_ref="D-1234"))
    assert Finer.EXTEND not in {request.finer for request in requests}


def test_each_number_is_a_wish_of_its_own() -> None:
    requests = read("Please extend D-1234 and D-2345.", OTHER)
    assert [r.fields for r in requests] == [UpdateFields(deal_ref="D-1234"), UpdateFields(deal_ref="D-2345")]


def test_several_wishes_keep_their_own_words() -> None:
    text = "Please extend D-1234. Declan Moore has left our company. And please withdraw the registration D-2345."
    requests = read(text, OTHER)
    assert [r.finer for r in requests] == [Finer.EXTEND, Finer.PERSON_LEFT, Finer.WITHDRAW]
    assert [text[slice(*r.span)][:6] for r in requests] == ["Please", "Declan", "And pl"]


def test_a_question_beside_a_wish_stays() -> None:
    requests = read("Please withdraw our registration D-1234. Which tier are we in?", (Intent.ASK_TIER, NoFields()))
    assert {(r.intent, r.finer) for r in requests} == {
        (Intent.UPDATE_DEAL, Finer.WITHDRAW),
        (Intent.ASK_TIER, None),
    }


def test_a_wish_takes_the_place_of_what_its_words_were_taken_for() -> None:
    inner = ((Intent.ASK_PROGRAM, TopicFields("?")), (Intent.ASK_DEAL_STATUS, StatusFields("Globex")))
    [request] = read("Please extend the protection of Globex by 60 days.", *inner)
    assert request.fields == UpdateFields(customer="Globex")


def test_a_wish_without_a_deal_is_asked_about() -> None:
    [request] = read("Please extend the protection.", OTHER)
    assert (request.finer, request.ask) == (Finer.EXTEND, True)


def test_a_lost_deal_is_not_withdrawn() -> None:
    lost = (Intent.UPDATE_DEAL, UpdateFields(deal_ref="D-1234", stage=Stage.LOST))
    [request] = read("D-1234 can be scrapped, they signed with a competitor.", lost)
    assert (request.finer, request.fields) == (None, lost[1])
    assert "competitor" in request.said


def test_a_repeat_registers_the_new_customer_alone() -> None:
    inner = ((Intent.REGISTER_DEAL, DealFields("Initech")), (Intent.REGISTER_DEAL, DealFields("Acme")))
    [request] = read("Please register Initech, same as for Acme.", *inner)
    assert (request.finer, request.fields, request.source) == (Finer.REPEAT, DealFields("Initech"), "Acme")


def test_a_repeat_may_name_the_deal_by_its_number() -> None:
    [request] = read("Please register Initech, same as D-4711.", (Intent.REGISTER_DEAL, DealFields("Initech")))
    assert (request.finer, request.source) == (Finer.REPEAT, "D-4711")


def test_a_repeat_keeps_what_is_newly_said() -> None:
    told = DealFields("Initech", "initech.example", "Mara Voss", "mara@initech.example")
    [request] = read("Same deal for Initech: Mara Voss, mara@initech.example", (Intent.REGISTER_DEAL, told))
    assert (request.finer, request.fields) == (Finer.REPEAT, told)


def test_what_is_said_of_the_new_customer_beside_the_name_of_the_old_one_is_the_new_ones() -> None:
    old = DealFields(customer="Kermor", contact_name="Anne Le Bihan", contact_email="anne@morvan.example")
    text = "The same for Morvan as for Kermor, contact Anne Le Bihan, anne@morvan.example."
    (wish,) = read(text, (Intent.REGISTER_DEAL, old))
    assert (wish.finer, wish.source, wish.fields) == (Finer.REPEAT, "Kermor", replace(old, customer="Morvan"))


@pytest.mark.parametrize(
    "text",
    [
        "Mia Wong (mia@quaywise.example) is new here.",
        "Mia Wong (mia@quaywise.example) ist neu hier.",
        "Mia Wong (mia@quaywise.example) est nouvelle chez nous.",
        "Mia Wong (mia@quaywise.example) is nieuw hier.",
        "Mia Wong (mia@quaywise.example) es nueva en el equipo.",
    ],
)
def test_who_is_new_with_an_address_of_the_senders_company_has_joined(text: str) -> None:
    lead = DealFields(customer_domain="quaywise.example", contact_name="Mia Wong", contact_email="mia@quaywise.example")
    (wish,) = read(text, (Intent.REFER_LEAD, lead), sender="aoife@quaywise.example")
    assert wish.finer is Finer.PERSON_JOINED
    assert wish.fields == PersonFields("Mia Wong", "mia@quaywise.example")


@pytest.mark.parametrize(
    "text",
    [
        "Declan has left us, and Mia Wong (mia@quaywise.example) is new here.",
        "Declan hat uns verlassen und Mia Wong (mia@quaywise.example) ist neu bei uns.",
    ],
)
def test_one_sentence_tells_who_left_and_who_came(text: str) -> None:
    wishes = {wish.finer: wish.fields for wish in read(text, OTHER, sender="aoife@quaywise.example")}
    assert wishes == {
        Finer.PERSON_LEFT: PersonFields("Declan", None),
        Finer.PERSON_JOINED: PersonFields("Mia Wong", "mia@quaywise.example"),
    }


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("We won Acme, they signed yesterday.", "en", date(2026, 11, 26)),
        ("We won Acme on 20 November.", "en", date(2026, 11, 20)),
        ("Wir haben Acme gewonnen, vorgestern kam die Unterschrift.", "de", date(2026, 11, 25)),
        ("Wir haben Acme gewonnen, der Vertrag liegt hier.", "de", None),
        ("Acme a signé hier.", "fr", date(2026, 11, 26)),
        ("Acme heeft gisteren getekend.", "nl", date(2026, 11, 26)),
        ("Hemos ganado Acme: firmaron ayer.", "es", date(2026, 11, 26)),
        ("We won Acme, the project starts on 20 November.", "en", None),
        ("We won Acme, and they will sign again in March.", "en", None),
        ("We won Acme on Monday.", "en", None),
    ],
)
def test_a_deal_is_won_on_the_day_that_is_named(text: str, language: str, day: date | None) -> None:
    (won,) = read(text, (Intent.UPDATE_DEAL, UpdateFields(customer="Acme", stage=Stage.WON)), language=language)
    assert won.fields == UpdateFields(customer="Acme", stage=Stage.WON, close_date=day)


def test_each_deal_is_won_on_its_own_day() -> None:
    deals = [(Intent.UPDATE_DEAL, UpdateFields(customer=name, stage=Stage.WON)) for name in ("Acme", "Globex")]
    won = read("Acme signed yesterday. Globex signed on 20 November.", *deals)
    assert [w.fields.close_date for w in won if isinstance(w.fields, UpdateFields)] == [
        date(2026, 11, 26), date(2026, 11, 20),
    ]  # fmt: skip


def test_a_choice_is_carried_by_the_registration_beside_it() -> None:
    told = DealFields("Globex", "globex.example")
    text = "Please register Globex, globex.example. They wrote to us that they want to buy from us, see below."
    [request] = read(text, (Intent.REGISTER_DEAL, told))
    assert (request.intent, request.finer, request.fields) == (Intent.REGISTER_DEAL, Finer.CHOICE, told)
    assert request.said == "They wrote to us that they want to buy from us, see below."


def test_a_choice_may_stand_in_the_mail_that_is_passed_on() -> None:
    passed_on = "Dear all,\nwe hereby confirm that we have chosen Brightpath as our partner.\nRegards, Ann"
    [request] = read("Please see the customer's mail below.", OTHER, forwarded=passed_on)
    assert request.finer is Finer.CHOICE
    assert "chosen Brightpath" in request.said


def test_to_choose_a_partner_is_not_to_have_bought() -> None:
    won = (Intent.UPDATE_DEAL, UpdateFields("Globex", stage=Stage.WON))
    [request] = read("Globex confirmed in writing that they want to work with us.", won)
    assert (request.finer, request.fields) == (Finer.CHOICE, UpdateFields("Globex"))


def test_each_lead_is_answered_by_its_number() -> None:
    requests = read("We take L-12345678, and we pass on L-87654321.", OTHER)
    assert [(r.finer, r.source) for r in requests] == [
        (Finer.ACCEPT_LEAD, "L-12345678"),
        (Finer.DECLINE_LEAD, "L-87654321"),
    ]


def test_a_yes_to_a_lead_that_the_sender_brought_is_a_yes() -> None:
    thread = asking(Question.LEAD, subject_ref="L-12345678", proposal='{"customer": "Globex"}')
    [request] = read("Yes", OTHER, thread=thread)
    assert request.finer is Finer.CONFIRM
    [request] = read("Yes", OTHER, thread=asking(Question.LEAD, subject_ref="L-12345678"))
    assert request.finer is Finer.ACCEPT_LEAD


def test_a_yes_beside_another_wish_keeps_both() -> None:
    thread = asking(Question.UPDATE, subject_ref="D-1234")
    requests = read("Yes. And please extend D-2345.", (Intent.ANSWER_ANNOUNCEMENT, AnswerFields("yes")), thread=thread)
    assert [r.finer for r in requests] == [Finer.CONFIRM, Finer.EXTEND]


def test_what_comes_with_a_yes_to_a_registration_is_kept_beside_it() -> None:
    inner = (Intent.PROVIDE_FIELD, DealFields(quantity=60))
    found = read("Yes please, but with 60 seats", inner, thread=asking(Question.REGISTER))
    assert {r.intent for r in found} == {Intent.PROVIDE_FIELD, Intent.ANSWER_ANNOUNCEMENT}
    assert [r.finer for r in found if r.intent is Intent.ANSWER_ANNOUNCEMENT] == [Finer.CONFIRM]


def test_details_beside_a_yes_are_looked_for_as_such() -> None:
    scripted = Scripted((Intent.OTHER, NoFields()))
    for text in ("Yes, but with 60 seats", "Yes, with our contact jan@vega.example"):
        FinerReader(scripted).read(Readable(text, RECEIVED, thread=asking(Question.REGISTER)))
        assert scripted.shown[-1].thread.kind is ThreadKind.QUESTION


def test_what_is_open_is_neither_yes_nor_no() -> None:
    inner = (Intent.ANSWER_ANNOUNCEMENT, AnswerFields("yes"))
    [request] = read("Not sure yet, I'll get back to you", inner, thread=asking(Question.UPDATE))
    assert (request.finer, request.fields) == (None, AnswerFields("maybe"))


def test_the_inner_reader_sees_our_question_as_an_announcements_call() -> None:
    inner = Scripted(OTHER)
    FinerReader(inner).read(Readable("Yes", RECEIVED, thread=asking(Question.UPDATE)))
    [shown] = inner.shown
    assert (shown.thread.kind, shown.thread.asked) == (ThreadKind.ANNOUNCEMENT, ())


def test_a_colleague_is_known_by_the_senders_own_domain() -> None:
    text = "Please add Maeve Byrne, maeve@brightpath.example, as our new colleague."
    [request] = read(text, OTHER, sender="tom@brightpath.example")
    assert (request.finer, request.fields) == (
        Finer.PERSON_JOINED,
        PersonFields("Maeve Byrne", "maeve@brightpath.example"),
    )
    assert [r.finer for r in read(text, OTHER, sender="tom@elsewhere.example")] == [None]


def test_the_contact_of_a_registration_never_joins() -> None:
    told = DealFields("Globex", "globex.example", "Anna Meyer", "anna@globex.example")
    text = "Please register Globex. Our new contact there is Anna Meyer, anna@globex.example, she joined in May."
    assert [r.finer for r in read(text, (Intent.REGISTER_DEAL, told), sender="tom@brightpath.example")] == [None]


def test_a_correction_is_read_as_an_answer_to_what_it_names() -> None:
    inner = Scripted(OTHER)
    FinerReader(inner).read(Readable("no, 60 seats, and they sign on 31 March", RECEIVED, thread=ABOUT_DEAL))
    [shown] = inner.shown
    assert shown.thread.kind is ThreadKind.QUESTION
    assert set(shown.thread.asked) == {"quantity", "close_date"}


@pytest.mark.parametrize(
    ("text", "thread"),
    [
        ("no, 60 seats", ThreadContext()),
        ("no, 60 seats", replace(ABOUT_DEAL, agent_took_part=False)),
        ("Is it 60 seats or 40?", ABOUT_DEAL),
        ("thanks a lot", ABOUT_DEAL),
    ],
)
def test_what_corrects_nothing_of_ours_is_read_as_it_stands(text: str, thread: ThreadContext) -> None:
    inner = Scripted(OTHER)
    FinerReader(inner).read(Readable(text, RECEIVED, thread=thread))
    assert inner.shown[0].thread == thread


def test_what_others_wrote_is_no_wish() -> None:
    assert [r.finer for r in read("Noted.\n> Please withdraw our registration D-1234.", OTHER)] == [None]


def test_in_a_channel_a_remark_to_others_is_not_answered() -> None:
    inner = Scripted(OTHER)
    readable = Readable("Declan Moore has left our company", RECEIVED, Channel.SLACK, addressed=False)
    silent = replace(inner.read(readable), answer_expected=False)

    class Silent(Scripted):
        def read(self, readable: Readable) -> Reading:
            return silent

    assert not FinerReader(Silent()).read(readable).answer_expected


SAID = (
    "please extend withdraw D-1234 L-12345678 Globex same for us left our company no yes maybe, . ? \n bitte "
    "verlängern zurückziehen nicht mehr bei uns prolonger retirer hetzelfde voor lo mismo para ya no trabaja "
    "\u0130 ı ﬁ é e\u0301 > because"
)
WORDS = st.sampled_from(SAID.split(" "))
QUESTIONS = st.sampled_from([None, *Question])


@given(st.one_of(st.text(max_size=400), st.lists(WORDS, max_size=60).map(" ".join)), QUESTIONS, st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_and_every_place_lies_in_it(text: str, question: Question | None, subject: str) -> None:
    thread = asking(question, subject_ref="D-1234") if question else ABOUT_DEAL
    lost = (Intent.UPDATE_DEAL, UpdateFields("Globex", stage=Stage.LOST, close_date=date(2026, 12, 1)))
    for request in read(text, lost, OTHER, thread=thread, subject=subject, forwarded=text):
        start, end = request.span
        assert 0 <= start <= end <= max(len(text), 2 * len(text))
        assert request.finer is None or len(request.said) <= 700


@given(st.text(max_size=300))
def test_folding_keeps_every_place(text: str) -> None:
    assert len(folded(text)) == len(text)
    for sentence in sentences_of(text):
        assert len(sentence.text) == len(sentence.raw) == sentence.end - sentence.start


@pytest.mark.parametrize(
    "piece",
    [
        "please ",
        "extend the protection of ",
        "no longer ",
        "same as for Globex ",
        "a" * 50,
        ", ",
        "\n",
        "D-1234 ",
        "Aa ",
        "noch ",
    ],
)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    def spent(size: int) -> float:
        text = (piece * size)[:size]
        begun = time.process_time()
        read(text, OTHER, thread=ABOUT_DEAL)
        return time.process_time() - begun

    spent(1_000)
    assert spent(1_000_000) < 0.5


def test_who_only_asks_something_back_has_answered_nothing() -> None:
    offered = asking(Question.LEAD)
    perhaps = (Intent.ANSWER_ANNOUNCEMENT, AnswerFields("yes"))
    beside = read("Which tier are we in?", (Intent.ASK_TIER, NoFields()), perhaps, thread=offered)
    assert [r.intent for r in beside] == [Intent.ASK_TIER]
    alone = read("How large is the company?", perhaps, thread=offered)
    assert [(r.intent, r.finer) for r in alone] == [(Intent.OTHER, None)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Declan Moyne has left the company. Please take him off your list.", "en"),
        ("Paul Bauer hat uns verlassen, bitte nehmen Sie ihn aus dem Verteiler.", "de"),
        ("Marie Dupont a quitté l'entreprise, merci de la retirer de votre liste.", "fr"),
    ],
)
def test_a_colleague_taken_off_a_list_is_not_the_sender(text: str, language: str) -> None:
    requests = read(text, OTHER, (Intent.UNSUBSCRIBE, NoFields()), language=language)
    assert [r.finer for r in requests] == [Finer.PERSON_LEFT]


def test_who_has_himself_taken_off_a_list_as_well_is_heard() -> None:
    text = "Declan Moyne has left the company. And please take me off the mailing list."
    requests = read(text, OTHER, (Intent.UNSUBSCRIBE, NoFields()))
    assert Intent.UNSUBSCRIBE in {r.intent for r in requests}
