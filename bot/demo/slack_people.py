"""Who is who in the demo's Slack: there is no Slack to ask, so the seeded contacts and channels say it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.slack.api.installation import Installation
from bot.channels.slack.people.identity import SlackUser
from bot.storage import mirror, slack_channels
from bot.storage.database import Database
from crm.records import Contact
from knowledge.program import Manager

DEMO_INSTALLATION = Installation(team="T0LUMORA", bot_user="U0PARTNERLINE")


class DemoSlackPeople:
    """Implements `bot.channels.slack.people.identity.SlackUsers`: the vendor's managers, and the partners' contacts."""

    def __init__(self, database: Database, managers: Sequence[Manager]) -> None:
        self._database = database
        self._managers = {m.slack_user_id: m for m in managers if m.slack_user_id}

    async def user(self, user_id: str) -> SlackUser:
        if manager := self._managers.get(user_id):
            return SlackUser(user_id, team=DEMO_INSTALLATION.team, name=manager.name)
        async with self._database.begin() as connection:
            contacts = await mirror.everyone(connection, Contact)
            channels = await slack_channels.every(connection)
        contact = next((c for c in contacts if c.slack_user_id == user_id), None)
        teams = {c.partner_id: c.partner_team_id for c in channels}
        if contact is None or contact.partner_id not in teams:
            return SlackUser(user_id)
        return SlackUser(user_id, team=teams[contact.partner_id], name=contact.name)
