"""Bodies of a billing system: sums are exact, every wrong field is named, and nothing breaks the reading."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.http.invoice_bodies import NotAnEvent, NotJson, read_event
from bot.vocabulary.billing import InvoiceEvent, InvoiceEventKind, InvoiceLine
from crm.money import Money
from crm.records import PaymentKind

ZONE = ZoneInfo("Europe/Brussels")
TODAY = date(2026, 11, 26)
PLAIN: dict[str, Any] = {
    "id": "evt-1",
    "type": "invoice.paid",
    "deal": "D-10482",
    "paid_at": "2026-10-12",
    "currency": "EUR",
    "net": "23900.00",
}
CORE = {
    "product": "Lumora Core", "net": "14400.00", "kind": "recurring", "period_start": "2026-10-01",
    "period_end": "2027-09-30",
}  # fmt: skip
PACKAGE = {"product": "Onboarding Package", "net": "9500.00"}


def read(**changes: Any) -> InvoiceEvent:
    return read_event(json.dumps(PLAIN | changes).encode(), ZONE, TODAY)


def faults(**changes: Any) -> str:
    with pytest.raises(NotAnEvent) as refused:
        read(**changes)
    return "; ".join(refused.value.faults)


def test_the_least_that_must_be_said() -> None:
    assert read() == InvoiceEvent(
        "evt-1", InvoiceEventKind.PAID, "evt-1", "", "D-10482", date(2026, 10, 12), Money(Decimal("23900.00"), "EUR")
    )


def test_everything_that_can_be_said() -> None:
    found = read(payment="pay-1", invoice="INV-7", tax="5019.00", lines=[CORE, PACKAGE])
    assert (found.payment, found.invoice) == ("pay-1", "INV-7")
    assert found.lines == (
        InvoiceLine("Lumora Core", Decimal("14400.00"), PaymentKind.RECURRING, date(2026, 10, 1), date(2027, 9, 30)),
        InvoiceLine("Onboarding Package", Decimal("9500.00")),
    )
    assert read(type="invoice.refunded", refund_of="pay-1").refund_of == "pay-1"


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-10-12T09:31:00Z", date(2026, 10, 12)),
        ("2026-10-31T23:30:00Z", date(2026, 11, 1)),
        ("2026-11-01T00:30:00+02:00", date(2026, 10, 31)),
        ("2026-11-27", date(2026, 11, 27)),
    ],
)
def test_a_moment_counts_on_the_vendors_day(said: str, day: date) -> None:
    assert read(paid_at=said).paid_on == day


@pytest.mark.parametrize(
    "paid_at",
    ["", "yesterday", "12.10.2026", "2026-02-30", "2026-10-12T09:31:00", "0001-01-01T00:00:00+14:00", 1764, None],
)
def test_what_is_no_moment_is_refused(paid_at: object) -> None:
    assert "paid_at" in faults(paid_at=paid_at)


def test_a_payment_of_the_day_after_tomorrow_is_refused() -> None:
    assert faults(paid_at="2026-11-28") == "paid_at: lies ahead"


@pytest.mark.parametrize(
    "net",
    [23900, 23900.0, "0", "0.00", "-1.00", "1,200.00", "1e3", "NaN", "Infinity", "٣", "", " 1", "9" * 20, None, [], {}],
)
def test_only_a_text_of_digits_is_a_sum(net: object) -> None:
    assert "net: " in faults(net=net)


@pytest.mark.parametrize(("net", "currency"), [("1.005", "EUR"), ("10.5", "JPY"), ("1.0005", "KWD")])
def test_no_sum_has_more_decimals_than_its_currency(net: str, currency: str) -> None:
    assert "decimals" in faults(net=net, currency=currency)


def test_lines_come_to_the_sum() -> None:
    assert "the lines come to 14400.00, and net is 23900.00" in faults(lines=[CORE])
    assert read(net="23900.00", lines=[CORE, PACKAGE | {"net": "9500.0"}]).net.amount == Decimal(23900)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": ""}, "id: "),
        ({"id": "x" * 201}, "id: "),
        ({"id": "a\nb"}, "id: "),
        ({"type": "invoice.voided"}, "type: "),
        ({"deal": None}, "deal: "),
        ({"currency": "eur"}, "currency: "),
        ({"payment": "pay#2"}, "payment: "),
        ({"refund_of": "pay-1"}, "refund_of is for refunds"),
        ({"customer": "Acme"}, "customer: "),
        ({"lines": [PACKAGE | {"kind": "gift"}]}, "lines.0.kind: "),
        ({"lines": [PACKAGE | {"net": "-1"}]}, "lines.0.net: "),
        ({"lines": [PACKAGE | {"period_start": "2026-10-01"}]}, "a period needs both"),
        ({"lines": [CORE | {"period_end": "2026-09-30"}]}, "ends before it begins"),
        ({"lines": [CORE | {"period_end": 20260930}]}, "lines.0.period_end: "),
        ({"lines": [PACKAGE] * 501}, "lines: "),
        ({"lines": "all"}, "lines: "),
    ],
)
def test_a_wrong_field_is_named(changes: dict[str, Any], said: str) -> None:
    assert said in faults(**changes)


def test_all_wrong_fields_are_named_and_nothing_is_quoted() -> None:
    told = faults(id="", net="secret-sum", paid_at=7)
    assert all(f"{name}: " in told for name in ("id", "net", "paid_at"))
    assert "secret" not in told


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"id": "\xff"}', b"NaN"])
def test_what_is_no_json_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises((NotJson, NotAnEvent)):
        read_event(body, ZONE, TODAY)


@given(st.binary(max_size=200))
def test_no_bytes_break_it(body: bytes) -> None:
    with pytest.raises((NotJson, NotAnEvent)):
        read_event(body, ZONE, TODAY)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*PLAIN, "lines", "payment", "refund_of", "tax"]), _JSON, max_size=4))
def test_no_value_of_any_field_breaks_it(changes: dict[str, Any]) -> None:
    with suppress(NotAnEvent, NotJson):
        assert read(**changes).net.amount > 0
