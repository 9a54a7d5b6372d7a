"""What this Slack holds: workspaces, people, channels, posts, files, forms, and the one-time keys it gave out."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

HOME = "T0HOME"
AWAY = "T0AWAY"
THIRD = "T0THIRD"
BOT_USER = "U0BOT"
BOT_ID = "B0BOT"
APP_ID = "A0APP"
TOKEN = "xoxb-fake"
APP_TOKEN = "xapp-fake"

Post = dict[str, Any]


@dataclass
class FakeTeam:
    """`enterprise` is the Grid organisation of the workspace; `visible` is False where `team.info` does not tell it."""

    id: str
    name: str
    domain: str = ""
    enterprise: str = ""
    visible: bool = True


@dataclass
class FakeUser:
    """`enterprise` makes a Grid user, who may belong to several `teams`; `guest` one with few rights."""

    id: str
    team: str
    name: str
    enterprise: str = ""
    visible: bool = True
    guest: bool = False
    bot: bool = False
    deleted: bool = False
    teams: tuple[str, ...] = ()
    zone: str = "Europe/Berlin"


@dataclass
class FakeChannel:
    """`user` is who reads direct messages with the bot. `confirmed` is False while Slack does not tell who shares it;
    `pending` are workspaces that were invited. `refuses` are errors by method for this channel alone. `people` is None
    where everybody of the teams is a member.
    """

    id: str
    teams: set[str]
    posts: list[Post] = field(default_factory=list)
    archived: bool = False
    has_bot: bool = True
    user: str = ""
    name: str = ""
    private: bool = False
    confirmed: bool = True
    frozen_reason: str = ""
    pending: set[str] = field(default_factory=set)
    people: set[str] | None = None
    refuses: dict[str, str] = field(default_factory=dict)
    ephemerals: list[tuple[str, Post]] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)

    def post(self, ts: str) -> Post | None:
        return next((post for post in self.posts if post["ts"] == ts), None)

    def thread(self, ts: str) -> list[Post]:
        return [post for post in self.posts if ts in {post["ts"], post.get("thread_ts")}]


@dataclass
class FakeFile:
    """`state` is "" for a file that is there, else the error that `files.info` gives. `shared` are its channels."""

    id: str
    name: str
    content: bytes
    mimetype: str = "application/octet-stream"
    user: str = ""
    team: str = HOME
    title: str = ""
    state: str = ""
    external: str = ""
    shared: set[str] = field(default_factory=set)
    uploaded: bool = True


@dataclass
class FakeView:
    """A form or a Home tab as one person has it open; `under` is the form below it. `filled` is what was put into
    it by (block id, action id), `errors` what the app found wrong by block id.
    """

    id: str
    user: str
    body: dict[str, Any]
    hash: str
    under: str = ""
    open: bool = True
    filled: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return str(self.body.get("type"))


@dataclass
class Trigger:
    user: str
    made_at: float
    view: str = ""
    used: bool = False


@dataclass
class Hook:
    """A `response_url`: where it answers to, and how often it still does."""

    channel: str
    user: str
    message_ts: str = ""
    made_at: float = 0.0
    uses: int = 0


class World:
    """Nothing at first but the app, which is installed in the workspace `home`.

    `clock` is that of one-time keys (seconds); `on_post` hears of what the app writes.
    """

    def __init__(self) -> None:
        self.teams: dict[str, FakeTeam] = {}
        self.users: dict[str, FakeUser] = {}
        self.channels: dict[str, FakeChannel] = {}
        self.files: dict[str, FakeFile] = {}
        self.views: dict[str, FakeView] = {}
        self.homes: dict[str, FakeView] = {}
        self.triggers: dict[str, Trigger] = {}
        self.hooks: dict[str, Hook] = {}
        self.home, self.bot_user, self.bot_id, self.app_id = HOME, BOT_USER, BOT_ID, APP_ID
        self.app_name = "Partnerline"
        self.token, self.app_token = TOKEN, APP_TOKEN
        self.refuse: dict[str, str] = {}
        self.trigger_lifetime = 3.0
        self.clock: Callable[[], float] = time.monotonic
        self.changes = 0
        self.url = ""
        # An app remembers ids: those of another run must not come again.
        self.run = f"{time.time_ns() // 1_000_000:X}"[-8:]
        self._numbers = itertools.count(1)
        self._last = (int(time.time()), 0)
        self.tickets: set[str] = set()
        self.on_post: Callable[[FakeChannel, Post], None] | None = None

    def posted(self, channel: FakeChannel, post: Post) -> None:
        """The app wrote something: whoever wants to hear of it does."""
        if self.on_post is not None:
            self.on_post(channel, post)

    def add_team(self, team_id: str, name: str, **facts: Any) -> FakeTeam:
        self.teams[team_id] = FakeTeam(team_id, name, **{"domain": team_id.lower(), **facts})
        return self.teams[team_id]

    def add_user(self, user_id: str, team: str, name: str, **facts: Any) -> FakeUser:
        self.users[user_id] = FakeUser(user_id, team, name, **facts)
        return self.users[user_id]

    def add_channel(self, channel_id: str, teams: set[str], **facts: Any) -> FakeChannel:
        self.channels[channel_id] = FakeChannel(channel_id, teams, **facts)
        return self.channels[channel_id]

    def add_file(self, name: str, content: bytes, **facts: Any) -> FakeFile:
        file = FakeFile(self.new_id("F"), name, content, **facts)
        self.files[file.id] = file
        return file

    def direct(self, user: str) -> FakeChannel:
        """The bot's direct messages with one person; the same channel each time."""
        channel_id = f"D{user[1:]}"
        if channel_id not in self.channels:
            self.add_channel(channel_id, {self.home, self.users[user].team}).user = user
        return self.channels[channel_id]

    def is_external(self, channel: FakeChannel) -> bool:
        """Whether somebody outside our workspace, and outside its organisation, reads it."""
        ours = self.teams[self.home].enterprise if self.home in self.teams else ""
        return any(
            not ours or team not in self.teams or self.teams[team].enterprise != ours
            for team in channel.teams - {self.home}
        )

    def members(self, channel: FakeChannel) -> list[str]:
        if channel.user:
            return [channel.user, self.bot_user]
        of_teams = {user.id for user in self.users.values() if user.team in channel.teams and not user.bot}
        people = of_teams if channel.people is None else channel.people
        return sorted(people | ({self.bot_user} if channel.has_bot else set()))

    def next_ts(self) -> str:
        """Later than every one before, and near the present."""
        second, number = int(time.time()), 100
        if second <= self._last[0]:
            second, number = self._last[0], self._last[1] + 100
        self._last = (second, number) if number < 1_000_000 else (second + 1, 100)
        return f"{self._last[0]}.{self._last[1]:06d}"

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{self.run}{next(self._numbers):04d}"

    def new_trigger(self, user: str, view: str = "") -> str:
        trigger_id = f"{next(self._numbers)}.{self.run}.secret"
        self.triggers[trigger_id] = Trigger(user, self.clock(), view)
        return trigger_id

    def new_ticket(self) -> str:
        ticket = f"ticket-{next(self._numbers)}"
        self.tickets.add(ticket)
        return ticket

    def new_hook(self, channel: str, user: str, message_ts: str = "") -> str:
        """A `response_url`."""
        key = f"{next(self._numbers)}-secret"
        self.hooks[key] = Hook(channel, user, message_ts, self.clock())
        return f"{self.url}/hooks/{key}"

    def new_view(self, user: str, body: dict[str, Any], under: str = "") -> FakeView:
        view = FakeView(self.new_id("V"), user, body, self.new_hash(), under)
        self.views[view.id] = view
        return view

    def new_hash(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):08x}"

    def shown_view(self, view: FakeView) -> dict[str, Any]:
        """As Slack tells it, with what it adds to the app's own."""
        own = {name: value for name, value in view.body.items() if value is not None}
        root = view
        while root.under and root.under in self.views:
            root = self.views[root.under]
        return {
            "private_metadata": "", "callback_id": "", "external_id": "", "notify_on_close": False,
            "clear_on_close": False, "state": {"values": {}}, **own,
            "id": view.id, "team_id": self.users[view.user].team if view.user in self.users else self.home,
            "app_id": self.app_id, "app_installed_team_id": self.home, "bot_id": self.bot_id, "hash": view.hash,
            "root_view_id": root.id, "previous_view_id": view.under or None,
        }  # fmt: skip

    def open_view(self, user: str) -> FakeView | None:
        """The form on top of what this person has open."""
        mine = [view for view in self.views.values() if view.user == user and view.open and view.kind == "modal"]
        under = {view.under for view in mine}
        return next((view for view in reversed(mine) if view.id not in under), None)


def standard(world: World) -> None:
    """The people and channels that every test knows."""
    world.add_team(HOME, "Lumora", domain="lumora")
    world.add_team(AWAY, "Quaywise", domain="quaywise")
    world.add_team(THIRD, "Third Party", domain="third")
    world.add_user("U0MANAGER", HOME, "Mara Manager")
    world.add_user("U0ALICE", AWAY, "Alice Partner")
    world.add_user("U0THIRD", THIRD, "Theo Third")
    world.add_channel("C0PARTNER", {HOME, AWAY}, name="ext-quaywise")
    world.add_channel("C0INTERNAL", {HOME}, name="partner-team")
