"""The one front for whatever Slack delivers, over HTTP or a socket: what acts is committed before it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.channels.slack.api.installation import Installation
from bot.channels.slack.edge.events import (
    HOME_OPENED,
    MESSAGE_EVENTS,
    NOTICE_EVENTS,
    RATE_LIMITED,
    SlackEvent,
    Stop,
    admit,
    is_well_formed,
    log_stop,
    our_team,
)
from bot.channels.slack.edge.interactions import (
    NOTHING,
    Answer,
    Command,
    Counter,
    Shortcut,
    Submission,
    ViewPress,
)
from bot.channels.slack.edge.parse import CLOSED, command, interaction
from bot.channels.slack.edge.presses import Press
from bot.channels.slack.edge.routes import Deed, NoRoute, Routes


class Kind(StrEnum):
    """What a delivery is; the values are Slack's, as an envelope of Socket Mode names them."""

    EVENT = "events_api"
    INTERACTION = "interactive"
    COMMAND = "slash_commands"


class NotCommitted(Exception):
    """The database cannot be had just now. Any other error says more, and has the same consequence."""


class Commits(Protocol):
    """Each returns once what it was given is committed. If it raises, Slack gets no acknowledgement and delivers
    again, so each sees the same more than once and keeps it once.

    `slack` takes a message, `press` a button, `notice` any other event by its type, with Slack's whole payload.
    """

    async def slack(self, event: SlackEvent) -> None: ...

    async def press(self, team: str, press: Press, received_at: datetime) -> None: ...

    async def notice(self, kind: str, payload: Mapping[str, Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class Front:
    """Takes what is proven to come from Slack. `now` is aware; `stopped` hears of everything that goes no further.

    `counter` is the managers' side; without one their forms, commands and shortcuts stop.
    """

    installation: Installation
    commits: Commits
    now: Callable[[], datetime]
    counter: Counter | None = None
    stopped: Callable[[Stop, Mapping[str, Any]], None] = log_stop
    _routes: Routes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_routes", Routes(self.installation))

    async def take(self, kind: Kind, payload: Mapping[str, Any], raw: bytes) -> Answer:
        """What goes back with the acknowledgement; `raw` is the payload of an event as it came (JSON).

        Raises what kept it from being committed.
        """
        if kind is Kind.EVENT:
            return await self._event(payload, raw)
        found = command(payload) if kind is Kind.COMMAND else interaction(payload, self.installation.team)
        if isinstance(found, Stop):
            if payload.get("type") != CLOSED:
                self.stopped(found, payload)
            return NOTHING
        body = await self._routes.deed(found, lambda: self._done(found, payload))
        return NOTHING if body is None else Answer(body)

    async def _done(self, deed: Deed, payload: Mapping[str, Any]) -> Mapping[str, Any] | None:
        if isinstance(deed, Press):
            await self.commits.press(self.installation.team, deed, self.now())
            return None
        return (await self._manager(deed, payload)).body

    async def _manager(self, found: Command | Shortcut | ViewPress | Submission, payload: Mapping[str, Any]) -> Answer:
        if self.counter is None:
            self.stopped(Stop.UNKNOWN_EVENT, payload)
            return NOTHING
        match found:
            case Command():
                return await self.counter.command(found)
            case Shortcut():
                return await self.counter.shortcut(found)
            case ViewPress():
                return await self.counter.pressed(found)
            case Submission():
                return await self.counter.submitted(found)

    async def _event(self, payload: Mapping[str, Any], raw: bytes) -> Answer:
        if payload.get("ssl_check"):
            return NOTHING
        if not is_well_formed(payload):
            self.stopped(Stop.MALFORMED, payload)
            return NOTHING
        match payload["type"]:
            case "url_verification":
                return Answer({"challenge": str(payload.get("challenge") or "")[:1_000]})
            case "event_callback":
                await self._routed(payload, raw)
            case str(kind) if kind == RATE_LIMITED:
                await self.commits.notice(RATE_LIMITED, payload)
            case _:
                self.stopped(Stop.UNKNOWN_EVENT, payload)
        return NOTHING

    async def _routed(self, payload: Mapping[str, Any], raw: bytes) -> None:
        """Through Bolt, whose listener does it before anything is acknowledged."""
        try:
            await self._routes.event(payload, lambda: self._callback(payload, raw))
        except NoRoute:
            self.stopped(Stop.MALFORMED, payload)

    async def _callback(self, payload: Mapping[str, Any], raw: bytes) -> None:
        kind = payload["event"]["type"]
        if kind in MESSAGE_EVENTS:
            found = admit(raw, payload, self.installation, self.now())
            if isinstance(found, Stop):
                self.stopped(found, payload)
            else:
                await self.commits.slack(found)
        # Events about the installation itself may carry no authorization; their outer team is ours.
        elif (our_team(payload) or payload.get("team_id")) != self.installation.team:
            self.stopped(Stop.OTHER_TEAM, payload)
        elif kind == HOME_OPENED:
            await self._home(payload["event"])
        elif kind in NOTICE_EVENTS:
            await self.commits.notice(kind, payload)
        else:
            # Acknowledged all the same: Slack ends all deliveries where most of them fail.
            self.stopped(Stop.UNKNOWN_EVENT, payload)

    async def _home(self, event: Mapping[str, Any]) -> None:
        user = event.get("user")
        if self.counter is not None and event.get("tab", "home") == "home" and isinstance(user, str) and user:
            await self.counter.home_opened(user)
