"""Whatever stands in them, forms keep to Slack's schema and lengths."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack.managers.announce_views import preview_view, scheduled_view, sent_view, write_view
from bot.channels.slack.managers.decide_views import decide_view, settled_view
from bot.channels.slack.managers.drafts import from_filled
from bot.channels.slack.managers.frames import loading, told
from bot.channels.slack.managers.ports import CaseShown, Draft, LeftOut, Preview, Report, Scheduled
from bot.channels.slack.managers.reporting import report_blocks
from bot.vocabulary.briefs import Act, BriefKind
from bot.vocabulary.segment import Segment, SegmentChoices
from tests.fakes.slack.contract import block_faults, view_faults

AT = datetime(2026, 12, 1, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
FORM = "7e0f8a40-3c4b-4c83-9a63-3d8a5a1d2f11"

anything = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60) | st.sampled_from(
    ["<!channel> & *all*", "ל" * 200, "x" * 4_000, "", "\n\n", "🎉" * 90]
)
names = st.lists(anything, max_size=6).map(tuple)
few = settings(max_examples=40, deadline=None)


def fits(view: dict[str, Any]) -> None:
    assert view_faults(view) == []


@few
@given(anything, anything, names, names, names)
def test_the_form_for_announcing(subject: str, text: str, tiers: Any, regions: Any, partners: Any) -> None:
    draft = from_filled({"subject": subject, "text": text, "tiers": "\n".join(tiers)})
    fits(
        write_view(FORM, draft, SegmentChoices(tiers, ("referral",), regions, ("en", "xx"), partners), "Europe/Berlin")
    )


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250, 10_000, 10_001])
def test_any_number_of_partners_can_be_chosen_from(count: int) -> None:
    names = tuple(f"Partner {number:05}" for number in range(count))
    draft = Draft(segment=Segment(partners=names[:3]))
    view = write_view(FORM, draft, SegmentChoices((), (), (), (), names), "Europe/Berlin")
    if count <= 1_000:
        fits(view)  # the schema takes its time
    chosen = [block for block in view["blocks"] if block.get("block_id") == "partners"]
    groups = chosen[0]["element"].get("option_groups", []) if chosen else []
    assert len(groups) <= 100
    assert all(len(group["options"]) <= 100 for group in groups)
    assert len(chosen) == (count > 0)


@few
@given(st.integers(0, 10**7), anything, anything, st.lists(st.tuples(anything, anything), max_size=40), st.booleans())
def test_the_preview(count: int, subject: str, looks: str, left_out: Any, now: bool) -> None:
    out = tuple(LeftOut(who, why) for who, why in left_out)
    preview = Preview(count, count, subject, out, subject, looks * 9)
    fits(preview_view(FORM, preview, subject, None if now else AT, changed=now))


@few
@given(st.lists(st.tuples(anything, anything), max_size=60), anything)
def test_what_is_announced_later(later: Any, result: str) -> None:
    waiting = [Scheduled(FORM, subject, "noor@lumora.example", segment, AT, 3) for subject, segment in later]
    fits(scheduled_view(waiting, result))
    for one in waiting[:2]:
        fits(sent_view(one, AT))
        fits(sent_view(one, None))


@few
@given(
    anything,
    st.lists(st.tuples(anything, anything), max_size=60),
    anything,
    st.lists(st.sampled_from(list(Act)), min_size=1, max_size=6, unique=True),
)
def test_the_form_for_deciding(title: str, facts: Any, why: str, acts: list[Act]) -> None:
    found = CaseShown(
        BriefKind.STATEMENT, FORM, title, title, tuple(facts), acts[0], why, tuple(acts), standing=why
    )  # fmt: skip
    fits(decide_view(FORM, found))
    fits(settled_view(found))


@few
@given(anything, anything)
def test_what_is_merely_told(title: str, text: str) -> None:
    fits(loading(title))
    fits(told(title, text, text))


@few
@given(anything, st.lists(st.tuples(anything, names), max_size=30))
def test_a_report(title: str, groups: Any) -> None:
    assert block_faults(report_blocks(Report(title, tuple(groups)))) == []
