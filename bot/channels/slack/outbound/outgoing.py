"""The way out to Slack: one post, sent once, marked with its outbox id so that it can be found again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.api.calls import call
from bot.channels.slack.api.errors import SlackOutcomeUnknown, SlackRefused, SlackUnavailable
from bot.channels.slack.api.installation import find_installation
from bot.channels.slack.blocks.texts import escaped

EVENT_TYPE = "partnerline_reply"
PAGE = 200
MAX_PAGES = 50

# Our clock and Slack's need not agree, and the post is at most this much older than we think.
_CLOCK_DRIFT = timedelta(minutes=10)


class SlackSender:
    """Posts to channels as the bot. The caller keeps to one message a second per channel.

    `bot_user` is our own user id, asked for when it is needed and not given: metadata can be written by any app of a
    workspace, so only our own posts count when one is looked for.
    """

    def __init__(self, client: AsyncWebClient, bot_user: str = "") -> None:
        self._client = client
        self._bot_user = bot_user

    async def send(
        self,
        channel: str,
        thread_ts: str,
        text: str,
        blocks: Sequence[Mapping[str, Any]] | None,
        outbox_id: str,
    ) -> str:
        """Post plain `text` into a thread (or the channel, where `thread_ts` is "") and return the post's ts.

        `blocks`, where given, are shown instead of `text`, which is then what notifications say. Raises
        `SlackUnavailable` (not posted, wait `retry_after`), `SlackRefused` (not posted, for good) or
        `SlackOutcomeUnknown` (call `find` before sending again).
        """
        answer = await call(
            self._client,
            "chat.postMessage",
            {
                "channel": channel,
                "thread_ts": thread_ts or None,
                "text": escaped(text),
                "blocks": list(blocks) if blocks else None,
                "metadata": {"event_type": EVENT_TYPE, "event_payload": {"outbox_id": outbox_id}},
                "unfurl_links": False,
                "unfurl_media": False,
            },
            writes=True,
        )
        ts = answer.get("ts")
        if not isinstance(ts, str) or not ts:
            raise SlackOutcomeUnknown("chat.postMessage was answered without a ts")
        return ts

    async def update(self, channel: str, ts: str, text: str, blocks: Sequence[Mapping[str, Any]]) -> None:
        """Show this instead of what our post `ts` has shown so far; a repeat changes nothing. Raises as `send` does."""
        said = {"channel": channel, "ts": ts, "text": escaped(text), "blocks": list(blocks)}
        await call(self._client, "chat.update", said, writes=True)

    async def direct(self, user: str) -> str:
        """The channel (D…) of our direct messages with one of our own users, opened where there was none."""
        answer = await call(self._client, "conversations.open", {"users": user})
        channel = answer.get("channel")
        opened = str(channel.get("id") or "") if isinstance(channel, Mapping) else ""
        if not opened:
            raise SlackUnavailable("conversations.open was answered without a channel")
        return opened

    async def find(self, channel: str, thread_ts: str, outbox_id: str, since: datetime | None = None) -> str | None:
        """The ts of our post with this outbox id, or None when it is not there.

        `since` (aware) is the time of the first attempt; without it everything is read, up to 10,000 posts, beyond
        which `SlackOutcomeUnknown` is raised. `SlackUnavailable` and `SlackRefused` mean that it cannot be told.
        """
        if not self._bot_user:
            self._bot_user = (await find_installation(self._client)).bot_user
        async for post in self._posts(channel, thread_ts, since):
            if self._is_ours(post, outbox_id):
                return str(post["ts"])
        return None

    def _is_ours(self, post: Mapping[str, Any], outbox_id: str) -> bool:
        metadata = post.get("metadata") or {}
        payload = metadata.get("event_payload") or {}
        return (
            post.get("user") == self._bot_user
            and metadata.get("event_type") == EVENT_TYPE
            and payload.get("outbox_id") == outbox_id
        )

    async def _posts(self, channel: str, thread_ts: str, since: datetime | None) -> AsyncIterator[Mapping[str, Any]]:
        method = "conversations.replies" if thread_ts else "conversations.history"
        arguments: dict[str, Any] = {"channel": channel, "limit": PAGE, "include_all_metadata": True}
        if thread_ts:
            arguments["ts"] = thread_ts
        if since is not None:
            arguments["oldest"] = f"{(since - _CLOCK_DRIFT).timestamp():.6f}"
        for _ in range(MAX_PAGES):
            try:
                answer = await call(self._client, method, arguments)
            except SlackRefused as refused:
                if refused.error == "thread_not_found":
                    # A deleted thread holds no post of ours.
                    return
                raise
            for post in answer.get("messages") or ():
                yield post
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
            arguments["cursor"] = cursor
        raise SlackOutcomeUnknown(f"not among the first {PAGE * MAX_PAGES} posts")
