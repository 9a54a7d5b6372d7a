"""Unsubscribing with one click (RFC 8058): a mail client posts, a person is asked first, and a GET changes nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

Unsubscribe = Callable[[str], Awaitable[bool]]
"""Takes the token of the link; False when it belongs to nobody. Doing it twice is no error."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,200}")


@dataclass(frozen=True, slots=True)
class _Texts:
    title: str
    question: str
    button: str
    done: str
    unknown: str


_TEXTS = {
    "en": _Texts(
        "Unsubscribe",
        "Do you want to stop receiving partner announcements? Replies and statements will still reach you.",
        "Unsubscribe",
        "You are unsubscribed. No more announcements will be sent to you.",
        "This link is not valid, or no longer valid.",
    ),
    "de": _Texts(
        "Abmelden",
        "Möchten Sie keine Partner-Ankündigungen mehr erhalten? Antworten und Abrechnungen bekommen Sie weiterhin.",
        "Abmelden",
        "Sie sind abgemeldet. Sie erhalten keine Ankündigungen mehr.",
        "Dieser Link ist nicht oder nicht mehr gültig.",
    ),
    "fr": _Texts(
        "Se désabonner",
        "Souhaitez-vous ne plus recevoir les annonces partenaires ? "
        "Vous recevrez toujours les réponses et les relevés.",
        "Se désabonner",
        "Vous êtes désabonné. Vous ne recevrez plus d’annonces.",
        "Ce lien n’est pas valable, ou ne l’est plus.",
    ),
    "nl": _Texts(
        "Afmelden",
        "Wilt u geen partneraankondigingen meer ontvangen? Antwoorden en afrekeningen blijft u ontvangen.",
        "Afmelden",
        "U bent afgemeld. U ontvangt geen aankondigingen meer.",
        "Deze link is niet of niet meer geldig.",
    ),
    "es": _Texts(
        "Darse de baja",
        "¿Desea dejar de recibir los anuncios para partners? Seguirá recibiendo respuestas y liquidaciones.",
        "Darse de baja",
        "Se ha dado de baja. No recibirá más anuncios.",
        "Este enlace no es válido o ya no lo es.",
    ),
}

_STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem}"
    "button{font:inherit;padding:.5rem 1.2rem;cursor:pointer}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def unsubscribe_routes(unsubscribe: Unsubscribe) -> list[Route]:
    async def ask(request: Request) -> HTMLResponse:
        language, texts = _texts_for(request.headers.get("accept-language", ""))
        # The page is the same for every token, so a GET tells nobody which ones exist.
        form = (
            '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">'
            f"<button>{texts.button}</button></form>"
        )
        return _page(language, texts.title, f"<p>{texts.question}</p>{form}")

    async def do(request: Request) -> HTMLResponse:
        language, texts = _texts_for(request.headers.get("accept-language", ""))
        token = str(request.path_params["token"])
        if not _TOKEN.fullmatch(token) or not await unsubscribe(token):
            return _page(language, texts.title, f"<p>{texts.unknown}</p>", status=404)
        return _page(language, texts.title, f"<p>{texts.done}</p>")

    path = "/unsubscribe/{token}"
    return [Route(path, ask, methods=["GET"]), Route(path, do, methods=["POST"])]


def _texts_for(accept_language: str) -> tuple[str, _Texts]:
    """The first of our languages that the browser names; its order is enough, weights are not read."""
    for wanted in accept_language[:200].lower().split(","):
        language = wanted.strip()[:2]
        if language in _TEXTS:
            return language, _TEXTS[language]
    return "en", _TEXTS["en"]


def _page(language: str, title: str, body: str, status: int = 200) -> HTMLResponse:
    html = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>{body}</body></html>"
    )
    return HTMLResponse(html, status, {"Content-Security-Policy": _POLICY})
