"""Templates to pages: everything a partner wrote is escaped, and nothing undefined is printed silently."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.channels.console import words
from bot.channels.console.guard import SECURITY_HEADERS
from bot.channels.console.notices import COOKIE, Notices

HERE = Path(__file__).parent


class _Compiled(BytecodeCache):
    """What templates were compiled to: once in a process, however many consoles it has."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class Pages:
    """Renders a template by name; `here` marks the place in the navigation."""

    def __init__(self, vendor_name: str, *, demo: bool, clock: Callable[[], datetime], notices: Notices) -> None:
        self._notices = notices
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=_COMPILED,
        )
        self._templates.globals |= {"vendor": vendor_name, "demo": demo}
        self._templates.filters |= {
            "segment": words.segment,
            "day": words.day,
            "money": words.money,
            "amount": words.amount,
            "cents": words.cents,
            "label": words.label,
            "language": words.language,
            "initials": words.initials,
            "tone": words.tone,
            "clip": words.clip,
            "breakable": words.breakable,
            "moment": words.moment(clock),
        }

    def page(self, request: Request, template: str, here: str, status: int = 200, **values: Any) -> HTMLResponse:
        notice = values.pop("notice", None) or self._notices.take(request)
        text = self._templates.get_template(template).render(here=here, notice=notice, **values)
        response = HTMLResponse(text, status)
        if COOKIE in request.cookies:
            response.delete_cookie(COOKIE)
        return response

    def fragment(self, template: str, **values: Any) -> Markup:
        """A part of a page, escaped already, so that another template may set it in."""
        return Markup(self._templates.get_template(template).render(**values))  # noqa: S704 - autoescape has been here

    def plain(self, status: int, title: str, fix: str, *, locked: bool = False) -> HTMLResponse:
        """A page that needs no data: refusals, what is not there, and failures."""
        text = self._templates.get_template("plain.html").render(title=title, fix=fix, locked=locked)
        return HTMLResponse(text, status, headers={**SECURITY_HEADERS, "Cache-Control": "no-store"})
