"""Questions of ours that are over without a press: their buttons leave the post, which then shows what was answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import outbox, slack_buttons, slack_posts
from bot.storage.slack_buttons import Button, ButtonKind
from bot.storage.slack_posts import Taken
from bot.storage.slack_tables import slack_buttons as buttons_table
from bot.storage.tables import outbox as posts_table
from bot.vocabulary.message import Message, Question
from bot.vocabulary.requests import AnswerFields, Finer, Reading
from crm.records import Registration, RegistrationState

_NOTHING = Taken(-1, "", "", "")
_ENDED = (RegistrationState.DECLINED, RegistrationState.EXPIRED, RegistrationState.WITHDRAWN)
_YES, _NO = 0, 1  # the places of the two answers (`bot.intents.offers`)


@dataclass(frozen=True, slots=True)
class Answered:
    """What was typed in the thread: the place of its answer among the choices, and who wrote it."""

    place: int
    user: str
    name: str

    @classmethod
    def by(cls, reading: Reading, user: str, name: str) -> Answered | None:
        """None where the message says neither yes nor no."""
        said = {_place(request.finer, request.fields) for request in reading.requests} - {None}
        place = said.pop() if len(said) == 1 else None
        return None if place is None else cls(place, user, name or user)


@dataclass
class ClosedQuestions:
    """What one handled message may have answered or ended, gathered while it is seen to."""

    connection: AsyncConnection
    message: Message
    thread_id: str | None
    partner_id: str | None
    asked_anew: bool = False
    reading: Reading | None = None
    saved: list[Registration] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)

    async def close(self) -> None:
        """Behind the answer, in its transaction."""
        occasion, click = self.message.inbox_id, self.message.click
        pressed = click.value.partition(".")[0] if click is not None else ""
        if self.asked_anew and self.thread_id is not None:
            await close_in_thread(self.connection, self.thread_id, occasion, self._answered(), pressed)
        for saved in self.saved:
            await close_of_registration(self.connection, saved, occasion, pressed)
        for number in self.leads if self.partner_id else ():
            await close_of_lead(self.connection, number, self.partner_id or "", occasion, pressed)

    def _answered(self) -> Answered | None:
        sender = self.message.sender
        if self.reading is None or self.message.click is not None:
            return None
        return Answered.by(self.reading, sender.slack_user, sender.name)


def _place(finer: Finer | None, fields: object) -> int | None:
    answer = fields.answer if isinstance(fields, AnswerFields) else None
    if finer is Finer.CONFIRM or answer == "yes":
        return _YES
    return _NO if finer is Finer.DENY or answer == "no" else None


async def close_in_thread(
    connection: AsyncConnection, thread_id: str, occasion: str, answered: Answered | None = None, pressed: str = ""
) -> None:
    """For what the thread waits for no longer. `pressed` is the button whose press ended it, which is seen to apart."""
    for button in await _open(connection, posts_table.c.thread_id == thread_id):
        if button.id != pressed and not await slack_posts.is_open(connection, button):
            await _close(connection, button, occasion, answered)


async def close_of_registration(
    connection: AsyncConnection, saved: Registration, occasion: str, pressed: str = ""
) -> None:
    """Whether to send it off is asked of a draft alone, and nothing is asked of one that has ended."""
    if saved.state is RegistrationState.DRAFT:
        return
    only: tuple[ColumnElement[bool], ...] = ()
    if saved.state not in _ENDED:
        only = (_question("asked").has_key(Question.REGISTER.value),)
    await _close_about(connection, saved.number, saved.partner_id, occasion, pressed, *only)


async def close_of_lead(
    connection: AsyncConnection, number: str, partner_id: str, occasion: str, pressed: str = ""
) -> None:
    """The partner has it, does not want it, or is offered it no longer."""
    offered = _question("asked").has_key(Question.LEAD.value)
    await _close_about(connection, number, partner_id, occasion, pressed, offered)


async def _close_about(
    connection: AsyncConnection, number: str, partner_id: str, occasion: str, pressed: str, *only: ColumnElement[bool]
) -> None:
    """In whichever thread of the partner's it was asked."""
    about = _question("about").astext == number
    for button in await _open(connection, about, buttons_table.c.partner_id == partner_id, *only):
        if button.id != pressed:
            await _close(connection, button, occasion, None)


def _question(part: str) -> Any:
    return buttons_table.c.doc["question"][part]


async def _open(connection: AsyncConnection, *which: ColumnElement[bool]) -> list[Button]:
    """Locked, so that a press waits for what becomes of them here."""
    query = (
        select(buttons_table)
        .join(posts_table, posts_table.c.id == buttons_table.c.outbox_id)
        .where(
            *which, buttons_table.c.kind == ButtonKind.SAY.value, buttons_table.c.used_at.is_(None),
            buttons_table.c.doc.has_key("question"),
        )
        .order_by(posts_table.c.seq)
        .with_for_update(of=buttons_table)
    )  # fmt: skip
    return [slack_buttons.as_button(row) for row in (await connection.execute(query)).mappings().all()]


async def _close(connection: AsyncConnection, button: Button, occasion: str, answered: Answered | None) -> None:
    chosen = slack_posts.choice(button, answered.place) if answered is not None else None
    if answered is None or chosen is None:
        by, line = _NOTHING, ""
    else:
        by = Taken(answered.place, answered.user, answered.name, chosen["label"])
        line = slack_posts.chosen_line(by)
    await slack_posts.take(connection, button, by, line)
    row = await slack_posts.as_it_is_now(connection, button.outbox_id or "", f"{occasion}:over")
    if row is not None:
        await outbox.put(connection, [row])
