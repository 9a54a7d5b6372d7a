"""What a managers' digest says of partners that were invited of late: how many began, and which have said nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.storage.adoption import Adopted

_LATELY = timedelta(days=60)
_PATIENCE = timedelta(days=14)
_NAMED = 5


def newcomers(partners: Sequence[Adopted], today: date) -> tuple[str, ...]:
    """Of partners invited in the last 60 days, in two lines at most; nothing where there are none."""
    new = [one for one in partners if one.invited_on is not None and today - one.invited_on <= _LATELY]
    if not new:
        return ()
    counts = (
        f"{sum(one.wrote_on is not None for one in new)} wrote",
        f"{sum(one.registered_on is not None for one in new)} registered",
        f"{sum(one.won_on is not None for one in new)} won",
    )
    mute = [one.name for one in new if one.wrote_on is None and _waits(one, today)]
    more = f" and {len(mute) - _NAMED} more" if len(mute) > _NAMED else ""
    named = f"nothing yet of {', '.join(mute[:_NAMED])}{more} → /partners status {mute[0]}" if mute else ""
    return (f"{len(new)} invited in 60 days: {', '.join(counts)}", *([named] if named else []))


def _waits(one: Adopted, today: date) -> bool:
    return one.invited_on is not None and today - one.invited_on >= _PATIENCE
