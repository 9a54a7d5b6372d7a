"""Managers at work, as production has them: mails that a mail server vouches for, and a Slack with two workspaces."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from email.message import Message
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import URL

from bot.storage import registrations
from bot.storage.following import follow
from crm.records import Registration, RegistrationState
from tests.builders import registration
from tests.fakes.slack.delivering import HttpTransport
from tests.fakes.slack.events import SECRET
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.presses import form, press_payload, send_press
from tests.fakes.slack.web_api import AWAY, HOME, TOKEN, FakeSlack
from tests.scenarios.doors import Doors
from tests.scenarios.house import House
from tests.scenarios.relayed import AUTHSERV, Scene, passed, relayed_house, words
from tests.scenarios.seats import Seat

NOOR, JONAS = "noor@lumora.example", "jonas@lumora.example"
U_NOOR, U_JONAS, U_COLLEAGUE, U_PARTNER = "U0NOOR", "U0JONAS", "U0COLLEAGUE", "U0ALICE"
MANAGERS = "C0MANAGERS"
_customers = count(1)


@dataclass(frozen=True)
class Asked:
    """A registration that waits for a manager: the mail he got, and the card in the managers' channel."""

    number: str
    mail: Message
    card: dict[str, Any]

    @property
    def reply_to(self) -> str:
        return str(self.mail["Reply-To"]).rpartition("<")[2].rstrip(">")

    @property
    def button(self) -> str:
        """The value that its buttons carry."""
        (actions,) = [block for block in self.card["blocks"] if block["type"] == "actions"]
        return str(actions["elements"][0]["value"])

    @property
    def ts(self) -> str:
        return str(self.card["ts"])


@dataclass
class Office:
    """The managers' side of a running agent."""

    scene: Scene
    slack: FakeSlack
    hands: Hands

    @property
    def house(self) -> House:
        return self.scene.house

    async def asked(self, seat: Seat, **changes: Any) -> Asked:
        """A registration of the seat, submitted, screened and put before its manager."""
        number, app, at = f"D-{next(_customers) + 810_000}", self.house.app, self.house.app.now()
        made: Registration = replace(
            registration(
                number=number, partner_id=seat.partner.id, contact_id=seat.contacts[seat.main].id,
                state=RegistrationState.SUBMITTED, customer=f"Kilbride {number}",
                customer_domain=f"kilbride-{number.lower()}.example", decided_at=None, protected_until=None,
            ),
            submitted_at=at, priority_at=at, **changes,
        )  # fmt: skip
        await app.crm.save_registration(made)
        async with app.database.begin() as connection:
            await registrations.save(connection, made)
            await follow(connection, app.queue, app.program, made, at)
        await self.house.quiet()
        mail = next(t.mail for t in self.scene.relay.taken[::-1] if number in str(t.mail["Subject"]))
        card = next(post for post in self.slack.channels[MANAGERS].posts[::-1] if number in post["text"])
        return Asked(number, mail, dict(card))

    async def mail(
        self,
        sender: str,
        text: str,
        asked: Asked | None = None,
        *,
        subject: str = "",
        proven: bool = True,
        to: str = "",
        **headers: str,
    ) -> str:
        """The Message-ID of a mail, in answer to what was asked where that is given."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        said |= {"Authentication-Results": passed(sender)} if proven else {}
        key = await self.scene.doors.mail(
            sender, text, subject or (f"Re: {asked.mail['Subject']}" if asked else "A word"), headers=said,
            in_reply_to=str(asked.mail["Message-ID"]) if asked else "", to=to or (asked.reply_to if asked else ""),
        )  # fmt: skip
        await self.house.quiet()
        return key

    async def press(
        self, presser: str, asked: Asked, act: str = "approve", *, value: str = "", channel: str = MANAGERS,
        secret: str = SECRET, status: int = 200, quiet: bool = True, **extra: Any,
    ) -> dict[str, Any]:  # fmt: skip
        team = self.slack.users[presser].team if presser in self.slack.users else HOME
        value = value or asked.button
        payload = press_payload(presser, team, channel, f"brief:{act}", value, message_ts=asked.ts) | extra
        assert await self.deliver(payload, secret) == status
        if quiet:
            await self.house.quiet()
        return payload

    async def deliver(self, payload: Mapping[str, Any], secret: str = SECRET) -> int:
        url = f"http://127.0.0.1:{self.house.ports.http}/slack/interactive"
        return await send_press(url, form(dict(payload)), secret)

    async def says(self, user: str, text: str, asked: Asked | None = None, *, channel: str = MANAGERS) -> str:
        """Somebody writes, under the card where one is given."""
        ts, team = self.scene.doors.new_ts(), self.slack.users[user].team
        event = {"channel": channel, "user": user, "text": text, "ts": ts, "event_ts": ts, "team": team}
        event |= {"thread_ts": asked.ts} if asked else {}
        kind = "im" if channel.startswith("D") else "channel"
        await self.scene.doors.event({**event, "type": "message", "channel_type": kind})
        await self.house.quiet()
        return f"{channel}:{ts}"

    async def state(self, number: str) -> RegistrationState:
        async with self.house.app.database.reading() as connection:
            kept = await registrations.find(connection, number)
        assert kept is not None
        return kept.registration.state

    async def registration(self, number: str) -> Registration:
        async with self.house.app.database.reading() as connection:
            kept = await registrations.find(connection, number)
        assert kept is not None
        return kept.registration

    def told(self, address: str, number: str = "") -> list[str]:
        """The texts of the mails to an address that name the number, oldest first."""
        return [text for mail in self.scene.to(address) if number in (text := words(mail))]

    def thread(self, asked: Asked, channel: str = MANAGERS) -> list[str]:
        """What the agent wrote under the card."""
        return [p["text"] for p in self.slack.channels[channel].posts if p.get("thread_ts") == asked.ts]

    def card(self, asked: Asked) -> dict[str, Any]:
        """The card as it stands now."""
        return next(post for post in self.slack.channels[MANAGERS].posts if post["ts"] == asked.ts)

    def posted(self, asked: Asked) -> str:
        """All that the agent ever posted, but for managers' cards about other things: they come when they fall due."""
        places = self.slack.channels.values()
        posts = [(place.id, json.dumps(post)) for place in places for post in place.posts]
        return json.dumps([post for place, post in posts if place != MANAGERS or asked.number in post])


@asynccontextmanager
async def office(server: URL, template: str, folder: Path) -> AsyncIterator[Office]:
    slack = FakeSlack()
    slack.add_channel(MANAGERS, {HOME})
    for user, name in ((U_NOOR, "Noor Haddad"), (U_JONAS, "Jonas Weber"), (U_COLLEAGUE, "Carla Colleague")):
        slack.add_user(user, HOME, name)
    await slack.start()
    chosen = {
        "trusted_authserv_id": AUTHSERV, "slack_bot_token": SecretStr(TOKEN), "slack_api_url": slack.base_url,
        "slack_signing_secret": SecretStr(SECRET), "slack_managers_channel": MANAGERS,
    }  # fmt: skip
    try:
        async with relayed_house(server, template, folder, **chosen) as (house, relay):
            hands = Hands(slack, HttpTransport.to(f"http://127.0.0.1:{house.ports.http}"))
            yield Office(Scene(house, Doors(house), relay), slack, hands)
    finally:
        await slack.stop()
    assert slack.violations == []
    assert slack.users[U_PARTNER].team == AWAY
