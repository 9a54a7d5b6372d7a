"""Questions of ours that are over without a press: their buttons leave the post, which then shows what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import outbox, slack_buttons, slack_posts
from bot.storage.slack_answers import STAYS
from bot.storage.slack_buttons import Button, ButtonKind
from bot.storage.slack_posts import Taken
from bot.storage.slack_tables import slack_buttons as buttons_table
from bot.storage.tables import outbox as posts_table
from bot.vocabulary import wish
from bot.vocabulary.message import Message, Question
from bot.vocabulary.requests import Finer, Intent, Reading, Request
from crm.records import Channel, Registration, RegistrationState

_NOTHING = Taken(-1, "", "", "")
_ENDED = (RegistrationState.DECLINED, RegistrationState.EXPIRED, RegistrationState.WITHDRAWN)
_POLARITY = {Finer.CONFIRM: "yes", Finer.DENY: "no"}
_GIVES = (Intent.PROVIDE_FIELD, Intent.REGISTER_DEAL, Intent.UPDATE_DEAL, Intent.ANSWER_ANNOUNCEMENT, Intent.OTHER)
"""What an answer may be read as besides the wish itself, and no question."""
_TELLS = ("answer", "products", "deal_ref", "deal_refs", "statement_ref", "lines", "email")


@dataclass(frozen=True, slots=True)
class Answered:
    """What was typed in the thread, and who wrote it."""

    reading: Reading
    user: str
    name: str

    def place_in(self, button: Button) -> int | None:
        """The place of the choice that says the same; None where none does, or several do."""
        choices = button.doc.get("choices") or ()
        meant = [wish.read(str(one.get("wish", ""))) for one in choices]
        same = [place for place, read in enumerate(meant) if read is not None and self._says(read.requests[0])]
        return same[0] if len(same) == 1 else None

    def _says(self, choice: Request) -> bool:
        told = _telling(choice)
        return bool(told) and any(
            told.items() <= _telling(said).items() and (_wish(said) == _wish(choice) or said.intent in _GIVES)
            for said in self.reading.requests
        )


@dataclass
class ClosedQuestions:
    """What one handled message may have answered or ended, gathered while it is seen to."""

    connection: AsyncConnection
    message: Message
    thread_id: str | None
    partner_id: str | None
    reading: Reading | None = None
    saved: list[Registration] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)

    async def close(self) -> None:
        """Behind the answer, in its transaction."""
        occasion, click = self.message.inbox_id, self.message.click
        pressed = click.value.partition(".")[0] if click is not None else ""
        if self.thread_id is not None and self.message.channel is Channel.SLACK:
            await close_in_thread(self.connection, self.thread_id, occasion, self._answered(), pressed)
        for saved in self.saved:
            await close_of_registration(self.connection, saved, occasion, pressed)
        for number in self.leads if self.partner_id else ():
            await close_of_lead(self.connection, number, self.partner_id or "", occasion, pressed)

    def _answered(self) -> Answered | None:
        """None for what is pressed, taken back, or said by one of the vendor's people, whom it does not ask."""
        sender = self.message.sender
        if self.reading is None or self.message.click is not None or self.message.deleted or sender.slack_home:
            return None
        return Answered(self.reading, sender.slack_user, sender.name or sender.slack_user)


def _wish(request: Request) -> tuple[Intent, Finer | None]:
    return request.intent, request.finer


def _telling(request: Request) -> dict[str, Any]:
    """What of a request tells it from the other choices of a menu: yes or no, a product, what it is about."""
    if request.finer in _POLARITY:
        return {"answer": _POLARITY[request.finer]}
    found = {name: getattr(request.fields, name, None) for name in _TELLS}
    return {name: frozenset(value) if isinstance(value, tuple) else value for name, value in found.items() if value}


async def close_in_thread(
    connection: AsyncConnection, thread_id: str, occasion: str, answered: Answered | None = None, pressed: str = ""
) -> None:
    """For what the thread waits for no longer, and for menus of which one choice was typed. `pressed` is the button
    whose press ended it, which is seen to apart.
    """
    over: list[tuple[Button, Taken]] = []
    for button in await _open(connection, posts_table.c.thread_id == thread_id):
        by = _taken(button, answered)
        asks = "question" in button.doc
        ended = not await slack_posts.is_open(connection, button) if asks else by is not _NOTHING
        if ended and button.id != pressed:
            over.append((button, by))
    await _close(connection, over, f"{occasion}:over")


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
    found = await _open(connection, about, buttons_table.c.partner_id == partner_id, *only)
    over = [(button, _NOTHING) for button in found if button.id != pressed]
    await _close(connection, over, f"{occasion}:over:{number}")


def _question(part: str) -> Any:
    return buttons_table.c.doc["question"][part]


async def _open(connection: AsyncConnection, *which: ColumnElement[bool]) -> list[Button]:
    """Locked, so that a press waits for what becomes of them here; without those that stay, whoever answers."""
    query = (
        select(buttons_table)
        .join(posts_table, posts_table.c.id == buttons_table.c.outbox_id)
        .where(
            *which, buttons_table.c.kind == ButtonKind.SAY.value, buttons_table.c.used_at.is_(None),
            ~buttons_table.c.doc.has_key(STAYS),
        )
        .order_by(posts_table.c.seq)
        .with_for_update(of=buttons_table)
    )  # fmt: skip
    return [slack_buttons.as_button(row) for row in (await connection.execute(query)).mappings().all()]


def _taken(button: Button, answered: Answered | None) -> Taken:
    place = answered.place_in(button) if answered is not None else None
    chosen = slack_posts.choice(button, place) if place is not None else None
    if answered is None or place is None or chosen is None:
        return _NOTHING
    return Taken(place, answered.user, answered.name, chosen["label"])


async def _close(connection: AsyncConnection, over: Sequence[tuple[Button, Taken]], occasion: str) -> None:
    """Each post changes once, whatever of it is over."""
    for button, by in over:
        await slack_posts.take(connection, button, by, slack_posts.chosen_line(by) if by.label else "")
    for post in dict.fromkeys(button.outbox_id for button, _ in over if button.outbox_id):
        row = await slack_posts.as_it_is_now(connection, post, occasion)
        if row is not None:
            await outbox.put(connection, [row])
