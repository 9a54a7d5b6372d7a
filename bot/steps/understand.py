"""Understand: the message's own words become requests; the reader sees no record of any partner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.intents.called_into import needs_thread, with_thread, words_above
from bot.intents.deal_sheet import with_sheets
from bot.ports import AttachedFile, Readable, Reader, SheetReader
from bot.vocabulary import wish
from bot.vocabulary.message import Message, ThreadContext, ThreadKind
from bot.vocabulary.requests import Reading

_TABLES = ("csv", "xlsx")


def understand(
    message: Message,
    thread: ThreadContext,
    reader: Reader,
    sheets: SheetReader | None = None,
    files: Sequence[AttachedFile] = (),
) -> Reading:
    """Pure but for the readers; CPU-heavy, so it runs off the event loop. `files` are those that were kept. What a
    button says is known already.
    """
    if pressed := wish.read(message.wish):
        return pressed
    reading = _read(message, thread, reader)
    tables = [file for file in files if file.attachment.kind in _TABLES]
    if sheets is None or not tables or message.automatic:
        return reading
    day = message.received_at.date()
    read = [sheets.read(file, day, reading.language or "en") for file in tables]
    return with_sheets(reading, read, asked=sheets.asked_for(f"{message.subject}\n{message.text}"))


def _read(message: Message, thread: ThreadContext, reader: Reader) -> Reading:
    """With what the partner's people wrote above, where the message calls the agent into their thread."""
    alone, above = reader.read(_readable(message, thread)), words_above(message.earlier)
    if not above or not needs_thread(alone, message.text):
        return alone
    together = reader.read(replace(_readable(message, thread), text=f"{above}\n\n{message.text}"))
    return with_thread(alone, together, message.text)


def _readable(message: Message, thread: ThreadContext) -> Readable:
    return Readable(
        text=message.text,
        received=message.received_at,
        channel=message.channel,
        subject=message.subject,
        forwarded=message.forwarded,
        automatic=message.automatic,
        addressed=message.addressed or thread.agent_took_part,
        attachments=tuple(attachment.name for attachment in message.attachments),
        sender=message.sender.address,
        thread=for_reader(thread),
    )


def for_reader(thread: ThreadContext) -> ThreadContext:
    """The thread in the reader's words: fields by their label, and a yes-or-no question of ours as what it reads like,
    the call of an announcement; `asked` still names it.
    """
    asked = tuple("product" if name == "products" else name for name in thread.asked)
    kind = thread.kind if thread.question is None else ThreadKind.ANNOUNCEMENT
    return replace(thread, kind=kind, asked=asked)
