"""The outlet of a destination that is not connected: what would go out is kept for people to read."""

from __future__ import annotations

from bot.ports import Parcel, Sent


class KeptOutlet:
    """Where nothing can be sent (no relay, no token): what would have gone out is kept and shown in the console."""

    pace = 0.0

    async def send(self, parcel: Parcel) -> Sent:  # noqa: ARG002 - kept as it stands in the outbox
        return Sent(kept=True)
