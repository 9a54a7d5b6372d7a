"""What a channel says of a message of ours that did not arrive."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """`addresses` are what the report calls one recipient, lower case; `hard` where the address takes no mail at all.

    `status` is RFC 3463's or "", `words` the server's.
    """

    addresses: tuple[str, ...]
    hard: bool
    status: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """As somebody sent it to us: only `bot.worker.returned` says whether it is true.

    `about` holds Message-IDs that the report names; `came_back_to` is the outbox row whose own return path it was sent
    to, "" where it came by any other address.
    """

    failures: tuple[Failure, ...]
    about: tuple[str, ...] = ()
    came_back_to: str = ""
