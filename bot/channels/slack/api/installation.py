"""Who we are in Slack: the workspace the app is installed in, and the bot's own user."""

from __future__ import annotations

from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.api.calls import call
from bot.channels.slack.api.errors import SlackUnavailable


@dataclass(frozen=True, slots=True)
class Installation:
    """`team` is a T… id, `bot_user` a U… id, `enterprise` the E… id of a Grid organisation or ""."""

    team: str
    bot_user: str
    enterprise: str = ""

    def is_home(self, team: str, enterprise: str = "") -> bool:
        """Whether someone of this team or organisation belongs to the vendor itself."""
        if team and team == self.team:
            return True
        return bool(self.enterprise) and self.enterprise in {team, enterprise}


async def find_installation(client: AsyncWebClient) -> Installation:
    """Ask Slack (`auth.test`) whose token this is. Raises `SlackUnavailable` or `SlackUnauthorised`."""
    answer = await call(client, "auth.test", {})
    team, bot_user = answer.get("team_id"), answer.get("user_id")
    if not team or not bot_user:
        raise SlackUnavailable("auth.test named no workspace or no bot user")
    return Installation(str(team), str(bot_user), str(answer.get("enterprise_id") or ""))
