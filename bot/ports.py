"""What the steps need from outside, as protocols; the composition root chooses who provides them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.vocabulary.message import ThreadContext
from bot.vocabulary.requests import Reading
from crm.records import Channel


@dataclass(frozen=True, slots=True)
class Readable:
    """What a reader may look at; it sees no record of any partner.

    `text` is the visible text, `subject` the subject of a new mail (empty for a reply), `forwarded` the text of a mail
    that was passed on, `automatic` the sign of a machine ("" for none), `addressed` as in `Message`. `received` is
    aware; `sender` (an address or "") hints at the region for dates like 3/12.
    """

    text: str
    received: datetime
    channel: Channel = Channel.EMAIL
    subject: str = ""
    forwarded: str = ""
    automatic: str = ""
    addressed: bool = True
    attachments: tuple[str, ...] = ()
    sender: str = ""
    thread: ThreadContext = ThreadContext()


class Reader(Protocol):
    """Turns text into requests. Pure and synchronous; never raises on any text."""

    name: str

    def read(self, readable: Readable) -> Reading: ...
