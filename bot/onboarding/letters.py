"""What a new partner is written, as a mail of its own thread or a post in its channel: an answer is an ordinary one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.telling import Telling
from bot.desk.unasked import Letter, Letters, in_words
from bot.onboarding.words import Addressed, Saying
from bot.storage import outbox, threads
from bot.storage.slack_channels import SlackChannel
from bot.vocabulary.decisions import Decision
from crm.records import Channel, Contact

KIND = "onboarding"
"""The outbox's kind of such a mail, and what the CRM's timeline calls it; it carries the ways to leave."""


@dataclass(frozen=True, slots=True)
class NewPartnersLetters:
    """Writes in the caller's transaction. Keys begin with `onboarding:`, and what has one is written once."""

    letters: Letters

    async def mail(
        self, connection: AsyncConnection, key: str, to: Addressed, contact: Contact, subject: str, saying: Saying
    ) -> bool:
        """`subject` is the name of its text; False where it was written before. `contact` is one of that partner's."""
        if await outbox.is_written(connection, key):
            return False
        await self.letters.write(connection, key, to.program, contact, letter(to, contact, subject, saying))
        return True

    async def post(
        self, connection: AsyncConnection, key: str, to: Addressed, channel: SlackChannel, saying: Saying
    ) -> bool:
        """In the partner's channel, while nobody but the partner and the vendor reads it."""
        if await outbox.is_written(connection, key):
            return False
        thread_id = await threads.open_thread(
            connection, Channel.SLACK, to.partner.name, partner_id=to.partner.id, agent_took_part=True
        )
        telling = Telling(to.program, self.letters.mail_domain, self.letters.now)
        await telling.post(connection, key, to.partner, channel, thread_id, saying.outcomes, KIND)
        return True


def letter(to: Addressed, contact: Contact, subject: str, saying: Saying) -> Letter:
    """In the contact's language."""
    words, reply = in_words(to.program, to.partner, contact, Decision((), tuple(saying.outcomes), KIND))
    headed = words.wording.text(f"onboarding.subject_{subject}", {"vendor": to.program.vendor.name})
    return Letter(KIND, headed, reply, saying.number, saying.asked)


def first_of(people: Sequence[Contact]) -> Contact | None:
    """Whom a check-in is for: the main contact, else the first by id."""
    return min(people, key=lambda one: (not one.main, one.id), default=None)
