"""The study as a picture, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import json
import struct
import sys
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.documents.chart import Bar, Chart, Panel, png
from bot.documents.study_chart import as_csv, as_json, chart, in_words, sentences
from crm.money import Money
from crm.records import AmountBasis, Deal, PartnerType, Stage
from knowledge.brand import Colours
from knowledge.commission.exchange import RateTable
from knowledge.study import Filters, Study, study

DAY = date(2026, 6, 1)


def deals(owner: str, won: int, lost: int, amount: int) -> list[Deal]:
    return [
        Deal(
            f"{owner}{n}", f"D-{owner}{n}", owner, "Acme", "acme.example", (), Money(Decimal(amount + n), "EUR"),
            AmountBasis.ANNUAL, Stage.WON if n < won else Stage.LOST, DAY, DAY - timedelta(days=40 + n % 7),
            won_on=DAY if n < won else None, stage_since=DAY,
        )
        for n in range(won + lost)
    ]  # fmt: skip


def found(sourced: tuple[int, int] = (56, 44), own: tuple[int, int] = (80, 320), amount: int = 13_200) -> Study:
    everything = [*deals("p1", *sourced, amount), *deals("", *own, 10_000)]
    return study(everything, {}, frozenset(), RateTable("EUR"), Filters())


def size_of(picture: bytes) -> tuple[int, int]:
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", picture[16:24])
    return int(width), int(height)


def test_the_chart_is_a_png_of_a_readable_size_and_the_same_each_time() -> None:
    picture = png(chart(found(), "Lumora"), Colours())
    width, height = size_of(picture)
    assert 1_500 < width < 2_600
    assert 500 < height < 1_400
    assert picture == png(chart(found(), "Lumora"), Colours())
    assert "matplotlib.pyplot" not in sys.modules, "no global state is touched"


def test_there_is_a_chart_of_no_deals_at_all() -> None:
    assert size_of(png(chart(study([], {}, (), RateTable("EUR"), Filters()), "Lumora"), Colours()))


def test_an_interval_without_an_end_is_drawn_to_the_edge() -> None:
    bars = (Bar("A", 2.0, 1.0, float("inf")), Bar("B", None, note="too few"))
    assert size_of(png(Chart("T", "", (Panel("P", bars, str),)), Colours(background="#101010", text="#ffffff")))
    with pytest.raises(ValueError, match="a chart has a panel"):
        png(Chart("T", "", ()), Colours())


def test_each_comparison_is_one_sentence_with_its_interval() -> None:
    sourced, registered, influenced = sentences(found())
    assert sourced.startswith("Sourced deals: 1.32 times as large (1.32 to 1.32)")
    assert "2.80 times the win rate (2.14 to 3.60)" in sourced
    assert "no difference in days shown (" in sourced
    assert registered.count("too few") == influenced.count("too few") == 3


def test_no_difference_is_said_to_be_not_shown_and_small_samples_are_called_so() -> None:
    sourced = sentences(found(sourced=(10, 10), own=(12, 14), amount=10_000))[0]
    assert "(small sample)" in sourced
    assert "no difference shown: 1.08 times the win rate (" in sourced


def test_what_was_asked_for_is_told() -> None:
    assert in_words(Filters()) == "all closed deals"
    asked = Filters(DAY, None, "DACH", PartnerType.RESELLER, "Lumora Core")
    assert in_words(asked) == "closed 2026-06-01 to today · product Lumora Core · partners: reseller DACH"


def test_csv_has_a_row_for_each_group_and_measure() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(found()))))
    assert len(rows) == 12
    rate = next(r for r in rows if (r["group"], r["measure"]) == ("sourced", "win_rate"))
    assert (rate["count"], rate["value"], rate["times_own"]) == ("100", "0.56", "2.8")
    none = next(r for r in rows if (r["group"], r["measure"]) == ("influenced", "size"))
    assert (none["count"], none["value"], none["times_own"]) == ("0", "", "")


def test_json_says_null_where_there_is_no_figure_or_no_end() -> None:
    document = json.loads(as_json(found(own=(0, 50))))
    assert document["groups"][1]["size"] is None
    rate = document["comparisons"][0]["win_rate"]
    assert rate["finding"] == "higher"
    assert rate["estimate"]["high"] is None
    assert rate["estimate"]["low"] > 1
