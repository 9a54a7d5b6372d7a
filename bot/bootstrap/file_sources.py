"""Where the files of messages come from, for each channel that brings some."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.bootstrap.slack import Slack
from bot.bootstrap.slack_web import paced_client
from bot.channels.email.files import MailFiles
from bot.channels.slack.files.downloads import Downloads
from bot.channels.slack.files.source import SlackFiles
from bot.ports import FileSource
from bot.storage.database import Database
from config.settings import Settings
from crm.records import Channel
from mail_ingest.apart import ReaderApart


def file_sources_of(
    settings: Settings, database: Database, slack: Slack | None, mails: ReaderApart, now: Callable[[], datetime]
) -> Mapping[Channel, FileSource]:
    """Without a token there is no Slack to fetch a file from, as in the demo."""
    sources: dict[Channel, FileSource] = {Channel.EMAIL: MailFiles(mails)}
    token = settings.slack_bot_token.get_secret_value()
    if slack is not None and token:
        client = paced_client(settings, database)
        downloads = Downloads(token, settings.slack_api_url, proxy=client.proxy)
        sources[Channel.SLACK] = SlackFiles(client, downloads, now)
    return sources
