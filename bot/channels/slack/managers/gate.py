"""Who stands at the counter: one of the vendor's own people, by Slack's word, whom the program knows as a manager."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.slack.api.errors import SlackError
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.edge.interactions import Person
from bot.channels.slack.people.identity import SlackUsers, partner_team
from knowledge.program import Manager

log = logging.getLogger(__name__)

NOT_YOURS = "This is for managers of the partner program. In a partner's channel, just write what you need."
AWAY = "Slack does not say just now who you are, so nothing was done. Try again in a minute."


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """`why` is told to whoever asked, and says nothing of anybody."""

    why: str


@dataclass(frozen=True, slots=True)
class Gate:
    """`patience` is in seconds: whoever waits at the counter gets an answer within three."""

    own: Installation
    users: SlackUsers
    managers: Sequence[Manager]
    patience: float = 1.0

    async def manager(self, person: Person) -> Manager | TurnedAway:
        """What the request says of the person is not believed: `users.info` says whose he is, the program what he may.

        One who is in neither is asked for nowhere, so that nobody makes us ask Slack by writing ids.
        """
        known = next((m for m in self.managers if m.slack_user_id and m.slack_user_id == person.user), None)
        if known is None:
            return TurnedAway(NOT_YOURS)
        try:
            async with asyncio.timeout(self.patience):
                user = await self.users.user(person.user)
        except (SlackError, TimeoutError) as fault:
            log.warning("a manager could not be looked up: %s", fault)
            return TurnedAway(AWAY)
        at_home = user.team != "" and partner_team({}, user, self.own) == self.own.team
        return known if at_home and not user.is_bot else TurnedAway(NOT_YOURS)
