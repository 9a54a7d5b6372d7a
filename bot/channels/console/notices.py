"""What a page has to say after a form was sent: kept here for the next page, shown once."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.vocabulary.results import Done, NotDone

COOKIE = "partnerline_notice"
KEPT = 100


@dataclass(frozen=True, slots=True)
class Notice:
    text: str
    fix: str = ""
    error: bool = False

    @classmethod
    def of(cls, result: Done | NotDone) -> Notice:
        if isinstance(result, Done):
            return cls(result.text)
        return cls(result.text, result.fix, error=True)


class Notices:
    """The texts stay on the server; the browser carries a random key, so no link can put words into the console."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Notice] = OrderedDict()

    def redirect(self, to: str, notice: Notice) -> Response:
        key = secrets.token_urlsafe(12)
        self._kept[key] = notice
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        response = RedirectResponse(to, 303)
        response.set_cookie(COOKIE, key, max_age=60, httponly=True, samesite="strict")
        return response

    def take(self, request: Request) -> Notice | None:
        return self._kept.pop(request.cookies.get(COOKIE, ""), None)
