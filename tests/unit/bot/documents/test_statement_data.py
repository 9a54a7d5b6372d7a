"""CSV and JSON of a statement: exact figures, nothing that a spreadsheet would run, the whole derivation."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents.statement_csv import COLUMNS, statement_csv
from bot.documents.statement_json import SCHEMA, statement_json
from bot.documents.statement_sheet import StatementSheet
from crm.money import Money
from knowledge.commission.derivation import Said, step
from tests.builders import euro
from tests.unit.bot.documents.made import sheet
from tests.unit.bot.payouts.made import line


def rows(made: StatementSheet) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(statement_csv(made).decode("utf-8-sig"), newline="")))


def test_a_line_is_a_row_with_plain_figures_in_every_language() -> None:
    lines = [line("k-1", "1234.5", customer="Müller & Söhne"), line("k-2", "-12.34", rate=None)]
    for language in ("en", "de"):
        first, second = rows(sheet(*lines, language=language))
        assert (first["commission"], first["rate_percent"], first["date"]) == ("1234.50", "15", "2026-10-12")
        assert first["customer"] == "Müller & Söhne"
        assert (second["commission"], second["rate_percent"], second["currency"]) == ("-12.34", "", "EUR")


def test_it_begins_with_the_mark_that_spreadsheets_need_and_has_its_heads() -> None:
    raw = statement_csv(sheet())
    assert raw.startswith(b"\xef\xbb\xbfstatement,")
    assert raw.decode("utf-8-sig").splitlines()[0].split(",") == list(COLUMNS)


@pytest.mark.parametrize(
    "name",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r\n=1+1", " =1+1", "\u202e=1", "=1", "|calc", "%0A=1", "\0=1",
        '=HYPERLINK("http://evil.example";"x")',
    ],
)  # fmt: skip
def test_no_cell_can_be_taken_for_a_formula(name: str) -> None:
    (row,) = rows(sheet(line(customer=name, deal_number=name, plan=name, tier=name, key=name)))
    for column in ("deal", "customer", "plan", "tier", "key"):
        assert row[column].startswith("'")


@pytest.mark.parametrize("mark", [";", "; ", "|", ";;", "\t"])
def test_a_spreadsheet_that_parts_cells_at_another_mark_finds_no_formula_either(mark: str) -> None:
    raw = statement_csv(sheet(line(customer=f"Acme{mark}=1+1", plan=f"P{mark}@SUM(A1)"))).decode("utf-8-sig")
    for cells in list(csv.reader(StringIO(raw, newline=""), delimiter=mark.strip(" ")[0]))[1:]:
        assert not [cell for cell in cells if cell.strip().startswith(("=", "@", "+"))]


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=100, deadline=timedelta(seconds=5))
def test_whatever_a_name_holds_it_is_one_cell_of_one_row(customer: str, plan: str) -> None:
    made = rows(sheet(line("k-1", customer=customer, plan=plan), line("k-2")))
    assert [row["line"] for row in made] == ["1", "2"]
    for row in made:
        assert set(row) == set(COLUMNS)
        for text in (row["customer"], row["plan"]):
            assert not text.startswith(("=", "+", "-", "@", "\t", "\r"))
            assert "\n" not in text


def test_the_json_has_every_step_with_what_went_in_and_its_sentence() -> None:
    made = sheet(line("k-1", "900"))
    said = json.loads(statement_json(made))
    assert said["schema"] == SCHEMA
    assert said["total"] == {"amount": "900.00", "currency": "EUR"}
    (told,) = said["lines"]
    assert len(told["derivation"]) == len(made.rows[0].line.steps)
    rate = next(step for step in told["derivation"] if step["step"] == "rate")
    assert (rate["rule"], rate["result"], rate["inputs"]) == ("referral", "0.15", {"plan": "Referral"})
    assert rate["text"] == "Rate of the plan: 15\xa0%"


def test_every_kind_of_value_of_a_step_is_in_the_json() -> None:
    day = step("plan", "version", Said.ROUNDED, date(2026, 9, 1), exact=euro(1), result=euro(1), products=("Core", "2"))
    (row,) = json.loads(statement_json(sheet(line(steps=(day,)))))["lines"]
    (told,) = row["derivation"]
    assert told["result"] == "2026-09-01"
    assert told["inputs"] == {
        "exact": {"amount": "1", "currency": "EUR"}, "result": {"amount": "1", "currency": "EUR"},
        "products": ["Core", "2"],
    }  # fmt: skip


def test_no_figure_of_the_json_is_a_float() -> None:
    floats: list[str] = []
    lines = [line("k-1", "0.1", base=Money(Decimal("33.333333333333333333"), "EUR"))]
    said = json.loads(statement_json(sheet(*lines)), parse_float=floats.append)
    assert floats == []
    assert said["lines"][0]["base"]["amount"] == "33.333333333333333333"


def test_the_same_sheet_is_the_same_data() -> None:
    assert statement_json(sheet()) == statement_json(sheet())
    assert statement_csv(sheet()) == statement_csv(sheet())


def test_lone_halves_of_characters_stop_neither() -> None:
    made = sheet(line(customer="A\ud800B\0"))
    assert json.loads(statement_json(made))["lines"]
    assert rows(made)[0]["customer"] == "A B"
