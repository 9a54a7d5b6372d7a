"""A stateful HubSpot on real HTTP: a portal with records, associations, search, limits and moods, and a page to see it.

    with running_hubspot() as hub:
        HubSpotOptions(token=hub.token, url=hub.url)
        hub.portal.person_edits("deals", deal_id, amount="12000")
        hub.moods.next(Mood.LOST, on="batch/upsert")

`python -m tests.fakes.hubspot` starts one by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.fakes.hubspot.moods import Mood
from tests.fakes.hubspot.plans import Plan
from tests.fakes.hubspot.portal import Portal
from tests.fakes.hubspot.server import Hub

__all__ = ["Hub", "Mood", "Plan", "Portal", "running_hubspot"]


@contextmanager
def running_hubspot(portal: Portal | None = None) -> Iterator[Hub]:
    """A fake on a free port of loopback, in a thread of its own, until the block ends."""
    hub = Hub(portal)
    hub.start()
    try:
        yield hub
    finally:
        hub.stop()
