"""The Home tab: what waits stands there soonest first within Slack's limits, and nobody but a manager sees anything."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack.managers import actions
from bot.channels.slack.managers.home import (
    Group,
    Page,
    Picture,
    Row,
    anyones_view,
    colleague_view,
    page_view,
    without_picture,
)
from tests.fakes.slack.contract import view_faults

PICTURE = Picture("F0CHART", "Registrations by week", "Registrations by week. Week of 23 Nov: 10 (6 decided in time).")
OVERDUE = Group(
    "Registrations overdue",
    (Row("D-123456 · Nordlicht", "Quaywise · due Wed 25 Nov, 2 days late", "6f0c", pressing=True),),
    1,
)
DISPUTES = Group("Disputes", (Row("S-2026-10 · Quaywise", "since Mon 23 Nov: the rate is wrong"),), 1)
PAGE = Page("Lumora", "Mara", "Fri 27 Nov", (OVERDUE, DISPUTES), may_announce=True, picture=PICTURE)


def words(view: dict[str, Any]) -> str:
    return json.dumps(view["blocks"], ensure_ascii=False)


def pressed(view: dict[str, Any]) -> list[tuple[str, str]]:
    """(action, value) of every button."""
    elements = [
        element
        for block in view["blocks"]
        for element in (*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else ()))
    ]
    return [(one["action_id"], one.get("value", "")) for one in elements if one.get("type") == "button"]


def test_what_waits_stands_under_its_heading_in_the_order_given_with_a_button_where_something_can_be_done() -> None:
    view = page_view(PAGE, "20:31")
    assert view_faults(view) == []
    said = words(view)
    assert said.index("Registrations overdue*") < said.index("D-123456") < said.index("Disputes*") < said.index("wrong")
    assert (actions.DECIDE, "6f0c") in pressed(view)
    assert "20:31" in said


def test_a_manager_who_may_not_announce_has_no_button_for_it() -> None:
    assert (actions.ANNOUNCE, "") in pressed(page_view(PAGE, ""))
    assert pressed(page_view(replace(PAGE, may_announce=False), "")) == [(actions.DECIDE, "6f0c")]


def test_the_picture_says_its_numbers_to_who_does_not_see_it() -> None:
    [image] = [block for block in page_view(PAGE, "")["blocks"] if block["type"] == "image"]
    assert image["slack_file"] == {"id": "F0CHART"}
    assert "10 (6 decided in time)" in image["alt_text"]


def test_without_the_picture_its_numbers_are_said() -> None:
    view = page_view(without_picture(PAGE), "")
    assert not [block for block in view["blocks"] if block["type"] == "image"]
    assert "10 (6 decided in time)" in words(view)
    assert without_picture(replace(PAGE, picture=None)) == replace(PAGE, picture=None)


def test_what_goes_beyond_a_handful_is_counted_and_told_where_to_be_found() -> None:
    many = Group("Leads", tuple(Row(f"L-{number}") for number in range(40)), 40, "`/partners status` lists them all.")
    said = words(page_view(replace(PAGE, groups=(many,)), ""))
    assert "L-5*" in said
    assert "L-6*" not in said
    assert "and 34 more. `/partners status` lists them all." in said


def test_where_nothing_waits_the_page_says_so() -> None:
    said = words(page_view(replace(PAGE, groups=(Group("Disputes", (), 0),)), ""))
    assert "Nothing waits for you, Mara" in said
    assert "Disputes" not in said


def test_what_a_partner_wrote_cannot_call_anybody_or_hide_a_link() -> None:
    hostile = Row("<!channel> *bold* <https://evil.example|statement>", "@here <@U0MANAGER> & more")
    said = words(page_view(replace(PAGE, groups=(Group("Disputes", (hostile,), 1),)), ""))
    assert "<!channel>" not in said
    assert "<https://" not in said
    assert "<@U0MANAGER>" not in said


def test_colleagues_read_what_it_is_and_everybody_else_nothing_of_anybody() -> None:
    colleague, anyone = colleague_view("Lumora"), anyones_view()
    assert view_faults(colleague) == view_faults(anyone) == []
    assert "Lumora" in words(colleague)
    assert "Lumora" not in words(anyone)
    assert pressed(colleague) == pressed(anyone) == []


TEXT = st.text(max_size=600) | st.text(alphabet="<>&*_`\u202e\u200d\n\0 😀", max_size=3_000)
ROWS = st.builds(Row, TEXT, TEXT, st.sampled_from(["", "6f0c2f9e"]), st.booleans())
GROUPS = st.builds(
    lambda title, rows, more: Group(title, tuple(rows), len(rows), more), TEXT, st.lists(ROWS, max_size=9), TEXT
)
PAGES = st.builds(
    Page, TEXT, TEXT, TEXT, st.lists(GROUPS, max_size=14).map(tuple), st.lists(ROWS, max_size=8).map(tuple),
    st.none() | st.builds(Picture, st.just("F0CHART"), TEXT, TEXT), st.booleans(),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(PAGES, TEXT)
def test_any_page_is_within_slacks_limits_whatever_partners_wrote(page: Page, at: str) -> None:
    assert view_faults(page_view(page, at)) == []
