"""The PDF of a statement: every figure readable, nothing cut or over something else, the same bytes every time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents.lettering import MISSING, clean
from bot.documents.paper import INNER, Run, Strip
from bot.documents.statement_pdf import statement_pages, statement_pdf
from bot.documents.statement_sheet import StatementSheet
from bot.texts.catalogue import LANGUAGES
from crm.money import Money
from knowledge.brand import Brand
from knowledge.commission.account import Line
from knowledge.commission.derivation import Said, step
from tests.builders import euro
from tests.unit.bot.documents.made import HARBOUR, payments, sheet, vendor_program
from tests.unit.bot.payouts.made import line

ROOM = 735.9  # points of a page between its margins at top and bottom


def read(pdf: bytes) -> list[str]:
    """The words of each page."""
    document = pypdfium2.PdfDocument(pdf)
    said = [" ".join(page.get_textpage().get_text_range().split()).replace("\xa0", " ") for page in document]
    document.close()
    return said


def many(count: int) -> list[Line]:
    return [
        line(f"k-{n}", f"{n}.50", customer=f"Customer number {n}", deal_number=f"D-{10_000 + n}")
        for n in range(1, count + 1)
    ]


def test_what_finance_books_stands_in_it() -> None:
    lines = [line("k-1", "900.00", customer="Globex"), line("k-2", "-12.34", customer="Initech")]
    (said,) = read(statement_pdf(sheet(*lines, happenings=payments(lines), disputable_until=date(2026, 12, 5))))
    for part in (
        "Commission statement", "S-2026-10", "October 2026", "Lumora B.V.", "Zuidkade 14", "BE 0700.000.000",
        "Harbour Consulting GmbH", "DE811234567", "PO-4711", "5 November 2026", "31 October 2026", "Globex", "D-1042",
        "Customer payment", "6.000,00", "15 %", "900,00", "-12,34", "887,66 €", "Rate of the plan", "Page 1 of 1",
        "invoices@lumora.example", "5 December 2026", "reverse charge",
    ):  # fmt: skip
        assert part in said, part


def test_the_file_says_what_it_is_and_in_which_language() -> None:
    pdf = statement_pdf(sheet(language="fr", whose=replace(HARBOUR, country="BE")))
    document = pypdfium2.PdfDocument(pdf)
    facts = document.get_metadata_dict()
    document.close()
    assert facts["Title"] == "Relevé de commissions S-2026-10, octobre 2026"
    assert facts["Author"] == "Lumora B.V."
    assert facts["CreationDate"].startswith("D:20261105")
    assert b"/Lang (fr-BE)" in pdf


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_can_be_read_out_of_it(language: str) -> None:
    made = sheet(language=language)
    said = " ".join(read(statement_pdf(made)))
    for term in made.terms:
        assert clean(term.title).replace("\xa0", " ") in said
    assert MISSING not in said


def test_the_same_sheet_is_the_same_bytes() -> None:
    hashes = {hashlib.sha256(statement_pdf(sheet(*many(20)))).hexdigest() for _ in range(3)}
    assert len(hashes) == 1
    assert hashlib.sha256(statement_pdf(sheet(*many(21)))).hexdigest() not in hashes


def test_a_long_one_has_its_heads_and_numbers_on_every_page_and_every_line_once() -> None:
    pages = read(statement_pdf(sheet(*many(200))))
    assert len(pages) > 5
    for number, said in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in said
    for said in pages[1:]:
        assert "Deal and customer" in said
    everything = " ".join(pages)
    for n in range(1, 201):
        assert len(re.findall(rf"\bD-{10_000 + n}\b", everything)) == 1
        assert re.search(rf"Customer number {n}\b", everything)


def test_no_line_is_torn_between_pages() -> None:
    pages = read(statement_pdf(sheet(*many(60))))
    for n in range(1, 61):
        (page,) = [said for said in pages if re.search(rf"\bD-{10_000 + n}\b", said)]
        assert f"Customer number {n}" in page
        assert f" {n},50" in page


def test_a_name_that_fills_a_page_is_set_whole() -> None:
    name = " ".join(f"part{n}" for n in range(1500))
    said = " ".join(read(statement_pdf(sheet(line(customer=name)))))
    for n in (0, 700, 1499):
        assert f"part{n}" in said


def test_characters_that_the_typeface_lacks_stop_nothing() -> None:
    name = "日本電気 \U0001f600 \ud800\0\u202eNEC \ue000 שלום Ωμέγα Жук"
    said = " ".join(read(statement_pdf(sheet(line(customer=name), whose=replace(HARBOUR, name=name)))))
    assert "NEC" in said
    assert "Ωμέγα Жук" in said
    assert MISSING * 4 in said
    assert "\u202e" not in said


def test_a_name_in_hebrew_is_read_in_its_own_order() -> None:
    said = " ".join(read(statement_pdf(sheet(line(customer="שלום")))))
    assert "שלום" in said


def test_without_a_logo_the_vendors_name_stands_there() -> None:
    bare = replace(vendor_program(), brand=Brand())
    (said,) = read(statement_pdf(sheet(of=bare)))
    assert said.startswith("Lumora B.V.")
    long = replace(bare, brand=Brand(name="A vendor whose name leaves no room for a title beside it " * 2))
    assert_tidy(statement_pages(sheet(of=long)))


@pytest.mark.parametrize("currency", ["JPY", "KWD", "CHF"])
def test_each_currency_has_its_own_decimals(currency: str) -> None:
    (said,) = read(statement_pdf(sheet(line(amount="1234", currency=currency))))
    written = {"JPY": "1.234", "KWD": "1.234,000", "CHF": "1.234,00"}[currency]
    assert f" {written} " in f"{said} "
    assert f"Commission ({currency})" in said


def test_a_base_in_another_currency_says_which() -> None:
    (said,) = read(statement_pdf(sheet(line(base=Money(Decimal(700), "USD")))))
    assert "700,00 US$" in said


def test_a_flat_sum_has_no_rate() -> None:
    (said,) = read(statement_pdf(sheet(line(rate=None))))
    assert " flat " in said


def test_a_line_over_several_bands_is_not_called_flat() -> None:
    bands = (step("rate", "r", Said.BAND_PART, euro(10), amount=euro(50), rate=Decimal("0.2"), result=euro(10)),)
    (said,) = read(statement_pdf(sheet(replace(line(rate=None), steps=bands))))
    assert " by bands " in said
    assert " flat " not in said


def test_the_plan_is_named_once_where_the_derivation_names_it() -> None:
    holds = step("eligibility", "plan", Said.PLAN_HOLDS, "p", plan="Referral 2026", version="1", on=date(2026, 1, 1))
    (said,) = read(statement_pdf(sheet(replace(line(), steps=(holds,)))))
    assert "tier Registered" not in said
    assert "Plan that applies: Referral 2026, version 1" in said


def test_french_sets_its_colons_apart() -> None:
    (said,) = read(statement_pdf(sheet(language="fr")))
    assert "N° de TVA : DE811234567" in said


def tidy_problem(strips: Sequence[Strip]) -> str:
    """What is wrong with a page: too high, beyond its margins, or texts over each other."""
    if sum(strip.height for strip in strips) > ROOM + 0.1:
        return "the page is too high"
    for strip in strips:
        spans = sorted(map(_span, strip.runs))
        for begin, end, text in spans:
            if begin < -0.1 or end > INNER + 0.1:
                return f"{text!r} leaves the page"
        for (_, end, one), (begin, _, other) in pairwise(spans):
            if begin < end:
                return f"{one!r} and {other!r} stand over each other"
    return ""


def _span(run: Run) -> tuple[float, float, str]:
    wide = run.type.width(run.text)
    return (run.x - wide, run.x, run.text) if run.right else (run.x, run.x + wide, run.text)


def assert_tidy(pages: Sequence[Sequence[Strip]]) -> None:
    assert [problem for page in pages if (problem := tidy_problem(page))] == []


NAMES = st.text(max_size=120) | st.sampled_from(["X" * 300, "a-b " * 60, "Müller & Söhne", "=1+1"])
AMOUNTS = st.decimals(Decimal(-(10**9)), Decimal(10**9), places=2)
LINES = st.lists(
    st.builds(
        lambda name, number, plan, amount, base, rate, tier: line(
            customer=name, deal_number=number, plan=plan, amount=str(amount), base=Money(base, "EUR"), rate=rate,
            tier=tier,
        ),
        NAMES, NAMES, NAMES, AMOUNTS, AMOUNTS, st.none() | st.decimals(0, 1, places=4), NAMES,
    ),
    min_size=1,
    max_size=25,
)  # fmt: skip


def sheets() -> st.SearchStrategy[StatementSheet]:
    return st.builds(
        lambda lines, language, name, order: sheet(
            *lines, language=language, whose=replace(HARBOUR, name=name, purchase_order=order, address=name)
        ),
        LINES, st.sampled_from(LANGUAGES), NAMES, NAMES,
    )  # fmt: skip


@given(sheets())
@settings(max_examples=40, deadline=timedelta(seconds=10))
def test_nothing_leaves_the_page_or_stands_over_something_else(made: StatementSheet) -> None:
    pages = statement_pages(made)
    assert_tidy(pages)
    said = [run.text for page in pages for strip in page for run in strip.runs]
    for row in made.rows:
        assert str(row.place) in said


@given(sheets())
@settings(max_examples=10, deadline=timedelta(seconds=10))
def test_any_sheet_can_be_set_and_opened(made: StatementSheet) -> None:
    document = pypdfium2.PdfDocument(statement_pdf(made))
    assert len(document) >= 1
    document.close()
