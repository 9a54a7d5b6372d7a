"""Events as Slack words them, with the differences that an outsider makes: whose team stands where.

`message`: outer team and `event.team` are the actor's, ours in `context_team_id` and `authorizations`. `app_mention`:
both are ours, the actor's is in `user_team` (an `E…` id for Grid). `reaction_added`, `file_shared`: nowhere.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from typing import Any

from tests.fakes.slack.api.files import told
from tests.fakes.slack.api.people import shown
from tests.fakes.slack.world import FakeChannel, FakeUser, Post, World

Payload = dict[str, Any]


class Payloads:
    """Makes envelopes; each has an event id of its own."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._ids = itertools.count(1)

    def message(self, channel_id: str, post: Mapping[str, Any]) -> Payload:
        """The `message` event: `event.team` and the outer `team_id` are the sender's."""
        team = self._team_of(post)
        event = {**post, "type": "message", "channel": channel_id, "channel_type": self._kind(channel_id)}
        event |= {"event_ts": post.get("ts")}
        # With a file the event names no team.
        event |= {} if post.get("subtype") else {"team": team, "client_msg_id": f"client-{post.get('ts')}"}
        return self.envelope(event, outer_team=team, external=self._external(channel_id))

    def mention(self, channel_id: str, post: Mapping[str, Any]) -> Payload:
        """The `app_mention` event: `event.team` and the outer `team_id` are ours, the sender's is in `user_team`."""
        user, home = self._world.users[str(post["user"])], self._world.home
        event = {**post, "type": "app_mention", "channel": channel_id, "team": home, "event_ts": post["ts"]}
        if user.team != home:
            event |= {"user_team": user.enterprise or user.team, "source_team": user.enterprise or user.team}
        return self.envelope(event, outer_team=home, external=self._external(channel_id))

    def changed(self, channel_id: str, post: Mapping[str, Any], before: Mapping[str, Any]) -> Payload:
        """`message_changed`: the actor stands in the message inside."""
        team = self._team_of(post)
        event = {
            "type": "message", "subtype": "message_changed", "channel": channel_id, "hidden": True,
            "channel_type": self._kind(channel_id), "ts": self._world.next_ts(),
            "message": {"type": "message", "team": team, **post},
            "previous_message": {"type": "message", "team": team, **before},
        }  # fmt: skip
        event["event_ts"] = event["ts"]
        return self.envelope(event, outer_team=team, external=self._external(channel_id))

    def deleted(self, channel_id: str, post: Mapping[str, Any]) -> Payload:
        team = self._team_of(post)
        event = {
            "type": "message", "subtype": "message_deleted", "channel": channel_id, "hidden": True,
            "channel_type": self._kind(channel_id), "ts": self._world.next_ts(), "deleted_ts": post["ts"],
            "previous_message": {"type": "message", "team": team, **post},
        }  # fmt: skip
        event["event_ts"] = event["ts"]
        return self.envelope(event, outer_team=team, external=self._external(channel_id))

    def reaction(
        self, channel_id: str, post: Mapping[str, Any], user: str, name: str, *, added: bool = True
    ) -> Payload:
        """The team of who reacts stands nowhere; the outer one may be either."""
        event = {
            "type": "reaction_added" if added else "reaction_removed", "user": user, "reaction": name,
            "item": {"type": "message", "channel": channel_id, "ts": post["ts"]}, "item_user": post.get("user", ""),
            "event_ts": self._world.next_ts(),
        }  # fmt: skip
        return self.envelope(event, outer_team=self._varies(), external=self._external(channel_id))

    def file_shared(self, channel_id: str, file_id: str) -> Payload:
        """Only ids."""
        file = self._world.files[file_id]
        event = {
            "type": "file_shared", "channel_id": channel_id, "file_id": file_id, "user_id": file.user,
            "file": {"id": file_id}, "event_ts": self._world.next_ts(),
        }  # fmt: skip
        return self.envelope(event, outer_team=self._varies(), external=self._external(channel_id))

    def files(self, ids: list[str]) -> list[dict[str, Any]]:
        """Files as they stand in the event of a post: from outside only where to ask."""
        found = [self._world.files[one] for one in ids]
        return [told(self._world, file, outsider=file.team != self._world.home) for file in found]

    def member(self, channel_id: str, user_id: str, *, joined: bool, inviter: str = "") -> Payload:
        user = self._world.users.get(user_id)
        event = {
            "type": "member_joined_channel" if joined else "member_left_channel", "user": user_id,
            "channel": channel_id, "channel_type": "G" if self._private(channel_id) else "C",
            "team": user.team if user else self._world.home, "event_ts": self._world.next_ts(),
        }  # fmt: skip
        return self.envelope(event | ({"inviter": inviter} if inviter else {}), external=self._external(channel_id))

    def shared(self, channel_id: str, team: str) -> Payload:
        event = {"type": "channel_shared", "channel": channel_id, "connected_team_id": team}
        return self._about(channel_id, event)

    def unshared(self, channel_id: str, team: str) -> Payload:
        event = {"type": "channel_unshared", "channel": channel_id, "previously_connected_team_id": team}
        return self._about(channel_id, event | {"is_ext_shared": self._external(channel_id)})

    def id_changed(self, old: str, new: str) -> Payload:
        return self._about(new, {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new})

    def archived(self, channel_id: str, user: str) -> Payload:
        kind = "group_archive" if self._private(channel_id) else "channel_archive"
        event = {"type": kind, "channel": channel_id, "user": user, "is_moved": 0}
        channel = self._world.channels[channel_id]
        return self._about(
            channel_id, event | ({"frozen_reason": channel.frozen_reason} if channel.frozen_reason else {})
        )

    def home_opened(self, user: str, tab: str = "home") -> Payload:
        event: Payload = {"type": "app_home_opened", "user": user, "channel": self._world.direct(user).id, "tab": tab}
        view = self._world.homes.get(user)
        event |= {"view": self._world.shown_view(view)} if view and tab == "home" else {}
        return self.envelope(event | {"event_ts": self._world.next_ts()}, outer_team=self._world.users[user].team)

    def tokens_revoked(self) -> Payload:
        return self.envelope({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self._world.bot_user]}})

    def uninstalled(self) -> Payload:
        return self.envelope({"type": "app_uninstalled"})

    def user_change(self, user_id: str) -> Payload:
        return self.envelope({"type": "user_change", "user": shown(self._world, self._world.users[user_id])})

    def rate_limited(self) -> Payload:
        """No event but an envelope of its own."""
        minute = int(time.time()) // 60 * 60
        said = {"token": "legacy", "type": "app_rate_limited", "team_id": self._world.home}
        return said | {"minute_rate_limited": minute, "api_app_id": self._world.app_id}

    def envelope(self, event: Payload, *, outer_team: str = "", external: bool = False) -> Payload:
        number, world = next(self._ids), self._world
        enterprise = world.teams[world.home].enterprise if world.home in world.teams else ""
        ours = {"enterprise_id": enterprise or None, "team_id": world.home, "user_id": world.bot_user, "is_bot": True}
        return {
            "token": "legacy",
            "team_id": outer_team or world.home,
            "context_team_id": world.home,
            "context_enterprise_id": enterprise or None,
            "api_app_id": world.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{self._world.run}{number:06d}",
            "event_time": int(time.time()),
            "authorizations": [{**ours, "is_enterprise_install": False}],
            "is_ext_shared_channel": external,
            "event_context": f"4-{number}",
        }

    def again(self, payload: Payload) -> Payload:
        """The same event under another event id, as Slack has sent one message up to eleven times."""
        return {**payload, "event_id": f"Ev{self._world.run}{next(self._ids):06d}"}

    def _about(self, channel_id: str, event: Payload) -> Payload:
        said = event | {"event_ts": self._world.next_ts()}
        return self.envelope(said, external=self._external(channel_id))

    def _team_of(self, post: Mapping[str, Any]) -> str:
        user = self._user(post)
        return user.team if user else self._world.home

    def _user(self, post: Mapping[str, Any]) -> FakeUser | None:
        return self._world.users.get(str(post.get("user")))

    def _kind(self, channel_id: str) -> str:
        if channel_id.startswith("D"):
            return "im"
        return "group" if self._private(channel_id) else "channel"

    def _private(self, channel_id: str) -> bool:
        channel = self._world.channels.get(channel_id)
        return channel is not None and channel.private

    def _external(self, channel_id: str) -> bool:
        channel = self._world.channels.get(channel_id)
        return channel is not None and not channel.user and self._world.is_external(channel)

    def _varies(self) -> str:
        """Ours or a stranger's: it must not matter."""
        teams = sorted(self._world.teams) or [self._world.home]
        return teams[next(self._ids) % len(teams)]


def bare(channel: FakeChannel, post: Post) -> Post:
    """A post as it stands in an event: what people see beside it is left out."""
    return {name: value for name, value in post.items() if name not in {"reactions", "reply_count"}}
