"""Payments and milestones as lines of a textarea."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.adapters.hubspot.records.codec import LONGEST
from crm.adapters.hubspot.records.lines import Lines, read, written
from crm.errors import CrmRejected
from crm.money import Money
from crm.records import Milestone, Payment, PaymentKind, PaymentPart
from tests.contract.records import MILESTONE, PAYMENT

amounts = st.decimals(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
payments = st.builds(
    Payment,
    id=texts.filter(bool),
    deal_id=st.just(""),
    partner_id=st.just(""),
    amount=st.builds(Money, amounts, st.sampled_from(["EUR", "KWD"])),
    received_on=st.dates(),
    kind=st.sampled_from(PaymentKind),
    parts=st.lists(st.builds(PaymentPart, texts, amounts, st.sampled_from(PaymentKind)), max_size=3).map(tuple),
    period_start=st.none() | st.dates(),
    period_end=st.none() | st.dates(),
    refunds=texts,
    invoice=texts,
)
# As a person leaves them: no line of ours.
scribbles = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1, max_size=30)


def _pays(count: int) -> tuple[Payment, ...]:
    return tuple(replace(PAYMENT, id=f"pay-{n:05}", invoice=f"INV-{n * 7919 % 99991}") for n in range(count))


@given(st.lists(payments, max_size=8, unique_by=lambda payment: payment.id).map(tuple), st.lists(scribbles, max_size=3))
def test_lines_come_back_in_their_order_beside_what_people_wrote(made: tuple[Payment, ...], odd: list[str]) -> None:
    lines = Lines(made, tuple(odd))
    assert read(Payment, written(lines)) == lines


def test_a_record_is_replaced_in_its_place_and_taken_away() -> None:
    one, two, three = _pays(3)
    other = replace(two, invoice="other")
    lines = Lines((one, two)).with_records([other, three])
    assert lines.records == (one, other, three)
    assert lines.without([one.id, "unknown"]).records == (other, three)


def test_of_two_lines_with_one_id_the_last_counts() -> None:
    first, last = replace(MILESTONE, value=Decimal(1)), replace(MILESTONE, value=Decimal(2))
    text = "\n".join(written(Lines((one,))) for one in (first, last))
    assert read(Milestone, text).records == (last,)


@pytest.mark.parametrize("count", [100, 300, 500, 2000])
def test_what_does_not_fit_plainly_is_packed_the_oldest_first(count: int) -> None:
    made = _pays(count)
    text = written(Lines(made, ("scribble",)))
    assert len(text) <= LONGEST
    assert read(Payment, text) == Lines(made, ("scribble",))
    assert text.splitlines()[-1] == "scribble"
    assert made[-1].id in text.splitlines()[-2]
    again = read(Payment, text).with_records([replace(made[0], invoice="other")])
    assert read(Payment, written(again)).records[0].invoice == "other"


def test_what_does_not_fit_at_all_is_refused_in_words() -> None:
    with pytest.raises(CrmRejected, match=r"no room for 9000 payments"):
        written(Lines(_pays(9_000)))


def _packed(content: bytes) -> str:
    return json.dumps({"packed": base64.b64encode(content).decode(), "lines": 1})


@pytest.mark.parametrize(
    "line",
    [
        '{"packed"',
        '{"packed": 7}',
        '{"packed": "!"}',
        _packed(b"no zlib"),
        _packed(zlib.compress(b"\xff\xfe")),
        _packed(zlib.compress(b"x" * (32 << 20))),
        _packed(zlib.compress(b'{"id": "half')[:-3]),
        '{"packed": ' + "[" * 20_000,
        "[" * 60_000,
        '{"id": "pay-1"}',
        '{"id": "pay-1", "deal_id": "", "partner_id": "", "amount": {"amount": "NaN", "currency": "EUR"}}',
        "null",
    ],
)
def test_a_damaged_or_hostile_line_costs_only_itself(line: str) -> None:
    held = read(Payment, f"{line}\n{written(Lines(_pays(1)))}")
    assert held.damaged == (line,)
    assert [payment.id for payment in held.records] == ["pay-00000"]


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_read(text: Any) -> None:
    held = read(Milestone, text)
    assert held.records == ()
    assert all(line in text for line in held.damaged)
