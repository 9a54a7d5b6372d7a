"""Announcing by mail, as managers' messages see it: what it takes of a manager's mail is answered by itself."""

from __future__ import annotations

from typing import Protocol

from bot.storage.inbox import InboxRow
from bot.vocabulary.message import Message
from knowledge.program import Manager


class AnnouncesByMail(Protocol):
    async def take(self, row: InboxRow, message: Message, who: Manager) -> bool:
        """Whether it is about an announcement and was seen to, answered and closed. `who` is proven. Safe to repeat."""
        ...
