"""What people do beside writing, as Slack words it: presses, forms, commands, shortcuts."""

from __future__ import annotations

import itertools
import time
from typing import Any

from tests.fakes.slack import elements
from tests.fakes.slack.world import FakeChannel, FakeView, Post, World

Payload = dict[str, Any]


class Interactions:
    """Makes payloads; each has a one-time key (`trigger_id`) that opens a form."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._numbers = itertools.count(1)

    def press(
        self, user: str, channel: FakeChannel, post: Post, name: str, pick: Any = "",
        filled: dict[tuple[str, str], dict[str, Any]] | None = None, *, ephemeral: bool = False,
    ) -> Payload:  # fmt: skip
        """`block_actions` under a post; `name` finds the button or select, `pick` is what was chosen in it. Of an
        ephemeral post Slack sends nothing along.
        """
        blocks = post.get("blocks") or []
        found = elements.element(blocks, name)
        place = {"type": "message", "message_ts": post["ts"], "channel_id": channel.id, "is_ephemeral": ephemeral}
        place |= {"thread_ts": post["thread_ts"]} if post.get("thread_ts") else {}
        return {
            **self._by("block_actions", user),
            "container": place,
            "trigger_id": self._world.new_trigger(user),
            "channel": {"id": channel.id, "name": channel.name or "privategroup"},
            **({} if ephemeral else {"message": {name: one for name, one in post.items() if name != "metadata"}}),
            "state": elements.state(blocks, filled or {}),
            "response_url": self._world.new_hook(channel.id, user, post["ts"]),
            "actions": [elements.action(found, name, pick, self.action_ts())],
        }

    def press_in(self, view: FakeView, name: str, pick: Any = "") -> Payload:
        """`block_actions` in a form or in the Home tab."""
        found = elements.element(view.body.get("blocks") or [], name)
        return {
            **self._by("block_actions", view.user),
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": self._world.new_trigger(view.user, view.id),
            "view": self.view(view),
            "actions": [elements.action(found, name, pick, self.action_ts())],
        }

    def submission(self, view: FakeView) -> Payload:
        """`team` is the one of who sends it off; ours is `view.app_installed_team_id`."""
        key = {"trigger_id": self._world.new_trigger(view.user, view.id), "response_urls": []}
        return {**self._by("view_submission", view.user), **key, "view": self.view(view)}

    def closed(self, view: FakeView, *, cleared: bool = False) -> Payload:
        return {**self._by("view_closed", view.user), "view": self.view(view), "is_cleared": cleared}

    def command(self, user: str, channel: FakeChannel, command: str, text: str) -> dict[str, str]:
        """A form without nesting."""
        world = self._world
        person = world.users[user]
        team = world.teams.get(person.team)
        return {
            "token": "legacy", "team_id": person.team, "team_domain": team.domain if team else "somewhere",
            "channel_id": channel.id, "channel_name": channel.name or "directmessage", "user_id": user,
            "user_name": person.name.lower().replace(" ", "."), "command": command, "text": text,
            "api_app_id": world.app_id, "is_enterprise_install": "false",
            "response_url": world.new_hook(channel.id, user), "trigger_id": world.new_trigger(user),
        }  # fmt: skip

    def message_shortcut(self, user: str, channel: FakeChannel, post: Post, callback: str) -> Payload:
        by = self._by("message_action", user)
        # This one names no app, and people by name alone.
        person = {name: value for name, value in by.pop("user").items() if name != "username"}
        del by["api_app_id"]
        return {
            **by,
            "user": person,
            "callback_id": callback,
            "trigger_id": self._world.new_trigger(user),
            "action_ts": self.action_ts(),
            "message_ts": post["ts"],
            "message": {name: value for name, value in post.items() if name != "metadata"},
            "channel": {"id": channel.id, "name": channel.name or "directmessage"},
            "response_url": self._world.new_hook(channel.id, user),
        }

    def shortcut(self, user: str, callback: str) -> Payload:
        key = {"callback_id": callback, "trigger_id": self._world.new_trigger(user), "action_ts": self.action_ts()}
        return {**self._by("shortcut", user), **key}

    def view(self, view: FakeView) -> dict[str, Any]:
        shown = self._world.shown_view(view)
        return shown | {"state": elements.state(view.body.get("blocks") or [], view.filled)}

    def action_ts(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):06d}"

    def _by(self, kind: str, user: str) -> Payload:
        """The outside of each: the workspace is that of the person, also where the app lives in another."""
        world = self._world
        person = world.users[user]
        team = world.teams.get(person.team)
        name = person.name.lower().replace(" ", ".")
        enterprise = {"id": person.enterprise, "name": "Grid"} if person.enterprise else None
        return {
            "type": kind, "api_app_id": world.app_id, "token": "legacy", "enterprise": enterprise,
            "is_enterprise_install": False,
            "user": {"id": user, "username": name, "name": name, "team_id": person.team},
            "team": {"id": person.team, "domain": team.domain if team else "somewhere"},
        }  # fmt: skip
