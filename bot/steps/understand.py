"""Understand: the message's own words become requests; the reader sees no record of any partner."""

from __future__ import annotations

from dataclasses import replace

from bot.intents.completion import CONFIRMATION
from bot.ports import Readable, Reader
from bot.vocabulary.message import Message, ThreadContext, ThreadKind
from bot.vocabulary.requests import Reading


def understand(message: Message, thread: ThreadContext, reader: Reader) -> Reading:
    """Pure but for the reader; CPU-heavy, so it runs off the event loop."""
    return reader.read(
        Readable(
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
    )


def for_reader(thread: ThreadContext) -> ThreadContext:
    """The thread in the reader's words: fields by their label, and a yes-or-no question of ours as what it reads like,
    the call of an announcement.
    """
    if thread.asked == (CONFIRMATION,):
        return replace(thread, kind=ThreadKind.ANNOUNCEMENT, asked=())
    return replace(thread, asked=tuple("product" if name == "products" else name for name in thread.asked))
