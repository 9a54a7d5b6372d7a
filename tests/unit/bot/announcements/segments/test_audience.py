"""Whom a segment names, whom it leaves out and why, and how managers write it."""

from __future__ import annotations

import pytest

from bot.announcements.segments.audience import Unreachable, audience
from bot.announcements.segments.choices import choices
from bot.announcements.segments.parsing import SegmentFault, parse_segment
from bot.vocabulary.segment import Segment
from tests.builders import contact, partner

ONE, TWO = partner(id="p-1", name="One"), partner(id="p-2", name="Two")


def test_partners_are_named_by_name_or_id() -> None:
    people = [contact(id="c-1", partner_id="p-1", email="a@one.example"), contact(id="c-2", partner_id="p-2")]
    for named in ("One", "one", "p-1"):
        found = audience(Segment(partners=(named,)), [ONE, TWO], people)
        assert [person.id for _, person in found.recipients] == ["c-1"]


def test_who_is_left_out_is_named_with_the_reason() -> None:
    people = [
        contact(id="c-1", partner_id="p-1", name="Ada", email="a@one.example", opted_out=True),
        contact(id="c-2", partner_id="p-1", name="Bo", email=""),
        contact(id="c-3", partner_id="p-1", name="Cy", email="C@one.example"),
        contact(id="c-4", partner_id="p-2", name="Di", email="d@two.example", active=False),
        contact(id="c-5", partner_id="p-2", name="Eve", email="e@two.example"),
    ]
    found = audience(Segment(), [ONE, TWO], people, Unreachable({"c@one.example"}))
    assert [(one.name, one.why) for one in found.left_out] == [
        ("Ada", "opted out"),
        ("Bo", "without an address"),
        ("Cy", "whose address takes no mail"),
    ]
    assert (found.opted_out, found.undeliverable) == (1, 1)
    assert [person.name for _, person in found.recipients] == ["Eve"]


def test_partners_that_share_a_name_are_told_apart_by_their_ids() -> None:
    odd = partner(id="p-4", name="Odd, and; odd")
    found = choices([ONE, TWO, partner(id="p-3", name="one"), odd], [])
    assert found.partners == ("p-1", "p-3", "p-4", "Two")


def test_a_partner_is_written_as_it_is_called() -> None:
    known = choices([ONE, TWO], [])
    assert parse_segment("partner=two, One", known) == Segment(partners=("Two", "One"))
    with pytest.raises(SegmentFault, match="no partner 'Three'; there are One, Two"):
        parse_segment("partner=Three", known)


def test_of_many_values_a_fault_names_some() -> None:
    known = choices([partner(id=f"p-{n}", name=f"Partner {n:03}") for n in range(300)], [])
    with pytest.raises(SegmentFault, match="and 270 more"):
        parse_segment("partner=Three", known)
