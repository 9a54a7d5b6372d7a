"""A segment in words: what each name takes, what is kept out, what stands in quotes, and what a fault says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.announcements.segments.choices import choices
from bot.announcements.segments.parsing import LONGEST, SegmentFault, parse_segment
from bot.vocabulary.segment import NAMES, NOT, SavedSegment, Segment, SegmentChoices
from tests.builders import contact, partner

NOOR = "noor@lumora.example"
AT = datetime(2026, 11, 26, tzinfo=UTC)
PARTNERS = [
    partner(id="p-1", name="Brightpath", tier="Select", region="DACH", country="DE"),
    partner(id="p-2", name="Two", tier="Elite", region="Benelux", country="NL"),
]
SAVED = (SavedSegment("Sleepy in DACH", Segment(regions=("DACH",), tiers=("Select", "Elite")), NOOR, AT),)
KNOWN = choices(PARTNERS, [contact(language="de")], ["Lumora Core", "Lumora Insights", "lumora core"], SAVED)

words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12) | st.sampled_from(
    ["a,b", 'say "x"', ' "', "x;y", "=", "!=", "a!=b", "!", " outer ", "\n", "saved", "all", '"', '""', ",", ";"]
)
different = st.lists(words, max_size=3, unique_by=lambda word: word.casefold().replace("_", " ").replace("-", " "))


@st.composite
def segments(draw: st.DrawFn) -> tuple[Segment, SegmentChoices]:
    """Any segment, with what it keeps out in the order of the names, and choices that have just its values."""
    values = {name: draw(different) for name in NAMES}
    wanted = {name: draw(st.integers(0, len(found))) for name, found in values.items()}
    unwanted = [f"{name}{NOT}{value}" for name, found in values.items() for value in found[wanted[name] :]]
    chosen: dict[str, Any] = {NAMES[name]: tuple(found[: wanted[name]]) for name, found in values.items()}
    known: dict[str, Any] = {NAMES[name]: tuple(found) for name, found in values.items()}
    return replace(Segment(**chosen), without=tuple(unwanted)), SegmentChoices(**known)


@settings(max_examples=40, deadline=None)
@given(segments())
def test_what_a_segment_is_written_as_is_read_as_that_segment(made: tuple[Segment, SegmentChoices]) -> None:
    segment, known = made
    assert parse_segment(str(segment), known) == segment


def test_every_name_takes_its_values_and_keeps_them_out() -> None:
    said = (
        "tier=select,ELITE; type=referral; region=dach; country=de; language=de; product=lumora core; "
        "pipeline=stalled, on hold; certificate=expiring,valid; partner=p-1,Two; tier!=elite; partner!=brightpath; "
        "product != Lumora Insights"
    )
    assert parse_segment(said, KNOWN) == Segment(
        tiers=("Select", "Elite"), types=("referral",), regions=("DACH",), countries=("DE",), languages=("de",),
        products=("Lumora Core",), pipeline=("stalled", "on_hold"), certificates=("expiring", "valid"),
        partners=("p-1", "Two"), without=("tier!=Elite", "product!=Lumora Insights", "partner!=Brightpath"),
    )  # fmt: skip


@pytest.mark.parametrize("said", ["all", " Everyone ", "ALL"])
def test_all_narrows_nothing(said: str) -> None:
    assert parse_segment(said, KNOWN) == Segment()
    assert str(Segment()) == "everyone"


def test_a_saved_segment_is_taken_by_name_and_narrowed_by_what_stands_beside_it() -> None:
    assert parse_segment("saved=sleepy in dach", KNOWN) == SAVED[0].segment
    narrower = parse_segment("saved=Sleepy in DACH; tier=elite; pipeline=none; partner!=Two", KNOWN)
    assert str(narrower) == "tier=Elite; region=DACH; pipeline=none; partner!=Two"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("tier=Selct", "no tier 'Selct'; did you mean 'Select'? There are Select, Elite"),
        ("certificates=lost", "no certificates 'lost'; there are valid, none, expiring, expired"),
        ("pipeline=stale", "no pipeline 'stale'; did you mean 'stalled'? There are open, none, stalled, closing, "),
        ("tear=Select", "'tear=Select' is not of the form name=value,value or name!=value; did you mean 'tier'?"),
        ("tier", "'tier' is not of the form name=value,value or name!=value (the names are tier, type, region, "),
        ("tier=", "'tier=' is not of the form"),
        ("tier=Select,,Elite", "is not of the form"),
        ("; ;", "an empty segment names nobody; write 'all' for everyone"),
        ("tier=Select; tier=Elite", "tier= stands twice; write its values in one, as in tier=A,B"),
        ("saved=sleepy", "no saved segment 'sleepy'; there are Sleepy in DACH"),
        ("saved!=Sleepy in DACH", "a saved segment cannot be kept out as a whole"),
        ("saved=Sleepy in DACH; saved=Sleepy in DACH", "one saved segment at a time"),
        ("saved=Sleepy in DACH; region=Benelux", "region Benelux is not in the saved segment, which has DACH"),
        ("x" * (LONGEST + 1), "longer than 20,000 characters"),
    ],
    ids=lambda said: said[:24] or None,
)
def test_a_fault_says_what_there_is_and_what_was_probably_meant(said: str, why: str) -> None:
    with pytest.raises(SegmentFault) as fault:
        parse_segment(said, KNOWN)
    assert why in str(fault.value)


def test_where_nothing_is_in_use_a_fault_says_that() -> None:
    with pytest.raises(SegmentFault, match="no region 'DACH'; there is none to choose from"):
        parse_segment("region=DACH", choices([], []))
