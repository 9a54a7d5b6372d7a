"""What a thread said before the agent was called into it: what we heard ourselves, and one look at Slack."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.api.calls import call
from bot.channels.slack.api.errors import SlackError
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.edge.events import by_a_person
from bot.channels.slack.files.shared import attachments_of
from bot.channels.slack.inbound.text import plain_text
from bot.channels.slack.people.identity import SlackUsers, partner_team
from bot.vocabulary.message import SaidEarlier, Side
from bot.vocabulary.threads import Remembered

log = logging.getLogger(__name__)

LIMIT = 200
"""Posts asked for at once. An app that is sold to others gets 15 of them, once a minute."""
_TS = re.compile(r"\d{1,12}\.\d{1,8}\Z")
_POSTS = 30  # the newest that are given on
_LONGEST = 4_000  # characters of one post
_PEOPLE = 20  # whose workspace is asked for; who else writes in such a thread is nobody's


class ThreadMemory(Protocol):
    async def of_thread(self, place: str) -> Remembered:
        """`place` is team/channel/ts of the first post."""
        ...

    async def keep(self, place: str, read: Sequence[SaidEarlier]) -> None:
        """Keep what Slack told of a partner's thread, so that it is asked once."""
        ...


class ThreadReader:
    """`client` None where there is no Slack to ask: then a thread is what we heard of it."""

    def __init__(
        self, client: AsyncWebClient | None, own: Installation, users: SlackUsers, memory: ThreadMemory
    ) -> None:
        self._client = client
        self._own = own
        self._users = users
        self._memory = memory

    async def before(self, channel: str, thread_ts: str, ts: str) -> tuple[SaidEarlier, ...]:
        """What stands above the post `ts`, oldest first; nothing where the agent knows the thread anyway.

        Never fails for Slack's sake: what cannot be read is as if nobody had said it.
        """
        place = f"{self._own.team}/{channel}/{thread_ts}"
        known = await self._memory.of_thread(place)
        if known.took_part or not known.workspace:
            return ()
        read = known.read
        if read is None:
            read = await self._read(channel, thread_ts, known.workspace)
            if read is not None:
                await self._memory.keep(place, read)
        said = {post.ts: post for post in (*(read or ()), *known.heard)}  # what we heard may be of an edit since then
        above = [post for at, post in sorted(said.items(), key=lambda one: float(one[0])) if float(at) < float(ts)]
        return tuple(post for post in above if post.text or post.files)[-_POSTS:]

    async def _read(self, channel: str, thread_ts: str, workspace: str) -> tuple[SaidEarlier, ...] | None:
        """None where Slack does not tell just now."""
        if self._client is None:
            return None
        try:
            answer = await call(
                self._client, "conversations.replies", {"channel": channel, "ts": thread_ts, "limit": LIMIT}
            )
            posts = [post for post in answer.get("messages") or () if isinstance(post, Mapping)]
            sides = await self._sides(posts, workspace)
        except SlackError as fault:
            log.info("a thread was not read: %s", fault)
            return None
        return tuple(_said(post, sides) for post in posts if _TS.match(str(post.get("ts"))))

    async def _sides(self, posts: Sequence[Mapping[str, Any]], workspace: str) -> dict[str, Side]:
        """For whom each of the people speaks, by what Slack says of him and not by what stands in his post."""
        sides: dict[str, Side] = {}
        written = [str(post.get("user") or "") for post in posts if by_a_person(post, self._own)]
        for user_id in list(dict.fromkeys(user for user in written if user))[:_PEOPLE]:
            team = partner_team({}, await self._users.user(user_id), self._own, workspace)
            sides[user_id] = side_of(team, workspace, self._own.team)
        if self._own.bot_user:
            sides[self._own.bot_user] = Side.AGENT
        return sides


def side_of(team: str, partner_team: str, own_team: str) -> Side:
    """For whom somebody of this team speaks; `team` is "" where that is not known."""
    if team and team == own_team:
        return Side.VENDOR
    return Side.PARTNER if team and team == partner_team else Side.OTHER


def _said(post: Mapping[str, Any], sides: Mapping[str, Side]) -> SaidEarlier:
    """A post of an app in somebody's name is nobody's."""
    user = str(post.get("user") or "")
    by = sides.get(user, Side.OTHER)
    if by not in (Side.AGENT, Side.OTHER) and any(post.get(sign) for sign in ("bot_id", "app_id", "bot_profile")):
        by = Side.OTHER
    said = plain_text(str(post.get("text") or ""))[:_LONGEST]
    return SaidEarlier(by, said, str(post["ts"]), attachments_of(post))
