"""The counter: what a manager's command, shortcut, press or form comes to, each checked anew on the server."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from hashlib import sha256

from bot.channels.slack.api.errors import SlackError
from bot.channels.slack.edge.interactions import (
    NOTHING,
    Answer,
    Command,
    Person,
    Shortcut,
    Submission,
    ViewPress,
)
from bot.channels.slack.managers import actions
from bot.channels.slack.managers.announcements.running import Running
from bot.channels.slack.managers.announcements.writing import Writing
from bot.channels.slack.managers.command_words import Asked, Asks, asked
from bot.channels.slack.managers.deciding import Deciding
from bot.channels.slack.managers.frames import instead, to_him, told
from bot.channels.slack.managers.gate import Gate, TurnedAway
from bot.channels.slack.managers.orders import ManagerOrder
from bot.channels.slack.managers.ports import Blocks, Home, Orders, Report, Reports
from bot.channels.slack.managers.reporting import HELP, report_blocks, report_text
from bot.channels.slack.managers.windows import Windows
from bot.channels.slack.people.audience import SlackChannels
from bot.vocabulary.results import NotDone, in_sentences
from knowledge.program import Manager

log = logging.getLogger(__name__)

_TAKEN = "On it: {}. I write to you directly what came of it."
_SLOW = "That takes longer just now. Try again in a minute."
_DIRECTLY = "Others may read along here, so I sent it to you directly."


@dataclass(frozen=True, slots=True)
class SlackCounter:
    """Implements `bot.channels.slack.edge.interactions.Counter`. `home` is None where nothing is shown there,
    `patience` in seconds: Slack waits three for what is answered at once.
    """

    gate: Gate
    windows: Windows
    writing: Writing
    running: Running
    deciding: Deciding
    reports: Reports
    orders: Orders
    channels: SlackChannels
    home: Home | None = None
    patience: float = 1.8

    async def command(self, command: Command) -> Answer:
        who = await self.gate.manager(command.by)
        if isinstance(who, TurnedAway):
            return to_him(who.why)
        wish = asked(command.words)
        match wish.kind:
            case Asks.HELP:
                return to_him(HELP)
            case Asks.STATUS:
                return await self._status(who, command, wish)
            case Asks.ORDER:
                return await self._ordered(command, wish.words)
            case Asks.REPORT:
                fault = await self.running.report(command.by, command.trigger, wish.words)
                return to_him(fault) if fault else NOTHING
            case _:
                fault = await self._form(who, command, wish)
                return to_him(fault) if fault else NOTHING

    async def shortcut(self, shortcut: Shortcut) -> Answer:
        who = await self.gate.manager(shortcut.by)
        if isinstance(who, TurnedAway):
            await self.windows.show(shortcut.trigger, told("Partnerline", who.why))
        elif shortcut.callback == actions.ANNOUNCE_THIS:
            await self.writing.write_this(who, shortcut)
        return NOTHING

    async def pressed(self, press: ViewPress) -> Answer:
        who = await self.gate.manager(press.by)
        if isinstance(who, TurnedAway):
            await self.windows.show(press.trigger, told("Partnerline", who.why))
            return NOTHING
        match press.action:
            case actions.ANNOUNCE:
                await self.writing.write(who, press.by, press.trigger)
            case actions.AS_WRITTEN:
                self.writing.as_written(press)
            case actions.ADD_LANGUAGE | actions.CHANGE_LANGUAGE:
                self.writing.other_language(press)
            case actions.TEST:
                self.writing.test(who, press)
            case actions.DECIDE:
                await self.deciding.behind(who, press)
            case _:
                await self._with_one(who, press)
        return NOTHING

    async def _with_one(self, who: Manager, press: ViewPress) -> None:
        """With an announcement that is kept, or with all of them."""
        match press.action:
            case actions.SCHEDULED:
                await self.running.show(press.trigger, waiting=True)
            case actions.ANNOUNCEMENTS:
                self.running.show_here(press)
            case actions.OPEN:
                await self.running.open(who, press)
            case actions.PAUSE | actions.RESUME | actions.CANCEL | actions.REMIND | actions.REPORT:
                await self.running.act(who, press)
            case _:
                log.debug("a press that means nothing at the counter: %s", press.action)

    async def submitted(self, submission: Submission) -> Answer:
        who = await self.gate.manager(submission.by)
        if isinstance(who, TurnedAway):
            return instead(told("Partnerline", who.why))
        match submission.callback:
            case actions.WRITE:
                return await self.writing.written(who, submission)
            case actions.LANGUAGE:
                return await self.writing.language_written(who, submission)
            case actions.CONFIRM:
                return await self.writing.confirmed(who, submission)
            case actions.DECISION:
                return await self.deciding.decided(submission)
            case _:
                return NOTHING

    async def close(self) -> None:
        """Once nothing comes in any more."""
        await self.windows.close()

    async def home_opened(self, user: str) -> None:
        if self.home is not None:
            await self.home.opened(user)

    async def _form(self, who: Manager, command: Command, wish: Asked) -> str:
        """Why there is no form, "" where there is one."""
        match wish.kind:
            case Asks.ANNOUNCE:
                return await self.writing.write(who, command.by, command.trigger, wish.words)
            case Asks.SCHEDULED | Asks.ANNOUNCEMENTS:
                return await self.running.show(command.trigger, waiting=wish.kind is Asks.SCHEDULED)
            case _:
                return await self.deciding.named(who, command.by, command.trigger, wish.words)

    async def _ordered(self, command: Command, words: str) -> Answer:
        """The trigger is drawn anew for each command: a delivery that comes twice is the same order."""
        key = sha256(f"{command.by.user}:{command.trigger}:{words}".encode()).hexdigest()[:32]
        await self.orders.take(ManagerOrder(command.by.user, command.by.team, key, words=words))
        return to_him(_TAKEN.format(words.splitlines()[0][:200]))

    async def _status(self, who: Manager, command: Command, wish: Asked) -> Answer:
        try:
            async with asyncio.timeout(self.patience):
                found = await self._report(who, wish.words)
                private = await self._is_private(command.channel)
        except TimeoutError:
            return to_him(_SLOW)
        if isinstance(found, NotDone):
            return to_him(in_sentences(found))
        text, blocks = report_text(found), report_blocks(found)
        return to_him(text, blocks) if private else await self._directly(command.by, command.trigger, text, blocks)

    async def _report(self, who: Manager, words: str) -> Report | NotDone:
        return await (self.reports.about(words, who.email) if words else self.reports.overview(who.email))

    async def _is_private(self, channel: str) -> bool:
        """Whether the vendor's people alone are in it. What cannot be told is not: others may look over a shoulder, and
        what is said of one partner is never shown in another's channel.
        """
        try:
            audience = await self.channels.audience(channel)
        except SlackError:
            return False
        return audience.confirmed and not audience.teams

    async def _directly(self, by: Person, trigger: str, text: str, blocks: Blocks) -> Answer:
        key = sha256(f"{by.user}:{trigger}".encode()).hexdigest()[:32]
        await self.orders.tell(by.user, key, text, blocks)
        return to_him(_DIRECTLY)
