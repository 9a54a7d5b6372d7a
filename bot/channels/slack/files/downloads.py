"""Fetching a file's bytes: from Slack's own file hosts alone, as much as is allowed, and never a page to log in at."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

import aiohttp

from bot.channels.slack.api.calls import SLACK_API
from bot.channels.slack.api.errors import SlackRateLimited, SlackUnauthorised, SlackUnavailable
from bot.channels.slack.files.unfetched import NotFetched, Unfetched

_PIECE = 64 * 1024
_TURNS = 3  # addresses of Slack's that may lead to one another
_LEADS_ON = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
_NOT_SHOWN = frozenset({401, 403})
_LONGEST_WAIT = 3600.0


@dataclass(frozen=True, slots=True)
class Downloads:
    """`base_url` is that of the Web API: the bot's token goes to the file hosts that belong to it and to nobody else.

    `seconds` is the time that one file may take, `proxy` the address of the proxy that the API is reached by.
    """

    token: str = field(repr=False)
    base_url: str = SLACK_API
    seconds: float = 30.0
    proxy: str | None = field(default=None, repr=False)

    async def fetch(self, url: str, *, most: int, page: bool = False) -> bytes:
        """The content at a file's `url_private_download`, of at most `most` bytes; `page` where it may be HTML.

        Raises `NotFetched`, or `SlackUnavailable` where trying again later may help.
        """
        timeout = aiohttp.ClientTimeout(total=self.seconds)
        # What is packed for the way could unfold to any size.
        headers = {"Authorization": f"Bearer {self.token}", "Accept-Encoding": "identity"}
        try:
            async with aiohttp.ClientSession(timeout=timeout, headers=headers, auto_decompress=False) as session:
                return await self._followed(session, url, most, page=page)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as fault:
            raise SlackUnavailable(f"a file did not come: {type(fault).__name__}") from fault

    async def _followed(self, session: aiohttp.ClientSession, url: str, most: int, *, page: bool) -> bytes:
        for _ in range(_TURNS):
            if not self._is_slacks(url):
                raise NotFetched(Unfetched.NOT_SHOWN, "its address is none of Slack's")
            async with session.get(url, allow_redirects=False, proxy=self.proxy) as answer:
                if answer.status not in _LEADS_ON:
                    _check(answer, page=page)
                    return await _body(answer, most)
                url = urljoin(url, answer.headers.get("Location", ""))
        raise NotFetched(Unfetched.NOT_SHOWN, "its address leads on and on")

    def _is_slacks(self, url: str) -> bool:
        """The API's own host, and the host of files beside it (files.slack.com for slack.com), nothing below them."""
        try:
            asked, api = urlsplit(url), urlsplit(self.base_url)
            if asked.scheme != api.scheme or asked.username or asked.password:
                return False
            return (asked.hostname, _port(asked)) in {(api.hostname, _port(api)), (f"files.{api.hostname}", _port(api))}
        except ValueError:
            return False


def _port(url: SplitResult) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _check(answer: aiohttp.ClientResponse, *, page: bool) -> None:
    """Raises where what comes is not the file."""
    status = answer.status
    if status == 429:
        raise SlackRateLimited("a file: rate limited", _retry_after(answer.headers.get("Retry-After", "")))
    if status >= 500:
        raise SlackUnavailable(f"a file: status {status}")
    if status in _GONE:
        raise NotFetched(Unfetched.GONE, f"status {status}")
    if status in _NOT_SHOWN or status != 200:
        raise NotFetched(Unfetched.NOT_SHOWN, f"status {status}")
    if answer.content_type == "text/html" and not page:
        # Without the scope to read files Slack answers with its page to log in, and calls that a success.
        raise SlackUnauthorised("missing_scope")


async def _body(answer: aiohttp.ClientResponse, most: int) -> bytes:
    if answer.content_length is not None and answer.content_length > most:
        raise NotFetched(Unfetched.TOO_LARGE, f"{answer.content_length} bytes")
    pieces: list[bytes] = []
    size = 0
    async for piece in answer.content.iter_chunked(_PIECE):
        size += len(piece)
        if size > most:
            raise NotFetched(Unfetched.TOO_LARGE, f"more than {most} bytes")
        pieces.append(piece)
    return b"".join(pieces)


def _retry_after(said: str) -> float:
    return min(float(said), _LONGEST_WAIT) if said.isdecimal() else 30.0
