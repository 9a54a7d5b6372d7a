"""What people do in this Slack, and how the app hears of it: they write, edit, press, fill in, invite, share.

    hands = Hands(slack, HttpTransport.to("http://127.0.0.1:8080"))     # or slack.sockets
    post = await hands.says("U0ALICE", "C0PARTNER", "<@U0BOT> how do I register a deal?")
    await hands.presses("U0ALICE", "C0PARTNER", answer["ts"], "Yes")
    view = await hands.opened("U0MANAGER")
    await hands.submits(view, {"Subject": "News"})

Every act changes what stands in Slack first and is delivered then; `attempts` keeps how each delivery went.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes.slack.api.chat import add_reaction, remove_reaction
from tests.fakes.slack.delivering import Attempt, Kind, NoTransport, Transport
from tests.fakes.slack.forms import Forms
from tests.fakes.slack.interactions import Interactions
from tests.fakes.slack.payloads import Payload, Payloads, bare
from tests.fakes.slack.web_api import FakeSlack
from tests.fakes.slack.world import FakeChannel, FakeFile, Post

SUBSCRIBED = frozenset(
    {
        "app_home_opened", "app_mention", "app_rate_limited", "app_uninstalled", "channel_archive",
        "channel_id_changed", "channel_shared", "channel_unshared", "group_archive", "member_joined_channel",
        "member_left_channel", "message", "tokens_revoked",
    }
)  # fmt: skip
"""The events that are delivered; a test may add others, such as `reaction_added`."""


class NotForOutsiders(Exception):
    """Slack offers commands, shortcuts and such to the people of the app's own workspace alone."""


class Hands(Forms):
    def __init__(self, slack: FakeSlack, transport: Transport | None = None) -> None:
        self.slack = slack
        self.transport: Transport = transport or NoTransport()
        self.payloads = Payloads(slack)
        self.interactions = Interactions(slack)
        self.subscribed = set(SUBSCRIBED)
        self.attempts: list[list[Attempt]] = []
        self.chosen: dict[tuple[str, str], dict[tuple[str, str], dict[str, Any]]] = {}
        self._echoes: set[asyncio.Task[Any]] = set()

    async def says(self, user: str, channel_id: str, text: str, *, thread_ts: str = "", **extra: Any) -> Post:
        """Somebody writes; the post is returned once it was delivered."""
        more = {"thread_ts": thread_ts} if thread_ts else {}
        post = self.write(user, channel_id, text, **more, **extra)
        await self.tell(*self.events_of(channel_id, post))
        return post

    def write(self, user: str, channel_id: str, text: str, **extra: Any) -> Post:
        """The post alone, undelivered."""
        post = {"type": "message", "user": user, "text": text, "ts": self.slack.next_ts(), **extra}
        self.slack.channels[channel_id].posts.append(post)
        self.slack.changes += 1
        return post

    def events_of(self, channel_id: str, post: Post) -> list[Payload]:
        """One event, or two where the bot is mentioned; none where it is not there."""
        if not self.slack.channels[channel_id].has_bot:
            return []
        found = [self.payloads.message(channel_id, bare(self.slack.channels[channel_id], post))]
        if f"<@{self.slack.bot_user}" in str(post.get("text")) and not channel_id.startswith("D"):
            found.append(self.payloads.mention(channel_id, post))
        return found

    async def edits(self, user: str, channel_id: str, ts: str, text: str) -> Post:
        post = self._post(channel_id, ts)
        before = copy.deepcopy(post)
        post |= {"text": text, "edited": {"user": user, "ts": self.slack.next_ts()}}
        await self.tell(self.payloads.changed(channel_id, bare(self._channel(channel_id), post), before))
        return post

    async def unfurls(self, channel_id: str, ts: str) -> None:
        """Slack itself adds a preview of a link: a `message_changed` in which nobody changed the text."""
        post = self._post(channel_id, ts)
        before = copy.deepcopy(post)
        post["attachments"] = [{"id": 1, "title": "A page", "title_link": "https://example.com"}]
        await self.tell(self.payloads.changed(channel_id, post, before))

    async def deletes(self, user: str, channel_id: str, ts: str) -> None:
        post = self._post(channel_id, ts)
        self._channel(channel_id).posts.remove(post)
        await self.tell(self.payloads.deleted(channel_id, post))

    async def reacts(self, user: str, channel_id: str, ts: str, name: str, *, take_back: bool = False) -> None:
        post = self._post(channel_id, ts)
        if take_back:
            remove_reaction(post, name, user)
        else:
            add_reaction(post, name, user)
        await self.tell(self.payloads.reaction(channel_id, post, user, name, added=not take_back))

    async def uploads(
        self, user: str, channel_id: str, name: str, content: bytes, mimetype: str = "application/octet-stream",
        *, text: str = "", thread_ts: str = "", **facts: Any,
    ) -> tuple[Post, FakeFile]:  # fmt: skip
        """A file is dropped into a channel or a thread."""
        team = self.slack.users[user].team
        file = self.slack.add_file(name, content, mimetype=mimetype, user=user, team=team, shared={channel_id}, **facts)
        return await self.drops(user, channel_id, [file], text=text, thread_ts=thread_ts), file

    async def drops(
        self, user: str, channel_id: str, files: Sequence[FakeFile], *, text: str = "", thread_ts: str = ""
    ) -> Post:
        """Files that there are already, in one post."""
        for file in files:
            file.shared.add(channel_id)
        said = {"subtype": "file_share", "files": self.payloads.files([file.id for file in files]), "upload": True}
        post = self.write(user, channel_id, text, **said, **({"thread_ts": thread_ts} if thread_ts else {}))
        told = [self.payloads.file_shared(channel_id, file.id) for file in files]
        await self.tell(*self.events_of(channel_id, post), *told)
        return post

    async def presses(self, user: str, channel_id: str, ts: str, name: str, pick: Any = "") -> list[Attempt]:
        """A button or a select under a post, by its action id, its words or its value; `pick` as a person sees it."""
        return await self.send(self.press(user, channel_id, ts, name, pick), Kind.INTERACTIVE)

    def press(self, user: str, channel_id: str, ts: str, name: str, pick: Any = "") -> Payload:
        """The payload alone, undelivered. Raises NotThere where the post has no such button."""
        channel, filled = self._channel(channel_id), self.chosen.setdefault((user, ts), {})
        post = channel.post(ts) or next((one for _, one in channel.ephemerals if one["ts"] == ts), None)
        if post is None:
            raise KeyError(ts)
        alone = post not in channel.posts
        payload = self.interactions.press(user, channel, post, name, pick, filled, ephemeral=alone)
        done = payload["actions"][0]
        if pick:
            filled[done["block_id"], done["action_id"]] = {
                name: value for name, value in done.items() if name not in {"block_id", "action_id", "action_ts"}
            }
        return payload

    async def commands(
        self, user: str, channel_id: str, text: str, command: str = "/partners", *, force: bool = False
    ) -> dict[str, Any]:
        """The answer, which the person alone sees. Raises NotForOutsiders unless forced."""
        self._only_ours(user, force=force)
        payload = self.interactions.command(user, self._channel(channel_id), command, text)
        answer = (await self.send(payload, Kind.COMMAND))[-1].answer
        self.shows(user, channel_id, answer)
        return answer

    async def shortcuts(
        self, user: str, channel_id: str, ts: str, callback: str = "announce_this", *, force: bool = False
    ) -> list[Attempt]:
        """Of a message; see `commands`."""
        self._only_ours(user, force=force)
        post = self._post(channel_id, ts)
        payload = self.interactions.message_shortcut(user, self._channel(channel_id), post, callback)
        return await self.send(payload, Kind.INTERACTIVE)

    async def opens_home(self, user: str, tab: str = "home") -> None:
        await self.tell(self.payloads.home_opened(user, tab))

    async def joins(self, user: str, channel_id: str) -> None:
        """Of a team that was not there so far, the team comes along."""
        channel = self._channel(channel_id)
        channel.people = set(self.slack.members(channel)) | {user}
        channel.teams.add(self.slack.users[user].team)
        await self.tell(self.payloads.member(channel_id, user, joined=True))

    async def leaves(self, user: str, channel_id: str) -> None:
        channel = self._channel(channel_id)
        channel.people = set(self.slack.members(channel)) - {user}
        await self.tell(self.payloads.member(channel_id, user, joined=False))

    async def invites_bot(self, user: str, channel_id: str) -> None:
        self._channel(channel_id).has_bot = True
        await self.tell(self.payloads.member(channel_id, self.slack.bot_user, joined=True, inviter=user))

    async def removes_bot(self, channel_id: str) -> None:
        self._channel(channel_id).has_bot = False
        await self.tell(self.payloads.member(channel_id, self.slack.bot_user, joined=False))

    async def shares(self, channel_id: str, team: str) -> None:
        channel = self._channel(channel_id)
        channel.teams.add(team)
        channel.pending.discard(team)
        await self.tell(self.payloads.shared(channel_id, team))

    async def unshares(self, channel_id: str, team: str) -> None:
        self._channel(channel_id).teams.discard(team)
        await self.tell(self.payloads.unshared(channel_id, team))

    async def changes_id(self, channel_id: str, new: str = "") -> str:
        """As happens once sharing is started: the old id is no channel any more."""
        channel = self.slack.channels.pop(channel_id)
        channel.id = new or f"C{channel_id[1:]}X"
        self.slack.channels[channel.id] = channel
        await self.tell(self.payloads.id_changed(channel_id, channel.id))
        return channel.id

    async def archives(self, user: str, channel_id: str, frozen_reason: str = "") -> None:
        channel = self._channel(channel_id)
        channel.archived, channel.frozen_reason = True, frozen_reason
        await self.tell(self.payloads.archived(channel_id, user))

    async def revokes(self) -> None:
        self.slack.refuse |= dict.fromkeys(("auth.test", "chat.postMessage", "users.info"), "token_revoked")
        await self.tell(self.payloads.tokens_revoked())

    async def uninstalls(self) -> None:
        await self.tell(self.payloads.uninstalled())

    async def tell(self, *payloads: Payload) -> None:
        """Deliver events, those that the app subscribed to, at the same time."""
        due = [one for one in payloads if one["event"]["type"] in self.subscribed]
        await asyncio.gather(*(self.send(payload) for payload in due))
        self.slack.changes += 1

    async def send(self, payload: Payload, kind: Kind = Kind.EVENT) -> list[Attempt]:
        """Deliver a payload as it is."""
        attempts = await self.transport.deliver(payload, kind)
        self.attempts.append(attempts)
        return attempts

    def echo(self) -> None:
        """From now on the app hears of its own posts too, as every app does that reads a channel's messages."""

        def told(channel: FakeChannel, post: Post) -> None:
            task = asyncio.create_task(self.tell(self.payloads.message(channel.id, bare(channel, post))))
            self._echoes.add(task)
            task.add_done_callback(self._echoes.discard)

        self.slack.on_post = told

    def shows(self, user: str, channel_id: str, answer: Mapping[str, Any]) -> None:
        """What an acknowledgement says to the one person stands before him."""
        said = {name: answer[name] for name in ("text", "blocks") if answer.get(name)}
        if said:
            post = {"type": "message", "user": self.slack.bot_user, "ts": self.slack.next_ts(), **said}
            self._channel(channel_id).ephemerals.append((user, post))
            self.slack.changes += 1

    def _channel(self, channel_id: str) -> FakeChannel:
        return self.slack.channels[channel_id]

    def _post(self, channel_id: str, ts: str) -> Post:
        found = self._channel(channel_id).post(ts)
        if found is None:
            raise KeyError(ts)
        return found

    def _only_ours(self, user: str, *, force: bool) -> None:
        if self.slack.users[user].team != self.slack.home and not force:
            raise NotForOutsiders("that is not a valid command here")
