"""A contact's monthly overview as a mail of its own thread: an answer to it is an ordinary message of that partner."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.unasked import Letter, Letters, in_words
from bot.digests.own import monthly
from bot.digests.own_records import OwnRecords
from bot.storage import outbox
from crm.records import Contact

KIND = "digest"
"""The outbox's kind of such a mail; it carries the ways to leave, as an announcement does."""


@dataclass(frozen=True, slots=True)
class PartnerLetters:
    """Writes in the caller's transaction; nobody else writes to the same partner's contacts meanwhile."""

    letters: Letters

    async def write(
        self, connection: AsyncConnection, own: OwnRecords, month: str, contact: Contact, *, asked: bool
    ) -> bool:
        """Once for each month and contact; False where it was written before. `contact` is one of that partner's."""
        key = f"partner_digest:{month}:{contact.id}"
        if await outbox.is_written(connection, key):
            return False
        await self.letters.write(connection, key, own.facts.program, contact, letter(own, month, contact, asked=asked))
        return True


def letter(own: OwnRecords, month: str, contact: Contact, *, asked: bool) -> Letter:
    """In the contact's language; `month` is that in which it is sent, such as "2026-12"."""
    facts = replace(own.facts, contact=contact)
    decision = monthly(facts, own.protections, own.certificates, asked=asked)
    words, reply = in_words(own.facts.program, own.partner, contact, decision)
    return Letter(KIND, words.say("digest.subject", month=words.month(month)), reply)
