"""When tiers are reviewed, when a partner at risk is reminded, and when managers hear of it all."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from knowledge.deal_clock import Timer
from knowledge.program import Vendor
from knowledge.tier_review import Notice

REVIEW = "tier_review"
REMINDER = "tier_reminder"
DIGEST = "tier_digest"

_EARLY = time(7)  # after the night's imports, before anybody asks
_MORNING = time(9)
_BEFORE_DIGEST = timedelta(hours=1)


def review_timer(review: date, partner_id: str, vendor: Vendor) -> Timer:
    """By the vendor's clock: a quarter begins when it does there."""
    due_at = datetime.combine(review, _EARLY, ZoneInfo(vendor.time_zone))
    return Timer(f"{REVIEW}:{review}:{partner_id}", REVIEW, partner_id, due_at, {"review": str(review)}, partner_id)


def digest_timer(review: date, vendor: Vendor) -> Timer:
    """An hour later, when the partners' reviews are through as a rule."""
    due_at = datetime.combine(review, _EARLY, ZoneInfo(vendor.time_zone)) + _BEFORE_DIGEST
    return Timer(f"{DIGEST}:{review}", DIGEST, "tiers", due_at, {"review": str(review)})


def reminder_timer(notice: Notice, partner_id: str, zone: str, vendor: Vendor) -> Timer:
    """A month before the review that decides, in the partner's morning."""
    before = (notice.review - timedelta(days=1)).replace(day=1)
    due_at = datetime.combine(before, _MORNING, _zone(zone, vendor))
    key = f"{REMINDER}:{notice.review}:{partner_id}"
    return Timer(key, REMINDER, partner_id, due_at, {"review": str(notice.review)}, partner_id, only_ahead=True)


def _zone(name: str, vendor: Vendor) -> ZoneInfo:
    try:
        return ZoneInfo(name or vendor.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(vendor.time_zone)
