"""What the Home tabs take from Slack: a page published for one person, and a picture to show there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.api.calls import call
from bot.channels.slack.api.errors import SlackRefused
from bot.channels.slack.api.uploads import upload


class OvertakenError(Exception):
    """Another page was published meanwhile: what is shown now has to be looked up anew."""


class SlackHomes:
    """`publish` shows a page whole in place of the one before; a repeat changes nothing."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def publish(self, user: str, view: Mapping[str, Any], instead_of: str) -> str:
        """Slack's hash of the page. `instead_of` is that of the page it follows, "" where none is known.

        Raises `OvertakenError` where another stands there by now, or `SlackError`.
        """
        told = {"user_id": user, "view": dict(view), "hash": instead_of or None}
        try:
            answer = await call(self._client, "views.publish", told)
        except SlackRefused as refused:
            if refused.error == "hash_conflict":
                raise OvertakenError(user) from refused
            raise
        shown = answer.get("view")
        return str(shown.get("hash") or "") if isinstance(shown, Mapping) else ""

    async def picture(self, name: str, content: bytes, alt: str) -> str:
        """Slack's id of the file. Raises `SlackError`."""
        return await upload(self._client, name, content, alt)
