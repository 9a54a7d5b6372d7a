"""Importing what happened beside payments: each kind says what it must; the same again changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.csv_table import read_table
from crm.import_milestones import COLUMNS, draft_milestones, named_deals
from crm.records import Milestone, MilestoneKind
from crm.same_again import Compared
from tests.contract.records import DEAL, OTHER_PARTNER, PARTNER

DOCS = Path(__file__).parents[3] / "docs"
HEADER = "milestone;kind;on;deal;partner;subject;value\n"


def read(rows: str, known: tuple[Milestone, ...] = ()) -> Compared[Milestone]:
    return draft_milestones(read_table((HEADER + rows).encode()), [DEAL], [PARTNER, OTHER_PARTNER]).compared(known)


def test_the_example_of_the_documentation_is_right() -> None:
    table = read_table((DOCS / "examples" / "milestones.csv").read_bytes())
    deals = [replace(DEAL, id=f"d-{n}", number=number) for n, number in enumerate(sorted(named_deals(table)))]
    partners = {row.cells["partner"] for row in table.rows if "partner" in row.cells}
    drafted = draft_milestones(table, deals, [replace(OTHER_PARTNER, id=name, name=name) for name in partners])
    assert drafted.faults == ()
    assert {milestone.kind for milestone in drafted.milestones} == set(MilestoneKind)


def test_the_documentation_names_every_column() -> None:
    page = (DOCS / "connect-billing.md").read_text("utf-8")
    assert all(f"`{column}`" in page for column in COLUMNS)


def test_a_milestone_of_a_deal_is_its_partners() -> None:
    [found] = read("m-1;csat;2026-10-20;d-48213;;;4.1999\n").new
    assert found == Milestone(
        "m-1", PARTNER.id, MilestoneKind.CSAT, date(2026, 10, 20), DEAL.id, value=Decimal("4.1999")
    )


def test_a_milestone_apart_from_deals_names_its_partner() -> None:
    [found] = read(";Certification;2026-10-20;;other;Zoë O'Neill;\n").new
    assert (found.partner_id, found.deal_id, found.subject) == (OTHER_PARTNER.id, "", "Zoë O'Neill")


def test_the_same_file_twice_changes_nothing() -> None:
    rows = ";go_live;2026-10-20;D-48213;;;\n;event;2026-10-20;;Other;Roundtable;3\n"
    assert (read(rows, read(rows).new).to_save, read(rows, read(rows).new).same) == ((), 2)


def test_what_happens_once_is_corrected_and_what_is_measured_again_is_another() -> None:
    live = read(";go_live;2026-10-20;D-48213;;;\n").new
    [change] = read(";go_live;2026-10-22;D-48213;;;\n", live).changed
    assert change.told.endswith("on 2026-10-20 -> 2026-10-22")
    judged = read(";csat;2026-10-20;D-48213;;;4.1\n").new
    assert len(read(";csat;2026-10-20;D-48213;;;4.2\n", judged).changed) == 1
    assert len(read(";csat;2027-01-20;D-48213;;;4.5\n", judged).new) == 1


def test_a_second_certificate_of_one_person_is_the_same_milestone() -> None:
    first = read(";certification;2026-10-20;;Other;Zoë O'Neill;\n").new
    assert len(read(";certification;2026-11-20;;Other;zoë  o'neill;\n", first).changed) == 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (";party;2026-10-20;;Other;x;\n", "kind 'party' is not one of stage, go_live, csat"),
        (";go_live;20.10.2026;D-48213;;;\n", "on '20.10.2026' is no day such as 2026-10-12"),
        (";go_live;;D-48213;;;\n", "on is missing"),
        (";go_live;2026-10-20;D-9;;;\n", "deal 'D-9' is no deal's number or id in the CRM"),
        (";go_live;2026-10-20;;Other;;\n", "a go_live needs a deal"),
        (";go_live;2026-10-20;D-48213;Other;;\n", "D-48213 is no deal of Other"),
        (";go_live;2026-10-20;D-48213;;;4\n", "a go_live has no value"),
        (";csat;2026-10-20;D-48213;;;\n", "a csat needs a value: the average of 1 to 5"),
        (";csat;2026-10-20;D-48213;;;5.1\n", "value '5.1' is not from 1 to 5"),
        (";csat;2026-10-20;D-48213;;;good\n", "value 'good' is no number"),
        (";stage;2026-10-20;D-48213;;;\n", "a stage needs a subject: the stage's name"),
        (";usage;2026-10-20;D-48213;;seats;-1\n", "value '-1' is below zero"),
        (";event;2026-10-20;;Other;Fair;2.5\n", "value '2.5' is no whole number of opportunities"),
        (";meeting;2026-10-20;;;Acme;\n", "needs a partner, or a deal of one"),
        (";meeting;2026-10-20;;Nobody;Acme;\n", "partner 'Nobody' is no partner's name or id in the CRM"),
    ],
)
def test_each_fault_says_what_would_be_right(row: str, said: str) -> None:
    found = read(row)
    assert found.to_save == ()
    assert found.faults[0].startswith(f"line 2: {said}")


def test_two_rows_that_say_the_same_are_a_fault() -> None:
    row = ";go_live;2026-10-20;D-48213;;;\n"
    assert read(row + row).faults == ("line 3: says the same as line 2",)


@given(st.text(max_size=200))
def test_no_content_at_all_breaks_it(rows: str) -> None:
    assert all(said.strip() for said in read(rows).faults)
