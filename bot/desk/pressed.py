"""A button below an answer was pressed: whether it still counts, who may press it, and how the post then looks.

What a press says is handled like any message; here is seen to what only buttons have: they grow old, are pressed twice
or by somebody whom they do not ask, and say whether an answer helped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.slack.blocks.pressing import Pressed, pressed
from bot.ports import Directory
from bot.steps.identify import identify
from bot.steps.say import Listener, say
from bot.storage import inbox, ledger, mirror, outbox, slack_buttons, slack_feedback, slack_posts, tasks, timers
from bot.storage.answers import NOTICE, REPLY, put_answer
from bot.storage.caps import Answering, over_cap
from bot.storage.database import Database
from bot.storage.inbox import InboxRow, InboxState
from bot.storage.slack_answers import STAYS, said
from bot.storage.slack_buttons import Button, ButtonKind
from bot.storage.slack_posts import Taken
from bot.storage.timeline import in_short, slack_link
from bot.texts.catalogue import LANGUAGES, catalogue
from bot.texts.own import worded
from bot.texts.wording import Wording
from bot.vocabulary.decisions import Decision, Outcome, Value
from bot.vocabulary.identity import Identity
from bot.vocabulary.message import Message, ReplyAddress
from bot.vocabulary.reply import Reply
from crm.records import Channel, Partner
from knowledge.deal_clock import Timer
from knowledge.program import Program

_HELPFUL = 1  # the place of the judgement that an answer helped
_QUOTED = 200  # characters of an answer in a task


@dataclass(frozen=True, slots=True)
class PartnerPresses:
    """Presses of choices and judgements (`bot.channels.slack.blocks.pressing`)."""

    database: Database
    directory: Directory
    program: Callable[[], Program]
    answering: Answering
    now: Callable[[], datetime]

    def concerns(self, message: Message) -> bool:
        """Whether the message is a press of a button below an answer to a partner, or says what such a button says."""
        if message.click is not None:
            return message.click.is_of_answer
        return message.channel is Channel.SLACK and _judgement(message.text) is not None

    async def take(self, row: InboxRow, message: Message) -> bool:
        """Whether all is seen to; False where the words of the button are to be handled. Safe to repeat."""
        identity = await identify(message, self.directory, self.program().managers)
        async with self.database.begin() as connection:
            state = await inbox.fetch(connection, row.id, lock=True)
            if state is None or state.state is not InboxState.READ:
                return True
            case = _Case(connection, self, row, message, identity)
            outcome = await case.outcome()
            if not outcome:
                return False
            await inbox.mark(connection, row.id, InboxState.HANDLED, outcome=outcome, handled_at=self.now(), error="")
            told = {"message_id": message.message_id, "sender": message.sender.slack_user, "outcome": outcome}
            await ledger.append(
                connection, "button", message.channel.value, told, partner_id=identity.proven_partner_id,
                inbox_id=row.id,
            )  # fmt: skip
            return True

    async def settle(self, row: InboxRow, message: Message) -> None:
        """The words of the button were handled: the post shows what was chosen, unless its question is still open."""
        click = message.click
        found = pressed(click.action, click.value) if click else None
        if found is None:
            return
        async with self.database.begin() as connection:
            button = await slack_buttons.find(connection, found.button, self.now())
            if button is None or button.used or button.outbox_id is None or button.doc.get(STAYS):
                return
            if "question" in button.doc and await slack_posts.is_open(connection, button):
                return  # whoever pressed it may not answer, or what he said is doubtful: it can still be answered
            await take_down(connection, button, found, message, row.id)


async def take_down(
    connection: AsyncConnection, button: Button, found: Pressed, message: Message, occasion: str
) -> None:
    """The buttons go, and in their place stands what was chosen and by whom."""
    chosen = slack_posts.choice(button, found.place)
    label, sender = (chosen["label"] if chosen else ""), message.sender
    name = sender.name or sender.slack_user
    by = Taken(found.place, sender.slack_user, name, label)
    await _changed(connection, button, by, slack_posts.chosen_line(by), occasion)


async def _changed(connection: AsyncConnection, button: Button, by: Taken, line: str, occasion: str) -> None:
    await slack_posts.take(connection, button, by, line)
    row = await slack_posts.as_it_is_now(connection, button.outbox_id or "", occasion)
    if row is not None:
        await outbox.put(connection, [row])


@dataclass(frozen=True, slots=True)
class _Case:
    """One press, in its transaction."""

    connection: AsyncConnection
    presses: PartnerPresses
    row: InboxRow
    message: Message
    identity: Identity

    async def outcome(self) -> str:
        """What came of it, in a word; "" where its words are still to be handled."""
        click = self.message.click
        partner = self._speaks_for
        if click is None:
            return await self._judged_in_words(partner)
        found = pressed(click.action, click.value)
        button = await slack_buttons.find(self.connection, found.button, self._now) if found else None
        if partner is None:
            return await self._of_somebody_else(button)
        if found is None or button is None:
            return await self._told("stale_button", Outcome("pressed.stale"), partner, "")
        if not self._is_theirs(button, partner):
            return "foreign_button"
        if button.kind is ButtonKind.FEEDBACK:
            return await self._judged(button, found, partner)
        return await self._answered(button, found, partner)

    @property
    def _speaks_for(self) -> Partner | None:
        """The partner whose buttons these are to press. A manager sees what it may see, and presses nothing for it."""
        told = self.identity.may_be_told and self.identity.manager is None
        return self.identity.partner if told else None

    def _is_theirs(self, button: Button, partner: Partner) -> bool:
        """What was put into somebody's direct messages is for him alone."""
        personal = button.channel.startswith(("U", "W"))
        return button.partner_id == partner.id and (not personal or button.channel == self.message.sender.slack_user)

    async def _of_somebody_else(self, button: Button | None) -> str:
        """A colleague at the vendor learns in his direct messages whom it asks; nobody else learns anything."""
        sender = self.message.sender
        partner_id = button.partner_id if button else None
        partner = await mirror.one(self.connection, Partner, partner_id) if partner_id else None
        if not (sender.slack_home and sender.proof) or partner is None or self.identity.paused:
            return "foreign_button"
        words = f"That button is for people of {partner.name}. Nothing was done; if they cannot answer, write to me."
        await self._put(Reply(words, "en"), ReplyAddress(slack_channel=sender.slack_user), None, kind=NOTICE)
        return "partners_button"

    async def _answered(self, button: Button, found: Pressed, partner: Partner) -> str:
        before = slack_posts.taken(button)
        if before is not None and before.place >= 0:
            again = before.user == self.message.sender.slack_user and before.place == found.place
            if again or "question" not in button.doc:
                return "pressed_twice"  # what it leads to stands in the thread
            values: dict[str, Value] = {"choice": before.label, "name": before.name}
            return await self._told("taken_button", Outcome("pressed.taken", values), partner, _language(button))
        if button.used or not await slack_posts.is_open(self.connection, button):
            if not button.used:
                await _changed(self.connection, button, Taken(-1, "", "", ""), "", self.row.id)
            return await self._told("stale_button", Outcome("pressed.stale"), partner, _language(button))
        return "" if self.message.text else "no_such_choice"

    async def _judged_in_words(self, partner: Partner | None) -> str:
        """ "" where there is nothing to judge: then it is a message like any other."""
        place = _judgement(self.message.text)
        if partner is None or place is None:
            return ""
        button = await slack_posts.judgement_of(self.connection, self.row.thread_id, self._now)
        if button is None or button.partner_id != partner.id:
            return ""
        return await self._judged(button, Pressed(button.id, place), partner)

    async def _judged(self, button: Button, found: Pressed, partner: Partner) -> str:
        if button.used or button.outbox_id is None or slack_posts.choice(button, found.place) is None:
            return "judged_already"
        helpful, user = found.place == _HELPFUL, self.message.sender.slack_user
        await slack_feedback.note(self.connection, button.outbox_id, user, partner.id, helpful=helpful)
        wording = self._wording(button)
        line = wording.text("pressed.thanks" if helpful else "pressed.sorry", {})
        chosen = slack_posts.choice(button, found.place) or {}
        by = Taken(found.place, user, self.message.sender.name, chosen.get("label", ""))
        await _changed(self.connection, button, by, line, self.row.id)
        if not helpful:
            await self._to_manager(button.outbox_id, partner)
        return "helpful" if helpful else "not_helpful"

    async def _to_manager(self, outbox_id: str, partner: Partner) -> None:
        """Once for an answer, with what it said and where it stands."""
        post = await outbox.find(self.connection, outbox_id)
        words = in_short(said(post.payload))[:_QUOTED] if post else ""
        to, contact = self.message.reply_to, self.identity.contact
        where = slack_link(to.slack_channel, to.slack_thread_ts) if to else ""
        summary = f"an answer was called not helpful: “{words}” {where}".rstrip()
        opened = await tasks.open_task(
            self.connection, f"not-helpful:{outbox_id}", "feedback", f"{summary} [{self.row.reference}]",
            manager_email=partner.manager_email, partner_id=partner.id, contact_id=contact.id if contact else None,
            inbox_id=self.row.id,
        )  # fmt: skip
        if opened:
            key = f"{tasks.HANDED_OVER}:{self.row.id}"
            await timers.schedule(self.connection, Timer(key, tasks.HANDED_OVER, self.row.id, self._now))

    async def _told(self, word: str, outcome: Outcome, partner: Partner, language: str) -> str:
        """In the thread, where one more answer may go there."""
        to = self.message.reply_to
        listener = Listener(
            language or partner.language, Channel.SLACK, self._first_name, self._program.vendor.name, partner.country,
            partner.time_zone, worded(self._program.texts),
        )  # fmt: skip
        reply = say((Decision((), (outcome,), word),), listener)
        if reply is not None and to is not None:
            await self._put(reply, to, partner.id)
        return word

    async def _put(self, reply: Reply, to: ReplyAddress, partner_id: str | None, kind: str = REPLY) -> None:
        answering, thread_id = self.presses.answering, self.row.thread_id if partner_id else None
        if await over_cap(self.connection, answering, to, thread_id=thread_id, proven=True, now=self._now):
            return
        await put_answer(
            self.connection, f"pressed:{self.row.id}", kind, to, reply, mail_domain=answering.mail_domain,
            thread_id=thread_id, partner_id=partner_id, inbox_id=self.row.id,
        )  # fmt: skip

    def _wording(self, button: Button) -> Wording:
        return Wording.plain(worded(self._program.texts), _language(button), Channel.SLACK)

    @property
    def _program(self) -> Program:
        return self.presses.program()

    @property
    def _now(self) -> datetime:
        return self.presses.now()

    @property
    def _first_name(self) -> str:
        return self.identity.contact.name if self.identity.contact else self.message.sender.name


def _judgement(text: str) -> int | None:
    """The place of the judgement that these words are, in whichever language; None for any other words."""
    return _judgements().get(" ".join(text.split()).strip(" .!").casefold())


@cache
def _judgements() -> Mapping[str, int]:
    known, keys = catalogue(), {"pressed.not_helpful": 0, "pressed.helpful": _HELPFUL}
    return {known.template(code, key).casefold(): place for code in LANGUAGES for key, place in keys.items()}


def _language(button: Button) -> str:
    return str(button.doc.get("language", ""))
