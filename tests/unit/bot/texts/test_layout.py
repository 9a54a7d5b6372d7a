"""The layout of a reply: the words of its text, in rows where the template lists, whatever the values hold."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.texts.catalogue import LANGUAGES, catalogue
from bot.texts.layout import layout
from bot.texts.wording import Wording, reader_locale
from bot.vocabulary.decisions import Value
from bot.vocabulary.layout import Block, Column, Listing, Paragraph, Quotation, Row, Table, from_payload, to_payload
from crm.records import Channel, Stage
from tests.builders import euro

DEAL: dict[str, Value] = {
    "text": "line.deal",
    "number": "D-1042",
    "customer": "Acme: 50 % off GmbH",
    "parts": (
        {"text": "deal.stage", "value": Stage.NEGOTIATION},
        {"text": "deal.amount", "value": euro(30000)},
        {"text": "deal.next_step", "value": "Legal: contract, then: sign"},
    ),
}
STEPS: dict[str, Value] = {
    "result": euro(2592),
    "deal": "D-1042",
    "plan": "Referral 2026",
    "version": "2026-01",
    "steps": (
        {"text": "said.base_list", "seats": 60, "price": euro(24), "months": 12, "base": euro(17280)},
        {"text": "said.rate", "rate": Decimal("0.15")},
        {"text": "said.tier_adds", "tier": "Select", "points": Decimal(2), "rate": Decimal("0.17")},
        {"text": "said.exact", "result": euro(2592)},
    ),
}


def wording(language: str = "en") -> Wording:
    return Wording(catalogue(), language, reader_locale(language, ""), ZoneInfo("UTC"), Channel.EMAIL)


def words(blocks: tuple[Block, ...]) -> str:
    said = []
    for block in blocks:
        match block:
            case Paragraph(text) | Quotation(text):
                said.append(text)
            case Listing(rows):
                said += [f"{row.label} {' '.join(row.values)}" for row in rows]
            case Table(columns, rows):
                below = [place for place, column in enumerate(columns) if column.below]
                said += [column.label for column in columns if not column.below]
                for cells in rows:
                    said += [cell for place, cell in enumerate(cells) if place not in below]
                    said += [f"{columns[place].label} {cells[place]}" for place in below if cells[place]]
    return _bare(" ".join(said))


def _bare(text: str) -> str:
    """Without what a table shows in its form: bullets, colons and the commas between parts."""
    return " ".join(re.sub(r"^- |[:,]|-{2,}", " ", text, flags=re.MULTILINE).split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_layout_has_the_words_of_the_text(language: str) -> None:
    for key, values in (("commission.quote", STEPS), ("status.list", {"deals": (DEAL, DEAL)})):
        assert words(layout(wording(language), key, values)) == _bare(wording(language).text(key, values))


def test_figures_become_rows_of_what_and_how_much() -> None:
    said, listing = layout(wording(), "commission.quote", STEPS)
    assert isinstance(said, Paragraph)
    assert listing == Listing(
        (
            Row("recurring revenue of the first year: 60 seats at €24.00, 12 months", ("€17,280.00",)),
            Row("rate of the plan", ("15%",)),
            Row("", ("your tier Select adds 2 percentage points, which makes 17%",)),
            Row("commission", ("€2,592.00",)),
        )
    )


def test_a_colon_in_a_name_moves_nothing() -> None:
    assert layout(wording(), "status.one", {"deal": DEAL})[-1] == Listing(
        (
            Row(
                "D-1042, Acme: 50 % off GmbH",
                ("stage: negotiation", "value: €30,000.00", "next step: Legal: contract, then: sign"),
            ),
        )
    )


def test_the_space_before_a_french_colon_stays_with_the_label() -> None:
    shown = layout(wording("fr"), "commission.quote", STEPS)
    labels = [row.label for block in shown if isinstance(block, Listing) for row in block.rows if row.label]
    assert labels
    assert all(label.endswith("\u00a0") for label in labels)


def test_deals_become_a_table_with_a_column_for_each_thing_that_is_known() -> None:
    assert layout(wording(), "status.list", {"deals": (DEAL, {**DEAL, "number": "D-2", "parts": ()})})[-1] == Table(
        (Column("Deal"), Column("Stage"), Column("Value", figures=True), Column("Next step", below=True)),
        (
            ("D-1042, Acme: 50 % off GmbH", "negotiation", "€30,000", "Legal: contract, then: sign"),
            ("D-2, Acme: 50 % off GmbH", "", "", ""),
        ),
    )


def test_a_row_with_a_cell_too_few_is_left_out() -> None:
    columns = [["Deal", False, False], ["Value", True, False]]
    assert from_payload([{"columns": columns, "cells": [["D-1", "€5"], ["D-2"], "x"]}]) == (
        Table((Column("Deal"), Column("Value", figures=True)), (("D-1", "€5"),)),
    )


def test_a_page_is_quoted_and_its_source_said_behind_it() -> None:
    quoted, source = layout(wording(), "program.passage", {"passage": "One.\n\nTwo.", "page": "FAQ", "title": "Why"})
    assert quoted == Quotation("One.\n\nTwo.")
    assert source == Paragraph("(Source: FAQ, “Why”)")


def test_a_layout_comes_back_from_the_database_as_it_went_in() -> None:
    table = layout(wording(), "status.list", {"deals": (DEAL,)})
    blocks = (*layout(wording(), "commission.quote", STEPS), Quotation("x"), *table)
    assert from_payload(json.loads(json.dumps(to_payload(blocks)))) == blocks


@pytest.mark.parametrize(
    "odd",
    [
        None,
        "x",
        {},
        [None, 1, "x", {}, {"rows": 1}, {"paragraph": 1}, {"rows": [1, [], ["a"]]}],
        [{"columns": 1, "cells": []}, {"columns": [["a"]], "cells": []}, {"columns": [["a", 1, False]], "cells": []}],
    ],
)
def test_what_is_no_layout_is_none(odd: object) -> None:
    assert [block for block in from_payload(odd) if block != Listing(())] == []
