"""A file of ours put into the vendor's own Slack, to be shown as a picture: asked for, sent, and completed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.api.calls import call
from bot.channels.slack.api.errors import SlackRateLimited, SlackRefused, SlackUnavailable

_ALT = 1_000  # characters of a description that Slack takes
_SECONDS = 20.0


async def upload(
    client: AsyncWebClient, name: str, content: bytes, alt: str, channel: str = "", thread_ts: str = ""
) -> str:
    """The file's id. Without a `channel` it is in none: who sees a view or a post that shows it, sees it.

    A second one is put there where an answer was lost; nobody sees the first. Raises `SlackUnavailable` or
    `SlackRefused`.
    """
    told = {"filename": name, "length": len(content), "alt_txt": alt[:_ALT]}
    place = await call(client, "files.getUploadURLExternal", told)
    url, file_id = str(place.get("upload_url") or ""), str(place.get("file_id") or "")
    if not file_id or not _is_slacks(url, client.base_url):
        raise SlackUnavailable("Slack named no place of its own to send a file to")
    await _send(url, content, name)
    told = {"files": [{"id": file_id, "title": name}], "channel_id": channel or None, "thread_ts": thread_ts or None}
    done = await call(client, "files.completeUploadExternal", {key: said for key, said in told.items() if said})
    if not _completed(done, file_id):
        raise SlackUnavailable("a file was sent, and Slack does not show it")
    return file_id


async def _send(url: str, content: bytes, name: str) -> None:
    """Without the bot's token: the address itself is the right to put a file there, once."""
    form = aiohttp.FormData()
    form.add_field("file", content, filename=name, content_type="application/octet-stream")
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS)) as session,
            session.post(url, data=form, allow_redirects=False) as answer,
        ):
            status, wait = answer.status, answer.headers.get("Retry-After", "")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as fault:
        raise SlackUnavailable(f"a file could not be sent: {type(fault).__name__}") from fault
    if status == 429:
        raise SlackRateLimited("sending a file: rate limited", float(wait) if wait.isdecimal() else 30.0)
    if status >= 500:
        raise SlackUnavailable(f"sending a file: status {status}")
    if status != 200:
        raise SlackRefused(f"upload_{status}")


def _is_slacks(url: str, base_url: str) -> bool:
    """The API's own host, or one beside it (files.slack.com for slack.com), by the same scheme and port."""
    try:
        asked, api = urlsplit(url), urlsplit(base_url)
        if asked.scheme != api.scheme or asked.port != api.port or asked.username or asked.password:
            return False
    except ValueError:
        return False
    return asked.hostname in {api.hostname, f"files.{api.hostname}"}


def _completed(answer: Mapping[str, Any], file_id: str) -> bool:
    files = answer.get("files")
    return isinstance(files, list) and any(isinstance(file, Mapping) and file.get("id") == file_id for file in files)
