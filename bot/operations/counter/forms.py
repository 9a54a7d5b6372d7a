"""Forms that managers have open in Slack, and buttons that open one: kept under an opaque id, each one person's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import slack_buttons
from bot.storage.codec import storable
from bot.storage.database import Database
from bot.storage.slack_buttons import Button, ButtonKind
from bot.vocabulary.briefs import BriefKind

_LIVES = timedelta(hours=24)
"""How long a form may stay open before what is filled in counts no more."""


@dataclass(frozen=True, slots=True)
class StoredForms:
    """Implements `bot.channels.slack.managers.ports.Forms`."""

    database: Database
    now: Callable[[], datetime]

    async def open(self, user: str, doc: Mapping[str, Any]) -> str:
        async with self.database.begin() as connection:
            button = Button(ButtonKind.FORM, storable(dict(doc)), channel=user)
            return await slack_buttons.make(connection, button, self.now(), _LIVES)

    async def find(self, form: str, user: str) -> Mapping[str, Any] | None:
        async with self.database.reading() as connection:
            found = await of_user(connection, form, user, self.now())
        return found.doc if found is not None else None

    async def keep(self, form: str, user: str, doc: Mapping[str, Any]) -> bool:
        async with self.database.begin() as connection:
            if await of_user(connection, form, user, self.now()) is None:
                return False
            await slack_buttons.rewrite(connection, form, storable(dict(doc)))
        return True


async def of_user(connection: AsyncConnection, form: str, user: str, now: datetime) -> Button | None:
    """None for another's form, and for what is none."""
    found = await slack_buttons.find(connection, form, now)
    return found if found is not None and found.kind is ButtonKind.FORM and found.channel == user else None


async def decide_button(connection: AsyncConnection, user: str, kind: BriefKind, subject: str, now: datetime) -> str:
    """The value of a button that opens the form for deciding (`actions.DECIDE`) for this user. The same for the same
    thing, so that a page that is drawn again and again needs no new ones.
    """
    doc = {"kind": kind.value, "subject": subject}
    button = Button(ButtonKind.FORM, doc, channel=user, id=decide_id(user, kind, subject))
    return await slack_buttons.make_again(connection, button, now)


def decide_id(user: str, kind: BriefKind, subject: str) -> str:
    """The value of that button, whether it was made yet or not: it opens nothing before."""
    return str(uuid5(NAMESPACE_URL, f"partnerline:decide:{user}:{kind.value}:{subject}"))
