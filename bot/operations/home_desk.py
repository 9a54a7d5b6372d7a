"""Keeps the Home tabs of Slack true: published when one is opened and when what stands there changed, never twice."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.channels.slack.api.errors import SlackError, SlackRefused
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.managers.home import (
    HOME,
    Page,
    Picture,
    anyones_view,
    colleague_view,
    own_buttons,
    page_view,
    without_picture,
)
from bot.channels.slack.outbound.homes import OvertakenError
from bot.channels.slack.people.identity import SlackUsers, partner_team
from bot.documents.weeks_chart import LOOKS, Week, in_words, png
from bot.operations.counter.forms import decide_button
from bot.operations.home_page import home_page
from bot.storage import registration_weeks, slack_homes, slack_uploads
from bot.storage.database import Database
from bot.storage.queue import SLACK_HOME, Queue
from bot.storage.registration_weeks import Standing, WeekCount
from bot.storage.slack_homes import ShownHome
from knowledge.brand import Colours
from knowledge.program import Manager, Program

log = logging.getLogger(__name__)

_LOOKED_AT = timedelta(hours=12)
"""How long after it was opened a page is kept true: Slack shows an old one until it is opened again."""
_FRESH = timedelta(seconds=45)
"""A page that shows the same is not published again so soon, however often it is opened."""
_NO_PICTURE = timedelta(minutes=10)  # after one could not be put there
_TITLE = "Registrations by week"


class Homes(Protocol):
    """Slack's side of it. Raises `SlackError`, and `OvertakenError` where another page stands there by now."""

    async def publish(self, user: str, view: Mapping[str, Any], instead_of: str) -> str: ...

    async def picture(self, name: str, content: bytes, alt: str) -> str: ...


@dataclass(slots=True)
class HomeDesk:
    """Implements `bot.channels.slack.managers.ports.Home`. One job at a time publishes for one person."""

    database: Database
    queue: Queue
    program: Program
    own: Installation
    users: SlackUsers
    homes: Homes
    now: Callable[[], datetime]
    _pictures_again: datetime | None = field(default=None, init=False)

    async def opened(self, user: str) -> None:
        """Noted and asked for; published by a job. Raises StorageUnavailable."""
        async with self.database.begin() as connection:
            await slack_homes.opened(connection, user, self.now())
        await self._ask(user)

    async def __call__(self, user: str) -> None:
        """The job: show this person what he is to see now, where that is not what stands there.

        What Slack does not take now is asked for again by the clock; what it refuses, at the next opening.
        """
        async with self.database.reading() as connection:
            home = await slack_homes.find(connection, user)
        if home is None:
            return
        try:
            await self._shown(home)
        except SlackRefused as fault:
            log.warning("the Home tab of %s is not shown: Slack says %s", user, fault.error)
            await self._note(home, home.digest, home.view_hash)
        except (SlackError, OvertakenError) as fault:
            log.info("the Home tab of %s is shown later: %s", user, fault)

    async def refresh(self) -> None:
        """The clock's duty: have those pages published that were opened and not shown yet, and those of managers that
        show something else by now.
        """
        async with self.database.reading() as connection:
            seen = await slack_homes.seen_since(connection, self.now() - _LOOKED_AT)
        if not seen:
            return
        picture = await self._picture(put=False)
        for home in seen:
            if home.waits or await self._has_changed(home, picture):
                await self._ask(home.slack_user)

    async def _has_changed(self, home: ShownHome, picture: Picture | None) -> bool:
        page = await self._page(home.slack_user, picture)
        return page is not None and _digest(page_view(page, "")) != home.digest

    async def _ask(self, user: str) -> None:
        await self.queue.nudge(SLACK_HOME, f"slack_home:{user}", user=user)

    async def _shown(self, home: ShownHome) -> None:
        at_home = await self._is_colleague(home.slack_user)
        page = await self._page(home.slack_user, await self._picture(put=True)) if at_home else None
        if page is not None:
            await self._publish_page(home, page)
            return
        view = colleague_view(self.program.vendor.name) if at_home else anyones_view()
        await self._publish(home, view, _digest(view))

    async def _publish_page(self, home: ShownHome, page: Page) -> None:
        async with self.database.begin() as connection:
            for kind, subject in own_buttons(page):
                await decide_button(connection, home.slack_user, kind, subject, self.now())
        at = self._local().strftime("%H:%M")
        try:
            await self._publish(home, page_view(page, at), _digest(page_view(page, "")))
        except SlackRefused:
            if page.picture is None:
                raise
            await self._without(page.picture)
            page = without_picture(page)
            await self._publish(home, page_view(page, at), _digest(page_view(page, "")))

    async def _publish(self, home: ShownHome, view: dict[str, Any], digest: str) -> None:
        just_now = home.published_at is not None and self.now() - home.published_at < _FRESH
        if digest == home.digest and (just_now or not _is_timed(view)):
            await self._note(home, digest, home.view_hash)
            return
        try:
            view_hash = await self.homes.publish(home.slack_user, view, home.view_hash)
        except OvertakenError:
            # Slack has another page than we remember: ours was looked up a moment ago, and it goes in its place.
            view_hash = await self.homes.publish(home.slack_user, view, "")
        await self._note(home, digest, view_hash)

    async def _note(self, home: ShownHome, digest: str, view_hash: str) -> None:
        async with self.database.begin() as connection:
            await slack_homes.published(connection, home.slack_user, digest, view_hash, self.now())

    async def _without(self, picture: Picture) -> None:
        """Slack does not show it: it is put there anew later."""
        log.warning("Slack does not show the picture %s; the page goes without it", picture.file_id)
        async with self.database.begin() as connection:
            await slack_uploads.forget(connection, picture.file_id)
        self._pictures_again = self.now() + _NO_PICTURE

    async def _is_colleague(self, user: str) -> bool:
        """By Slack's own word; whom Slack does not tell is nobody's."""
        found = await self.users.user(user)
        return bool(found.team) and not found.is_bot and partner_team({}, found, self.own) == self.own.team

    def _manager(self, user: str) -> Manager | None:
        return next((m for m in self.program.managers if m.slack_user_id and m.slack_user_id == user), None)

    async def _page(self, user: str, picture: Picture | None) -> Page | None:
        manager = self._manager(user)
        if manager is None:
            return None
        async with self.database.reading() as connection:
            return await home_page(connection, self.program, manager, self._local(), picture)

    def _local(self) -> datetime:
        return self.now().astimezone(ZoneInfo(self.program.vendor.time_zone))

    async def _picture(self, *, put: bool) -> Picture | None:
        """The picture of these days. Where it is not in Slack yet it is drawn and put there, once for the same numbers,
        unless without `put`. None where there is nothing to draw, or Slack does not take it now.
        """
        weeks, alt, digest = await self._chart()
        if not weeks:
            return None
        async with self.database.reading() as connection:
            file_id = await slack_uploads.find(connection, digest)
        if not file_id and put and (self._pictures_again is None or self.now() >= self._pictures_again):
            file_id = await self._put(weeks, alt, digest)
        return Picture(file_id, _TITLE, alt) if file_id else None

    async def _put(self, weeks: list[Week], alt: str, digest: str) -> str:
        """Slack's id of the file, "" where Slack does not take it."""
        content = await asyncio.to_thread(png, weeks, self._colours)
        try:
            file_id = await self.homes.picture("registrations-by-week.png", content, alt)
        except SlackError as fault:
            log.warning("the chart of the Home tab is left out: %s", fault)
            self._pictures_again = self.now() + _NO_PICTURE
            return ""
        async with self.database.begin() as connection:
            await slack_uploads.keep(connection, digest, file_id)
        return file_id

    async def _chart(self) -> tuple[list[Week], str, str]:
        """The weeks as they stood yesterday, in words, and what tells this picture from others.

        Of whole days only, so that there is a new picture once a day at most and not with every decision.
        """
        yesterday = self._local().date() - timedelta(days=1)
        zone = ZoneInfo(self.program.vendor.time_zone)
        async with self.database.reading() as connection:
            counted = await registration_weeks.by_week(connection, yesterday, zone)
        if not registration_weeks.total(counted):
            return [], "", ""
        weeks = [_week(week) for week in counted]
        alt = f"Registrations by week, as of {_written(yesterday)}. {in_words(weeks)}"
        return weeks, alt, sha256(f"{LOOKS}|{self._colours}|{alt}".encode()).hexdigest()

    @property
    def _colours(self) -> Colours:
        return self.program.brand.light


def _week(week: WeekCount) -> Week:
    counts = week.counts
    return Week(
        week.first, counts[Standing.IN_TIME], counts[Standing.LATE], counts[Standing.OVERDUE], counts[Standing.WAITING]
    )


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _is_timed(view: Mapping[str, Any]) -> bool:
    """Whether the page says when it was looked up, so that the same again is news."""
    return str(view["callback_id"]) == HOME


def _digest(view: Mapping[str, Any] | Sequence[Any]) -> str:
    return sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()
