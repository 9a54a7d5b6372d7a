"""Segments that are saved under a name: all of them, what each says, and whom one can do without."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.channels.console.announcing.people import manager_at
from bot.channels.console.console import console_of
from bot.channels.console.forms import fields_of
from bot.channels.console.notices import Notice
from bot.channels.console.words import segment


async def segments(request: Request) -> Response:
    console = console_of(request)
    manager = await manager_at(console, request)
    saved = (await console.backend.announcing.choices()).saved
    return console.pages.page(request, "announcing/segments.html", "announcements", manager=manager, saved=saved)


async def delete(request: Request) -> Response:
    console, form = console_of(request), await fields_of(request)
    manager = await manager_at(console, request)
    result = await console.backend.announcing.delete_segment(manager.email, form.raw("name"))
    return console.notices.redirect(f"/desk/{segment(manager.id)}/segments", Notice.of(result))
