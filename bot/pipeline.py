"""The agent in six steps: identify, understand, look up, decide, act, say. The first file to read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.intents.changed import Decide, only_noted, weighed
from bot.intents.table import rests_on_money
from bot.ports import (
    AttachedFile,
    Directory,
    FactsChanged,
    Files,
    InvoiceReader,
    Live,
    Reader,
    Records,
    SheetReader,
    UnitOfWork,
    Units,
)
from bot.steps.act import act
from bot.steps.audience import for_asker_alone, with_audience
from bot.steps.confirm import SUBJECT, question
from bot.steps.decide import decide, decide_for_manager, decide_unproven
from bot.steps.identify import identify
from bot.steps.listen import Meant, meant_for, turns_out
from bot.steps.look_again import granted, look_again
from bot.steps.look_up import look_up
from bot.steps.say import Listener, heading, say
from bot.steps.understand import understand
from bot.texts.own import worded
from bot.vocabulary.changed import BETWEEN_PEOPLE, Before
from bot.vocabulary.decisions import Decision, HandOver
from bot.vocabulary.identity import Identity, Trust
from bot.vocabulary.message import Message, ThreadContext
from bot.vocabulary.money import InvoiceRead
from bot.vocabulary.reply import InConfidence, Reply
from bot.vocabulary.requests import Intent, Reading
from crm.records import Channel, language_of
from knowledge.program import Program
from knowledge.programs import Programs

_UNPROVEN_TEXT = 2_000  # characters read of somebody who proves nothing: enough for language and kind
_MANY = 20  # requests of one message beyond which deciding takes long enough to hold up others
_INVOICES = 3  # PDFs of one message that are looked at as invoices
_TRIES = 5  # how often a decision is made again because its facts changed meanwhile


@dataclass(frozen=True, slots=True)
class Agent:
    """What the pipeline works with; the composition root fills it."""

    programs: Programs
    reader: Reader
    directory: Directory
    records: Records
    units: Units
    live: Live
    now: Callable[[], datetime]
    sheets: SheetReader | None = None
    invoices: InvoiceReader | None = None
    noticed: Callable[[Message], Awaitable[None]] | None = None
    """Hears of a message that turned out to be the agent's business, before it is seen to."""

    def program(self) -> Program:
        """The version that holds now."""
        return self.programs.at(self.now())


async def handle(
    agent: Agent, message: Message, thread_id: str | None, files: Files | None = None, before: Before | None = None
) -> None:
    """One message from who wrote it to what is answered; it all happens in one transaction or not at all. Of its
    `files` nothing is looked at before the sender is proven. `before` is what the message led to that it amends.

    `FactsChanged` comes out only when the partner's records change faster than a decision can be made.
    """
    identity = await identify(message, agent.directory, agent.program().managers)
    message = await with_audience(message, identity, agent.directory)
    owner = identity.proven_partner_id
    thread = await agent.records.thread(thread_id, owner)
    meant = meant_for(message, identity, thread, agent.program())
    if meant is Meant.PEOPLE:
        await _overheard(agent, message, thread)
        return
    found = await files.load() if owner and files and identity.manager is None else None
    if found is not None:
        message = replace(message, attachments=found.attachments)
    kept = found.kept if found is not None else ()
    readable = message if owner else replace(message, text=message.text[:_UNPROVEN_TEXT], forwarded="")
    heard_in = thread if before is None else before.heard_in(thread)
    tables = kept or await _tables_above(agent, message, thread, owner)
    reading = await asyncio.to_thread(understand, readable, heard_in, agent.reader, agent.sheets, tables)
    if meant is Meant.IN_DOUBT:
        meant = await _turned_out(agent, message, thread, reading)
    noted = only_noted(reading, before, deleted=message.deleted) if before is not None else ""
    if meant is Meant.PEOPLE or noted:
        await _overheard(agent, message, thread, noted or BETWEEN_PEOPLE)
        return
    if owner is None:
        await _unproven(agent, message, identity, thread, reading)
        return
    read = await asyncio.to_thread(_invoices, agent, reading, kept) if kept else ()
    for attempt in range(_TRIES):
        try:
            await _proven(agent, _as_kept(message), identity, thread, reading, kept, read, before)
        except FactsChanged:
            if attempt == _TRIES - 1:
                raise
        else:
            return


async def _tables_above(
    agent: Agent, message: Message, thread: ThreadContext, owner: str | None
) -> tuple[AttachedFile, ...]:
    """What the conversation has already, where a message that brings no file speaks of a table to be registered."""
    if agent.sheets is None or owner is None or thread.id is None or not thread.agent_took_part or message.attachments:
        return ()
    return await agent.records.tables(thread.id, owner) if agent.sheets.means_one(message.text) else ()


def _as_kept(message: Message) -> Message:
    """What was taken back is kept without its words."""
    return replace(message, text="", attachments=()) if message.deleted else message


async def _proven(
    agent: Agent,
    message: Message,
    identity: Identity,
    thread: ThreadContext,
    reading: Reading,
    files: Sequence[AttachedFile],
    invoices: tuple[tuple[str, InvoiceRead], ...],
    before: Before | None,
) -> None:
    wanted, now = len(reading.requests), agent.now()
    money = any(map(rests_on_money, reading.requests))
    facts = await look_up(
        message, identity, thread, agent.records, agent.programs.at(now), now, numbers=wanted, money=money,
        invoices=invoices,
    )  # fmt: skip
    # The rows of a table are weighed against all the deals that the partner has, its commission is computed anew.
    long = wanted > _MANY or money
    weigh: Decide = decide if identity.manager is None else decide_for_manager
    if before is not None:
        weigh = weighed(weigh, before, deleted=message.deleted)
    decisions = await asyncio.to_thread(weigh, reading, facts) if long else weigh(reading, facts)
    if numbers := granted(decisions, facts):
        facts = await look_again(facts, numbers, agent.live)
        decisions = await asyncio.to_thread(weigh, reading, facts)
    async with agent.units.open(message, identity, thread, facts.version) as unit:
        await unit.keep(files)
        await act(decisions, unit)
        listener = _listener(agent, message, identity, reading)
        reply = say(decisions, listener)
        confided = _in_confidence(decisions, listener, at_once=facts.outsiders_read)
        if reply is not None and not await unit.answer(reply, confided):
            reply = None
        if reply is not None and confided is not None and confided.at_once:
            reply = replace(reply, text=f"{reply.text}\n\n{confided.direct.text}")
        await unit.log(reading, _outcome(decisions), _deals(decisions), reply)


def _in_confidence(decisions: Sequence[Decision], listener: Listener, *, at_once: bool) -> InConfidence | None:
    """What of an answer in Slack is for the asker alone where others read it; None where there is nothing."""
    alone = for_asker_alone(decisions) if listener.channel is Channel.SLACK else ()
    unjudged = replace(listener, judges=False)
    direct, mail = say(alone, unjudged), say(alone, replace(unjudged, channel=Channel.EMAIL))
    if direct is None or mail is None:
        return None
    text, language = partial(heading, listener=listener), direct.language
    return InConfidence(
        direct, mail, text("channel.subject"), Reply(text("channel.directly"), language),
        Reply(text("channel.mailed"), language), Reply(text("channel.colleague"), language), at_once,
    )  # fmt: skip


async def _turned_out(agent: Agent, message: Message, thread: ThreadContext, reading: Reading) -> Meant:
    meant = turns_out(message, thread, reading, agent.program())
    if meant is Meant.AGENT and agent.noticed is not None:
        await agent.noticed(message)
    return meant


async def _overheard(agent: Agent, message: Message, thread: ThreadContext, outcome: str = BETWEEN_PEOPLE) -> None:
    """What people say to each other is theirs: no record is looked up or changed, and nothing of it is kept anew."""
    async with agent.units.open(message, Identity(Trust.UNKNOWN), thread, 0) as unit:
        await unit.overhear(outcome)


def _invoices(agent: Agent, reading: Reading, files: Sequence[AttachedFile]) -> tuple[tuple[str, InvoiceRead], ...]:
    """What the attached PDFs say, where the message says that one of them is an invoice."""
    if agent.invoices is None or not any(r.intent is Intent.SUBMIT_INVOICE for r in reading.requests):
        return ()
    pdfs = [file for file in files if file.attachment.kind == "pdf"][:_INVOICES]
    return tuple((file.attachment.sha256, agent.invoices.read(file)) for file in pdfs)


async def _unproven(
    agent: Agent, message: Message, identity: Identity, thread: ThreadContext, reading: Reading
) -> None:
    """Nothing of anybody is looked up or changed; the message waits for a person."""
    decisions = decide_unproven(identity, reading, slack_channel=message.sender.slack_channel)
    message = _in_our_words(agent, message, reading)
    async with agent.units.open(message, identity, thread, 0) as unit:
        reply = say(decisions, _stranger(agent, message, reading))
        if reply is not None:
            if identity.may_confirm:
                reply = await _asked(agent, message, identity, unit)
            elif identity.paused:
                reply = reply if message.addressed and await unit.excuse(reply) else None
            else:
                reply = reply if await unit.answer(reply) else None
            if identity.manager is None:
                await unit.hold(_note(decisions) or identity.reason)
        await unit.log(reading, _outcome(decisions), (), reply)


def _in_our_words(agent: Agent, message: Message, reading: Reading) -> Message:
    """Where nothing proves who wrote, the answer takes over no word of the mail, not even its subject, and joins no
    conversation that it names: anybody could have his words sent through us to the address he puts into From.
    """
    to = message.reply_to
    if message.channel is not Channel.EMAIL or message.sender.proof or to is None:
        return message
    own = (message.message_id,) if message.message_id else ()
    subject = heading("unproven.subject", _stranger(agent, message, reading))
    return replace(message, reply_to=replace(to, subject=subject, references=own))


async def _asked(agent: Agent, message: Message, identity: Identity, unit: UnitOfWork) -> Reply | None:
    """The question to the owner of the address, in the language on file: the words of the message may be anybody's."""
    partner, program = identity.partner, agent.program()
    listener = Listener(
        language=language_of(identity.contact, partner),
        channel=message.channel,
        name="",
        vendor=program.vendor.name,
        country=partner.country if partner else "",
        time_zone=partner.time_zone if partner else "",
        texts=worded(program.texts),
    )
    asked = say((question(message.received_at),), listener)
    sent = asked is not None and await unit.ask_to_confirm(asked, heading(SUBJECT, listener))
    return asked if sent else None


def _listener(agent: Agent, message: Message, identity: Identity, reading: Reading) -> Listener:
    partner, contact, program = identity.partner, identity.contact, agent.program()
    return Listener(
        language=reading.language or language_of(contact, partner),
        channel=message.channel,
        name=contact.name if contact else message.sender.name,
        vendor=program.vendor.name,
        country=partner.country if partner else "",
        time_zone=partner.time_zone if partner else "",
        judges=True,
        texts=worded(program.texts),
    )


def _stranger(agent: Agent, message: Message, reading: Reading) -> Listener:
    """A name on file would tell that the address is known; greet nobody by it."""
    program = agent.program()
    return Listener(reading.language, message.channel, "", program.vendor.name, texts=worded(program.texts))


def _outcome(decisions: tuple[Decision, ...]) -> str:
    return ", ".join(dict.fromkeys(decision.log for decision in decisions)) or "nothing_wanted"


def _deals(decisions: tuple[Decision, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(number for decision in decisions for number in decision.deal_numbers))


def _note(decisions: tuple[Decision, ...]) -> str:
    """What the manager is told of an unproven message: the summary that was decided, if any."""
    notes = (c.summary for decision in decisions for c in decision.commands if isinstance(c, HandOver))
    return next(notes, "")
