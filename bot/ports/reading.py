"""What reads a message and its files: text and tables to requests, a PDF to an invoice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from bot.vocabulary.message import Attachment, ThreadContext
from bot.vocabulary.money import InvoiceRead
from bot.vocabulary.requests import DealSheet, Reading
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
    thread: ThreadContext = field(default_factory=ThreadContext)


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file of a message with its content, as much of a stranger's as the rest of the message."""

    attachment: Attachment
    content: bytes = field(repr=False)


class SheetReader(Protocol):
    """Turns an attached table into requests. Pure and synchronous; never raises on any content."""

    def read(self, file: AttachedFile, received: date, language: str) -> DealSheet: ...

    def asked_for(self, text: str) -> bool:
        """Whether a message of these words says that the deals of its table are to be registered."""
        ...

    def means_one(self, text: str) -> bool:
        """Whether a message of these words that brings no table says so of one that came before."""
        ...


class InvoiceReader(Protocol):
    """Reads a partner's invoice from its PDF, in a process that can be stopped; never raises on any content."""

    def read(self, file: AttachedFile) -> InvoiceRead: ...


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """What the files of a message turned out to be: each of them, in their order, and with their contents those of
    them that may be kept.
    """

    attachments: tuple[Attachment, ...] = ()
    kept: tuple[AttachedFile, ...] = ()


class Files(Protocol):
    """The files of one message; their contents are asked for only once its sender is proven."""

    async def load(self) -> FoundFiles:
        """Raises `Unreadable` or `InletUnavailable`."""
        ...


class Reader(Protocol):
    """Turns text into requests. Pure and synchronous; never raises on any text."""

    name: str

    def read(self, readable: Readable) -> Reading: ...
