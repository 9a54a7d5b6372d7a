"""The app manifest: what the app asks of Slack, with the reason for each scope, and where Slack reaches us."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.slack.edge.events import HOME_OPENED, NOTICE_EVENTS
from bot.channels.slack.managers.actions import ANNOUNCE_THIS, COMMAND

EXAMPLE = "https://partnerline.example.com"
EVENTS_PATH, INTERACTIVE_PATH, COMMANDS_PATH = "/slack/events", "/slack/interactive", "/slack/commands"

SCOPES: Mapping[str, str] = {
    "app_mentions:read": "being called by its name",
    "channels:history": "messages in public channels, what a thread said before, its own post after a lost answer",
    "channels:read": "with whom a public channel is shared",
    "chat:write": "answers, cards, and changing a card once it is decided",
    "commands": "`/partners` and “Announce this” for your managers",
    "files:read": "invoices and deal sheets that partners drop in a thread",
    "files:write": "the chart in your managers' Home tab",
    "groups:history": "the same as channels:history in private channels",
    "groups:read": "with whom a private channel is shared",
    "im:history": "direct messages to the app",
    "im:read": "whose direct messages they are",
    "im:write": "opening direct messages: figures for the asker alone, cards for a manager",
    "reactions:write": "showing at once that a message was seen",
    "team:read": "the name of a partner's workspace",
    "users:read": "which workspace a sender belongs to",
}
"""Every scope of the bot token, and what it is for. `users:read.email` is left out: an address proves nothing."""

COSMETIC = frozenset({"files:write", "reactions:write", "team:read"})
"""Without these the agent does all its work, and something that is nice to have is missing."""

MESSAGES = ("app_mention", "message.channels", "message.groups", "message.im")


def manifest(address: str = EXAMPLE, *, socket: bool = False) -> dict[str, Any]:
    """As Slack takes it. `address` is the public one of the installation; with `socket` Slack needs none."""
    address = address.rstrip("/")
    return {
        "display_information": {
            "name": "Partnerline",
            "description": "Register deals and ask about tiers, commissions and payouts",
            "background_color": "#1f2937",
        },
        "features": _features({} if socket else {"url": address + COMMANDS_PATH}),
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {
                **({} if socket else {"request_url": address + EVENTS_PATH}),
                "bot_events": sorted({*MESSAGES, *NOTICE_EVENTS, HOME_OPENED}),
            },
            "interactivity": {
                "is_enabled": True,
                **({} if socket else {"request_url": address + INTERACTIVE_PATH}),
            },
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket,
            "token_rotation_enabled": False,
        },
    }


def _features(where: Mapping[str, str]) -> dict[str, Any]:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "partnerline", "always_online": True},
        "shortcuts": [
            {
                "name": "Announce this",
                "type": "message",
                "callback_id": ANNOUNCE_THIS,
                "description": "Send this message to a segment of your partners",
            }
        ],
        "slash_commands": [
            {
                "command": COMMAND,
                **where,
                "description": "What waits for you, announcements, and deciding",
                "usage_hint": "announce | status | approve D-123456 | help",
                "should_escape": False,
            }
        ],
    }
