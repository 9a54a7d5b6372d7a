"""Looking at the channels and people that the installation names: who reads them, whether the app is in, who is who."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.api.calls import call
from bot.channels.slack.api.errors import SlackRateLimited, SlackRefused
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.people.audience import Audience, to_audience
from bot.channels.slack.people.identity import to_user
from crm.findings import Finding, fault, hint, ok

MOST = 25

_MANAGERS, _CHANNELS = "Managers", "Channels"
_INVITE = "correct the id, and invite the app there"
_REMAP = "`partnerline channels map` once you know who reads it"


@dataclass(frozen=True, slots=True)
class ExpectedManager:
    """`slack_user` is what the program says, "" for nothing."""

    name: str
    slack_user: str


@dataclass(frozen=True, slots=True)
class ExpectedChannel:
    """A mapped channel: `team` is the partner's workspace, `paused` why nothing is said there, in words, or ""."""

    channel: str
    name: str
    partner: str
    team: str
    paused: str = ""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A channel as Slack shows it."""

    audience: Audience
    joined: bool


class Places:
    """Asks Slack; each method ends early, and says so, where Slack had too many questions."""

    def __init__(self, client: AsyncWebClient, own: Installation) -> None:
        self._client = client
        self._own = own

    async def managers(self, expected: Sequence[ExpectedManager]) -> AsyncIterator[Finding]:
        """Raises `SlackError`, as the others do."""
        unnamed = [manager.name for manager in expected if not manager.slack_user]
        named = [manager for manager in expected if manager.slack_user]
        right = 0
        try:
            for manager in named:
                found = await self._manager(manager)
                right += found is None
                if found is not None:
                    yield found
        except SlackRateLimited as limited:
            yield _later(_MANAGERS, limited)
        if right:
            yield ok(_MANAGERS, f"{right} of your workspace by their slack_user_id")
        if unnamed:
            said = f"{', '.join(unnamed)}: no slack_user_id in the program, so no cards and no buttons in Slack"
            yield hint(_MANAGERS, said, "the id is in the profile in Slack, Copy member ID")

    async def _manager(self, manager: ExpectedManager) -> Finding | None:
        who = f"{manager.name} ({manager.slack_user})"
        mend = "correct slack_user_id in the program; a profile in Slack shows it, Copy member ID"
        try:
            answer = await call(self._client, "users.info", {"user": manager.slack_user})
        except SlackRefused as refused:
            return fault(_MANAGERS, f"{who}: Slack knows no such user ({refused.error})", mend)
        described = answer.get("user")
        user = to_user(manager.slack_user, described if isinstance(described, dict) else {})
        if not any(self._own.is_home(team, user.enterprise) for team in (user.team, *user.teams)):
            return fault(_MANAGERS, f"{who} is of {user.team or 'no known workspace'}, not yours", mend)
        if user.is_bot or (isinstance(described, dict) and described.get("deleted") is True):
            return fault(_MANAGERS, f"{who} is {'an app' if user.is_bot else 'deactivated'}", mend)
        return None

    async def managers_channel(self, channel: str) -> Finding:
        """Cards tell of several partners: nobody else may read them."""
        try:
            seen = await self._seen(channel)
        except SlackRateLimited as limited:
            return _later(_MANAGERS, limited)
        what = f"slack_managers_channel {channel}"
        right = ok(_MANAGERS, f"{what} is internal, and the app is in it")
        return next(_wrong_for_managers(what, seen), right)

    async def channels(self, expected: Sequence[ExpectedChannel], most: int = MOST) -> AsyncIterator[Finding]:
        """Mapped channels: what is wrong with each, and how many are as mapped. All that are paused, and of the others
        at most so many, drawn by chance: what Slack answers here it does not answer the agent at work.
        """
        for place in (one for one in expected if one.paused):
            said = f"{_named(place)} is paused: {place.paused}"
            yield fault(_CHANNELS, said, f"look who reads it, then `partnerline channels resume {place.channel}`")
        active = [place for place in expected if not place.paused]
        drawn = random.sample(active, min(most, len(active)))
        right = 0
        for place in drawn:
            try:
                found = next(_wrong_as_mapped(place, await self._seen(place.channel)), None)
            except SlackRateLimited as limited:
                yield _later(_CHANNELS, limited)
                break
            right += found is None
            if found is not None:
                yield found
        if right or not expected:
            yield ok(_CHANNELS, f"{right} shared as mapped" if expected else "none is mapped yet")
        if left := len(active) - len(drawn):
            yield hint(_CHANNELS, f"{left} not looked at this time", "the next check draws others")

    async def _seen(self, channel: str) -> _Seen | None:
        """None where Slack refuses to show it."""
        try:
            answer = await call(self._client, "conversations.info", {"channel": channel})
        except SlackRefused:
            return None
        described = answer.get("channel")
        joined = isinstance(described, dict) and described.get("is_member") is True
        return _Seen(to_audience(described, self._own), joined)


def _wrong_for_managers(what: str, seen: _Seen | None) -> Iterator[Finding]:
    """The first is what has to be mended first."""
    if seen is None:
        yield fault(_MANAGERS, f"{what} cannot be seen", _INVITE)
        return
    if seen.audience.readers:
        mend = "take an internal channel: cards are posted nowhere else"
        yield fault(_MANAGERS, f"{what} is shared with {', '.join(sorted(seen.audience.readers))}", mend)
    if not seen.audience.confirmed or seen.audience.unnamed:
        yield fault(_MANAGERS, f"of {what} Slack does not say who reads it", _INVITE)
    if seen.audience.archived:
        yield fault(_MANAGERS, f"{what} is archived", "take another channel")
    if not seen.joined:
        yield fault(_MANAGERS, f"the app is not in {what}", "invite @partnerline there")


def _wrong_as_mapped(place: ExpectedChannel, seen: _Seen | None) -> Iterator[Finding]:
    """The first is what has to be mended first."""
    what = _named(place)
    if seen is None:
        yield fault(_CHANNELS, f"{what} cannot be seen: the app is not in it, or its id changed", _REMAP)
        return
    if not seen.audience.confirmed or seen.audience.unnamed:
        yield fault(_CHANNELS, f"of {what} Slack does not say who reads it, so nothing is said there", _REMAP)
    if others := sorted(seen.audience.readers - {place.team}):
        said = f"{what} is also read by {', '.join(others)}: figures go to the asker alone"
        yield hint(_CHANNELS, said, "intended? else remove them in Slack")
    if place.team not in seen.audience.readers:
        yield fault(_CHANNELS, f"{what} is not shared with {place.team}", "share it in Slack, or map it anew")
    if seen.audience.archived:
        yield fault(_CHANNELS, f"{what} is archived", "`partnerline channels forget`, or unarchive it")
    if not seen.joined:
        yield fault(_CHANNELS, f"the app is not in {what}", "invite @partnerline there")


def _named(place: ExpectedChannel) -> str:
    return f"{place.name or place.channel} ({place.channel}, {place.partner})"


def _later(subject: str, limited: SlackRateLimited) -> Finding:
    said = f"the rest was not looked at: Slack had enough questions for {limited.retry_after:.0f} s"
    return hint(subject, said, "check again in a minute")
