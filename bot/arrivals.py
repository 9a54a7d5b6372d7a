"""From the edges into the inbox: what came over SMTP or from Slack is committed before it is acknowledged."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.channels.slack.edge.events import SlackEvent, as_written
from bot.channels.slack.edge.front import NotCommitted
from bot.channels.slack.edge.presses import Press
from bot.storage import ledger, tasks, ticks
from bot.storage.acceptor import Acceptor
from bot.storage.codec import storable
from bot.storage.database import Database, StorageUnavailable
from bot.storage.inbox import Arrival
from bot.storage.queue import Queue
from bot.worker.channel_events import ABOUT_CHANNELS, take_note
from crm.records import Channel
from mail_ingest.address import reply_keys
from mail_ingest.envelope import Envelope

log = logging.getLogger(__name__)

_TOLD = {
    "app_uninstalled": "the Slack app was removed from your workspace",
    "tokens_revoked": "Slack revoked the app's token",
    "app_rate_limited": "Slack held back events: more than 30,000 in an hour",
}


class Arrivals:
    """The two front doors. Both return once the message is committed and raise when it is not."""

    def __init__(
        self, acceptor: Acceptor, database: Database, now: Callable[[], datetime], queue: Queue | None = None
    ) -> None:
        """Without a `queue` what happens to Slack's channels is written down and not looked into."""
        self._acceptor = acceptor
        self._queue = queue
        self._database = database
        self._now = now

    async def mail(self, envelope: Envelope) -> None:
        """One lock for a conversation: its reply key, else the envelope's sender, else the peer."""
        keys = reply_keys(envelope.rcpt_tos, ())
        await self._accept(
            Arrival(
                channel=Channel.EMAIL,
                raw=envelope.raw,
                envelope={
                    "mail_from": envelope.mail_from.lower(),
                    "rcpt_tos": list(envelope.rcpt_tos),
                    "peer": envelope.peer,
                    "helo": envelope.helo,
                },
                received_at=self._now(),
                lock=(keys[0] if keys else envelope.mail_from.lower() or envelope.peer)[:200],
            )
        )

    async def slack(self, event: SlackEvent) -> None:
        """A mention comes as two events, a retry as a third: one key, handled once. What changes a post follows it."""
        post = as_written(event.payload["event"])
        await self._accept_slack(
            Arrival(
                channel=Channel.SLACK,
                raw=event.raw,
                envelope={
                    "slack_team": event.team,
                    "slack_channel": event.channel,
                    "slack_ts": event.ts,
                    "slack_user": str(post.get("user", "")),
                },
                received_at=event.received_at,
                lock=f"{event.channel}:{post.get('thread_ts') or event.ts}",
                dedupe_key=f"slack:{'/'.join(event.key)}",
            )
        )

    async def press(self, team: str, press: Press, received_at: datetime) -> None:
        """A button pressed: in line with what is written in the card's thread, and taken once."""
        await self._accept_slack(
            Arrival(
                channel=Channel.SLACK,
                raw=press.raw,
                envelope={
                    "slack_team": team,
                    "slack_channel": press.channel,
                    "slack_ts": press.action_ts,
                    "slack_user": press.user,
                },
                received_at=received_at,
                lock=f"{press.channel}:{press.thread_ts}",
                dedupe_key=f"slack-press:{'/'.join((team, *press.key))}",
            )
        )

    async def notice(self, kind: str, payload: Mapping[str, Any]) -> None:
        """What Slack tells beside messages, each once; what needs a person becomes a task."""
        try:
            await self._note(kind, payload)
        except StorageUnavailable as fault:
            raise NotCommitted(str(fault)) from fault

    async def _note(self, kind: str, payload: Mapping[str, Any]) -> None:
        number = storable(str(payload.get("event_id") or payload.get("minute_rate_limited") or ""))
        event_id = number or kind
        channel = storable(str((payload.get("event") or {}).get("channel") or ""))
        async with self._database.begin() as connection:
            if number and not await ticks.claim(connection, "slack", number[:200]):
                return
            await ledger.append(connection, "slack_notice", "slack", {"kind": kind, "event_id": event_id})
            if kind in _TOLD:
                told = f"{_TOLD[kind]}{f' ({channel})' if channel else ''}"
                await tasks.open_task(connection, f"slack:{event_id}", "notice", told)
            if kind in ABOUT_CHANNELS and self._queue is not None:
                await take_note(connection, self._queue, kind, event_id, storable(dict(payload.get("event") or {})))

    async def _accept_slack(self, arrival: Arrival) -> None:
        try:
            await self._accept(arrival)
        except StorageUnavailable as fault:
            raise NotCommitted(str(fault)) from fault

    async def _accept(self, arrival: Arrival) -> None:
        """The envelope is the peer's word: whatever is in it, the database can take it, or it would be sent again."""
        await self._acceptor.accept(storable(arrival))
