"""Slack's outlet: one post a second and channel, sent once, and looked for before it is ever sent again."""

from __future__ import annotations

from bot.channels.slack.errors import SlackOutcomeUnknown, SlackRateLimited, SlackRefused, SlackUnavailable
from bot.channels.slack.outgoing import SlackSender
from bot.ports import OutletOutcomeUnknown, OutletRefused, OutletUnavailable, Parcel, Sent

_PACE = 1.0  # seconds between two posts in one channel


class SlackOutlet:
    """Implements `bot.ports.Outlet`."""

    one_by_one = True

    def __init__(self, sender: SlackSender, pace: float = _PACE) -> None:
        self._sender = sender
        self.pace = pace

    async def send(self, parcel: Parcel) -> Sent:
        try:
            return Sent(remote_id=await self._found(parcel) or await self._posted(parcel))
        except SlackRateLimited as fault:
            raise OutletUnavailable(str(fault), fault.retry_after, only_this=True, counts=False) from fault
        except SlackUnavailable as fault:
            raise OutletUnavailable(str(fault), fault.retry_after) from fault
        except SlackOutcomeUnknown as fault:
            raise OutletOutcomeUnknown(str(fault), may_repeat=True) from fault
        except SlackRefused as fault:
            raise OutletRefused(str(fault)) from fault

    async def _found(self, parcel: Parcel) -> str | None:
        """An attempt whose end nobody knows may have got through: its answer, or our note of it, was lost."""
        if not parcel.unsure:
            return None
        channel, thread_ts = _place(parcel)
        return await self._sender.find(channel, thread_ts, parcel.id, since=parcel.first_tried_at)

    async def _posted(self, parcel: Parcel) -> str:
        channel, thread_ts = _place(parcel)
        return await self._sender.send(channel, thread_ts, str(parcel.payload["text"]), None, parcel.id)


def _place(parcel: Parcel) -> tuple[str, str]:
    return str(parcel.payload["channel"]), str(parcel.payload["thread_ts"])
