"""Who may use the console: whoever holds the start-up token, and from then on the browser that showed it once."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from starlette.responses import Response


class Session:
    """One token, one session. The cookie is derived from the token, so the token itself is never stored in a browser.

    The cookie's name carries a mark of the token: two consoles on two ports of one machine share their cookies, and
    must not log each other out.
    """

    def __init__(self, token: str) -> None:
        if not token:
            raise ValueError("the console needs a start-up token")
        self._token = token.encode()
        self._value = hmac.new(self._token, b"partnerline console session", hashlib.sha256).hexdigest()
        self.cookie = "partnerline_" + hashlib.sha256(self._token).hexdigest()[:8]

    def token_fits(self, given: str) -> bool:
        return hmac.compare_digest(self._token, given.encode())

    def held_by(self, cookies: Mapping[str, str]) -> bool:
        return hmac.compare_digest(self._value.encode(), cookies.get(self.cookie, "").encode())

    def open_in(self, response: Response, *, secure: bool) -> None:
        response.set_cookie(self.cookie, self._value, path="/", httponly=True, samesite="strict", secure=secure)
