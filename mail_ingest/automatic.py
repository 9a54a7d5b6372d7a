"""Telling machines from people by what a mail says of itself; a header may stop an answer, it never grants trust.

Two verdicts, as some signs stand on people's mail too: `automatic` names the sign of a machine, `no_answer` the sign
that an automatic answer would be wrong. What is automatic is never answered either. The signs are those of RFC 3834 and
of what Mailman, Discourse, Zammad and Chatwoot stop on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from mail_ingest.headers import Headers, every

OWN_MAIL = "own address"
"""The sign that a mail of ours came back: nothing was said by anybody."""


@dataclass(frozen=True, slots=True)
class AutomaticSign:
    """Signs in words, "" for none. `no_answer` is set wherever `automatic` is."""

    automatic: str = ""
    no_answer: str = ""


@dataclass(frozen=True, slots=True)
class Signs:
    """What the signs are looked for in. `envelope_sender` is None where it is not known ("" is the empty sender)."""

    headers: Headers
    subject: str
    from_address: str
    content_type: str
    envelope_sender: str | None = None
    own_addresses: Collection[str] = ()


_AUTO_WORDS = re.compile(
    r"auto-(?:response|submitted|replied|reply|generated|respond)|holidayreply|machinegenerated", re.IGNORECASE
)
_NOT_PROOF = frozenset(
    {"x-auto-response-suppress", "auto-submitted", "subject", "references", "in-reply-to", "message-id"}
)
# What people and their servers write freely, or where the names of other headers are listed (signatures, verdicts).
_FREE_TEXT = re.compile(
    r"subject|thread-.*|comments|keywords|references|in-reply-to|.*message-id|from|to|cc|bcc|sender|reply-to|resent-.*"
    r"|received(?:-.*)?|return-path|delivered-to|x-original-.*|.*signature.*|arc-.*|authentication-results.*|x-spam.*"
    r"|content-.*|auto-submitted|x-auto-response-suppress",
    re.IGNORECASE,
)
_MACHINE_LOCAL = re.compile(
    r"(?:mailer-?daemon|postmaster|no[-_.]?reply(?:[-+_.].*)?|do[-_.]?not[-_.]?reply(?:[-+_.].*)?|noreply.*"
    r"|bounces?(?:[-+=_.\d].*)?|bounceback"
    r"|nepasrepondre|ne-pas-repondre|keine-antwort|noresponder|no-responder|auto-?reply)",
    re.IGNORECASE,
)
# Phrases that only programs begin a subject with; single words count where a colon, a date or nothing follows them,
# since "Absence de commission" is a person's subject.
_SUBJECT = re.compile(
    r"^\W*(?:auto:|automatic (?:reply|response)|auto[- ]?reply|auto[- ]?response|out of (?:the )?office\b(?! but)"
    r"|away from (?:the|my) (?:office|desk)|vacation (?:reply|response|notice)"
    r"|autosvar|abwesenheits(?:notiz|meldung|nachricht|assistent)|automatische antwort|automatische eingangsbest"
    r"|autoantwort"
    r"|(?:ich bin )?nicht im (?:büro|haus)|urlaubs(?:notiz|meldung|abwesenheit)"
    r"|respuesta autom[aá]tica|fuera de (?:la )?oficina|r[eé]ponse automatique|absence du bureau"
    r"|(?:message|notification|avis) d['’]absence"
    r"|fuori sede|fuori ufficio|risposta automatica|frånvaro|automatisch(?:e)? (?:antwoord|bericht)|afwezigheids\w*"
    r"|buiten kantoor|automaattinen vastaus"
    r"|(?:absence|absente?|en cong[eé]s?|ausencia|ausente|abwesend|abwesenheit|afwezig|afwezigheid|niet aanwezig"
    r"|on (?:annual )?leave"
    r"|on vacation|on holiday|poissa)\s*(?:$|[:(\d]|jusqu|until|till|bis\b|tot\b|hasta)"
    r"|undeliver(?:able|ed)|delivery (?:status notification|failure|has failed|incomplete|delayed)"
    r"|mail delivery (?:failed|failure|system)|returned mail:|failure notice|message (?:delayed|not delivered"
    r"|undeliverable)"
    r"|warning: (?:message|could not send)|unzustellbar|zustellung(?:sbenachrichtigung|.{0,3}(?:fehlgeschlagen"
    r"|verzögert))"
    r"|nicht zugestellt|échec de (?:la )?remise|non remis\s*:|non distribué|message non (?:distribué|remis)"
    r"|onbestelbaar|niet bezorgd|bezorging (?:mislukt|vertraagd)|no se (?:ha podido|pudo) entregar|no entregado"
    r"|error de entrega"
    r"|imposible entregar|correo no entregado|entrega retrasada)",
    re.IGNORECASE,
)
_LIST_HEADER = re.compile(r"list-(?:unsubscribe(?:-post)?|help|archive|owner|subscribe)", re.IGNORECASE)


def automatic_sign(signs: Signs) -> AutomaticSign:
    """The first sign of each kind."""
    automatic = _first_of(_MACHINE, signs)
    return AutomaticSign(automatic, automatic or _first_of(_UNANSWERED, signs))


def _first_of(table: tuple[Callable[[Signs], str], ...], signs: Signs) -> str:
    return next((word for test in table if (word := test(signs))), "")


def _own_address(signs: Signs) -> str:
    return OWN_MAIL if signs.from_address and signs.from_address in signs.own_addresses else ""


def _empty_sender(signs: Signs) -> str:
    """A mail server in front of ours notes the empty sender in Return-Path and may send the mail on with another."""
    known = signs.envelope_sender is not None and not signs.envelope_sender.strip("<> ")
    noted = any(value.strip() == "<>" for value in every(signs.headers, "Return-Path"))
    return "empty envelope sender" if known or noted else ""


def _report(signs: Signs) -> str:
    """Delivery reports, and receipts for what was read."""
    if signs.content_type in _REPORTS:
        return "delivery report"
    return "bounce" if every(signs.headers, "X-Failed-Recipients") else ""


_REPORTS = frozenset({"multipart/report", "message/delivery-status", "message/disposition-notification"})


def _auto_submitted(signs: Signs) -> str:
    """RFC 3834: anything but "no", whatever its parameters; one such header among several is enough."""
    said = (value.split(";")[0].split("(")[0].strip().lower() for value in every(signs.headers, "Auto-Submitted"))
    return next((f"Auto-Submitted: {value[:40]}" for value in said if value and value != "no"), "")


def _precedence(signs: Signs) -> str:
    said = _values(signs, "Precedence") & {"bulk", "junk", "auto_reply"}
    return f"Precedence: {min(said)}" if said else ""


def _autoreply_header(signs: Signs) -> str:
    for name in ("X-Autoreply", "X-Autorespond", "X-Autoreply-From", "X-Mail-Autoreply"):
        if _values(signs, name) - {"no"}:
            return name
    return ""


def _auto_words(signs: Signs) -> str:
    """The words in any header's name, or as its whole value; ids and free text are left out."""
    for name, value in signs.headers:
        if name.lower() not in _NOT_PROOF and (_AUTO_WORDS.search(name) or _AUTO_WORDS.fullmatch(value.strip())):
            return f"header {name[:40]}"
    return ""


def _auto_words_within(signs: Signs) -> str:
    """The words among others in a value: no proof of a machine, as servers add remarks to people's mail."""
    for name, value in signs.headers:
        if not _FREE_TEXT.fullmatch(name) and _AUTO_WORDS.search(value):
            return f"header {name[:40]}"
    return ""


def _loop(signs: Signs) -> str:
    said = {value.strip("<>") for value in _values(signs, "X-Loop")}
    return "X-Loop" if said & {"yes", "true"} or said & set(signs.own_addresses) else ""


def _newsletter(signs: Signs) -> str:
    return next((name for name, _ in signs.headers if _LIST_HEADER.fullmatch(name)), "")


def _machine_sender(signs: Signs) -> str:
    local = signs.from_address.split("@", maxsplit=1)[0]
    return f"sender {local[:40]}" if _MACHINE_LOCAL.fullmatch(local) else ""


def _machine_subject(signs: Signs) -> str:
    return "subject of an automatic mail" if _SUBJECT.match(signs.subject) else ""


def _suppress(signs: Signs) -> str:
    """Exchange puts it on people's mail: it asks for no automatic answer and says nothing of who wrote."""
    said = {word.strip() for value in _values(signs, "X-Auto-Response-Suppress") for word in value.split(",")}
    return "X-Auto-Response-Suppress" if said & {"all", "oof", "autoreply"} else ""


def _mailing_list(signs: Signs) -> str:
    if "list" in _values(signs, "Precedence"):
        return "Precedence: list"
    return next((name for name, _ in signs.headers if name.lower().startswith("list-")), "")


def _no_ack(signs: Signs) -> str:
    if every(signs.headers, "X-No-Ack"):
        return "X-No-Ack"
    return "X-Ack: no" if "no" in _values(signs, "X-Ack") else ""


def _rule_forward(signs: Signs) -> str:
    return "inbox rule" if every(signs.headers, "X-MS-Exchange-Inbox-Rules-Loop") else ""


def _values(signs: Signs, name: str) -> set[str]:
    return {value.strip().lower() for value in every(signs.headers, name)}


_MACHINE: tuple[Callable[[Signs], str], ...] = (
    _own_address,
    _report,
    _empty_sender,
    _auto_submitted,
    _precedence,
    _autoreply_header,
    _loop,
    _newsletter,
    _auto_words,
    _machine_sender,
    _machine_subject,
)
_UNANSWERED: tuple[Callable[[Signs], str], ...] = (
    _suppress,
    _mailing_list,
    _no_ack,
    _rule_forward,
    _auto_words_within,
)
