"""Exchange rates from files: own rows as they are, the Bank's inverted exactly, and every fault with its line."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.rate_files import DIGITS, RatesRead, read_rates
from crm.csv_table import LARGEST
from knowledge.commission.exchange import ExchangeRate

CURRENCIES = ("EUR", "USD", "GBP", "CHF")
BANK = b"Date,USD,JPY,GBP,RUB,\n2026-11-26,1.0935,163.45,0.8312,N/A,\n2026-11-25,1.1,N/A,0.83,N/A,\n"


def read(data: bytes, base: str = "EUR", name: str = "rates.csv") -> RatesRead:
    found = read_rates(data, base, CURRENCIES, name)
    assert bool(found.rates) is not bool(found.faults)
    return found


def archive(**files: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("_", "."), content)
    return kept.getvalue()


def test_an_own_rate_is_kept_as_it_is_written() -> None:
    found = read(b"currency;day;rate;source\nusd;2026-11-26;0.92170;Ledger 7\nGBP;2026-11-26;1.2;\n")
    assert found.rates == (
        ExchangeRate("USD", date(2026, 11, 26), Decimal("0.92170"), "Ledger 7"),
        ExchangeRate("GBP", date(2026, 11, 26), Decimal("1.2"), "rates.csv"),
    )


def test_the_banks_rates_are_inverted_to_twelve_digits_and_say_what_they_were() -> None:
    found = read(BANK)
    assert found.bank
    assert [(rate.currency, str(rate.day), str(rate.rate)) for rate in found.rates] == [
        ("USD", "2026-11-26", "0.914494741655"),
        ("GBP", "2026-11-26", "1.20307988450"),
        ("USD", "2026-11-25", "0.909090909091"),
        ("GBP", "2026-11-25", "1.20481927711"),
    ]
    assert found.rates[0].source == "ECB: EUR 1 = 1.0935 USD"


def test_for_a_program_in_another_currency_the_way_leads_through_the_euro() -> None:
    found = read(BANK, base="USD")
    worth = {(rate.currency, rate.day.day): rate.rate for rate in found.rates}
    assert worth["EUR", 26] == Decimal("1.0935")
    assert worth["GBP", 26] == Decimal("1.31556785371")  # 1.0935 / 0.8312, rounded once


def test_the_archive_is_taken_as_the_bank_offers_it() -> None:
    assert read(archive(**{"eurofxref-hist_csv": BANK})) == read(BANK)


@given(st.decimals(min_value="0.0001", max_value="99999", places=4))
def test_a_rate_and_its_inverse_differ_by_no_more_than_the_last_digit(per_euro: Decimal) -> None:
    [rate] = read(f"Date,USD,\n2026-11-26,{per_euro},\n".encode()).rates
    assert abs(rate.rate * per_euro - 1) <= Decimal(5).scaleb(-DIGITS)
    assert len(rate.rate.as_tuple().digits) <= DIGITS


def test_all_faults_are_told_together_with_their_lines() -> None:
    rows = "2026-11-26,USD,0.9\n26.11.2026,USD,0.9\n2026-11-25,JPY,0.9\n2026-11-25,EUR,1\n2026-11-24,USD,0,92\n"
    assert read(f"day,currency,rate\n{rows}".encode()).faults == ("line 6: 4 cells, but the header names 3 columns",)
    rows = "2026-11-26,USD,0.9\n26.11.2026,USD,0.9\n2026-11-25,JPY,0.9\n2026-11-25,EUR,1\n2026-11-24,USD,\n"
    assert read(f"day,currency,rate\n{rows}".encode()).faults == (
        "line 3: day '26.11.2026' is no day such as 2026-10-12",
        "line 4: currency 'JPY' is not one of USD, GBP, CHF",
        "line 5: currency 'EUR' is EUR itself",
        "line 6: rate '' is no rate above zero such as 0.9217",
    )


@pytest.mark.parametrize("rate", ["0", "-1", "0,92", "1.000.000", "NaN", "Infinity", "1e3", "١", "9" * 40])
def test_what_is_no_plain_number_above_zero_is_no_rate(rate: str) -> None:
    assert "no rate above zero" in read(f"day;currency;rate\n2026-11-26;USD;{rate}\n".encode()).faults[0]


def test_two_rates_of_one_day_are_a_fault_and_the_same_twice_is_none() -> None:
    assert "another rate on line 2" in read(b"day,currency,rate\n2026-11-26,USD,1\n2026-11-26,USD,2\n").faults[0]
    assert len(set(read(b"day,currency,rate\n2026-11-26,USD,1\n2026-11-26,USD,1\n").rates)) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"date\n2026-11-26\n",
        b"hello",
        b"PK\x03\x04 and no archive",
        archive(a_csv=BANK, b_csv=BANK),
        archive(a_txt=BANK),
        archive(a_csv=b"0" * (LARGEST + 1)),
        b"Date,JPY,\n2026-11-26,163.45,\n",
        b"Date,USD,\nyesterday,1.09,\n",
        b"Date,USD,\n2026-11-26,-1,\n",
    ],
)
def test_what_is_no_file_of_rates_is_told_in_words(data: bytes) -> None:
    assert all(fault.strip() for fault in read(data).faults)


@given(st.binary(max_size=300))
def test_no_content_at_all_breaks_it(data: bytes) -> None:
    read(data)
    read(b"Date,USD,\n" + data)
    read(b"day,currency,rate\n" + data)
