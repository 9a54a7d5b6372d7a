"""Understand: the message's own words become requests; the reader sees no record of any partner."""

from __future__ import annotations

from bot.ports import Readable, Reader
from bot.vocabulary.message import Message, ThreadContext
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
            thread=thread,
        )
    )
