"""The agent's real doors, as partners use them: a mail over SMTP, a signed event from Slack."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from itertools import count
from typing import Any

import aiohttp
import aiosmtplib

from bot.channels.slack.edge.signing import sign
from bot.storage.slack_channels import SlackChannel
from tests.fakes.slack.presses import form, send_press
from tests.scenarios.house import House

_counts = count(1)


class Doors:
    def __init__(self, house: House) -> None:
        self._house = house
        self._slack = house.app.slack

    async def mail(
        self,
        sender: str,
        text: str,
        subject: str = "",
        *,
        in_reply_to: str = "",
        to: str = "",
        headers: Mapping[str, str] | None = None,
        again: str = "",
    ) -> str:
        """The Message-ID of a mail that was taken with a 250. `sender` may hold a display name. `again` is that of a
        mail which is delivered once more.
        """
        message = EmailMessage()
        message["From"] = sender
        message["To"] = to or self._house.app.own.author.address
        message["Subject"] = subject
        given = dict(headers or {})
        message["Date"] = given.pop("Date", "") or formatdate(localtime=True)
        message["Message-ID"] = again or make_msgid(domain="sender.example")
        if in_reply_to:
            message["In-Reply-To"] = in_reply_to
            message["References"] = in_reply_to
        for name, value in given.items():
            message[name] = value
        message.set_content(text or "\n")
        await self.raw_mail(bytes(message), sender.rpartition("<")[2].rstrip(">"), str(message["To"]))
        return str(message["Message-ID"])

    async def raw_mail(self, raw: bytes, mail_from: str, rcpt: str) -> None:
        """Bytes as they are; raises aiosmtplib's errors where they are not taken."""
        async with aiosmtplib.SMTP(
            hostname="127.0.0.1", port=self._house.ports.smtp, start_tls=False, use_tls=False
        ) as smtp:
            await smtp.sendmail(mail_from, [rcpt], raw)

    def new_ts(self) -> str:
        return f"{time.time():.0f}.{next(_counts):06d}"

    async def slack(
        self,
        channel: SlackChannel,
        user: str,
        text: str,
        *,
        thread_ts: str = "",
        mention: bool = True,
        team: str = "",
        again: str = "",
        **extra: Any,
    ) -> str:
        """ "channel:ts" of a post. A mention comes as the two events that Slack makes of it. `again` is the ts of a
        post that is delivered once more.
        """
        ts = again or self.new_ts()
        assert self._slack is not None
        own = self._slack.own
        said = f"<@{own.bot_user}> {text}" if mention else text
        event = {"channel": channel.channel_id, "user": user, "text": said, "ts": ts, "event_ts": ts}
        event |= ({"thread_ts": thread_ts} if thread_ts else {}) | extra
        sender = team or channel.partner_team_id
        await self.event({**event, "type": "message", "channel_type": "channel", "team": sender})
        if mention:
            await self.event({**event, "type": "app_mention", "team": own.team, "user_team": sender})
        return f"{channel.channel_id}:{ts}"

    async def event(self, event: Mapping[str, Any], status: int = 200) -> None:
        """One signed delivery; `status` is what the agent has to answer."""
        assert self._slack is not None
        own = self._slack.own
        body = json.dumps(
            {
                "type": "event_callback",
                "team_id": str(event.get("team") or own.team),
                "context_team_id": own.team,
                "api_app_id": "A0TESTS",
                "event": event,
                "event_id": f"Ev{next(_counts):010d}",
                "event_time": int(time.time()),
                "authorizations": [
                    {
                        "enterprise_id": None, "team_id": own.team, "user_id": own.bot_user,
                        "is_bot": True, "is_enterprise_install": False,
                    }
                ],
                "is_ext_shared_channel": True,
            }
        ).encode()  # fmt: skip
        headers = sign(body, self._slack.signing_secret, int(time.time())) | {"Content-Type": "application/json"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                f"http://127.0.0.1:{self._house.ports.http}/slack/events", data=body, headers=headers
            ) as answer,
        ):
            assert answer.status == status, await answer.text()

    async def press(self, payload: Mapping[str, Any], status: int = 200) -> None:
        """One signed press of a button (see `tests.fakes.slack.presses.press_payload`)."""
        assert self._slack is not None
        url = f"http://127.0.0.1:{self._house.ports.http}/slack/interactive"
        assert await send_press(url, form(dict(payload)), self._slack.signing_secret) == status

    async def post(self, path: str, form: Mapping[str, str]) -> int:
        """The status of a form posted to the public application."""
        url = f"http://127.0.0.1:{self._house.ports.http}{path}"
        async with aiohttp.ClientSession() as session, session.post(url, data=form) as answer:
            return answer.status
