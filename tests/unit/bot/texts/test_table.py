"""A table in text: within the width of a mail, readable on a telephone, and no cell of it lost, whatever names hold."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack.blocks.texts import escaped
from bot.texts.catalogue import LANGUAGES, catalogue
from bot.texts.table import WIDTH, for_slack, in_columns
from bot.texts.wording import Wording, reader_locale
from bot.vocabulary.decisions import Value
from bot.vocabulary.layout import Column, Table
from crm.money import Money
from crm.records import Channel, RegistrationState, Stage
from tests.builders import euro

COLUMNS = (Column("Deal"), Column("Status"), Column("Value", figures=True), Column("Next step", below=True))
HOSTILE = (
    "A|B * C_d <e> & f",
    "*",
    "_x_",
    "`code`",
    "~~",
    "<!channel>",
    "@here",
    "a\nb",
    "=1+1",
    "https://evil.example",
)


def pair(label: str, cell: str) -> str:
    return f"{label}: {cell}"


def wording(language: str = "en", channel: Channel = Channel.EMAIL) -> Wording:
    return Wording(catalogue(), language, reader_locale(language, ""), ZoneInfo("UTC"), channel)


def deal(customer: str = "Acme GmbH", **parts: Value) -> Value:
    said = tuple({"text": f"deal.{name}", "value": value} for name, value in parts.items())
    return {"text": "line.deal", "number": "D-1042", "customer": customer, "parts": said}


def test_columns_stand_under_their_heads_and_figures_end_together() -> None:
    rows = (("D-1, Acme", "won", "€5", ""), ("D-2, Vega", "proposal", "€12,000", "Sign"))
    assert in_columns(Table(COLUMNS, rows), pair).split("\n") == [
        "Deal       Status      Value",
        "---------  --------  -------",
        "D-1, Acme  won            €5",
        "D-2, Vega  proposal  €12,000",
        "  Next step: Sign",
    ]


def test_names_that_leave_no_room_stand_above_their_rows() -> None:
    rows = (("D-1, " + "Marram " * 9, "proposal", "€5", "Sign"), ("D-2, Vega", "won", "€12", ""))
    assert in_columns(Table(COLUMNS, rows), pair).split("\n") == [
        "Deal",
        "  Status    Value",
        "  --------  -----",
        "D-1, " + "Marram " * 9,
        "  proposal     €5",
        "  Next step: Sign",
        "D-2, Vega",
        "  won         €12",
    ]


def test_what_is_too_wide_for_columns_becomes_one_line_for_each_row() -> None:
    rows = (("D-1, " + "W" * 80, "won", "€5", "Sign"), ("D-2, Vega", "", "€12", ""))
    assert in_columns(Table(COLUMNS, rows), pair).split("\n") == [
        f"- D-1, {'W' * 80} · Status: won · Value: €5 · Next step: Sign",
        "- D-2, Vega · Value: €12",
    ]


@pytest.mark.parametrize("grows", ["name", "status"])
def test_the_last_column_of_a_mail_is_used_and_none_beyond_it(grows: str) -> None:
    """Beside the names as long as all fits, below them as long as the facts do, and then as items."""
    forms = []
    for length in range(1, WIDTH + 9):
        name, state = ("N" * length, "won") if grows == "name" else ("N" * 9, "S" * length)
        told = in_columns(Table(COLUMNS[:3], ((name, state, "€5"),)), pair)
        forms.append("items" if told.startswith("- ") else "below" if told.startswith("Deal\n") else "beside")
        if forms[-1] != "items":
            assert max(map(len, told.split("\n"))) <= WIDTH
    gaps, status_and_value = 4, len("Status") + len("Value")
    if grows == "name":
        assert forms.count("beside") == WIDTH - gaps - status_and_value
        assert forms.count("beside") + forms.count("below") == WIDTH
    else:
        assert forms.count("beside") == WIDTH - gaps - len("N" * 9) - len("Value")
        assert forms.count("beside") + forms.count("below") == WIDTH - gaps - len("Value")


def test_names_that_run_from_the_right_are_not_set_in_columns() -> None:
    told = in_columns(Table(COLUMNS, (("D-1, חברת", "won", "€5", ""),)), pair)
    assert told == "- D-1, חברת · Status: won · Value: €5"


def test_wide_letters_count_twice() -> None:
    lines = in_columns(Table(COLUMNS, (("D-1, 日本", "won", "€5", ""), ("D-2, ab", "won", "€5", ""))), pair).split("\n")
    assert lines[2].index("won") + 2 == lines[3].index("won")


def test_on_a_telephone_a_name_in_bold_has_its_facts_below() -> None:
    rows = (("D-1, Acme", "won", "€5", "Sign"), ("D-2, Vega", "", "", ""))
    assert for_slack(Table(COLUMNS, rows), pair).split("\n") == [
        "• *D-1, Acme*",
        "      Status: won · Value: €5 · Next step: Sign",
        "• *D-2, Vega*",
    ]


CELL = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn", "Zl", "Zp", "Co"]), max_size=120).map(
    lambda said: " ".join(said.split())
)
ROWS = st.lists(st.tuples(CELL.filter(bool), CELL, CELL, CELL).map(tuple), min_size=1, max_size=4)


@given(ROWS)
@settings(max_examples=150, deadline=None)
def test_no_cell_is_lost_and_no_column_is_too_wide(rows: list[tuple[str, ...]]) -> None:
    table = Table(COLUMNS, tuple(rows))
    for told in (in_columns(table, pair), for_slack(table, pair)):
        letters = re.sub(r"\s", "", told)
        for cell in (cell for row in rows for cell in row):
            assert re.sub(r"\s", "", cell) in letters
    text = in_columns(table, pair)
    if not text.startswith("- "):
        assert max(map(len, text.split("\n"))) <= WIDTH
    else:
        assert len(text.split("\n")) == len(rows)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SLACK])
def test_a_hostile_name_opens_no_row_and_ends_no_bold(name: str, channel: Channel) -> None:
    said = wording("en", channel).text("status.list", {"deals": (deal(name, amount=euro(5)), deal("Acme"))})
    plain = wording("en", channel).text("status.list", {"deals": (deal("Beta", amount=euro(5)), deal("Acme"))})
    assert said.count("\n") == plain.count("\n")
    if channel is Channel.SLACK:
        assert said.count("*") == 4
        assert "<" not in escaped(said)
        assert not re.search(r"@(channel|here|everyone)", said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("customer", ["Acme GmbH", "Marram Coffee Roasters of Kilkenny"])
def test_a_usual_pipeline_fits_a_mail_in_every_language(language: str, customer: str) -> None:
    lines = tuple(
        deal(
            customer,
            status=status,
            amount=euro(125000),
            close_date=date(2027, 9, 30),
            protected_until=date(2027, 9, 30),
        )
        for status in (*Stage, *RegistrationState)
    )
    text = wording(language).text("status.list", {"deals": lines})
    assert "\n- " not in text
    assert max(map(len, text.split("\n"))) <= WIDTH


@pytest.mark.parametrize(
    ("amount", "shown"), [("30000", "€30,000"), ("30000.50", "€30,000.50"), ("0", "€0"), ("1E+3", "€1,000")]
)
def test_whole_sums_are_written_without_cents(amount: str, shown: str) -> None:
    assert wording().value(Money(Decimal(amount), "EUR"), "brief") == shown


def test_days_and_states_are_written_short() -> None:
    assert wording("de").value(date(2027, 2, 16), "brief") == "16.02.2027"
    assert wording("de").value(RegistrationState.SUBMITTED, "brief") == "eingereicht"
    assert wording().value("Acme", "brief") == "Acme"
