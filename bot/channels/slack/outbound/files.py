"""Files of ours shown in Slack: their bytes are taken from where they are kept when their turn comes."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.api.errors import SlackRefused
from bot.channels.slack.api.uploads import upload
from bot.ports import Documents
from bot.vocabulary import documents as described


class SlackFilesOut:
    def __init__(self, client: AsyncWebClient, documents: Documents) -> None:
        self._client = client
        self._documents = documents

    async def show(self, channel: str, thread_ts: str, payload: object) -> str:
        """Slack's id of the file. Raises `SlackUnavailable`, or `SlackRefused`, also where we have it no longer."""
        (document,) = described.from_payload(payload)
        content = await self._documents.load(document)
        if content is None:
            raise SlackRefused("file_not_kept")
        return await upload(self._client, document.name, content, document.name, channel, thread_ts)
