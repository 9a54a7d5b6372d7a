"""What managers write or press: a proven manager's order goes to the desk, and everything is logged and answered.

Nothing here is done for anybody else. Who only claims to be a manager, and who presses a button without being one,
changes nothing and is told nothing of anybody.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.channels.slack.blocks.cards import ACTION, act_of
from bot.channels.slack.managers.actions import CHOSEN
from bot.managers import closing
from bot.managers.acts import Deeds, Order
from bot.managers.announcing import AnnouncesByMail
from bot.managers.asking import asks_for_digest
from bot.managers.channel_orders import ChannelOrders, is_about_channels
from bot.managers.chosen import VERBS, of_form
from bot.managers.closing import Closing, in_words
from bot.managers.named import meant
from bot.managers.orders import (
    UNCLEAR,
    Explanation,
    Heard,
    Meant,
    Silence,
    Understood,
    WordsWanted,
    decides,
    understood,
)
from bot.managers.standing import standing
from bot.managers.verbs import Verb
from bot.managers.words import Said, said
from bot.ports import Directory
from bot.steps.identify import identify
from bot.storage import briefs, slack_buttons
from bot.storage.briefs import SentBrief
from bot.storage.caps import Answering
from bot.storage.database import Database
from bot.storage.inbox import InboxRow
from bot.storage.slack_buttons import Button, ButtonKind
from bot.vocabulary.briefs import BriefKind
from bot.vocabulary.identity import Trust
from bot.vocabulary.message import Click, Message
from bot.vocabulary.results import NotDone
from crm.records import Channel
from knowledge.program import Manager
from mail_ingest.address import reply_keys

_NOT_YOURS = "Only managers of the partner program decide here."
_NO_FORM = "This form is not current any more; nothing was done. Open it anew."
_NEWS = "There is news about {} since this form was opened, so nothing was done. Open it anew."
_NOT_HERE = "Decisions are not made here. Please use your managers' channel, a direct message or mail."
_GONE = "This card is not current any more; nothing was done."


@dataclass(frozen=True, slots=True)
class ManagerMessages:
    database: Database
    directory: Directory
    managers: Sequence[Manager]
    deeds: Deeds
    answering: Answering
    now: Callable[[], datetime]
    channels: ChannelOrders | None = None
    announcing: AnnouncesByMail | None = None
    digest: Callable[[Manager], Awaitable[str]] | None = None
    """What needs a manager now, in words; None where nobody can ask for it."""
    beside: Callable[[str, Manager], Awaitable[tuple[str, str] | None]] | None = None
    """What else is said in words of its own: how it is logged and the answer, None for what is nothing of it."""

    async def take(self, row: InboxRow, message: Message) -> bool:
        """Whether the message is a manager's and was seen to; False leaves it to the pipeline. Safe to repeat.

        A machine's mail is none: an absence note decides nothing, whatever it quotes.
        """
        if message.automatic or not self._may_concern(message):
            return False
        ours = await self._among_us(message)
        identity = await identify(message, self.directory, self.managers)
        known = identity.manager if identity.trust is Trust.PROVEN else None
        who = known if ours else None
        if message.click is not None:
            await self._pressed(row, message, message.click, who, ours=ours)
            return True
        if who is not None and await self._written(row, message, who):
            return True
        if known is not None and not ours and message.addressed and said(message.text).verb is not None:
            await self._close(row, message, None)("not_decided_here", _NOT_HERE)
            return True
        if ours and message.sender.slack_home and not message.addressed:
            await self._close(row, message, who)("among_colleagues", "", talk=True)
            return True
        return False

    def _may_concern(self, message: Message) -> bool:
        """Cheaply, since every partner's message is asked about: in a manager's name, of the vendor's, or a button?"""
        sender = message.sender
        names = {sender.address, sender.slack_user} - {""}
        known = message.click is not None or sender.slack_home
        return known or any(m.email in names or m.slack_user_id in names for m in self.managers)

    async def _among_us(self, message: Message) -> bool:
        """Whether only the vendor's people read an answer: never in a partner's channel, nor in one that is shared."""
        if message.channel is not Channel.SLACK:
            return True
        shared = message.reply_to is None or message.reply_to.outsiders
        return not shared and await self.directory.by_channel(message.sender.slack_channel) is None

    async def _about_channels(self, row: InboxRow, message: Message, who: Manager) -> bool:
        """Whether it is an order about a partner's channel in Slack; it names the channel's id, so nobody else is
        meant, mentioned or not.
        """
        if self.channels is None or message.channel is not Channel.SLACK:
            return False
        result = await self.channels.written(message.text, who)
        if result is not None:
            await self._close(row, message, who)("about_a_channel", in_words(result))
        return result is not None

    async def _written(self, row: InboxRow, message: Message, who: Manager) -> bool:
        if self.announcing is not None and await self.announcing.take(row, message, who):
            return True
        if await self._about_channels(row, message, who) or await self._digest_told(row, message, who):
            return True
        if message.addressed and await self._beside(row, message, who):
            return True
        brief = await self._answered(row, message)
        if brief is None and not message.addressed:
            return False
        heard = self._heard(message, who, brief, said(message.text))
        about = await self._meant(heard)
        if isinstance(about, str):
            await self._close(row, message, who, brief)("unknown_statement", f"Nothing was done: {about}.")
            return True
        if heard.said.number and brief is None:
            brief = await self._latest(heard.said.number, about, who)
            heard = replace(heard, expected=None)
        await self._do(row, message, who, replace(heard, meant=about), brief)
        return True

    async def _digest_told(self, row: InboxRow, message: Message, who: Manager) -> bool:
        wanted = message.addressed and asks_for_digest(message.text if message.text.strip() else message.subject)
        if self.digest is not None and wanted:
            await self._close(row, message, who)("digest_told", await self.digest(who))
        return self.digest is not None and wanted

    async def _beside(self, row: InboxRow, message: Message, who: Manager) -> bool:
        said = message.text if message.text.strip() else message.subject
        told = await self.beside(said, who) if self.beside is not None else None
        if told is not None:
            await self._close(row, message, who)(*told)
        return told is not None

    async def _meant(self, heard: Heard) -> Meant | str | None:
        """What the number of a statement stands for, where something is ordered about one."""
        if heard.said.verb is None or not heard.said.number.startswith("S"):
            return None
        partner_id = heard.brief.partner_id if heard.brief else ""
        async with self.database.reading() as connection:
            return await meant(connection, heard.said, partner_id or "")

    def _heard(self, message: Message, who: Manager, brief: SentBrief | None, words: Said) -> Heard:
        expected = brief.expects(who.email, self.now()) if brief else ""
        return Heard(words, who.email, brief, Verb(expected) if expected else None, message.addressed)

    async def _pressed(self, row: InboxRow, message: Message, click: Click, who: Manager | None, *, ours: bool) -> None:
        """A button counts where its card was posted, for a manager, and as long as the brief is open."""
        close = self._close(row, message, who)
        if who is None:
            await close("not_a_manager", _NOT_YOURS if ours and message.sender.slack_home else "")
            return
        if click.action.startswith(CHOSEN):
            await self._chosen(row, message, click, who)
            return
        here = (message.sender.slack_channel, message.sender.slack_user)
        if self.channels is not None and is_about_channels(click):
            result = await self.channels.pressed(click, who, here)
            answer = in_words(result) if isinstance(result, NotDone) else ""  # what was done stands on the card
            await close("about_a_channel" if result else "chosen", answer, talk=result is None)
            return
        act = act_of(click.action)
        async with self.database.reading() as connection:
            brief = await briefs.by_id(connection, click.value)
        if act is None or brief is None or brief.slack_channel not in here:
            await close("no_such_brief", _GONE)
            return
        await self._do(row, message, who, Heard(Said(VERBS[act]), who.email, brief), brief)

    async def _chosen(self, row: InboxRow, message: Message, click: Click, who: Manager) -> None:
        """What was chosen in a form counts for the manager whose form it is, as long as what he saw there is all there
        is; what it is about is kept with the form.
        """
        act = act_of(ACTION + click.action.removeprefix(CHOSEN))
        async with self.database.reading() as connection:
            form = await slack_buttons.find(connection, click.value, self.now())
            about = _of_form(form, message.sender.slack_user)
            brief = await briefs.latest(connection, about.kind, about.subject, who.email) if about else None
            news = about and await briefs.asked_since(connection, about.kind, about.subject, click.value)
        if act is None or about is None:
            await self._close(row, message, who)("no_such_form", _NO_FORM)
            return
        if news:
            await self._close(row, message, who)("asked_anew", _NEWS.format(about.named))
            return
        wish = of_form(act, dict(click.form).get("words", ""), about, who.email, self.deeds)
        number = about.subject if about.kind is BriefKind.REGISTRATION else ""
        close = self._close(row, message, who, brief, number)
        await self._settle(close, wish, Heard(Said(None), who.email), answerable=False)

    async def _do(self, row: InboxRow, message: Message, who: Manager, heard: Heard, about: SentBrief | None) -> None:
        """`about` is the brief that is answered, or the latest one about the number that is named."""
        close = self._close(row, message, who, about, heard.said.number)
        wish = understood(heard, self.deeds)
        if heard.brief is not None and not isinstance(wish, Silence) and _comes_too_late(wish, heard.brief):
            await close("settled_already", await self._standing(heard.brief))
            return
        answerable = heard.brief is not None or (about is not None and message.channel is Channel.EMAIL)
        await self._settle(close, wish, heard, answerable=answerable)

    async def _settle(self, close: Closing, wish: Understood, heard: Heard, *, answerable: bool) -> None:
        """`answerable` where the words that are wanted may come as the next message."""
        match wish:
            case Silence():
                await close("among_colleagues", "", talk=True)
            case Explanation(text, log):
                await close(log, text, expects="")
            case WordsWanted():
                await close("words_wanted", wish.here if answerable else wish.at_once, expects=wish.verb.value)
            case Order():
                await self._carry_out(wish, close, heard)

    def _close(
        self, row: InboxRow, message: Message, who: Manager | None, about: SentBrief | None = None, number: str = ""
    ) -> Closing:
        return Closing(self.database, self.answering, self.now(), row, message, who, about, number)

    async def _carry_out(self, order: Order, close: Closing, heard: Heard) -> None:
        result = await self.deeds[order.kind, order.verb].perform(order)
        if isinstance(result, NotDone):
            await close(f"{order.verb}_not_done", closing.in_words(result), expects="")
            return
        more = " Only the first line of your message was read." if heard.said.more else ""
        on_a_card = heard.brief is not None
        await close(f"{order.verb}_done", closing.in_words(result) + more, expects="", done=on_a_card)

    async def _answered(self, row: InboxRow, message: Message) -> SentBrief | None:
        """The brief that a mail or a message in a card's thread answers."""
        to = message.reply_to
        async with self.database.reading() as connection:
            if message.channel is Channel.SLACK:
                places = (message.sender.slack_channel, message.sender.slack_user)
                return await briefs.under(connection, places, to.slack_thread_ts) if to else None
            keys = reply_keys(tuple(row.envelope.get("rcpt_tos", ())), ())
            return await briefs.answered(connection, keys, to.references if to else ())

    async def _latest(self, number: str, about: Meant | None, who: Manager) -> SentBrief | None:
        kind = BriefKind.LEAD if number.startswith("L") else BriefKind.REGISTRATION
        subject = about.subject if about else number
        async with self.database.reading() as connection:
            return await briefs.latest(connection, about.kind if about else kind, subject, who.email)

    async def _standing(self, brief: SentBrief) -> str:
        """What became of what a settled brief was about."""
        async with self.database.reading() as connection:
            return await standing(connection, brief)


def _of_form(form: Button | None, user: str) -> Meant | None:
    """What a manager's form is about; None for another's, and for what is none."""
    if form is None or form.kind is not ButtonKind.FORM or form.channel != user or "kind" not in form.doc:
        return None
    subject = str(form.doc["subject"])
    return Meant(BriefKind(form.doc["kind"]), subject, str(form.doc.get("named") or subject))


def _comes_too_late(wish: Understood, brief: SentBrief) -> bool:
    """Whether it would decide what the brief asked once more; what else is ordered about the same thing is not late."""
    unread = isinstance(wish, Explanation) and wish.log == UNCLEAR
    again = isinstance(wish, Order | WordsWanted) and decides(brief.kind, wish.verb) and wish.subject == brief.subject
    return not brief.open and (unread or again)
