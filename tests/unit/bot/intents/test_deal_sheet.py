"""Rows of an attached table are decided like deals of a text, and each gets one line of the answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.intents.deal_sheet import with_sheets
from bot.steps.decide import decide
from bot.vocabulary.decisions import AwaitFields, Decision, HandOver, SaveRegistration
from bot.vocabulary.message import Attachment, ThreadContext
from bot.vocabulary.requests import DealSheet, Intent, Reading, Request, SheetNote, SheetRow
from crm.records import Registration, RegistrationState
from tests.builders import FRESH, NOW, TODAY, complete_deal, contact, draft, facts, reading, registration, request


def row(number: int, *, unread: tuple[str, ...] = (), formulas: tuple[str, ...] = (), **fields: Any) -> Request:
    """A complete row of Nova Labs but for what is said."""
    return replace(complete_deal(**fields), row=SheetRow("deals.xlsx", number, unread, formulas))


def other(number: int, name: str, **fields: Any) -> Request:
    host = f"{name.lower()}.example"
    return row(number, **({"customer": name, "customer_domain": host, "contact_email": f"a@{host}"} | fields))


def saved(decisions: tuple[Decision, ...]) -> list[Registration]:
    return [c.registration for d in decisions for c in d.commands if isinstance(c, SaveRegistration)]


def lines(decisions: tuple[Decision, ...]) -> list[tuple[str, list[str]]]:
    """The number of each row, and the texts of its results."""
    [said] = [o for d in decisions for o in d.outcomes if o.text == "sheet.results"]
    found: Any = said.values["rows"]
    return [(line["row"], [result["text"] for result in line["results"]]) for line in found]


def test_each_row_is_registered_and_all_are_told_in_one_list() -> None:
    decisions = decide(reading(row(2), other(3, "Helios"), other(4, "Lyra")), facts())
    assert [(r.number, r.customer, r.state) for r in saved(decisions)] == [
        (FRESH[0], "Nova Labs", RegistrationState.SUBMITTED),
        (FRESH[1], "Helios", RegistrationState.SUBMITTED),
        (FRESH[2], "Lyra", RegistrationState.SUBMITTED),
    ]
    assert lines(decisions) == [("2", ["sheet.registered"]), ("3", ["sheet.registered"]), ("4", ["sheet.registered"])]
    assert [d.log for d in decisions] == ["registration_submitted"] * 3


def test_a_row_that_lacks_a_field_is_a_draft_that_is_asked_for() -> None:
    decisions = decide(reading(row(2), other(3, "Helios", close_date=None)), facts())
    assert lines(decisions)[1] == ("3", ["sheet.draft", "sheet.missing"])
    assert [c for d in decisions for c in d.commands if isinstance(c, AwaitFields)] == [
        AwaitFields(FRESH[1], ("close_date",))
    ]


def test_a_row_holds_its_time_like_a_deal_in_a_text() -> None:
    whole, gap = saved(decide(reading(row(2), other(3, "Helios", close_date=None)), facts()))
    assert whole.priority_at == whole.submitted_at == NOW
    assert gap.priority_at == NOW


def test_a_long_table_of_bare_names_holds_twenty_times() -> None:
    table = [other(n, f"C{n}x", close_date=None) for n in range(200)]
    numbers = tuple(f"D-{900000 + n}" for n in range(200))
    drafts = saved(decide(reading(*table), facts(fresh_numbers=numbers)))
    assert [r.priority_at for r in drafts] == [NOW] * 20 + [None] * 180


def test_without_the_right_to_register_no_row_is_registered_and_that_is_said_once() -> None:
    decisions = decide(reading(row(2), other(3, "Helios")), facts(contact=contact(main=False, rights=())))
    assert saved(decisions) == []
    assert {o.text for d in decisions for o in d.outcomes} == {"rights.register", "rights.ask_manager"}


def test_the_same_deal_twice_in_a_table_is_registered_once() -> None:
    decisions = decide(reading(row(2), row(3)), facts())
    assert len(saved(decisions)) == 1
    assert lines(decisions)[1] == ("3", ["sheet.exists"])


def test_the_same_table_again_registers_nothing() -> None:
    table = (row(2), other(3, "Helios", close_date=None))
    first = decide(reading(*table), facts())
    again = decide(reading(*table), facts(registrations=tuple(saved(first)), fresh_numbers=FRESH[2:]))
    assert {r.number for r in saved(again)} == {FRESH[1]}, "the draft alone is touched, under its own number"
    assert lines(again) == [("2", ["sheet.exists"]), ("3", ["sheet.draft", "sheet.missing"])]


def test_a_row_that_says_something_new_of_a_registered_deal_is_passed_on_in_one_task() -> None:
    known = [registration(number=f"D-{n}", customer=name, customer_domain=f"{name.lower()}.example") for n, name in
             ((1, "Helios"), (2, "Lyra"))]  # fmt: skip
    table = [other(n, name, products=("Lumora Insights",)) for n, name in ((2, "Helios"), (3, "Lyra"))]
    decisions = decide(reading(*table), facts(registrations=tuple(known)))
    assert lines(decisions) == [("2", ["sheet.exists", "sheet.noted"]), ("3", ["sheet.exists", "sheet.noted"])]
    [task] = [c for d in decisions for c in d.commands if isinstance(c, HandOver)]
    assert "D-1" in task.summary
    assert "D-2" in task.summary


def test_rows_do_not_answer_what_this_conversation_waits_for() -> None:
    waiting = ThreadContext(id="t", asked=("currency", "close_date"), subject_ref="D-3001")
    decisions = decide(reading(row(2)), facts(registrations=(draft(),), thread=waiting))
    assert [r.number for r in saved(decisions)] == [FRESH[0]]
    assert not [c for d in decisions for c in d.commands if isinstance(c, AwaitFields)]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (row(2, formulas=("amount",), amount=None), "sheet.formula"),
        (row(2, customer=None, customer_domain=None, contact_email=None), "sheet.no_customer"),
        (row(2, customer=None, customer_domain=None, contact_email="lena@gmail.com"), "sheet.no_customer"),
        (row(2, customer=None, customer_domain="none", contact_email=None), "sheet.no_customer"),
        (replace(request(Intent.REGISTER_DEAL, customer="North"), row=SheetRow("deals.xlsx", 2)), "sheet.only_name"),
    ],
)
def test_a_row_of_no_use_changes_nothing_and_is_said_so(wrong: Request, why: str) -> None:
    decisions = decide(reading(wrong), facts())
    assert (saved(decisions), lines(decisions)) == ([], [("2", [why])])


def test_what_could_not_be_used_is_told_apart_from_what_is_missing() -> None:
    past = row(2, close_date=TODAY - timedelta(days=1), contact_name=None)
    unread = other(3, "Helios", amount=None, unread=("amount",))
    decisions = decide(reading(past, unread), facts())
    assert lines(decisions) == [
        ("2", ["sheet.draft", "sheet.missing", "sheet.unread"]),
        ("3", ["sheet.draft", "sheet.unread"]),
    ]


def test_figures_of_a_table_are_withheld_where_outsiders_read() -> None:
    decisions = decide(reading(row(2)), facts(outsiders_read=True))
    assert [o.text for d in decisions for o in d.outcomes] == ["withheld.address"]
    assert len(saved(decisions)) == 1


def test_rows_beyond_the_numbers_at_hand_go_to_a_colleague() -> None:
    decisions = decide(reading(row(2), other(3, "Helios")), facts(fresh_numbers=FRESH[:1]))
    assert lines(decisions)[1] == ("3", ["sheet.handed_over"])


TABLE = DealSheet("deals.xlsx", (row(2), other(3, "Helios")))


@pytest.mark.parametrize(
    "said",
    [
        request(Intent.REGISTER_DEAL),
        request(Intent.REGISTER_DEAL, customer="Nova Labs"),
        request(Intent.REGISTER_DEAL, customer="Nova Labs", close_date=date(2027, 2, 26)),
        request(Intent.OTHER),
        request(Intent.THANKS),
        replace(request(Intent.SUBMIT_INVOICE, ask=True), confidence=0.2),
        replace(request(Intent.ASK_PROGRAM, topic="the deals in the file"), confidence=0.6),
    ],
)
def test_what_the_text_says_of_a_table_in_general_is_no_request_of_its_own(said: Request) -> None:
    read = with_sheets(reading(said, answer_expected=False), [TABLE], asked=True)
    assert (read.requests, read.answer_expected) == (TABLE.requests, True)


def test_deals_and_questions_beside_a_table_stay() -> None:
    beside = (complete_deal(customer="Orion", customer_domain="orion.example"), request(Intent.ASK_TIER))
    assert with_sheets(reading(*beside), [TABLE], asked=True).requests == (*TABLE.requests, *beside)


def test_more_that_the_text_says_of_a_row_is_not_lost() -> None:
    more = request(Intent.REGISTER_DEAL, customer="Nova Labs", term_months=36)
    assert more in with_sheets(reading(more), [TABLE], asked=False).requests


@pytest.mark.parametrize("intent", [Intent.UPDATE_DEAL, Intent.DISPUTE_COMMISSION, Intent.SUBMIT_INVOICE])
def test_a_table_beside_another_wish_registers_nothing(intent: Intent) -> None:
    read = with_sheets(reading(request(intent)), [TABLE], asked=True)
    assert [r.intent for r in read.requests] == [intent]
    said = [o.text for d in decide(read, facts()) for o in d.outcomes]
    assert "sheet.not_asked_for" in said


@pytest.mark.parametrize("said", [(), (request(Intent.OTHER),), (request(Intent.ASK_TIER),)])
def test_a_table_that_nobody_asks_to_register_is_left_alone_and_that_is_said(said: tuple[Request, ...]) -> None:
    read = with_sheets(reading(*said), [TABLE], asked=False)
    assert read.requests == said
    assert [o.text for d in decide(read, facts()) for o in d.outcomes][-1] == "sheet.not_asked_for"


def test_a_machine_registers_nothing() -> None:
    away = reading(request(Intent.AUTO_REPLY), answer_expected=False)
    assert with_sheets(away, [TABLE], asked=True) == away


def test_a_file_that_is_no_table_of_deals_is_spoken_of_only_where_it_was_pointed_to() -> None:
    broken = DealSheet("deals.xlsx", (), SheetNote.BROKEN)
    question = reading(request(Intent.ASK_TIER))
    assert with_sheets(question, [broken], asked=False) == question
    pointed = with_sheets(reading(request(Intent.REGISTER_DEAL)), [broken], asked=False)
    assert [o.text for d in decide(pointed, facts()) for o in d.outcomes] == ["sheet.broken"]


def test_no_more_than_two_hundred_rows_of_all_tables_are_taken() -> None:
    many = [DealSheet(f"{n}.csv", tuple(row(r) for r in range(150))) for n in range(2)]
    read = with_sheets(Reading("en", (), True), many, asked=True)
    assert len(read.requests) == 200
    assert [sheet.note for sheet in read.sheets] == [None, SheetNote.TOO_MANY_ROWS]


EXE = Attachment("setup.exe", "", 5, "00", refused="program")


def test_a_refused_file_is_named_in_the_same_answer() -> None:
    decisions = decide(reading(request(Intent.ASK_TIER)), facts(attachments=(EXE,)))
    assert [o.text for d in decisions for o in d.outcomes][-1] == "file.not_kept"
    thanks = decide(reading(request(Intent.THANKS), answer_expected=False), facts(attachments=(EXE,)))
    assert [o.text for d in thanks for o in d.outcomes] == ["file.not_kept"]
    alone = decide(reading(), facts(attachments=(EXE,)))
    assert [o.text for d in alone for o in d.outcomes] == ["file.not_kept"]


def test_a_machine_hears_nothing_of_its_files() -> None:
    away = decide(reading(request(Intent.AUTO_REPLY), answer_expected=False), facts(attachments=(EXE,)))
    assert not [o for d in away for o in d.outcomes]
