"""A test of an announcement: what partners will see, to the manager himself and to nobody else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.announcements.composing.letters import MAIL, letter
from bot.announcements.composing.personal import Reader, filled
from bot.announcements.planning.copies import Plan, posted_at_all
from bot.announcements.sending.posting import around_post, offered, wording_for
from bot.channels.slack.blocks.announced import Post, announced
from bot.channels.slack.blocks.texts import SECTION, plain
from bot.channels.slack.outbound.outlet import CARD
from bot.storage import outbox
from bot.storage.codec import storable
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
        posts = self._posts(test, composed, partner) if posted_at_all(composed) else []
        await outbox.put(connection, posts)
        where = f"{self.who.email} and to you in Slack" if posts else self.who.email
        mails = "the test goes" if len(texts) == 1 else f"{len(texts)} tests, one for each language, go"
        return Done(f"{mails} to {where}", test)

    def _mail(self, test: str, composed: Composed, text: AnnouncementText, partner: Partner) -> Outgoing:
        me = Contact("", partner.id, self.who.name, self.who.email, language=text.language)
        said = filled(text, Reader(partner, me), self.program)
        said = replace(said, subject=f"{TEST} {said.subject}")
        payload = letter(composed, said, self.who.email, text.language)
        key = f"announcement-test:{test}:{text.language}"
        return Outgoing(key, Destination.MAIL, MAIL, payload, ordering=self.who.email.lower())

    def _posts(self, test: str, composed: Composed, partner: Partner) -> list[Outgoing]:
        """The post of each language as partners see it, with what may be pressed there in words; none where he is not
        known in Slack.
        """
        user = self.who.slack_user_id
        if not user:
            return []
        made = [
            (f"announcement-test:{test}:slack:{text.language}:{place}", post)
            for text in composed.texts[:_MOST]
            for place, post in enumerate(self._post(composed, text, partner))
        ]
        payloads = [
            (key, {"channel": user, "thread_ts": "", "text": post.text, "blocks": post.blocks}) for key, post in made
        ]
        return [Outgoing(key, Destination.SLACK, CARD, storable(payload), ordering=user) for key, payload in payloads]

    def _post(self, composed: Composed, text: AnnouncementText, partner: Partner) -> list[Post]:
        said = filled(text, Reader(partner), self.program)
        call, wording = composed.call_in(text.language), wording_for(self.program, text.language, partner)
        around = around_post(self.program, self.who, call, wording)
        labels = ", ".join(choice.label for choice in offered(call, wording).choices)
        first, *more = announced(f"{TEST} {said.subject}", said.body, around)
        pressed = f" In a partner's channel there are buttons here: {labels}." if labels else ""
        first.blocks.append({"type": "context", "elements": [plain(f"This is a test.{pressed}", SECTION)]})
        return [first, *more]

    def _nobodys(self) -> Partner:
        vendor = self.program.vendor
        return Partner("", vendor.name, (), self.program.tiers[0].name if self.program.tiers else "")
