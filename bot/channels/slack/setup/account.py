"""Looking at the app's tokens: whose they are, what they are allowed to, and whether Socket Mode is open to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.api.calls import call, respond
from bot.channels.slack.api.errors import SlackError, SlackUnauthorised, SlackUnavailable
from bot.channels.slack.api.installation import Installation
from bot.channels.slack.setup.manifest import COSMETIC, SCOPES
from crm.findings import Finding, fault, hint, ok

_SCOPES_HEADER = "x-oauth-scopes"
_PAGE = "the app's page at api.slack.com/apps"
_REINSTALL = "paste what `partnerline slack manifest` prints into App Manifest, then OAuth & Permissions, Reinstall"


@dataclass(frozen=True, slots=True)
class Account:
    """`scopes` are those of the token; None where Slack does not name them."""

    own: Installation
    workspace: str
    scopes: frozenset[str] | None


async def look(client: AsyncWebClient) -> Account:
    """Raises `SlackError` where the token is not accepted, or Slack is not reached."""
    answer, headers = await respond(client, "auth.test", {})
    team, bot_user = answer.get("team_id"), answer.get("user_id")
    if not team or not bot_user:
        raise SlackUnavailable("auth.test named no workspace or no bot user")
    own = Installation(str(team), str(bot_user), str(answer.get("enterprise_id") or ""))
    said = next((value for name, value in headers.items() if name.lower() == _SCOPES_HEADER), None)
    scopes = None if said is None else frozenset(scope.strip() for scope in said.split(",") if scope.strip())
    return Account(own, str(answer.get("team") or ""), scopes)


def token_findings(account: Account, expected_team: str) -> Iterator[Finding]:
    """Whose the token is, and scope by scope what it cannot do."""
    own = account.own
    if expected_team and expected_team != own.team:
        yield fault("Slack", f"the token is for {own.team}, slack_team_id is {expected_team}", "make them agree")
    named = f" ({account.workspace})" if account.workspace else ""
    yield ok("Slack", f"workspace {own.team}{named}, bot user {own.bot_user}")
    yield from _scopes(account.scopes)


def _scopes(granted: frozenset[str] | None) -> Iterator[Finding]:
    if granted is None:
        yield hint("Scopes", "not checked: Slack did not say which it granted")
        return
    missing = [scope for scope in SCOPES if scope not in granted]
    for scope in missing:
        lacks = f"{scope} is missing: {SCOPES[scope]}"
        yield hint("Scopes", lacks, _REINSTALL) if scope in COSMETIC else fault("Scopes", lacks, _REINSTALL)
    if not missing:
        yield ok("Scopes", f"all {len(SCOPES)} of the manifest")
    if more := sorted(granted - set(SCOPES)):
        yield hint("Scopes", f"{', '.join(more)}: not needed", f"take them away at {_PAGE}, OAuth & Permissions")


async def socket_finding(client: AsyncWebClient) -> Finding:
    """Whether the app-level token may open connections; none is opened, so no event goes astray."""
    try:
        answer = await call(client, "apps.connections.open", {})
    except SlackUnauthorised as found:
        mend = f"make one with the scope connections:write at {_PAGE}, Basic Information, App-Level Tokens"
        return fault("Socket Mode", f"Slack does not accept slack_app_token: {found.error}", mend)
    except SlackError as found:
        return fault("Socket Mode", str(found), f"turn Socket Mode on at {_PAGE}")
    if not str(answer.get("url") or "").startswith(("ws://", "wss://")):
        return fault("Socket Mode", "Slack named no address to connect to", f"turn Socket Mode on at {_PAGE}")
    return ok("Socket Mode", "Slack gives connections to slack_app_token")


def token_fault(found: SlackError) -> Finding:
    """What is to be done where the bot token cannot even be looked at."""
    if isinstance(found, SlackUnauthorised):
        return fault("Slack", str(found), f"renew slack_bot_token from {_PAGE}, OAuth & Permissions")
    return fault("Slack", str(found), "see that this machine reaches slack_api_url, then try again")
