"""What a handled message says about announcements: an answer, to leave or come back, how to be written to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import ledger, opting_out, preferences
from bot.storage.announcing import given_answers
from bot.storage.announcing.given_answers import Answer
from bot.storage.opting_out import Proof
from bot.vocabulary.announcing import Said
from bot.vocabulary.decisions import Prefer, RecordAnswer
from bot.vocabulary.identity import Identity
from bot.vocabulary.message import Message
from crm.records import Channel, Contact

_BY_ITSELF = frozenset({Said.AWAY, Said.LEFT})
"""What machines say as well: where it came from shows nothing of where somebody reads."""


@dataclass(frozen=True, slots=True)
class RecipientsWishes:
    """Writes in the transaction of the message. `announcement_id` is that of its thread."""

    connection: AsyncConnection
    message: Message
    identity: Identity
    announcement_id: str | None

    async def record_answer(self, given: RecordAnswer) -> None:
        """Nothing where it cannot be told whose answer it is, or where it is the vendor's own."""
        partner = self.identity.proven_partner_id
        contact_id = given.contact_id or self._in_slack()
        if partner is None or not contact_id or self.identity.manager is not None:
            return
        contact = self.identity.contact
        await given_answers.record(
            self.connection,
            Answer(
                given.announcement_id, contact_id, partner, self.message.channel, self.message.received_at,
                given.answer, given.day, given.said,
                address=contact.email if contact else "", language=contact.language if contact else "",
            ),
        )  # fmt: skip
        if given.contact_id and given.said not in _BY_ITSELF:
            await preferences.learn(self.connection, given.contact_id, partner, self.message.channel)
        day, said = given.day.isoformat() if given.day else "", given.said.value if given.said else ""
        told = {
            "announcement": given.announcement_id,
            "contact": contact_id,
            "answer": given.answer or day,
            "said": said,
        }
        await self._note("answer", told)

    async def opt_out(self, contact_id: str) -> None:
        await opting_out.opt_out(self.connection, contact_id, self._proof(), self.announcement_id)

    async def opt_in(self, contact: Contact) -> None:
        await opting_out.opt_in(self.connection, contact, self._proof())

    async def prefer(self, wish: Prefer) -> None:
        proof = self._proof().doc()
        await preferences.say(self.connection, wish.contact, route=wish.route, digest=wish.digest, proof=proof)
        said = {
            "route": wish.route.value if wish.route else "",
            "digest": "" if wish.digest is None else str(wish.digest),
        }
        await self._note("preference", {"contact": wish.contact.id, **said})

    def _in_slack(self) -> str:
        sender = self.message.sender
        return f"slack:{sender.slack_user}" if self.message.channel is Channel.SLACK and sender.slack_user else ""

    def _proof(self) -> Proof:
        message = self.message
        return Proof(message.inbox_id, message.channel.value, message.received_at, message.inbox_id)

    async def _note(self, kind: str, body: Mapping[str, str]) -> None:
        await ledger.append(
            self.connection, kind, self.message.channel.value, dict(body),
            partner_id=self.identity.proven_partner_id, inbox_id=self.message.inbox_id,
        )  # fmt: skip
