"""Partners' Slack channels, put together: who looks at their readers, who pauses them, and who maps them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.desk.channel_cards import ChannelCards
from bot.desk.channel_pauses import ChannelPauses
from bot.desk.channel_watch import ChannelWatch
from bot.storage.database import Database
from bot.storage.queue import Queue
from knowledge.program import Program


@dataclass(frozen=True, slots=True)
class ChannelParts:
    cards: ChannelCards
    pauses: ChannelPauses
    watch: ChannelWatch


def channel_parts(
    database: Database, queue: Queue, program: Program, clock: Callable[[], datetime], managers_channel: str
) -> ChannelParts:
    cards = ChannelCards(program, managers_channel, clock)
    pauses = ChannelPauses(cards, clock)
    return ChannelParts(cards, pauses, ChannelWatch(database, queue, pauses))
