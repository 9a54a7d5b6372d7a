"""Importing payments: exact sums, all or nothing, every fault with its line, and the same file twice is nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.csv_sums import Selling
from crm.csv_table import read_table
from crm.import_payments import COLUMNS, draft_payments, named_deals, settle
from crm.money import Money
from crm.records import Payment, PaymentKind, PaymentPart
from crm.same_again import Compared
from tests.contract.records import DEAL

DOCS = Path(__file__).parents[3] / "docs"
SELLING = Selling(
    {"lumora core": "Lumora Core", "core": "Lumora Core", "onboarding": "Onboarding Package"},
    frozenset({"Onboarding Package"}),
    ("EUR", "USD", "JPY", "KWD"),
)
CORE = replace(DEAL, products=("Lumora Core",), amount=None)
PROJECT = replace(CORE, id="d-2", number="D-20000", products=("Onboarding Package",), partner_id="p-other")
OWN = replace(CORE, id="d-3", number="D-30000", partner_id="")
DEALS = (CORE, PROJECT, OWN)
HEADER = "payment;deal;invoice;paid_on;amount;currency;kind;product;period_start;period_end;refund_of\n"
PLAIN = "pay-1;D-48213;INV-7;2026-10-12;6000.00;EUR;;;;;\n"


def read(rows: str, known: tuple[Payment, ...] = (), header: str = HEADER, skip: bool = False) -> Compared[Payment]:
    drafted = draft_payments(read_table((header + rows).encode()), DEALS, SELLING, skip_unknown=skip)
    if drafted.faults:
        assert not drafted.drafts
        return Compared(faults=drafted.faults)
    return settle(drafted, known)


def one(rows: str, known: tuple[Payment, ...] = ()) -> Payment:
    found = read(rows, known)
    assert found.faults == ()
    [payment] = found.to_save
    return payment


def fault(rows: str, known: tuple[Payment, ...] = ()) -> str:
    found = read(rows, known)
    assert found.to_save == ()
    [said] = found.faults
    return said


# --- what a good file gives


def test_a_row_is_a_payment() -> None:
    assert one(PLAIN) == Payment(
        "pay-1", "d-1", CORE.partner_id, Money(Decimal("6000.00"), "EUR"), date(2026, 10, 12), invoice="INV-7"
    )


def test_the_example_of_the_documentation_is_right() -> None:
    table = read_table((DOCS / "examples" / "payments.csv").read_bytes())
    deals = [
        replace(CORE, id=f"d-{n}", number=number, products=("Lumora Core", "Onboarding Package"), amount=None)
        for n, number in enumerate(sorted(named_deals(table)))
    ]
    drafted = draft_payments(table, deals, SELLING)
    found = settle(drafted, ())
    assert (drafted.faults, found.faults) == ((), ())
    assert any(payment.parts for payment in found.new)
    assert any(payment.refunds for payment in found.new)


def test_the_documentation_names_every_column() -> None:
    page = (DOCS / "connect-billing.md").read_text("utf-8")
    assert all(f"`{column}`" in page for column in COLUMNS)


def test_a_deal_is_named_by_number_or_id_in_any_case() -> None:
    assert one(PLAIN.replace("D-48213", "d-48213")).deal_id == "d-1"
    assert one(PLAIN.replace("D-48213", "D-1")).deal_id == "d-1"


def test_several_rows_of_one_payment_are_its_parts() -> None:
    paid = one(
        "pay-1;D-48213;INV-7;2026-10-12;6000;EUR;;core;2026-10-01;2027-09-30;\n"
        "pay-1;D-48213;;2026-10-12;9500;EUR;;Onboarding;;;\n"
        "pay-1;D-48213;;2026-10-12;1000;EUR;one-off;;;;\n"
    )
    assert paid.amount == Money(Decimal(16500), "EUR")
    assert paid.parts == (
        PaymentPart("Lumora Core", Decimal(6000), PaymentKind.RECURRING),
        PaymentPart("Onboarding Package", Decimal(9500), PaymentKind.ONE_OFF),
        PaymentPart("", Decimal(1000), PaymentKind.ONE_OFF),
    )
    assert (paid.period_start, paid.period_end) == (date(2026, 10, 1), date(2027, 9, 30))


def test_what_is_sold_once_is_paid_once_unless_the_file_says_more() -> None:
    assert one(PLAIN.replace("D-48213", "D-20000")).kind is PaymentKind.ONE_OFF
    assert one(PLAIN.replace("EUR;;", "EUR;Renewal;")).kind is PaymentKind.RENEWAL


def test_a_payment_on_the_vendors_own_deal_belongs_to_no_partner() -> None:
    assert one(PLAIN.replace("D-48213", "D-30000")).partner_id == ""


@pytest.mark.parametrize(
    ("cell", "code", "amount"),
    [
        ("6000", "EUR", "6000"),
        ("6000,5", "EUR", "6000.5"),
        ("-6000.05", "EUR", "-6000.05"),
        ("\u22126000.05", "EUR", "-6000.05"),
        ("1234590", "JPY", "1234590"),
        ("10000.130", "KWD", "10000.130"),
        ("1.200", "KWD", "1.200"),
        ("999999999999999.99", "EUR", "999999999999999.99"),
    ],
)
def test_sums_are_exact(cell: str, code: str, amount: str) -> None:
    assert one(PLAIN.replace("6000.00;EUR", f"{cell};{code}")).amount == Money(Decimal(amount), code)


# --- the same again


def test_the_same_file_twice_changes_nothing() -> None:
    first = read(PLAIN)
    again = read(PLAIN, first.new)
    assert (again.to_save, again.same) == ((), 1)


def test_a_payment_without_an_id_is_known_by_deal_invoice_sum_and_day() -> None:
    rows = PLAIN.replace("pay-1", "")
    first = one(rows)
    assert read(rows.replace("6000.00", "6000"), (first,)).same == 1
    for changed in (
        rows.replace("6000", "6001"),
        rows.replace("INV-7", "INV-8"),
        rows.replace("-12;", "-13;"),
        rows.replace("D-48213", "D-30000"),
    ):
        assert read(changed, (first,)).new != ()


def test_a_changed_row_is_an_update_that_says_so() -> None:
    before = read(PLAIN).new
    found = read(PLAIN.replace("6000.00", "5000.00").replace("INV-7", "INV-8"), before)
    [change] = found.changed
    assert change.told == "pay-1: amount 6000.00 EUR -> 5000.00 EUR, invoice INV-7 -> INV-8"
    assert found.to_save == (change.now,)


def test_two_rows_that_say_the_same_without_an_id_may_be_one_payment_or_two_so_a_person_says() -> None:
    row = PLAIN.replace("pay-1", "")
    assert fault(row + row) == "line 3: says the same as line 2; give both a payment id if both are meant"


# --- refunds


REFUND = "ref-1;D-48213;;2026-10-20;-1000.00;EUR;;;;;{}\n"


@pytest.mark.parametrize("name", ["pay-1", "INV-7"])
def test_a_refund_finds_its_payment_by_id_or_invoice_in_the_file_or_in_the_crm(name: str) -> None:
    assert [payment.refunds for payment in read(REFUND.format(name) + PLAIN).new] == ["pay-1", ""]
    assert one(REFUND.format(name), read(PLAIN).new).refunds == "pay-1"


def test_a_refund_of_nothing_known_is_a_fault() -> None:
    assert "line 2: refund_of 'INV-9' is no payment or invoice of this deal" in fault(REFUND.format("INV-9"))


def test_a_refund_of_another_deals_payment_is_a_fault() -> None:
    known = read(PLAIN).new
    assert "is no payment or invoice of this deal" in fault(REFUND.format("pay-1").replace("48213", "20000"), known)
    assert "is no payment or invoice of this deal" in fault(REFUND.format("INV-7").replace("48213", "20000"), known)


def test_an_invoice_of_several_payments_does_not_say_which_is_paid_back() -> None:
    rows = PLAIN + PLAIN.replace("pay-1", "pay-2")
    assert "names several payments" in fault(rows + REFUND.format("INV-7"))


def test_a_refund_above_zero_is_a_fault() -> None:
    assert "a refund is below" in fault(PLAIN + REFUND.format("pay-1").replace("-1000", "1000"))


# --- faults


@pytest.mark.parametrize("cell", ["1,200", "1.200,50", "1,200.50", "1 200", "1'200.00", "1\u202f200,00", "12,345,678"])
def test_marks_for_thousands_are_refused_for_they_are_read_differently_elsewhere(cell: str) -> None:
    assert "may hold marks for thousands; write digits" in fault(PLAIN.replace("6000.00", cell))


@pytest.mark.parametrize("cell", ["", "abc", "1e5", "NaN", "Infinity", "--5", "5-", "(5.00)", "EUR 5", "٣", "9" * 40])
def test_what_is_no_number_is_no_amount(cell: str) -> None:
    assert fault(PLAIN.replace("6000.00", cell)).startswith("line 2: amount ")


@pytest.mark.parametrize(("cell", "code"), [("1.005", "EUR"), ("10.5", "JPY"), ("1.0005", "KWD"), ("1.200", "EUR")])
def test_more_decimals_than_the_currency_has_are_a_fault(cell: str, code: str) -> None:
    assert f"decimals of {code}" in fault(PLAIN.replace("6000.00;EUR", f"{cell};{code}"))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (PLAIN.replace("D-48213", "D-9"), "line 2: deal 'D-9' is no deal's number or id in the CRM"),
        (PLAIN.replace("D-48213", ""), "line 2: deal '' is no deal's number or id in the CRM"),
        (PLAIN.replace("EUR", "CHF"), "line 2: currency 'CHF' is not one of EUR, USD, JPY, KWD"),
        (PLAIN.replace("2026-10-12", "12.10.2026"), "line 2: paid_on '12.10.2026' is no day such as 2026-10-12"),
        (PLAIN.replace("2026-10-12", "2026-02-30"), "line 2: paid_on '2026-02-30' is no day such as 2026-10-12"),
        (PLAIN.replace("2026-10-12", ""), "line 2: paid_on is missing; write a day such as 2026-10-12"),
        (PLAIN.replace("EUR;;", "EUR;gift;"), "line 2: kind 'gift' is not one of recurring, renewal, one_off"),
        (PLAIN.replace("EUR;;;", "EUR;;Acme;"), "line 2: product 'Acme' is not one of Lumora Core, Onboarding Package"),
        (PLAIN.replace(";;;\n", ";2026-10-02;2026-10-01;\n"), "line 2: period_end 2026-10-01 is before"),
        (PLAIN.replace(";;;\n", ";2026-10-02;;\n"), "line 2: a period needs both period_start and period_end"),
        (PLAIN.replace("6000.00", "0.00"), "line 2: amount is zero"),
    ],
)
def test_each_fault_says_what_would_be_right(row: str, said: str) -> None:
    assert fault(row).startswith(said)


def test_all_faults_are_told_together() -> None:
    found = read("pay-1;D-9;;x;y;z;;;;;\npay-2;D-48213;;2026-10-12;1,200;EUR;;;;;\n")
    assert [said.partition(":")[0] for said in found.faults] == ["line 2"] * 4 + ["line 3"]


def test_a_payment_in_another_currency_than_the_deal_is_a_fault() -> None:
    table = read_table((HEADER + PLAIN).encode())
    drafted = draft_payments(table, [replace(CORE, amount=Money(Decimal(1), "USD"))], SELLING)
    assert drafted.faults == ("line 2: currency EUR is not USD, in which D-48213 was sold",)


def test_parts_of_one_payment_agree() -> None:
    other = PLAIN.replace("2026-10-12", "2026-10-13").replace("INV-7", "INV-8").replace("D-48213", "D-20000")
    found = read(PLAIN + other)
    assert found.faults == tuple(
        f"line 3: {column} is another than on line 2, of the same payment" for column in ("deal", "invoice", "paid_on")
    )


def test_parts_that_come_to_zero_are_a_fault() -> None:
    assert "come to zero" in fault(PLAIN + PLAIN.replace("6000", "-6000"))


def test_a_payment_never_moves_to_another_deal() -> None:
    assert "is one of another deal" in fault(PLAIN.replace("D-48213", "D-20000"), read(PLAIN).new)


def test_rows_of_unknown_deals_may_be_passed_over() -> None:
    rows = PLAIN + PLAIN.replace("pay-1", "pay-2").replace("D-48213", "D-9")
    drafted = draft_payments(read_table((HEADER + rows).encode()), DEALS, SELLING, skip_unknown=True)
    assert (len(drafted.drafts), drafted.left_out, drafted.faults) == (1, 1, ())


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("deal;amount\n", "the column 'paid_on' is missing"),
        (HEADER.replace("invoice", "price"), "no column is called 'price'"),
        (HEADER.replace("invoice", "deal"), "the column 'deal' stands there twice"),
    ],
)
def test_a_wrong_header_is_told(header: str, said: str) -> None:
    assert any(said in fault for fault in read(PLAIN, header=header).faults)


@given(st.text(max_size=200))
def test_no_content_at_all_breaks_it(rows: str) -> None:
    found = read(rows)
    assert all(said.strip() for said in found.faults)


@given(st.lists(st.integers(-(10**9), 10**9).filter(bool), min_size=2, max_size=6))
def test_parts_always_sum_up_to_the_payment(cents: list[int]) -> None:
    rows = "".join(f"p;D-48213;;2026-10-12;{Decimal(c) / 100};EUR;;core;;;\n" for c in cents)
    found = read(rows)
    if sum(cents):
        [payment] = found.new
        assert sum(part.amount for part in payment.parts) == payment.amount.amount == Decimal(sum(cents)) / 100
    else:
        assert found.faults
