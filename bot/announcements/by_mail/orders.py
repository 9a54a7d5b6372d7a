"""What a manager orders in reply to a preview, read strictly: one line that says one thing, in five languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.announcements.text_format.revising import says_something
from bot.announcements.text_format.values import WrongValue, time_of
from bot.vocabulary.announcing import Zone


class Word(StrEnum):
    SEND = "send"
    TEST = "test"
    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"
    REMIND = "remind"
    REPORT = "report"
    PROGRESS = "progress"
    PREVIEW = "preview"


_WORDS: dict[Word, tuple[str, ...]] = {
    Word.SEND: (
        "send", "send it", "go", "go ahead", "senden", "sende", "absenden", "abschicken", "verschicken", "versenden",
        "envoyer", "envoyez", "envoie", "verzenden", "verstuur", "versturen", "enviar", "envía", "envíe",
    ),
    Word.TEST: ("test", "send test", "test it", "testen", "teste", "tester", "testez", "probar", "prueba"),
    Word.CANCEL: (
        "cancel", "cancel it", "discard", "never mind", "abbrechen", "stornieren", "verwerfen", "annuler", "annulez",
        "annuleren", "annuleer", "cancelar", "cancela",
    ),
    Word.PAUSE: ("pause", "pause it", "stop", "pausieren", "anhalten", "suspendre", "pauzeren", "pausar", "pausa"),
    Word.RESUME: (
        "resume", "resume it", "continue", "go on", "fortsetzen", "weiter", "reprendre", "reprenez", "hervatten",
        "hervat", "reanudar", "reanuda",
    ),
    Word.REMIND: (
        "remind", "remind them", "reminder", "erinnern", "erinnere", "rappeler", "rappelez", "herinneren", "herinner",
        "recordar", "recuerda",
    ),
    Word.REPORT: ("report", "bericht", "rapport", "informe"),
    Word.PROGRESS: ("progress", "status", "fortschritt", "stand", "progression", "état", "voortgang", "estado"),
    Word.PREVIEW: ("preview", "show", "show it", "vorschau", "aperçu", "voorbeeld", "vista previa"),
}  # fmt: skip
_SAID = {said: word for word, saids in _WORDS.items() for said in saids}
_LONGEST = 200
"""Characters: what is longer is no order."""
_PLEASE = re.compile(r"\A(?:please|bitte|s'il vous plaît|alstublieft|por favor)[ ,]+|[ ,]+(?:please|bitte)\Z")
_MORE = re.compile(
    r"(?: ?(?:to )?(?P<count>\d{1,6})(?: (?:people|contacts|mails))?)?"
    r"(?: ?\b(?:now|jetzt|maintenant|nu|ahora)\b)?"
    r"(?: ?\b(?:at|on|um|am|à|le|om|op|a|el)\b:? (?P<at>\d[\d:.t -]{5,25}?))?"
    r"(?: ?(?:in|by|,)? ?(?:the |their |each )?(?P<zone>partner|vendor)(?:['’]?s?['’]? (?:time|clock|zone))?)?\Z"
)


@dataclass(frozen=True, slots=True)
class Order:
    """`count` is the number of people that was repeated with it; `at` what clocks of `zone` show when it goes out."""

    word: Word
    count: int | None = None
    at: datetime | None = None
    zone: Zone | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """The text anew, or some of its head lines."""

    text: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nothing is done; `why` says what was not understood, as a sentence."""

    why: str


def understood(text: str) -> Order | Version | Unclear:
    """A version that follows an order in the same mail counts alone: whoever changes the text looks at it first."""
    first, _, rest = text.strip().partition("\n")
    order = _order(first)
    if order is None:
        return Version(text) if says_something(text) else Unclear(_unknown(first))
    return Version(rest) if says_something(rest) else order


def _unknown(first: str) -> str:
    shown = first.strip()
    if not shown:
        return "Your mail has no text that I can read."
    return f"“{shown if len(shown) <= 80 else shown[:80] + '…'}” is no order that I know."


def _order(line: str) -> Order | Unclear | None:
    if len(line) > _LONGEST:
        return None
    plain = " ".join(line.casefold().split()).strip("\"'“”„*_.! ")
    plain = _PLEASE.sub("", _PLEASE.sub("", plain))
    for said in sorted(_SAID, key=len, reverse=True):
        if plain == said or plain.startswith(f"{said} "):
            return _whole(_SAID[said], plain[len(said) :])
    return None


def _whole(word: Word, rest: str) -> Order | Unclear | None:
    if not rest:
        return Order(word)
    found = _MORE.match(rest) if word is Word.SEND else None
    if found is None:
        return None
    zone = Zone(found["zone"]) if found["zone"] else None
    try:
        at = time_of(found["at"].strip().replace("t", "T")) if found["at"] else None
    except WrongValue as fault:
        return Unclear(f"{fault.what}; {fault.fix}.")
    if zone is not None and at is None:
        return None
    return Order(word, int(found["count"]) if found["count"] else None, at, zone)
