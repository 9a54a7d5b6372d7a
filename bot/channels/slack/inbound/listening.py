"""Slack's inlet with what a listener has to know beside the words: the thread above them, and whose direct message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.channels.slack.api.errors import SlackUnavailable
from bot.channels.slack.inbound.thread_reading import ThreadReader
from bot.channels.slack.people.audience import SlackChannels
from bot.channels.slack.people.identity import SlackUsers
from bot.ports import Incoming, Inlet, InletUnavailable, RawMessage
from bot.vocabulary.message import Attachment, Message, SaidEarlier, Side


class SharedChannels(Protocol):
    async def of_teams(self, teams: frozenset[str]) -> tuple[str, tuple[str, ...]]:
        """The channels of the one partner for whom members of these teams speak, and the team that is mapped there;
        ("", ()) where they are nobody's, or several's.
        """
        ...


class ListeningInlet:
    """An `Inlet` around Slack's own. Who writes directly speaks for a partner only while the two companies share a
    channel; `channels` None where there is no Slack to ask.
    """

    def __init__(
        self,
        inner: Inlet,
        users: SlackUsers,
        threads: ThreadReader,
        shared: SharedChannels,
        channels: SlackChannels | None,
    ) -> None:
        self._inner = inner
        self._users = users
        self._threads = threads
        self._shared = shared
        self._channels = channels

    async def read(self, raw: RawMessage) -> Incoming:
        incoming = await self._inner.read(raw)
        message = incoming.message
        if incoming.ignore or not message.sender.proof:
            return incoming
        if is_direct(message):  # a button there counts for whom what is written there does
            return replace(incoming, message=await self._direct(message))
        if message.click is None and calls_into_thread(message):
            return replace(incoming, message=await self._with_thread(message))
        return incoming

    async def _with_thread(self, message: Message) -> Message:
        channel, ts = message.message_id.split(":")[:2]
        thread_ts = message.reply_to.slack_thread_ts if message.reply_to else ""
        earlier = await self._threads.before(channel, thread_ts, ts)
        return replace(message, earlier=earlier, attachments=message.attachments or _files_above(earlier))

    async def _direct(self, message: Message) -> Message:
        """Somebody of an organisation of several workspaces speaks for the one, or the organisation, that is mapped."""
        sender = message.sender
        if sender.slack_home:
            return message
        try:
            user = await self._users.user(sender.slack_user)
            teams = frozenset({sender.slack_team, user.team, user.enterprise, *user.teams} - {""})
            team, channels = await self._shared.of_teams(teams)
            shares = await self._still_shared(channels, teams)
        except SlackUnavailable as fault:
            raise InletUnavailable(str(fault), fault.retry_after, only_this=True) from fault
        if not shares:
            return replace(message, sender=replace(sender, slack_team="", proof=""))
        return replace(message, sender=replace(sender, slack_team=team))

    async def _still_shared(self, channels: Sequence[str], teams: frozenset[str]) -> bool:
        """One channel is enough; Slack is asked, since what we have on file may be over."""
        if self._channels is None:
            return bool(channels)
        for channel in channels:
            audience = await self._channels.audience(channel)
            if audience.confirmed and audience.teams & teams:
                return True
        return False


def _files_above(earlier: Sequence[SaidEarlier]) -> tuple[Attachment, ...]:
    """Those of the partner's newest post that has some: a message that brings none itself may mean them."""
    posts = (post.files for post in reversed(earlier) if post.by is Side.PARTNER and post.files)
    return next(posts, ())


def is_direct(message: Message) -> bool:
    """Whether only the sender and the agent read it."""
    return message.sender.slack_channel.startswith("D")


def calls_into_thread(message: Message) -> bool:
    """Whether it calls the agent in the middle of a thread; with its first words, or with those that it has now."""
    to, ts = message.reply_to, message.message_id.split(":")[1:2]
    if to is None or not to.slack_thread_ts:
        return False  # a manager's order stands in no thread
    return message.addressed and ts != [to.slack_thread_ts] and not message.deleted
