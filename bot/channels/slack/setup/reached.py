"""Knocking at our own public address as Slack does: signed it is answered, unsigned it is turned away."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator

import aiohttp

from bot.channels.slack.edge.signing import sign
from bot.channels.slack.setup.manifest import COMMANDS_PATH, EVENTS_PATH, INTERACTIVE_PATH
from crm.findings import Finding, fault, hint, ok

_SECONDS = 10.0
_MOST = 10_000  # bytes of an answer that are read
_SUBJECT = "Events"
_PROXY = "correct public_url, or the proxy in front of http_host and http_port"


async def reached(public_url: str, signing_secret: str, now: int) -> AsyncIterator[Finding]:
    """The address as the world sees it, from this machine. Nothing is stored: Slack asks the same when it checks the
    address. `now` is in seconds since 1970.
    """
    if not public_url:
        said = "no public_url is set, so Slack cannot reach the agent"
        yield fault(_SUBJECT, said, "set public_url, or slack_app_token for Socket Mode")
        return
    base = public_url.rstrip("/")
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session:
            yield await _challenged(session, base + EVENTS_PATH, signing_secret, now)
            for path in (INTERACTIVE_PATH, COMMANDS_PATH):
                async for finding in _turned_away(session, base + path):
                    yield finding
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as found:
        said = f"{base}: {type(found).__name__}; from this machine at least it is not reached"
        yield hint(_SUBJECT, said, f"start `partnerline serve`; {_PROXY}")


async def _challenged(session: aiohttp.ClientSession, url: str, secret: str, now: int) -> Finding:
    challenge = secrets.token_hex(16)
    body = json.dumps({"type": "url_verification", "challenge": challenge}).encode()
    headers = sign(body, secret, now) | {"Content-Type": "application/json"}
    async with session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
        text = (await answer.content.read(_MOST)).decode("utf-8", "replace")
        if answer.status == 401:
            said = f"{url} turns a signed call away: another signing secret, or its clock is wrong"
            return fault(_SUBJECT, said, "start the agent with this slack_signing_secret; set the clock by NTP")
        if answer.status != 200 or challenge not in text:
            return fault(_SUBJECT, f"{url} answers {answer.status}, and not as the agent would", _PROXY)
    return ok(_SUBJECT, f"{url} is reached from here, and takes what is signed")


async def _turned_away(session: aiohttp.ClientSession, url: str) -> AsyncIterator[Finding]:
    """Only what is wrong: a path that the proxy does not let through, or one that takes what nobody signed."""
    async with session.post(url, data=b"payload=%7B%7D", allow_redirects=False) as answer:
        if answer.status == 401:
            return
        if answer.status < 400:
            yield fault(_SUBJECT, f"{url} takes what is not signed", _PROXY)
        else:
            yield fault(_SUBJECT, f"{url} answers {answer.status}: buttons and forms do not arrive", _PROXY)
