"""Telling machines from people by what a mail says of itself; a header may stop an answer, it never grants trust.

Two verdicts, as some signs stand on people's mail too: `automatic` names the sign of a machine, `no_answer` the sign
that an automatic answer would be wrong. What is automatic is never answered either. The signs are those of RFC 3834 and
of what Mailman, Discourse, Zammad and Chatwoot stop on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from mail_ingest.headers import Headers, first


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
_MACHINE_LOCAL = re.compile(
    r"(?:mailer-?daemon|postmaster|no-?_?\.?reply|do-?_?\.?not-?_?\.?reply|noreply.*|bounces?|bounces?[+=-].*"
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
    return "own address" if signs.from_address and signs.from_address in signs.own_addresses else ""


def _empty_sender(signs: Signs) -> str:
    if signs.envelope_sender is not None:
        return "" if signs.envelope_sender.strip("<> ") else "empty envelope sender"
    paths = [value for name, value in signs.headers if name.lower() == "return-path"]
    return "empty envelope sender" if paths and paths[0].strip() == "<>" else ""


def _report(signs: Signs) -> str:
    if signs.content_type == "multipart/report":
        return "delivery report"
    return "bounce" if first(signs.headers, "X-Failed-Recipients") else ""


def _auto_submitted(signs: Signs) -> str:
    value = first(signs.headers, "Auto-Submitted").split(";")[0].strip().lower()
    return f"Auto-Submitted: {value[:40]}" if value and value != "no" else ""


def _precedence(signs: Signs) -> str:
    value = first(signs.headers, "Precedence").strip().lower()
    return f"Precedence: {value}" if value in ("bulk", "junk", "auto_reply") else ""


def _autoreply_header(signs: Signs) -> str:
    for name in ("X-Autoreply", "X-Autorespond", "X-Autoreply-From", "X-Mail-Autoreply"):
        value = first(signs.headers, name).strip().lower()
        if value and value != "no":
            return name
    return ""


def _auto_words(signs: Signs) -> str:
    """The words in any header's name or value; free text and ids are left out, as anybody may write them there."""
    for name, value in signs.headers:
        if name.lower() not in _NOT_PROOF and (_AUTO_WORDS.search(name) or _AUTO_WORDS.fullmatch(value.strip())):
            return f"header {name[:40]}"
    return ""


def _loop(signs: Signs) -> str:
    value = first(signs.headers, "X-Loop").strip().lower()
    return "X-Loop" if value in ("yes", "true") or (value and value.strip("<>") in signs.own_addresses) else ""


def _newsletter(signs: Signs) -> str:
    return next((name for name, _ in signs.headers if _LIST_HEADER.fullmatch(name)), "")


def _machine_sender(signs: Signs) -> str:
    local = signs.from_address.split("@", maxsplit=1)[0]
    return f"sender {local[:40]}" if _MACHINE_LOCAL.fullmatch(local) else ""


def _machine_subject(signs: Signs) -> str:
    return "subject of an automatic mail" if _SUBJECT.match(signs.subject) else ""


def _suppress(signs: Signs) -> str:
    values = {v.strip().lower() for v in first(signs.headers, "X-Auto-Response-Suppress").split(",")}
    return "X-Auto-Response-Suppress" if values & {"all", "oof", "autoreply"} else ""


def _mailing_list(signs: Signs) -> str:
    if first(signs.headers, "Precedence").strip().lower() == "list":
        return "Precedence: list"
    return next((name for name, _ in signs.headers if name.lower().startswith("list-")), "")


def _no_ack(signs: Signs) -> str:
    if any(name.lower() == "x-no-ack" for name, _ in signs.headers):
        return "X-No-Ack"
    return "X-Ack: no" if first(signs.headers, "X-Ack").strip().lower() == "no" else ""


def _rule_forward(signs: Signs) -> str:
    return "inbox rule" if first(signs.headers, "X-MS-Exchange-Inbox-Rules-Loop") else ""


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
_UNANSWERED: tuple[Callable[[Signs], str], ...] = (_suppress, _mailing_list, _no_ack, _rule_forward)
