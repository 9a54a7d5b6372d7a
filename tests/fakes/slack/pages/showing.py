"""What a person sees: the channels he is in, posts with his eyes, what he may press, the form he has open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from tests.fakes.slack import elements
from tests.fakes.slack.pages.markup import Markings
from tests.fakes.slack.world import FakeChannel, FakeFile, FakeUser, FakeView, Post, World

Chosen = dict[tuple[str, str], dict[tuple[str, str], dict[str, Any]]]
"""By person and post: what was picked there, by block id and action id."""

REACTIONS = ("thumbsup", "eyes", "white_check_mark", "tada")


@dataclass(frozen=True)
class Room:
    """An entry of the side bar."""

    id: str
    name: str
    kind: str
    shared: bool = False


@dataclass(frozen=True)
class Shown:
    """One post. `only` is True where nobody else sees it; `mine` where it may be edited."""

    ts: str
    name: str
    initials: str
    hue: int
    at: str
    text: Markup
    blocks: Sequence[dict[str, Any]]
    pressable: dict[int, list[tuple[int, elements.Element]]]
    values: dict[int, dict[str, Any]]
    files: tuple[FakeFile, ...] = ()
    reactions: tuple[tuple[str, int], ...] = ()
    team: str = ""
    app: bool = False
    edited: bool = False
    only: bool = False
    mine: bool = False
    answers: int = 0
    status: str = ""


@dataclass(frozen=True)
class Form:
    """A form or a Home tab. `errors` by block id, `fields` what stands in them by element number."""

    view: FakeView
    blocks: Sequence[dict[str, Any]]
    pressable: dict[int, list[tuple[int, elements.Element]]]
    values: dict[int, dict[str, Any]]


class Eyes:
    """Those of one person. `chosen` is what people picked in menus of posts."""

    def __init__(self, world: World, me: FakeUser, chosen: Chosen | None = None) -> None:
        self.world, self.me, self._chosen = world, me, chosen or {}
        self.marks = Markings(world)

    def rooms(self) -> list[Room]:
        """Channels that he is in, then those of his workspace that he may look at for trying."""
        mine = [one for one in self.world.channels.values() if not one.user and self.sees(one)]
        return [Room(one.id, one.name or one.id, "channel", self.world.is_external(one)) for one in mine]

    def sees(self, channel: FakeChannel) -> bool:
        if channel.user:
            return channel.user == self.me.id
        return self.me.id in self.world.members(channel)

    def title(self, channel: FakeChannel) -> str:
        return self.world.app_name if channel.user else f"#{channel.name or channel.id}"

    def audience(self, channel: FakeChannel) -> str:
        teams = sorted(self.world.teams[one].name for one in channel.teams if one in self.world.teams)
        return " and ".join(teams) if not channel.user else "Direct messages"

    def posts(self, channel: FakeChannel) -> list[Shown]:
        """The channel itself, without what stands in threads."""
        own = [post for user, post in channel.ephemerals if user == self.me.id and not post.get("thread_ts")]
        roots = [post for post in channel.posts if post.get("thread_ts", post["ts"]) == post["ts"]]
        shown = sorted([*roots, *own], key=lambda post: float(post["ts"]))
        return [self.post(channel, post, only=any(post is one for one in own)) for post in shown]

    def thread(self, channel: FakeChannel, ts: str) -> list[Shown]:
        own = [post for user, post in channel.ephemerals if user == self.me.id and post.get("thread_ts") == ts]
        shown = sorted([*channel.thread(ts), *own], key=lambda post: float(post["ts"]))
        return [self.post(channel, post, only=any(post is one for one in own)) for post in shown]

    def post(self, channel: FakeChannel, post: Post, *, only: bool = False) -> Shown:
        user_id = str(post.get("user") or "")
        user, blocks = self.world.users.get(user_id), post.get("blocks") or []
        name = self.marks.name(user_id)
        team = self.world.teams.get(user.team) if user else None
        return Shown(
            ts=post["ts"], name=name, initials="".join(part[:1] for part in name.split()[:2]), hue=_hue(user_id),
            at=self._at(post["ts"]), text=self.marks.mrkdwn(str(post.get("text") or "")), blocks=blocks,
            pressable=pressable(blocks), values=states(blocks, self._chosen.get((self.me.id, post["ts"]), {})),
            files=self._files(post),
            reactions=tuple(
                (str(one["name"]), len(one["users"])) for one in post.get("reactions", ())
            ),
            team=team.name if team and user and user.team != self.me.team else "", app=user_id == self.world.bot_user,
            edited="edited" in post and user_id != self.world.bot_user, only=only, mine=user_id == self.me.id,
            answers=len(channel.thread(post["ts"])) - 1 if not post.get("thread_ts") else 0,
            status=channel.statuses.get(post["ts"], ""),
        )  # fmt: skip

    def form(self, view: FakeView) -> Form:
        blocks = view.body.get("blocks") or []
        return Form(view, blocks, pressable(blocks), states(blocks, view.filled))

    def _files(self, post: Post) -> tuple[FakeFile, ...]:
        ids = [str(one.get("id")) for one in post.get("files") or ()]
        return tuple(self.world.files[one] for one in ids if one in self.world.files)

    def _at(self, ts: str) -> str:
        return f"{datetime.fromtimestamp(float(ts), ZoneInfo(self.me.zone)):%H:%M}"


def pressable(blocks: Sequence[dict[str, Any]]) -> dict[int, list[tuple[int, elements.Element]]]:
    """What can be used in each block, with the number by which it is pressed."""
    found: dict[int, list[tuple[int, elements.Element]]] = {}
    places = {id(block): index for index, block in enumerate(blocks)}
    for number, one in enumerate(elements.elements(blocks)):
        found.setdefault(places[id(one.block)], []).append((number, one))
    return found


def states(
    blocks: Sequence[dict[str, Any]], filled: dict[tuple[str, str], dict[str, Any]]
) -> dict[int, dict[str, Any]]:
    """What stands in each element, by its number."""
    known = enumerate(elements.elements(blocks))
    return {number: filled.get((one.block_id, one.action_id)) or one.initial() for number, one in known}


def _hue(user_id: str) -> int:
    return sum(ord(letter) * (place + 3) for place, letter in enumerate(user_id)) * 47 % 360
