"""Offers of leads in words: made by mail and in the partner's channel, and ended where they were made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.telling import Telling
from bot.intents.leads import called, described
from bot.intents.offers import answerable
from bot.storage import ended_questions, leads, mirror, outbox, slack_channels, threads
from bot.storage.leads import Offer
from bot.storage.slack_channels import SlackChannel
from bot.vocabulary.decisions import AwaitFields, Outcome, Value
from bot.vocabulary.message import Question, ThreadKind
from crm.records import Channel, Contact, Lead, Partner


@dataclass(frozen=True, slots=True)
class LeadOffers:
    """Writes in the caller's transaction."""

    telling: Telling

    async def made(
        self, connection: AsyncConnection, lead: Lead, partner: Partner, contact: Contact, last_day: date
    ) -> None:
        """A mail to `contact` and, where the partner has a channel, a post there; a yes in either takes the lead.

        Both say what the matter is and how large, and neither whom to talk to.
        """
        (told,) = answerable((_offer(lead, last_day),), AwaitFields(lead.number, (Question.LEAD,)))
        subject = f"{called(lead)} - {lead.number}"
        thread_id = await _waiting_thread(connection, Channel.EMAIL, subject, lead, partner)
        await leads.talked_of_in(connection, lead.number, partner.id, thread_id)
        key = f"lead_offer:{lead.number}:{partner.id}"
        await self.telling.tell(connection, key, partner, contact.id, thread_id, (told,), subject, (), "lead_offered")
        for channel in await _channels(connection, partner):
            there = await _waiting_thread(connection, Channel.SLACK, subject, lead, partner)
            await self.telling.post(connection, f"{key}:slack", partner, channel, there, (told,), "lead_offered")

    async def ended(self, connection: AsyncConnection, lead: Lead, offer: Offer, text: str) -> None:
        """Tell the partner, by mail and below the post where there was one, that the offer holds no longer."""
        partner = await mirror.one(connection, Partner, offer.partner_id)
        if partner is None:
            return
        outcome = Outcome(text, {"number": lead.number, "customer": called(lead)})
        key = f"{text}:{lead.number}:{partner.id}"
        await ended_questions.close_of_lead(connection, lead.number, partner.id, key)
        subject = f"{called(lead)} - {lead.number}"
        await self.telling.tell(
            connection, key, partner, None, offer.thread_id, (outcome,), subject, (), text.replace(".", "_")
        )
        if (offered := await outbox.posted_as(connection, f"lead_offer:{lead.number}:{partner.id}:slack")) is None:
            return
        thread_id, post = offered
        for channel in await _channels(connection, partner):
            await self.telling.post(
                connection, f"{key}:slack", partner, channel, thread_id, (outcome,), text.replace(".", "_"), under=post
            )


async def _channels(connection: AsyncConnection, partner: Partner) -> list[SlackChannel]:
    """The partner's channel, where it has one in which anything may be said."""
    channel = await slack_channels.of_partner(connection, partner.id)
    return [channel] if channel is not None and not channel.paused else []


async def _waiting_thread(
    connection: AsyncConnection, channel: Channel, subject: str, lead: Lead, partner: Partner
) -> str:
    """A new thread that waits for a yes or no to this lead."""
    return await threads.open_thread(
        connection, channel, subject, partner_id=partner.id, kind=ThreadKind.QUESTION.value,
        asked=[Question.LEAD.value], subject_ref=lead.number, agent_took_part=True,
    )  # fmt: skip


def _offer(lead: Lead, last_day: date) -> Outcome:
    values: dict[str, Value] = {"number": lead.number, "customer": called(lead), "until": last_day}
    lines = described(lead)
    return Outcome("lead.offer", values | {"lines": lines}) if lines else Outcome("lead.offer_plain", values)
