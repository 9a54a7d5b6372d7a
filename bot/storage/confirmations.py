"""Questions to the owners of addresses: was this message yours? One for each held message, answered once.

A question is known by a code in its reply address, and by its Message-ID, which is made of the code: some programs
answer to From. Neither stands anywhere but in the mail to the address on file: who knows one reads that mailbox.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.confirmation_tables import confirmations
from crm.records import Contact

VALID = timedelta(hours=24)
PER_DAY, PARTNER_PER_DAY = 3, 12  # questions to one address, and to all of a partner's, whoever writes in those names
_DAY = timedelta(days=1)
_LOOKED_AT = 20  # keys and ids of one mail


class Answered(StrEnum):
    """How the owner of the address has answered, or a manager in his place; OPEN while nobody has."""

    OPEN = ""
    CONFIRMED = "confirmed"
    DENIED = "denied"
    RELEASED = "released"

    @property
    def vouches(self) -> bool:
        return self in (Answered.CONFIRMED, Answered.RELEASED)


@dataclass(frozen=True, slots=True)
class Question:
    """`held_id` is the message that is asked about, `address` the one on file: asked, and alone allowed to answer."""

    held_id: str
    code: str
    partner_id: str
    contact_id: str
    address: str
    expires_at: datetime
    outcome: Answered


def new_code() -> str:
    return secrets.token_hex(16)


async def why_not(connection: AsyncConnection, contact: Contact, now: datetime) -> str:
    """Why the owner of this address is not asked again just now, in words for a manager; "" where he may be.

    Waits for others who ask about the same partner, until they are committed: two at once do not exceed the cap.
    """
    await connection.execute(
        text("select pg_advisory_xact_lock(hashtext(:name))"), {"name": f"confirmations:{contact.partner_id}"}
    )
    here, partner = confirmations.c.address == contact.email, confirmations.c.partner_id == contact.partner_id
    since = confirmations.c.asked_at > now - _DAY
    to_address, to_partner = (
        await connection.execute(
            select(func.count().filter(here), func.count()).select_from(confirmations).where(partner, since)
        )
    ).one()
    if to_address >= PER_DAY:
        return f"{contact.email} was asked {to_address} times within a day"
    if to_partner >= PARTNER_PER_DAY:
        return f"this partner's people were asked {to_partner} times within a day"
    return ""


async def ask(
    connection: AsyncConnection, held_id: str, contact: Contact, *, code: str, mail_id: str, now: datetime
) -> bool:
    """Note the question; False where this message was asked about before."""
    made = insert(confirmations).values(
        held_id=held_id, code=code, mail_id=mail_id, partner_id=contact.partner_id, contact_id=contact.id,
        address=contact.email, asked_at=now, expires_at=now + VALID,
    )  # fmt: skip
    done = await connection.execute(made.on_conflict_do_nothing(index_elements=["held_id"]))
    return done.rowcount == 1


async def asked_by(
    connection: AsyncConnection, address: str, codes: Sequence[str], mail_ids: Sequence[str]
) -> str | None:
    """The held message of the question that a mail from `address` answers; None where it answers none that this
    address was asked. Whoever else knows a code proves nothing by it.
    """
    if not address or not (codes or mail_ids):
        return None
    known: list[ColumnElement[bool]] = [confirmations.c.code.in_(codes[:_LOOKED_AT])] if codes else []
    known += [confirmations.c.mail_id.in_(mail_ids[:_LOOKED_AT])] if mail_ids else []
    query = select(confirmations.c.held_id).where(confirmations.c.address == address, or_(*known))
    # Of several, which a quoted older question may bring along, the one asked last.
    held: str | None = await connection.scalar(query.order_by(confirmations.c.asked_at.desc()).limit(1))
    return held


async def about(connection: AsyncConnection, held_id: str, *, lock: bool = False) -> Question | None:
    """The question about a held message, kept from others until the end of the transaction when `lock` is set."""
    c = confirmations.c
    query = select(c.held_id, c.code, c.partner_id, c.contact_id, c.address, c.expires_at, c.outcome).where(
        c.held_id == held_id
    )
    row = (await connection.execute(query.with_for_update() if lock else query)).one_or_none()
    return Question(**{**row._asdict(), "outcome": Answered(row.outcome)}) if row else None


async def settle(connection: AsyncConnection, held_id: str, outcome: Answered, by: str | None, now: datetime) -> None:
    """Write down the answer, `by` the message that gave it; the caller holds the lock and has seen that it is open."""
    await connection.execute(
        update(confirmations)
        .where(confirmations.c.held_id == held_id)
        .values(outcome=outcome.value, answered_by=by, answered_at=now)
    )


async def release(connection: AsyncConnection, held_id: str, contact: Contact, now: datetime) -> None:
    """A manager vouches for the message in place of its owner, whether or not he was asked. The caller holds the locks.

    Where nobody was asked, the row stands for no mail and counts towards no cap.
    """
    code = new_code()
    settled = {
        "partner_id": contact.partner_id, "contact_id": contact.id, "address": contact.email,
        "outcome": Answered.RELEASED.value, "answered_by": None, "answered_at": now,
    }  # fmt: skip
    made = insert(confirmations).values(
        held_id=held_id,
        code=code,
        mail_id=f"<{code}@not-asked.invalid>",
        asked_at=now - _DAY,
        expires_at=now,
        **settled,
    )
    await connection.execute(made.on_conflict_do_update(index_elements=["held_id"], set_=settled))
