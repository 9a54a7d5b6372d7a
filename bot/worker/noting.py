"""What the ledger says of outbox rows that reached their end: a write to the CRM, or a message that left the house."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.storage.ledger import Entry
from bot.storage.outbox import Destination, OutboxState
from bot.vocabulary.reactions import REACTION
from bot.worker.attempts import Settled

_OF_MESSAGE = re.compile(r":(?:in|out):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\Z")
CRM_WRITE, DELIVERY = "crm_write", "delivery"


def entries(ends: Sequence[Settled]) -> list[Entry]:
    """One for each that is not tried again; `words` are those of a refusal, `remote_id` what the far side calls it."""
    return [_entry(end) for end in ends if end.state is not OutboxState.PENDING and end.row.kind != REACTION]


def _entry(end: Settled) -> Entry:
    row = end.row
    said: dict[str, Any] = {
        "key": row.key,
        "what": row.kind,
        "outcome": end.state.value,
        "remote_id": end.remote_id,
        "words": end.error,
        "to": row.payload.get("to") or "",
    }
    kind = CRM_WRITE if row.destination is Destination.CRM else DELIVERY
    body = {name: value for name, value in said.items() if value}
    return Entry(kind, row.destination.value, body, row.partner_id, row.inbox_id or _message(row.key))


def _message(key: str) -> str | None:
    """The message that an interaction is about: its key ends in it."""
    found = _OF_MESSAGE.search(key)
    return found[1] if found else None
