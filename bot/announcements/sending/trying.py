"""A test of an announcement: what partners will see, to the manager himself and to nobody else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.composing.letters import MAIL, letter
from bot.announcements.composing.personal import Reader, filled
from bot.announcements.planning.copies import Plan
from bot.announcements.planning.previewing import in_channel
from bot.announcements.sending.telling import tell
from bot.storage import outbox
from bot.storage.outbox import Destination, Outgoing
from bot.vocabulary.announcing import AnnouncementText, Composed
from bot.vocabulary.results import Done
from crm.records import Contact, Partner
from knowledge.program import Manager, Program

TEST = "[Test]"
_MOST = 5  # languages


@dataclass(frozen=True, slots=True)
class Trying:
    """Writes in the caller's transaction. Nothing of it is counted, and no link in it is anybody's: personal fields say
    the manager's own name, and a partner of the segment.
    """

    program: Program
    who: Manager

    async def send(self, connection: AsyncConnection, composed: Composed, plan: Plan) -> Done:
        """A mail for each language, those that nobody has approved among them."""
        partner = plan.copies[0].partner if plan.copies else self._nobodys()
        test, texts = str(uuid4()), composed.texts[:_MOST]
        for text in texts:
            await outbox.put(connection, [self._mail(test, composed, text, partner)])
        posted = "\n\n".join(f"{TEST} {in_channel(text, partner, self.program)}" for text in composed.texts[:1])
        in_slack = await tell(connection, self.who, f"announcement-test:{test}:slack", posted)
        where = f"{self.who.email} and to you in Slack" if in_slack else self.who.email
        mails = "the test goes" if len(texts) == 1 else f"{len(texts)} tests, one for each language, go"
        return Done(f"{mails} to {where}", test)

    def _mail(self, test: str, composed: Composed, text: AnnouncementText, partner: Partner) -> Outgoing:
        me = Contact("", partner.id, self.who.name, self.who.email, language=text.language)
        said = filled(text, Reader(partner, me), self.program)
        said = replace(said, subject=f"{TEST} {said.subject}")
        payload = letter(composed, said, self.who.email, text.language)
        key = f"announcement-test:{test}:{text.language}"
        return Outgoing(key, Destination.MAIL, MAIL, payload, ordering=self.who.email.lower())

    def _nobodys(self) -> Partner:
        vendor = self.program.vendor
        return Partner("", vendor.name, (), self.program.tiers[0].name if self.program.tiers else "")
