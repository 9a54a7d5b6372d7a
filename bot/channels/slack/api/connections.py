"""Connections to Slack that calls share: kept open between two calls that follow each other, and closed together."""

from __future__ import annotations

import aiohttp

_IDLE = 15.0
"""Seconds that a connection is kept for the next call: less than the far side keeps it."""


class Connections:
    """One pool, opened with the first call. `timeout` is what a call may take, in seconds."""

    def __init__(self, timeout: float = 10.0) -> None:
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    def session(self) -> aiohttp.ClientSession:
        """To be called in the event loop that all of them run in."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(keepalive_timeout=_IDLE),
                timeout=aiohttp.ClientTimeout(total=self._timeout),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def aclose(self) -> None:
        """A later call opens it again."""
        if self._session is not None:
            await self._session.close()
            self._session = None
