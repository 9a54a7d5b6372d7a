"""Whatever stands in them, forms keep to Slack's schema and lengths."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.slack.managers.announcements.drafts import Draft, from_filled, with_language
from bot.channels.slack.managers.announcements.list_view import list_view
from bot.channels.slack.managers.announcements.preview_view import confirmed_view, preview_view
from bot.channels.slack.managers.announcements.progress_card import progress_blocks
from bot.channels.slack.managers.announcements.write_view import language_view, write_view
from bot.channels.slack.managers.decide_views import decide_view, settled_view
from bot.channels.slack.managers.frames import loading, told
from bot.channels.slack.managers.ports import CaseShown, Listed, Report
from bot.channels.slack.managers.reporting import report_blocks
from bot.vocabulary.announcing import (
    Announcement,
    AnnouncementState,
    AnnouncementText,
    Call,
    CallKind,
    Composed,
    Preview,
    Progress,
    Sample,
    Timing,
    Zone,
)
from bot.vocabulary.briefs import Act, BriefKind
from bot.vocabulary.segment import LeftOut, SavedSegment, Segment, SegmentChoices
from tests.fakes.slack.contract import block_faults, view_faults

ZONE = ZoneInfo("Europe/Berlin")
AT = datetime(2026, 12, 1, 9, 0, tzinfo=ZONE)
FORM = "7e0f8a40-3c4b-4c83-9a63-3d8a5a1d2f11"

anything = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60) | st.sampled_from(
    ["<!channel> & *all*", "ל" * 200, "x" * 4_000, "", "\n\n", "🎉" * 90]
)
names = st.lists(anything, max_size=6).map(tuple)
few = settings(max_examples=15, deadline=None)


def fits(view: dict[str, Any]) -> None:
    assert view_faults(view) == []


@settings(max_examples=8, deadline=None)
@given(anything, anything, names, names, names)
def test_the_form_for_announcing(subject: str, text: str, tiers: Any, regions: Any, partners: Any) -> None:
    draft = from_filled({"subject": subject, "text": text, "tiers": "\n".join(tiers)}, Draft())
    saved = tuple(SavedSegment(name, Segment(), "x", AT) for name in dict.fromkeys(regions))
    choices = SegmentChoices(
        tiers, ("referral",), regions, ("en", "xx"), partners, partners, ("open",), ("valid",), tiers, saved=saved
    )  # fmt: skip
    fits(write_view(FORM, draft, choices, "Europe/Berlin", subject))
    filled = {"language": "de", "subject": subject, "text": text}
    fits(language_view(FORM, with_language(draft, filled, "noor@lumora.example"), "de"))


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


def composed_of(subject: str, body: str, segment: Any = ()) -> Composed:
    texts = (AnnouncementText("en", subject, body), AnnouncementText("de", subject, body, approved=False))
    days = tuple(date(2026, 12, day) for day in range(1, 21))
    return Composed(texts, Segment(tiers=segment), Call(CallKind.DATE, days, subject), remind_after=5)


def kept(subject: str, state: AnnouncementState, segment: Any = ()) -> Announcement:
    return Announcement(FORM, composed_of(subject, "x", segment), state, "noor@lumora.example", AT, began_at=AT)


@few
@given(st.integers(0, 10**7), anything, anything, st.lists(st.tuples(anything, anything), max_size=40), st.booleans())
def test_the_preview(count: int, subject: str, looks: str, left_out: Any, now: bool) -> None:
    out = tuple(LeftOut(who, who, why) for who, why in left_out)
    samples = tuple(Sample(subject, looks, "de", subject, looks * 9, "", looks * 9) for _ in range(3))
    languages = (("en", 1), ("de", 2))
    preview = Preview(count, count, count, count, subject, out, samples, AT, AT + timedelta(days=2), languages)
    composed = composed_of(subject, looks)
    timing = Timing() if now else Timing(AT.replace(tzinfo=None), Zone.PARTNER)
    fits(preview_view(FORM, preview, replace(composed, timing=timing), ZONE, changed=now, result=looks))


@few
@given(st.lists(st.tuples(anything, names, st.sampled_from(AnnouncementState)), max_size=60), anything)
def test_the_list_of_announcements(found: Any, result: str) -> None:
    listed = [Listed(kept(subject, state, tiers), 2, 3, result) for subject, tiers, state in found]
    fits(list_view(listed, ZONE, result))
    for one in listed[:2]:
        fits(confirmed_view(one.announcement, 3, ZONE))


@few
@given(anything, st.sampled_from(AnnouncementState), st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_message_that_shows_progress(subject: str, state: AnnouncementState, sent: int, waiting: int) -> None:
    progress = Progress(state, sent + waiting, sent, 0, waiting, waiting, AT)
    assert block_faults(progress_blocks(kept(subject, state), progress, ZONE)) == []


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
