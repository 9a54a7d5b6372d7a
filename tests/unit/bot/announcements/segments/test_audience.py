"""Whom a segment reaches, and whom it leaves out and why, each person once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.announcements.segments.audience import Audience, Unreachable, audience, reached_by
from bot.announcements.segments.choices import choices, known_choices
from bot.announcements.segments.parsing import SegmentFault, parse_segment
from bot.storage import forgotten, mirror
from bot.storage.codec import from_doc
from bot.storage.database import Database
from bot.vocabulary.segment import Segment
from crm.records import ContactRight, Milestone, MilestoneKind, Stage
from tests.builders import TODAY, contact, deal, partner, program
from tests.unit.bot.storage.conftest import storage

__all__ = ["storage"]

ONE, TWO = partner(id="p-1", name="One"), partner(id="p-2", name="Two")
SEES_DEALS = frozenset({ContactRight.SEE_DEALS})


def reasons(found: Audience) -> list[tuple[str, str]]:
    return [(one.name, one.why) for one in found.left_out]


def names(found: Audience) -> list[str]:
    return [person.name for _, person in found.recipients]


def test_partners_are_named_by_name_or_id() -> None:
    people = [contact(id="c-1", partner_id="p-1", email="a@one.example"), contact(id="c-2", partner_id="p-2")]
    for named in ("One", "one", "p-1"):
        found = audience(Segment(partners=(named,)), [ONE, TWO], people)
        assert [person.id for _, person in found.recipients] == ["c-1"]


def test_who_is_left_out_is_named_with_the_reason() -> None:
    people = [
        contact(id="c-1", name="Ada", email="a@one.example", opted_out=True),
        contact(id="c-2", name="Bo", email=""),
        contact(id="c-3", name="Cy", email="c@one.example"),
        contact(id="c-4", partner_id="p-2", name="Di", email="d@two.example", active=False),
        contact(id="c-5", partner_id="p-2", name="Eve", email="e@two.example"),
        contact(id="c-6", name="Flo", email="f@one.example", main=False, rights=()),
        contact(id="c-7", name="Gil", email="g@one.example"),
    ]
    kept_out = Unreachable({"c@one.example"}, {"c-7"}, SEES_DEALS)
    found = audience(Segment(), [ONE, TWO], people, kept_out)
    assert reasons(found) == [
        ("Ada", "opted out"),
        ("Bo", "without an address"),
        ("Cy", "whose address takes no mail"),
        ("Flo", "without the right to see deals"),
        ("somebody who was forgotten", "forgotten at their own wish"),
    ]
    assert (found.opted_out, found.undeliverable) == (1, 1)
    assert names(found) == ["Eve"]


def test_an_address_that_stands_with_two_partners_is_written_to_once_and_counted_once() -> None:
    both = [
        contact(id="c-1", email="x@y.example", main=False, rights=()),
        contact(id="c-2", partner_id="p-2", email="x@y.example"),
    ]
    found = audience(Segment(), [ONE, TWO], both, Unreachable(needs=SEES_DEALS))
    assert ([partner.id for partner, _ in found.recipients], found.left_out) == (["p-2"], ())
    out = [both[0], contact(id="c-3", partner_id="p-2", email="X@y.example", opted_out=True)]
    assert [one.why for one in audience(Segment(), [ONE, TWO], out).left_out] == ["opted out"]


def test_who_takes_no_mail_is_reached_in_the_channel_of_his_partner() -> None:
    people = [
        contact(id="c-1", name="Ada", email=""),
        contact(id="c-2", name="Bo", email="b@one.example"),
        contact(id="c-3", name="Cy", email="", partner_id="p-2"),
        contact(id="c-4", name="Di", email="d@one.example", opted_out=True),
        contact(id="c-5", name="Eve", email="", main=False, rights=()),
    ]
    kept_out = Unreachable({"b@one.example"}, needs=SEES_DEALS, channels={"p-1"})
    found = audience(Segment(), [ONE, TWO], people, kept_out)
    assert [(person.name, person.email) for _, person in found.recipients] == [("Ada", ""), ("Bo", "")]
    assert reasons(found) == [
        ("Cy", "without an address"),
        ("Di", "opted out"),
        ("Eve", "without the right to see deals"),
    ]


def test_partners_that_share_a_name_are_told_apart_by_their_ids() -> None:
    odd = partner(id="p-4", name="Odd, and; odd")
    found = choices([ONE, TWO, partner(id="p-3", name="one"), odd], [])
    assert found.partners == ("p-1", "p-3", "p-4", "Two")


def test_of_many_values_a_fault_names_some() -> None:
    known = choices([partner(id=f"p-{n}", name=f"Partner {n:03}") for n in range(300)], [])
    with pytest.raises(SegmentFault, match=r"no partner 'Three'; there are Partner 000, .* and 270 more"):
        parse_segment("partner=Three", known)


def test_a_segment_that_was_stored_when_it_had_five_fields_is_read() -> None:
    old = {"tiers": ["Elite"], "types": [], "regions": ["DACH"], "languages": [], "partners": []}
    assert from_doc(Segment, old) == Segment(tiers=("Elite",), regions=("DACH",))


async def test_facts_are_those_of_the_mirror(storage: Database) -> None:
    stood = TODAY - timedelta(days=45)
    records: list[mirror.Mirrored] = [
        ONE, TWO, partner(id="p-3", name="Three", certified_people=0),
        *(contact(id=f"c-{n}", partner_id=f"p-{n}", email=f"a@{n}.example", name=f"Of {n}") for n in (1, 2, 3)),
        deal(id="d-1", products=("Lumora Core", "Retired Thing"), stage_since=None, created_on=stood),
        deal(id="d-2", number="D-2", partner_id="p-2", stage_since=TODAY, created_on=stood, close_date=TODAY),
        deal(id="d-3", number="D-3", partner_id="", products=("Nobody's",), stage=Stage.WON, close_date=None),
        Milestone("m-1", "p-1", MilestoneKind.CERTIFICATION, TODAY - timedelta(days=800), subject="Ada  Lo"),
        Milestone("m-2", "p-1", MilestoneKind.CERTIFICATION, TODAY - timedelta(days=330), subject="ada lo"),
        Milestone("m-3", "p-2", MilestoneKind.GO_LIVE, TODAY - timedelta(days=800), deal_id="d-2"),
    ]  # fmt: skip
    async with storage.begin() as connection:
        await mirror.store(connection, records)
        await forgotten.note(connection, "c-9", "noor@lumora.example")
        known = await known_choices(connection, program())
        found = {
            said: names(
                await reached_by(connection, parse_segment(said, known), program=program(), today=TODAY)
            )
            for said in (
                "pipeline=stalled", "pipeline=closing", "pipeline=none", "product=retired thing",
                "certificates=expiring", "certificates=expired", "certificates=none", "certificates!=valid,expired",
            )
        }  # fmt: skip
        in_a_year = await reached_by(
            connection, Segment(certificates=("expired",)), program=program(), today=TODAY + timedelta(days=366)
        )
    assert "Nobody's" not in known.products
    assert found == {
        "pipeline=stalled": ["Of 1"],
        "pipeline=closing": ["Of 2"],
        "pipeline=none": ["Of 3"],
        "product=retired thing": ["Of 1"],
        "certificates=expiring": ["Of 1"],
        "certificates=expired": [],
        "certificates=none": ["Of 3"],
        "certificates!=valid,expired": ["Of 3"],
    }
    assert names(in_a_year) == ["Of 1"]
