"""Presses of buttons as Slack sends them: a signed form that holds one JSON payload."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.channels.slack.edge.signing import sign

_numbers = itertools.count(1)


def press_payload(
    user: str, team: str, channel: str, action_id: str, value: str, *, message_ts: str, action_ts: str = "",
    **extra: Any,
) -> dict[str, Any]:  # fmt: skip
    """`block_actions` in the shape of Slack's documentation, with what else Slack sends along."""
    number = next(_numbers)
    return {
        "type": "block_actions",
        "user": {"id": user, "username": "someone", "name": "someone", "team_id": team},
        "api_app_id": "A0TESTS",
        "token": "legacy",
        "container": {"type": "message", "message_ts": message_ts, "channel_id": channel, "is_ephemeral": False},
        "trigger_id": f"1.{number}.secret",
        "team": {"id": team, "domain": "somewhere"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel, "name": "privategroup"},
        "message": {"type": "message", "ts": message_ts, "text": "a card", "blocks": []},
        "state": {"values": {}},
        "response_url": f"https://hooks.slack.com/actions/{number}/secret",
        "actions": [
            {
                "action_id": action_id, "block_id": "b", "value": value, "type": "button",
                "text": {"type": "plain_text", "text": "Approve", "emoji": False},
                "action_ts": action_ts or f"{int(time.time())}.{number:06d}",
            }
        ],
        **extra,
    }  # fmt: skip


def form(payload: Any) -> bytes:
    return urlencode({"payload": payload if isinstance(payload, str) else json.dumps(payload)}).encode()


async def send_press(url: str, body: bytes, secret: str, **headers: str) -> int:
    """The status of one signed request; `headers` may overwrite the signature (`_` stands for `-`)."""
    signed = sign(body, secret, int(time.time())) | {"Content-Type": "application/x-www-form-urlencoded"}
    signed |= {name.replace("_", "-"): value for name, value in headers.items()}
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=signed) as answer:
        return answer.status
