"""What every request to the console must pass: a known Host, its own Origin, a small body, the session."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.console.session import Session

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LARGEST_BODY = 512 * 1024
LARGEST_UPLOAD = 13_000_000
"""The files of an announcement, 10 MB, with its texts."""
UPLOADS = re.compile(r"/desk/[^/]+/announce")
"""The one path to which files are sent."""
SAFE_METHODS = ("GET", "HEAD")

_HOST = re.compile(
    r"(?:\[(?P<bracketed>[0-9a-f:]+)\]|(?P<name>[a-z0-9.-]+?)\.?)(?::[0-9]{1,5})?"
    r"|(?P<bare>[0-9a-f]*(?::[0-9a-f]*){2,})"
)
"""`bare` is an IPv6 address without brackets, as a setting may hold it."""

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # A form posted under "no-referrer" carries `Origin: null`, which could not be told from a foreign page.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

FRAMED = {
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}
"""Instead of the above for a document that is not ours to trust, shown in a frame of one of our pages."""

Refuse = Callable[[Request, int, str, str], Response]
"""Renders a refusal: request, status, what happened, what to do."""


class Guard:
    """ASGI middleware; the pages behind it may take the four checks for granted."""

    def __init__(self, app: ASGIApp, session: Session, allowed_hosts: Iterable[str], refuse: Refuse) -> None:
        self._app = app
        self._session = session
        self._hosts = frozenset(_name(host) for host in (*LOOPBACK, *allowed_hosts))
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope)
        answer = self._stops(request) or self._logs_in(request) or self._locks_out(request)
        await (answer or self._app)(scope, receive, _with_headers(request, send))

    def _stops(self, request: Request) -> Response | None:
        host = request.headers.get("host", "")
        if _name(host) not in self._hosts:
            return self._refuse(
                request,
                403,
                "This name does not belong to the console",
                "Open the link printed at the start of Partnerline, or add the name to the console's allowed hosts.",
            )
        if request.method in SAFE_METHODS:
            return None
        if not _own_origin(request, host):
            return self._refuse(
                request,
                403,
                "That request came from another page",
                "Nothing was changed. Open the console in its own tab and try again there.",
            )
        return self._weighs(request)

    def _weighs(self, request: Request) -> Response | None:
        length = request.headers.get("content-length", "")
        if not length.isascii() or not length.isdecimal():
            return self._refuse(request, 411, "That request had no length", "Send the form from the console's page.")
        takes_files = UPLOADS.fullmatch(_path(request)) is not None
        if len(length) > 9 or int(length) > (LARGEST_UPLOAD if takes_files else LARGEST_BODY):
            fix = (
                "Nothing was sent. Go back, choose files of at most 10 MB together, and link to larger ones."
                if takes_files
                else "Nothing was sent. Shorten the text to under 500,000 characters."
            )
            return self._refuse(request, 413, "That is too long", fix)
        return None

    def _logs_in(self, request: Request) -> Response | None:
        token = request.query_params.get("token")
        if _path(request) != "/" or token is None or request.method not in SAFE_METHODS:
            return None
        if not self._session.token_fits(token):
            return self._locked(request, "That link is no longer valid")
        response = RedirectResponse("/", 303)
        self._session.open_in(response, secure=request.scope["scheme"] == "https")
        return response

    def _locks_out(self, request: Request) -> Response | None:
        if _path(request).startswith("/static/") or self._session.held_by(request.cookies):
            return None
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if _path(request) == "/metrics" and kind.lower() == "bearer" and self._session.token_fits(token.strip()):
            return None
        return self._locked(request, "The console is locked")

    def _locked(self, request: Request, title: str) -> Response:
        return self._refuse(
            request,
            403,
            title,
            "Partnerline prints a link with a token each time it starts. Open the newest one in this browser: it is in "
            "the terminal where Partnerline runs, on the line that begins with “Console”.",
        )


def _name(host: str) -> str:
    """The bare name of a Host header or of a configured host, lower case; "" for what is no host at all."""
    found = _HOST.fullmatch(host.lower())
    return (found["bracketed"] or found["bare"] or found["name"]) if found else ""


def _path(request: Request) -> str:
    """The path that is routed; `request.url` is put together from the Host header, which may hold a path of its own."""
    return str(request.scope["path"])


def _own_origin(request: Request, host: str) -> bool:
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") == "same-origin"
    return origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")


def _with_headers(request: Request, send: Send) -> Send:
    static = _path(request).startswith("/static/")

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            headers["Cache-Control"] = "no-cache" if static else "no-store"
        await send(message)

    return sending
