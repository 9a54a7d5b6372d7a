"""Confirm: the question to the owner of an address that a message only claims, and what his answer says; pure.

The question holds nothing of the message but the time it came: a spoofer must not be able to send his words through us.
"""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

from bot.vocabulary.decisions import Decision, Outcome
from bot.vocabulary.requests import Intent, Reading

SUBJECT = "confirm.subject"
_SHORT = 12  # words: more than a person needs to say yes, fewer than a machine says
_READ = 2_000  # characters in which a no is looked for
_FIRST = 200  # characters in which a yes or no in one word is looked for


class Consent(StrEnum):
    """UNCLEAR where neither yes nor no is to be made out for sure; MACHINE where nobody has read the question."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"
    MACHINE = "machine"


def question(received: datetime) -> Decision:
    return _said("confirm.question", received=received)


def thanks_for_no() -> Decision:
    return _said("confirm.denied")


def asked_again() -> Decision:
    return _said("confirm.unclear")


def too_late() -> Decision:
    return _said("confirm.expired")


def used_already() -> Decision:
    return _said("confirm.used")


def _said(text: str, **values: datetime) -> Decision:
    return Decision((), (Outcome(text, values),), text.replace(".", "_"))


# Words that count where a line or a sentence begins with them, after a greeting or not; in text whose lines are kept.
_OPENING = (
    r"(?:^|[\n.,;:!)])[ \t>*-]*(?:(?:hi|hello|hallo|bonjour|hola|guten tag|beste|dear|liebe[rs]?)\b[^\n,]{0,30}[\s,]+)?"
)
_YES_WORD = re.compile(
    _OPENING + r"(?:yes|yep|yeah|ja|jawohl|jazeker|oui|klopt|sí"
    # Without its accent it is mostly an "if", with which automatic replies like to begin: "Si es urgente, llame a …".
    r"|si(?=\s*(?:[,.!;\n]|$|(?:fui|soy|lo escrib[ií]|confirmo|claro)\b)))\b",
    re.IGNORECASE,
)
# Agreement that a machine may express as well: enough in a short answer without any doubt in it.
_AGREED = re.compile(
    _OPENING
    + r"(?:ok(?:ay|é)?|confirmed|correct|exactly|approved|agreed|(?:please |yes )?go ahead|best[aä]tigt|stimmt|richtig"
    r"|genau|korrekt|einverstanden|d['’]accord|exact(?:ement)?|tout à fait|akkoord|juist|inderdaad|correcto|exacto"
    r"|de acuerdo|adelante)\b",
    re.IGNORECASE,
)
_NO_WORD = re.compile(_OPENING + r"(?:no|nope|nein|non|nee)\b", re.IGNORECASE)
# Phrases that count anywhere; in text whose white space is evened out.
_YES_PHRASE = re.compile(
    r"\b(?:i (?:can |do |hereby )?confirm|(?:that|it) was me|(?:das|es) war ich|(?:war|ist|kommt) von mir|best[aä]tige"
    r"|c['’]est (?:bien )?moi|je (?:le )?confirme|dat was ik|ik bevestig|(?<!no )(?:fui yo|soy yo|confirmo))\b"
    r"(?! (?:nicht|niet|pas)\b)",
    re.IGNORECASE,
)
_WRITTEN = {
    "en": r"(?:wrote|write|written|send|sent)",
    "de": r"(?:geschrieben|gesendet|geschickt|verschickt|verfasst)",
    "fr": r"(?:écrit|ecrit|envoyé|envoye|rédigé)",
    "nl": r"(?:geschreven|gestuurd|verstuurd|verzonden)",
    "es": r"(?:escrib[ií]|envi[eé]|mand[eé]|escrito|enviado|mandado)",
}
_NO_PHRASE = re.compile(
    r"(?:\b(?:not me|not (?:from|by) me|not mine|nicht (?:ich|von mir)|bin ich nicht|war (?:ich|das) nicht"
    r"|pas (?:de )?moi|was ik niet|niet (?:ik|van mij|door mij)|no (?:fui|he sido|soy) yo|no es m[ií]o"
    r"|spoof\w*|phishing|spam|fraud\w*|fake|betrug|gef[aä]lscht|f[aä]lschung|arnaque|usurp\w*|oplichting|vervalst|estafa|fraude|suplanta\w*|falso"
    rf"|(?:did not|have not|never) (?:\w+ ){{0,2}}?{_WRITTEN['en']}"
    rf"|(?:nicht|nie|nichts|keine \w+|kein \w+) (?:\w+ ){{0,3}}?{_WRITTEN['de']}"
    rf"|n['’]ai (?:pas|jamais|rien) (?:\w+ )?{_WRITTEN['fr']}"
    rf"|(?:niet|nooit|niets|geen \w+) (?:\w+ ){{0,3}}?{_WRITTEN['nl']}"
    rf"|(?:no|nunca) (?:lo |la |le |les |he |yo )*{_WRITTEN['es']})\b)"
    rf"|\b(?:wasn['’]?t me|(?:did|have)n['’]?t (?:\w+ ){{0,2}}?{_WRITTEN['en']})\b",
    re.IGNORECASE,
)
# Words about a mail having come, which say nothing of who wrote it.
_RECEIPT = re.compile(
    r"\b(?:receipt|received|eingang|eingegangen|empfang|erhalt|erhalten|r[ée]ception|reçu|ontvangst|ontvangen|recepción"
    r"|recibo|recibido|ticket)\b",
    re.IGNORECASE,
)
# What a person writes who neither says yes nor no: a doubt, a question without its mark, a wish to be left alone.
_DOUBT = re.compile(
    r"[?¿]|n['’]t\b|\b(?:not|cannot|never|nothing|stop|delete|remove|cancel|unsubscribe|wrong|who|what|why|which"
    r"|nicht|nie|nichts|kein\w*|falsch|wer|was|warum|welche\w*|abmelden"
    r"|pas|jamais|rien|qui|quoi|quel\w*|pourquoi|erreur"
    r"|niet|nooit|niets|geen|wie|wat|waarom|welke|verkeerd|no|nunca|nada|quién|qué|por qué|cu[aá]l|error)\b",
    re.IGNORECASE,
)


def consent(text: str, reading: Reading) -> Consent:
    """What the newly written text of an answer says.

    Only a yes is a yes: a mailbox may be answered by a machine that nothing marks as one, with few words or none, and
    whoever asks "is this spam" or passes the question on has agreed to nothing.
    """
    if reading.requests and all(request.intent is Intent.AUTO_REPLY for request in reading.requests):
        return Consent.MACHINE
    lines = text.strip()[:_READ]
    said = " ".join(lines.split())
    yes = bool(_YES_WORD.search(lines[:_FIRST])) or _agrees(lines, said)
    if _NO_WORD.search(lines[:_FIRST]) or _NO_PHRASE.search(said):
        return Consent.UNCLEAR if yes else Consent.NO
    return Consent.YES if yes else Consent.UNCLEAR


def _agrees(lines: str, said: str) -> bool:
    """Whether it is a yes in other words than yes."""
    if _RECEIPT.search(said):
        return False
    if _YES_PHRASE.search(said):
        return True
    return bool(_AGREED.search(lines[:_FIRST])) and len(said.split()) <= _SHORT and not _DOUBT.search(said)
