"""What is filed of a handled message: how it was read, what was decided, and what the ledger says of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from bot.vocabulary.documents import Document
from bot.vocabulary.identity import Identity
from bot.vocabulary.message import Attachment, Message, ThreadContext
from bot.vocabulary.reply import Reply
from bot.vocabulary.requests import Reading


class _Named(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def sha256(self) -> str: ...


def as_read(reading: Reading, requests: Sequence[dict[str, Any]], thread: ThreadContext) -> dict[str, Any]:
    """With the thread as it stood when this was read: what we say next changes it."""
    return {
        "language": reading.language,
        "requests": list(requests),
        "reader": reading.reader,
        "answer_expected": reading.answer_expected,
        "thread": {
            "kind": thread.kind.value if thread.kind else None,
            "asked": list(thread.asked),
            "agent_took_part": thread.agent_took_part,
        },
    }


def came_in(message: Message, kept: Sequence[Attachment]) -> dict[str, Any]:
    return {
        "message_id": message.message_id,
        "sender": message.sender.address or message.sender.slack_user,
        "subject": message.subject,
        "text": message.text,
        **_files(kept),
    }


def was_decided(identity: Identity, outcome: str, deal_numbers: Sequence[str], *, answered: bool) -> dict[str, Any]:
    return {
        "outcome": outcome,
        "trust": identity.trust.value,
        "deals": list(deal_numbers),
        "answered": answered,
    }


def went_out(reply: Reply, documents: Sequence[Document]) -> dict[str, Any]:
    return {"text": reply.text, **_files(documents)}


def _files(files: Sequence[_Named]) -> dict[str, Any]:
    return {"files": [{"name": file.name, "sha256": file.sha256} for file in files]} if files else {}
