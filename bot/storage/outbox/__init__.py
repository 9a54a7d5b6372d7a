"""What is to leave the house: rows written with the effects they tell of, drained in order, replies before bulk."""

from bot.storage.outbox.copies import cancel_of, hold_of, release_of
from bot.storage.outbox.ending import begin, not_sent, postpone, settle, settle_many
from bot.storage.outbox.rows import (
    AFTER,
    BULK,
    CHANGE,
    ON_TIMELINE,
    ON_TIMELINE_AGAIN,
    REPLY,
    SOON,
    Destination,
    Due,
    OutboxState,
    Outgoing,
    find,
    first_of_thread,
    is_written,
    posted_as,
    put,
    remote_id,
)
from bot.storage.outbox.waiting import destinations_due, due, due_heads

__all__ = [
    "AFTER", "BULK", "CHANGE", "ON_TIMELINE", "ON_TIMELINE_AGAIN", "REPLY", "SOON", "Destination", "Due", "OutboxState",
    "Outgoing", "begin", "cancel_of", "destinations_due", "due", "due_heads", "find", "first_of_thread", "hold_of",
    "is_written", "not_sent", "posted_as", "postpone", "put", "release_of", "remote_id", "settle", "settle_many",
]  # fmt: skip
