"""Who gets which copy, where and when, as things stand: pure, and the same for the preview as for what is sent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.announcements.composing import personal
from bot.announcements.planning.when import planned
from bot.announcements.segments.audience import Audience
from bot.storage.slack_channels import SlackChannel
from bot.vocabulary.announcing import AnnouncementText, Composed, Route
from bot.vocabulary.segment import LeftOut
from crm.records import Contact, ContactRight, Partner, language_of
from knowledge.program import Vendor
from knowledge.working_hours import Place, place_of
from mail_ingest.address import domain_of

Channels = Mapping[str, tuple[SlackChannel, ...]]
"""Partner -> its channels in which something may be posted."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One person's: by mail, or read in the partner's channel, or both."""

    partner: Partner
    contact: Contact
    text: AnnouncementText
    by_mail: bool
    by_slack: bool
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Post:
    """One channel's."""

    partner: Partner
    channel: SlackChannel
    text: AnnouncementText
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """`left_out` are those of the segment whom nothing reaches, each with why."""

    copies: tuple[Copy, ...]
    posts: tuple[Post, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def mails(self) -> tuple[Copy, ...]:
        return tuple(copy for copy in self.copies if copy.by_mail)

    @property
    def partners(self) -> int:
        return len({copy.partner.id for copy in self.copies})

    def first_at(self) -> datetime | None:
        return min(self._times(), default=None)

    def last_at(self, step: timedelta) -> datetime | None:
        """With `step` between two mails to one domain."""
        last: dict[str, datetime] = {}
        counted: Counter[str] = Counter()
        for copy in self.mails:
            domain = domain_of(copy.contact.email)
            counted[domain] += 1
            last[domain] = max(last.get(domain, copy.due_at), copy.due_at)
        mails = [at + (counted[domain] - 1) * step for domain, at in last.items()]
        return max([*mails, *(post.due_at for post in self.posts)], default=None)

    def _times(self) -> Iterable[datetime]:
        return [*(copy.due_at for copy in self.mails), *(post.due_at for post in self.posts)]


def needed_rights(composed: Composed) -> frozenset[ContactRight]:
    """The rights without which nobody may read it, whichever language he gets."""
    found: frozenset[ContactRight] = frozenset()
    for text in composed.texts:
        if text.approved:
            found |= personal.needed(text)
    return found


def posted_at_all(composed: Composed) -> bool:
    """Whether it goes to channels: not where it is for mail alone, or says what not everybody there may read."""
    return composed.route is not Route.MAIL and not needed_rights(composed)


def plan(
    composed: Composed, reached: Audience, channels: Channels, routes: Mapping[str, Route], vendor: Vendor,
    now: datetime,
) -> Plan:  # fmt: skip
    """`channels` are those of everybody, `routes` what contacts said or showed; `now` is aware."""
    timed = _Times(composed, vendor, now)
    channels = channels if posted_at_all(composed) else {}
    copies: list[Copy] = []
    posted: dict[str, Partner] = {}
    texts: dict[str, AnnouncementText] = {}
    for partner, contact in reached.recipients:
        language = language_of(contact, partner)
        text = texts.get(language) or texts.setdefault(language, composed.text_for(language))
        by_mail, by_slack = _ways(composed.route, routes.get(contact.id), contact, partner.id in channels)
        if by_slack:
            posted[partner.id] = partner
        copies.append(Copy(partner, contact, text, by_mail, by_slack, timed(partner)))
    posts = tuple(
        Post(partner, channel, composed.text_for(partner.language), timed(partner))
        for partner in posted.values()
        for channel in channels[partner.id]
    )
    return Plan(tuple(copies), posts, reached.left_out)


def by_partner(channels: Iterable[SlackChannel]) -> Channels:
    """Those that are somebody's and not paused."""
    found: defaultdict[str, list[SlackChannel]] = defaultdict(list)
    for channel in channels:
        if channel.partner_id and not channel.paused:
            found[channel.partner_id].append(channel)
    return {partner_id: tuple(theirs) for partner_id, theirs in found.items()}


def _ways(chosen: Route, own: Route | None, contact: Contact, has_channel: bool) -> tuple[bool, bool]:
    """(by mail, in Slack). Whoever cannot be reached in the chosen way is reached in the other one."""
    if not has_channel:
        return True, False
    if not contact.email:
        return False, True
    wish = chosen if chosen is not Route.PREFERRED else own or Route.BOTH
    return wish is not Route.SLACK, wish is not Route.MAIL


class _Times:
    """When each partner's copies may go; many share a place."""

    def __init__(self, composed: Composed, vendor: Vendor, now: datetime) -> None:
        self._timing, self._vendor, self._now = composed.timing, vendor, now
        self._places: dict[Place, datetime] = {}

    def __call__(self, partner: Partner) -> datetime:
        place = place_of(partner.time_zone, partner.country, self._vendor)
        if place not in self._places:
            self._places[place] = planned(self._timing, self._now, place, self._vendor)
        return self._places[place]
