"""Writes as a partner's contact in the demo: a real mail to the SMTP edge, a signed event to Slack's endpoint."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from itertools import count

import aiohttp
import aiosmtplib

from bot.channels.slack.api.installation import Installation
from bot.channels.slack.edge.signing import sign
from bot.storage.slack_channels import SlackChannel
from crm.records import Contact

_COUNT = count(1)


class DemoWriter:
    """Implements `bot.operations.backend.Writer`. The ports are asked for at each call: they may be any free ones."""

    def __init__(
        self,
        agent_address: str,
        smtp_port: Callable[[], int],
        http_port: Callable[[], int],
        own: Installation,
        signing_secret: str,
        channel_of: Callable[[str], Awaitable[SlackChannel | None]],
    ) -> None:
        self._agent = agent_address
        self._smtp_port = smtp_port
        self._http_port = http_port
        self._own = own
        self._secret = signing_secret
        self._channel_of = channel_of

    async def mail(self, contact: Contact, subject: str, text: str, in_reply_to: str | None) -> str:
        message = EmailMessage()
        message["From"] = f"{contact.name} <{contact.email}>"
        message["To"] = self._agent
        message["Subject"] = subject
        message["Date"] = formatdate(localtime=True)
        message["Message-ID"] = make_msgid(domain=contact.email.partition("@")[2])
        if in_reply_to:
            message["In-Reply-To"] = in_reply_to
            message["References"] = in_reply_to
        message.set_content(text)
        try:
            await aiosmtplib.send(
                message, hostname="127.0.0.1", port=self._smtp_port(), sender=contact.email, recipients=[self._agent],
                start_tls=False,
            )  # fmt: skip
        except aiosmtplib.SMTPException as fault:
            raise OSError(str(fault)) from fault
        return str(message["Message-ID"])

    async def slack(self, contact: Contact, text: str, thread_ts: str | None) -> str | None:
        channel = await self._channel_of(contact.partner_id)
        if channel is None or not contact.slack_user_id:
            return None
        ts = f"{time.time():.3f}{next(_COUNT) % 1000:03d}"
        event = {
            "type": "message",
            "channel": channel.channel_id,
            "channel_type": "channel",
            "user": contact.slack_user_id,
            "team": channel.partner_team_id,
            "text": f"<@{self._own.bot_user}> {text}" if thread_ts is None else text,
            "ts": ts,
        } | ({"thread_ts": thread_ts} if thread_ts else {})
        body = json.dumps(self._envelope(event, ts)).encode()
        headers = sign(body, self._secret, int(time.time())) | {"Content-Type": "application/json"}
        url = f"http://127.0.0.1:{self._http_port()}/slack/events"
        try:
            async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
                if answer.status != 200:
                    raise OSError(f"Slack's endpoint answered {answer.status}")
        except aiohttp.ClientError as fault:
            raise OSError(str(fault)) from fault
        return ts

    def _envelope(self, event: dict[str, str], ts: str) -> dict[str, object]:
        return {
            "type": "event_callback",
            "team_id": self._own.team,
            "api_app_id": "A0DEMO",
            "event": event,
            "event_id": f"Ev{ts.replace('.', '')}",
            "event_time": int(float(ts)),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": self._own.team,
                    "user_id": self._own.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": True,
        }
