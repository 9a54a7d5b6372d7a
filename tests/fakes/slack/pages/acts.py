"""What the buttons of the pages do: each an act of the hands, by its name in the address."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.slack import elements
from tests.fakes.slack.forms import NotFilledIn
from tests.fakes.slack.hands import Hands
from tests.fakes.slack.world import FakeView

_SHORTENED = 300


@dataclass(frozen=True)
class Given:
    """A form: each field with all its values, and the file that was chosen."""

    fields: Mapping[str, list[str]]
    file: tuple[str, bytes, str] | None = None

    @classmethod
    async def of(cls, request: web.Request) -> Given:
        fields: dict[str, list[str]] = {}
        file: tuple[str, bytes, str] | None = None
        posted = await request.post()
        for name in dict.fromkeys(posted):
            for value in posted.getall(name):
                if not isinstance(value, web.FileField):
                    fields.setdefault(name, []).append(str(value).replace("\r\n", "\n"))
                elif value.filename:
                    file = (value.filename, value.file.read(), value.content_type)
        return cls(fields, file)

    def one(self, name: str) -> str:
        return (self.fields.get(name) or [""])[0]


async def say(hands: Hands, user: str, channel: str, given: Given) -> str:
    """A message, a file, or, where it begins with a slash, a command."""
    text, thread = written(hands, given.one("text")), given.one("thread")
    if text.startswith("/") and not given.file:
        command, _, words = text.partition(" ")
        await hands.commands(user, channel, words.strip(), command)
    elif given.file is not None:
        name, content, mimetype = given.file
        await hands.uploads(user, channel, name, content, mimetype, text=text, thread_ts=thread)
    elif text.strip():
        await hands.says(user, channel, text, thread_ts=thread)
    return ""


def written(hands: Hands, text: str) -> str:
    """As Slack's own client sends what was typed: & < > escaped, whom it mentions as ids."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    names = {hands.slack.app_name: hands.slack.bot_user} | {user.name: user.id for user in hands.slack.users.values()}
    for name, user_id in names.items():
        text = re.sub(rf"@{re.escape(name)}(?!\w)", f"<@{user_id}>", text, flags=re.IGNORECASE)
    return text


async def edit(hands: Hands, user: str, channel: str, given: Given) -> str:
    await hands.edits(user, channel, given.one("ts"), written(hands, given.one("text")))
    return ""


async def delete(hands: Hands, user: str, channel: str, given: Given) -> str:
    await hands.deletes(user, channel, given.one("ts"))
    return ""


async def react(hands: Hands, user: str, channel: str, given: Given) -> str:
    await hands.reacts(user, channel, given.one("ts"), given.one("name"))
    return ""


async def press(hands: Hands, user: str, channel: str, given: Given) -> str:
    await hands.presses(user, channel, given.one("ts"), given.one("name"), given.one("pick"))
    return ""


async def shortcut(hands: Hands, user: str, channel: str, given: Given) -> str:
    await hands.shortcuts(user, channel, given.one("ts"), given.one("callback"))
    return ""


async def life(hands: Hands, user: str, channel: str, given: Given) -> str:
    """What a channel's administrator does; the channel's new id where it has one."""
    team = given.one("team")
    match given.one("what"):
        case "invite":
            await hands.invites_bot(user, channel)
        case "remove":
            await hands.removes_bot(channel)
        case "share":
            await hands.shares(channel, team)
        case "unshare":
            await hands.unshares(channel, team)
        case "change_id":
            return await hands.changes_id(channel)
        case "archive":
            await hands.archives(user, channel)
    return ""


ACTS: dict[str, Callable[[Hands, str, str, Given], Awaitable[str]]] = {
    "say": say, "edit": edit, "delete": delete, "react": react, "press": press, "shortcut": shortcut, "life": life,
}  # fmt: skip


async def in_view(hands: Hands, view: FakeView, given: Given) -> None:
    """What was typed is kept, then the button that was pressed does what it does."""
    known = list(elements.elements(view.body.get("blocks") or []))
    filled = {number: said for name, said in given.fields.items() if (number := _number(name)) is not None}
    for number, one in enumerate(known):
        if number in filled or f"has{number}" in given.fields:
            said = filled.get(number, [])
            view.filled[one.block_id, one.action_id] = one.filled(said if _many(one) else "".join(said[:1]))
    pressed = given.one("press")
    if pressed == "close":
        await hands.closes(view)
    elif pressed == "submit":
        await hands.submits(view)
    elif pressed:
        number = int(pressed)
        one = known[number]
        said = filled.get(number, [])
        pick: Any = given.one("pick") or (said if _many(one) else "".join(said[:1]))
        await hands.presses_in(view, f"#{number}", pick)


def missing_fields(view: FakeView, refusal: NotFilledIn) -> dict[str, str]:
    """By block, as the app's own errors stand there."""
    labels = set(refusal.args[0])
    known = elements.elements(view.body.get("blocks") or [])
    return {one.block_id: "Please complete this required field." for one in known if one.words in labels}


def short(arguments: Mapping[str, str]) -> list[tuple[str, str]]:
    return [
        (name, value if len(value) <= _SHORTENED else f"{value[:_SHORTENED]}…") for name, value in arguments.items()
    ]


def _number(name: str) -> int | None:
    return int(name[1:]) if name.startswith("f") and name[1:].isdecimal() else None


def _many(one: elements.Element) -> bool:
    return one.kind.startswith("multi_") or one.kind == "checkboxes"
