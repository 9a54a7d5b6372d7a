"""How a message comes in from a channel: as it was accepted, as it was read, and what the buttons in it mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.ports.reading import FoundFiles
from bot.vocabulary.delivery import DeliveryReport
from bot.vocabulary.message import Attachment, Message


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A message as it was accepted; `envelope` holds what the edge knew beside the bytes."""

    inbox_id: str
    raw: bytes
    envelope: dict[str, str | list[str]]
    received_at: datetime


CAME_BACK = "own mail come back"
"""Why a mail of ours that came round is ignored (see `Incoming.ignore`)."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A parsed message and the signs by which its thread is found.

    `dedupe_key` is None where acceptance already saw to it. `ignore` says why the message is nothing for the agent
    (its own mail come back), or is empty. `undecided` says why it cannot be told just now who wrote (DNS did not
    answer), or is empty: as it stands the sender is not proven, and reading the message again later may prove it.
    `report` is what it says of a message of ours that did not arrive, if it says that. `thread_id` is the thread of
    ours that a pressed button belongs to: it is found only where it is the sender's.
    """

    message: Message
    dedupe_key: str | None = None
    reply_keys: tuple[str, ...] = ()
    thread_message_ids: tuple[str, ...] = ()
    slack_key: str = ""
    subject: str = ""
    ignore: str = ""
    undecided: str = ""
    report: DeliveryReport | None = None
    thread_id: str = ""


class Unreadable(Exception):
    """The raw message is beyond reading; the message says why, for the operator.

    `head` is what could be read all the same: who wrote, how that is proven and where an answer would go, and no text.
    """

    def __init__(self, reason: str, head: Incoming | None = None) -> None:
        super().__init__(reason)
        self.head = head


class InletUnavailable(Exception):
    """The channel cannot be asked who wrote just now: the message waits, however long, and is not at fault.

    `only_this` where others may well be read meanwhile.
    """

    def __init__(self, reason: str, retry_after: float = 30.0, *, only_this: bool = False) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.only_this = only_this


@dataclass(frozen=True, slots=True)
class ButtonMeaning:
    """What a press of a button says: `words` as if typed, `wish` what they mean (`bot.vocabulary.wish`, "" where they
    are read), and the thread of ours that it belongs to.
    """

    words: str
    wish: str = ""
    thread_id: str = ""


class Buttons(Protocol):
    """What the buttons below answers stand for."""

    async def meaning(self, button: str, place: int, now: datetime) -> ButtonMeaning | None:
        """Of the choice in that place; None for what is no button of an answer, or counts no longer."""
        ...


class FileSource(Protocol):
    """Takes the files out of a channel's raw message, or fetches those that it names; raises what `Inlet.read` does.

    `named` are the attachments that the message was read with: a channel may take some of them from elsewhere.
    """

    async def files(self, raw: RawMessage, named: Sequence[Attachment] = ()) -> FoundFiles: ...


class Inlet(Protocol):
    """Turns a channel's raw messages into neutral ones; may ask the channel who wrote, sees no partner data.

    `read` raises `Unreadable` or `InletUnavailable`.
    """

    async def read(self, raw: RawMessage) -> Incoming: ...
