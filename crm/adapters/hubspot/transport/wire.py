"""One HTTP exchange with HubSpot over a kept client of its own package; it blocks, and runs in a thread."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import hubspot
import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, MaxRetryError, ProxyError, SSLError

from crm.adapters.hubspot.options import HubSpotOptions

_CHUNK = 1 << 16
_NO_RETRIES = urllib3.Retry(total=0, raise_on_redirect=False, raise_on_status=False)


class NotSent(Exception):
    """No connection: HubSpot has surely not seen the call."""


class Lost(Exception):
    """The call was sent, and no answer or not all of it came: it may have been carried out."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds to connect, between two parts of an answer, and for all of it (a server that sends a byte now and then
    would hold a thread for ever); `largest` answer in bytes.
    """

    connect: float = 3.05
    read: float = 30.0
    whole: float = 60.0
    largest: int = 64 << 20


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the body of a call, with the other fields of its form."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer as it came; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """`body` is what becomes JSON, an Upload, or None."""

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    body: object = None


class Wire:
    """A pool of kept connections to one account. Raises NotSent and Lost, nothing else of the network."""

    def __init__(self, options: HubSpotOptions, bounds: Bounds | None = None) -> None:
        token = options.token.strip()
        # Of any other, Python's own error would show the header that it stands in.
        self.token_is_usable = token.isascii() and token.isprintable() and bool(token)
        self._secret = token.encode()
        # `host` alone would leave the package's other calls at the public API.
        client = hubspot.Client.create(
            access_token=token,
            host=options.url,
            base_url=options.url,
            retry=_NO_RETRIES,
            connection_pool_maxsize=options.threads,
        )
        # Taken once: the package makes a client and its connections anew at each look.
        self._api = client.crm.objects.basic_api.api_client
        self._pool: urllib3.PoolManager = self._api.rest_client.pool_manager
        self._api.rest_client = _Rest(self._pool, bounds or Bounds())

    def exchange(self, request: Request) -> Raw:
        form = isinstance(request.body, Upload)
        answer: Raw = self._api.call_api(
            request.path,
            request.method,
            query_params=list(request.query),
            header_params={
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                "Content-Type": "multipart/form-data" if form else "application/json",
            },
            body=None if form else request.body,
            post_params=_fields(request.body) if isinstance(request.body, Upload) else None,
            auth_settings=["oauth2"],
            _preload_content=False,
        )
        return replace(answer, content=answer.content.replace(self._secret, b"***"))

    def close(self) -> None:
        for key in self._pool.pools.keys():  # noqa: SIM118
            self._pool.pools[key].close()
        self._pool.clear()  # which alone leaves the connections to the search for garbage


def _fields(upload: Upload) -> list[tuple[str, object]]:
    return [*upload.fields.items(), ("file", (upload.name, upload.content, upload.content_type))]


class _Rest:
    """What the package's client sends with, in place of its own: that one raises for every answer but 2xx, reads those
    whole whatever their size, and fails where they are not UTF-8.
    """

    def __init__(self, pool: urllib3.PoolManager, bounds: Bounds) -> None:
        self._pool = pool
        self._bounds = bounds
        self._timeout = urllib3.Timeout(connect=bounds.connect, read=bounds.read)

    def GET(self, url: str, **given: Any) -> Raw:  # noqa: N802
        return self._request("GET", url, **given)

    def POST(self, url: str, **given: Any) -> Raw:  # noqa: N802
        return self._request("POST", url, **given)

    def PUT(self, url: str, **given: Any) -> Raw:  # noqa: N802
        return self._request("PUT", url, **given)

    def PATCH(self, url: str, **given: Any) -> Raw:  # noqa: N802
        return self._request("PATCH", url, **given)

    def DELETE(self, url: str, **given: Any) -> Raw:  # noqa: N802
        return self._request("DELETE", url, **given)

    def _request(self, method: str, url: str, **given: Any) -> Raw:
        headers = dict(given["headers"])
        content: dict[str, Any] = {}
        if given.get("post_params"):
            del headers["Content-Type"]  # the one that urllib3 makes names the boundary
            content = {"fields": given["post_params"]}
        elif given.get("body") is not None:
            content = {
                "body": json.dumps(given["body"], ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
            }
        if query := given.get("query_params"):
            url = f"{url}?{urlencode(query, errors='replace')}"
        try:
            answer = self._pool.request(
                method,
                url,
                headers=headers,
                timeout=self._timeout,
                preload_content=False,
                **content,
            )
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Raw(answer.status, headers, _whole(answer, self._bounds))
        except HTTPError as fault:
            raise _meaning(fault) from fault


def _whole(answer: urllib3.BaseHTTPResponse, bounds: Bounds) -> bytes:
    """To its end, so that the connection goes back to the pool; one that is given up is closed."""
    until = time.monotonic() + bounds.whole
    parts: list[bytes] = []
    size = 0
    for part in _parts(answer):
        parts.append(part)
        size += len(part)
        if size > bounds.largest or time.monotonic() > until:
            answer.close()
            raise Lost("the answer is too long" if size > bounds.largest else "the answer takes too long")
    return b"".join(parts)


def _parts(answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    """As they come, however few bytes they have; unpacked."""
    while part := answer.read1(_CHUNK, decode_content=True):
        yield part


def _meaning(fault: HTTPError) -> NotSent | Lost:
    reason = fault.reason if isinstance(fault, MaxRetryError) and fault.reason else fault
    said = str(reason).rpartition(": ")[2] or type(reason).__name__
    if isinstance(reason, ConnectTimeoutError | ProxyError) or _is_about_certificate(reason):
        return NotSent(said)
    return Lost(said)


def _is_about_certificate(reason: Exception) -> bool:
    return isinstance(reason, SSLError) and "certificate verify failed" in str(reason).casefold()
