"""What a manager types behind the command, in five languages: what the counter does itself, and what is an order."""

from __future__ import annotations

import html
from dataclasses import dataclass
from enum import StrEnum

_READ = 3_000  # characters


class Asks(StrEnum):
    """What is asked of the counter; an ORDER is anything else, read as if written to the agent directly."""

    HELP = "help"
    ANNOUNCE = "announce"
    SCHEDULED = "scheduled"
    ANNOUNCEMENTS = "announcements"
    REPORT = "report"
    STATUS = "status"
    DECIDE = "decide"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Asked:
    """`words` are what stands behind the first word; all of them for an ORDER."""

    kind: Asks
    words: str = ""


_WORDS = {
    Asks.HELP: ("help", "?", "hilfe", "aide", "hulp", "ayuda"),
    Asks.ANNOUNCE: (
        "announce", "announcement", "ankündigen", "ankündigung", "annoncer", "annonce", "aankondigen", "aankondiging",
        "anunciar", "anuncio",
    ),
    Asks.SCHEDULED: ("scheduled", "geplant", "programmé", "programmés", "gepland", "programado", "programados"),
    Asks.ANNOUNCEMENTS: ("announcements", "ankündigungen", "annonces", "aankondigingen", "anuncios"),
    Asks.REPORT: ("report", "bericht", "rapport", "informe"),
    Asks.STATUS: ("status", "state", "stand", "statut", "état", "overzicht", "estado"),
    Asks.DECIDE: ("decide", "entscheiden", "décider", "beslissen", "decidir"),
}  # fmt: skip
_KINDS = {word: kind for kind, words in _WORDS.items() for word in words}


def asked(words: str) -> Asked:
    """Never raises, whatever it is given; nothing at all asks for help."""
    words = html.unescape(words[:_READ])  # as in messages, Slack writes "R&amp;D"
    text = " ".join(words.split())
    first, _, rest = text.partition(" ")
    kind = _KINDS.get(first.casefold().rstrip(":"))
    if not text:
        return Asked(Asks.HELP)
    if kind is None or (kind in (Asks.HELP, Asks.SCHEDULED, Asks.ANNOUNCEMENTS) and rest):
        return Asked(Asks.ORDER, words.strip())
    return Asked(kind, rest.strip())
