"""The one place where Slack's Web API is called and its errors become ours."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.channels.slack.api.connections import Connections
from bot.channels.slack.api.errors import (
    SlackError,
    SlackOutcomeUnknown,
    SlackRateLimited,
    SlackRefused,
    SlackUnauthorised,
    SlackUnavailable,
)
from bot.channels.slack.api.limits import Limits

SLACK_API = "https://slack.com/api/"

# Slack's codes by who can act. A code in none of the tables is a refusal: with `ok: false` nothing was done.
OPERATOR = frozenset(
    {
        "access_denied",
        "account_inactive",
        "enterprise_is_restricted",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
TOO_MUCH = frozenset({"ratelimited", "rate_limited"})
WAIT = frozenset({"request_timeout", "service_unavailable", "team_added_to_org"})
# Slack says of these two that part of the operation may have succeeded.
MAYBE_DONE = frozenset({"fatal_error", "internal_error"})

# Raised before a request left: no connection, no name, no certificate, no usable address.
NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


class SlackClient(AsyncWebClient):
    """The SDK's client, with the limits that its calls keep to and the connections that they share; neither for the
    few calls of a check or a start.
    """

    limits: Limits | None = None
    connections: Connections | None = None


def slack_client(
    token: str,
    *,
    base_url: str = SLACK_API,
    timeout: float = 10.0,
    limits: Limits | None = None,
    connections: Connections | None = None,
) -> SlackClient:
    """A client that sends each request once: the SDK's own retry posts a second time when an answer is lost.

    With `connections` it is these that say how long a call may take.
    """
    client = SlackClient(token=token, base_url=base_url, timeout=max(1, round(timeout)), retry_handlers=[])
    client.limits = limits
    client.connections = connections
    if urlsplit(base_url).hostname in {"localhost", "127.0.0.1", "::1"}:
        # The SDK takes a proxy from the environment even for the machine itself.
        client.proxy = None
    return client


async def call(
    client: AsyncWebClient, method: str, arguments: Mapping[str, Any], *, writes: bool = False
) -> Mapping[str, Any]:
    """Call one method and return Slack's answer with `ok: true`; see `respond`."""
    answer, _ = await respond(client, method, arguments, writes=writes)
    return answer


async def respond(
    client: AsyncWebClient, method: str, arguments: Mapping[str, Any], *, writes: bool = False
) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """Call one method and return Slack's answer with `ok: true`, and its headers.

    `writes` is True where a lost answer leaves it open whether something was done. Raises `SlackError` only, beside
    what keeps the client's limits: `SlackRateLimited` also where the call was not sent, because it would go beyond one.
    """
    limits = client.limits if isinstance(client, SlackClient) else None
    if limits is not None and (wait := await limits.wait(method, arguments)):
        raise SlackRateLimited(f"{method}: its turn comes in {wait:.1f} s", wait)
    try:
        response = await _sent(client, method, _form(arguments), writes=writes)
    except SlackApiError as error:
        fault = _refusal(method, error, writes=writes)
        if limits is not None and isinstance(fault, SlackRateLimited):
            await limits.put_off(method, arguments, fault.retry_after)
        raise fault from error
    except NOT_SENT as error:
        raise SlackUnavailable(f"{method} did not reach Slack: {type(error).__name__}") from error
    except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError, ValueError) as error:
        # ValueError is an answer that is no text in the encoding that it names.
        raise _lost(method, type(error).__name__, writes=writes) from error
    if not isinstance(response.data, dict):
        raise _lost(method, "no JSON object in the answer", writes=writes)
    return response.data, response.headers


async def _sent(client: AsyncWebClient, method: str, form: dict[str, str], *, writes: bool) -> AsyncSlackResponse:
    """Raises what the SDK and aiohttp do."""
    if not isinstance(client, SlackClient) or client.connections is None:
        return await client.api_call(method, data=form)
    client.session = client.connections.session()
    try:
        return await client.api_call(method, data=form)
    except aiohttp.ServerDisconnectedError:
        # Perhaps a kept connection that Slack had closed. What only reads may be asked twice.
        if writes:
            raise
        return await client.api_call(method, data=form)


def _form(arguments: Mapping[str, Any]) -> dict[str, str]:
    """Arguments as Slack documents them for a form: JSON for what is nested, `true` and `false`, nothing for None."""
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in arguments.items()
        if value is not None
    }


def _refusal(method: str, error: SlackApiError, *, writes: bool) -> SlackError:
    """Translate an answer of Slack that is not `ok: true`; `error.response` may be the SDK's or aiohttp's."""
    response: Any = error.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)
    data = getattr(response, "data", None)
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    if status == 429 or code in TOO_MUCH | WAIT:
        kind = SlackUnavailable if code in WAIT else SlackRateLimited
        return kind(f"{method}: {code or 'rate limited'}", _retry_after(response))
    if status >= 500 or code in MAYBE_DONE:
        return _lost(method, code or f"status {status}", writes=writes)
    if code in OPERATOR:
        return SlackUnauthorised(code, method=method)
    if code:
        return SlackRefused(code)
    if status >= 300:
        # Slack itself always names an error: this is a proxy, or a wrong address in the settings.
        return SlackUnavailable(f"{method}: status {status} that is not Slack's")
    return _lost(method, "unreadable answer", writes=writes)


def _lost(method: str, reason: str, *, writes: bool) -> SlackError:
    if writes:
        return SlackOutcomeUnknown(f"{method}: {reason}")
    return SlackUnavailable(f"{method}: {reason}")


def _retry_after(response: Any) -> float:
    """Slack's `Retry-After` in seconds, kept between 1 and 3,600; 30 where it is absent or unreadable."""
    headers: Mapping[str, str] = getattr(response, "headers", None) or {}
    try:
        seconds = float(headers.get("Retry-After", "30"))
    except ValueError:
        return 30.0
    return 30.0 if math.isnan(seconds) else min(max(seconds, 1.0), 3600.0)
