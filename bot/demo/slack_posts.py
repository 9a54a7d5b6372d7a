"""The demo's Slack takes every post and shows it to nobody: each gets the time stamp that Slack would have given it."""

from __future__ import annotations

from uuid import UUID

from bot.ports import Parcel, Sent


class DemoSlackPosts:
    """Implements `bot.ports.Outlet`. A post is known by its time stamp, so that who answers under it is understood."""

    pace = 0.0

    async def send(self, parcel: Parcel) -> Sent:
        return Sent(remote_id=demo_ts(parcel.id), kept=True)


def demo_ts(outbox_id: str) -> str:
    """The same for the same row, and another for any other."""
    number = UUID(outbox_id).int
    return f"{1_000_000_000 + number % 10**9}.{number // 10**9 % 10**6:06d}"
