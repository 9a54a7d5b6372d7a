"""Whose a message is and what is known of its partner: our own records, and the CRM as it stands at this moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.ports.reading import AttachedFile
from bot.vocabulary.facts import AnnouncementFact
from bot.vocabulary.message import ThreadContext
from bot.vocabulary.money import MoneyFacts
from crm.records import Contact, Deal, Lead, Partner, Payment, Registration


@dataclass(frozen=True, slots=True)
class MappedChannel:
    """A Slack channel that belongs to a partner, and the workspace whose members speak for it.

    `paused` says why nothing of the partner is said or done there now, "" where it is. `mentions_only` where nothing
    but what is said to the agent itself is answered.
    """

    partner: Partner
    partner_team_id: str
    own_team_id: str
    paused: str = ""
    mentions_only: bool = False


class Directory(Protocol):
    """Who is who, by address and by Slack channel."""

    async def by_address(self, address: str) -> tuple[Partner, Contact] | None: ...

    async def by_channel(self, channel_id: str) -> MappedChannel | None: ...

    async def by_slack_team(self, team: str) -> MappedChannel | None:
        """For who writes directly: the one partner for whom the members of this workspace speak in a shared channel."""
        ...

    async def by_slack_user(self, partner_id: str, slack_user_id: str) -> Contact | None: ...


@dataclass(frozen=True, slots=True)
class PartnerRecords:
    """One partner's own records as they stood at `version`; nobody else's are in here.

    `as_of` is when the CRM was heard last, where it has been away for long; None where they are up to date.
    """

    partner: Partner
    deals: tuple[Deal, ...]
    payments: tuple[Payment, ...]
    registrations: tuple[Registration, ...]
    fresh_numbers: tuple[str, ...]
    version: int
    contacts: tuple[Contact, ...] = ()
    leads: tuple[Lead, ...] = ()
    fresh_leads: tuple[str, ...] = ()
    as_of: datetime | None = None


class Records(Protocol):
    """Reads for *look up*, each without a transaction that stays open."""

    async def of_partner(self, partner_id: str, *, numbers: int = 0) -> PartnerRecords | None:
        """With that many fresh numbers, or with more."""
        ...

    async def money(self, partner_id: str, today: date) -> MoneyFacts | None:
        """What the partner's commission rests on, and its statements; read after `of_partner`, so that what changes
        in between makes that one's version too old.
        """
        ...

    async def thread(self, thread_id: str | None, partner_id: str | None) -> ThreadContext:
        """What is known of the thread; an empty context where it belongs to another partner."""
        ...

    async def announcement(self, announcement_id: str, language: str) -> AnnouncementFact | None:
        """As somebody of that language (ISO 639-1, "" for unknown) read it."""
        ...

    async def tables(self, thread_id: str, partner_id: str) -> tuple[AttachedFile, ...]:
        """The tables of the partner's newest message in this thread that brought any and was kept."""
        ...


@dataclass(frozen=True, slots=True)
class SaidLive:
    """What the CRM says at this moment, by number: the partner's deal, None where the partner has no such deal there.

    `unsettled` says why nothing is granted on a number, for the partner's manager.
    """

    deals: Mapping[str, Deal | None]
    unsettled: Mapping[str, str]


class Live(Protocol):
    """Asks the CRM itself, without a transaction; never raises what the CRM raises."""

    async def deals(self, partner_id: str, numbers: Sequence[str]) -> SaidLive: ...
