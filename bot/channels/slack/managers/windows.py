"""Opens forms within the three seconds that Slack gives, and fills them in once what stands in them is known."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.api.calls import call
from bot.channels.slack.api.errors import SlackError, SlackRefused
from bot.channels.slack.managers.frames import View, loading, told

log = logging.getLogger(__name__)

_AGAIN = (0.3, 1.0, 3.0)  # seconds before what could not be shown is tried again
_PATIENCE = 1.7  # seconds for opening: the trigger is good for three

TOO_LATE = "Slack took too long to open the form, so nothing was done. Try once more."
NOT_LOADED = "This could not be loaded. Close the form and try again in a minute; nothing was done."


class Windows:
    """`views.open` at once and `views.update` when the content is there; who closes a form meanwhile is let be."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._filling: set[asyncio.Task[None]] = set()

    async def open(self, trigger: str, title: str, content: Callable[[], Awaitable[View]]) -> str:
        """Why it could not be opened, in a sentence; "" where it stands and is being filled."""
        view_id = await self.show(trigger, loading(title))
        if not view_id:
            return TOO_LATE
        self._later(self._fill(view_id, title, content))
        return ""

    async def show(self, trigger: str, view: View) -> str:
        """The id of the view, "" where it could not be opened."""
        try:
            async with asyncio.timeout(_PATIENCE):
                answer = await call(self._client, "views.open", {"trigger_id": trigger, "view": view})
        except (SlackError, TimeoutError) as fault:
            log.warning("a form could not be opened: %s", fault)
            return ""
        opened = answer.get("view")
        return str(opened.get("id") or "") if isinstance(opened, Mapping) else ""

    async def update(self, view_id: str, view: View) -> None:
        """Tried again while Slack is away: the form says that it is loading until then."""
        for pause in (*_AGAIN, None):
            try:
                await call(self._client, "views.update", {"view_id": view_id, "view": view})
            except SlackRefused as refused:
                log.debug("a form was not updated: %s", refused.error)
            except SlackError as fault:
                log.warning("a form could not be updated: %s", fault)
                if pause is not None:
                    await asyncio.sleep(pause)
                    continue
            return

    def refill(self, view_id: str, title: str, content: Callable[[], Awaitable[View]]) -> None:
        """What the form shows next, as soon as it is known."""
        self._later(self._fill(view_id, title, content))

    async def settled(self) -> None:
        """Once every form that is being filled is."""
        while self._filling:
            await asyncio.gather(*self._filling)

    async def close(self, within: float = 2.0) -> None:
        """What is not filled in after so many seconds stays as it is: nothing waits for it but the form."""
        if not self._filling:
            return
        _done, late = await asyncio.wait(self._filling, timeout=within)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _fill(self, view_id: str, title: str, content: Callable[[], Awaitable[View]]) -> None:
        try:
            view = await content()
        except Exception:
            # Nothing waits for this, so that it would go unseen: the form says so, and the log why.
            log.exception("the form %r could not be filled", title)
            view = told(title, NOT_LOADED)
        await self.update(view_id, view)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._filling.add(task)
        task.add_done_callback(self._filling.discard)
