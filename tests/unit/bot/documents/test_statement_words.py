"""What a statement says: who, what earned each line, the terms, and notes on lines that need one; in five languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.documents.statement_words import Happening, statement_sheet
from bot.texts.catalogue import LANGUAGES
from bot.texts.own import worded
from crm.records import Milestone, MilestoneKind, Payment, PaymentKind
from knowledge.commission.derivation import Said, step
from tests.builders import euro
from tests.unit.bot.documents.made import HARBOUR, euros, payments, sheet, vendor_program
from tests.unit.bot.payouts.made import line, statement


def test_the_parties_stand_on_it_as_they_are_booked() -> None:
    made = sheet()
    assert (made.vendor.name, made.vendor.address, made.vendor.vat_id) == (
        "Lumora B.V.", ("Zuidkade 14", "2000 Antwerp"), "BE 0700.000.000",
    )  # fmt: skip
    assert (made.partner.name, made.partner.vat_id, made.purchase_order) == (
        "Harbour Consulting GmbH", "DE811234567", "PO-4711",
    )  # fmt: skip


def test_each_plan_has_its_sum_and_they_make_the_total() -> None:
    made = sheet(
        line("k-1", "900.00"), line("k-2", "100.00", plan="Rewards"), line("k-3", "-50.00"),
        line("k-4", "1.00", version="2027.1"),
    )  # fmt: skip
    sums = [(t.plan, t.version, t.lines, str(t.total.amount)) for t in made.totals]
    assert sums == [
        ("Referral 2026", "2026.1", 2, "850.00"), ("Rewards", "2026.1", 1, "100.00"),
        ("Referral 2026", "2027.1", 1, "1.00"),
    ]  # fmt: skip
    assert sum((t.total for t in made.totals), euro(0)) == made.total


def test_lines_are_numbered_in_the_order_of_the_statement() -> None:
    made = sheet(line("k-2"), line("k-1"))
    assert [(row.place, row.line.key) for row in made.rows] == [(1, "k-2"), (2, "k-1")]


@pytest.mark.parametrize(
    ("happening", "said"),
    [
        (Payment("e", "h-1", "p-1", euro(10), date(2026, 10, 1)), "customer payment"),
        (Payment("e", "h-1", "p-1", euro(-10), date(2026, 10, 1)), "refund"),
        (Payment("e", "h-1", "p-1", euro(10), date(2026, 10, 1), PaymentKind.RENEWAL), "renewal payment"),
        (Milestone("e", "p-1", MilestoneKind.GO_LIVE, date(2026, 10, 1), "h-1"), "go-live"),
        (
            Milestone("e", "p-1", MilestoneKind.CERTIFICATION, date(2026, 10, 1), "", "Ann Bee"),
            "certification: Ann Bee",
        ),
        (None, "commission"),
    ],
)
def test_a_line_says_what_earned_it(happening: Happening | None, said: str) -> None:
    known = {"e": happening} if happening else {}
    assert sheet(line(event="e"), happenings=known).rows[0].event == said


@pytest.mark.parametrize(("came_live", "said"), [(12, "go-live"), (11, "customer payment")])
def test_a_part_that_waited_for_a_go_live_is_earned_by_it(came_live: int, said: str) -> None:
    live = step("trigger", "r", Said.WENT_LIVE, "m-1", on=date(2026, 10, came_live))
    one = replace(line("k-1", earned_on=date(2026, 10, 12)), steps=(live,))
    (row,) = sheet(one, happenings=payments([one])).rows
    assert row.event == said


def test_rewards_are_named_in_the_readers_language() -> None:
    made = sheet(replace(line("k-1"), plan_id="rewards", plan="Rewards"), language="de")
    assert made.rows[0].plan == made.totals[0].plan == "Prämien"


def test_a_line_that_corrects_another_says_so() -> None:
    assert sheet(line(reverses="k-0")).rows[0].event == "correction"


def test_the_derivation_is_in_sentences_of_the_readers_language() -> None:
    (row,) = sheet(line(), language="de").rows
    assert "Satz des Plans: 15 %" in [said.replace("\xa0", " ") for said in row.derivation]
    assert len(row.derivation) == len(row.line.steps)


def test_late_lines_corrections_downwards_and_revisions_are_noted() -> None:
    late = line("k-1", earned_on=date(2026, 8, 3))
    assert sheet(line()).notes == ()
    assert "One line is from an earlier month" in " ".join(sheet(late, line("k-2")).notes)
    assert "2 lines are from earlier months" in " ".join(sheet(late, replace(late, key="k-2")).notes)
    assert "Negative amounts" in " ".join(sheet(line(), line("k-2", "-10.00")).notes)
    assert "revision 3" in " ".join(sheet(line(), revision=3).notes)


def test_the_terms_say_how_and_where_to_invoice_when_it_is_paid_and_until_when_to_disagree() -> None:
    said = " ".join(term.text for term in sheet(disputable_until=date(2026, 12, 5)).terms)
    for part in ("900,00\xa0€", "Lumora B.V.", "S-2026-10", "PO-4711", "invoices@lumora.example", "30 days", "VAT"):
        assert part in said
    assert "5 December 2026" in said


def test_without_a_purchase_order_none_is_asked_for() -> None:
    said = " ".join(term.text for term in sheet(whose=replace(HARBOUR, purchase_order="")).terms)
    assert "purchase order" not in said


def test_without_a_last_day_nothing_is_said_of_disputes() -> None:
    assert "If a line is not right" not in [term.title for term in sheet(disputable_until=None).terms]


def test_the_vendors_own_words_stand_before_the_products() -> None:
    own = worded({"en": {"sheet.tax": "Our own note on tax."}})
    made = statement_sheet(statement(line()), (line(),), vendor_program(), HARBOUR, "en", issued_on=None, texts=own)
    assert made.terms[-1].text == "Our own note on tax."


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_sentence(language: str) -> None:
    lines = [line("k-1"), line("k-2", "-10.00", earned_on=date(2026, 7, 1))]
    made = sheet(*lines, language=language, happenings=payments(lines), revision=2)
    assert made.language == language
    assert len(made.notes) == 3
    assert len(made.terms) == 4


def test_a_language_without_texts_is_english() -> None:
    assert sheet(language="it").language == "en"


def test_a_revision_has_a_file_name_of_its_own() -> None:
    assert sheet().file_name == "S-2026-10"
    assert sheet(revision=2).file_name == "S-2026-10-r2"


def test_an_empty_statement_is_set_too() -> None:
    made = sheet(line())
    assert replace(made, rows=(), totals=(), total=euros("0.00")).rows == ()
