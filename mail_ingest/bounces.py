"""Reading what a mail server says of a mail that did not arrive: whom it was for, why, and which mail it was.

Reports by RFC 3464 are read here; `flufl.bounce` knows the forms that servers made up before it. All of it is the
report's word: whether it is about a mail of ours is for the caller to see.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from itertools import islice

from flufl.bounce import all_failures

from mail_ingest.address import normalised, read_addresses
from mail_ingest.headers import Headers, decoded, every, first, read_headers

# It writes a stack trace for each mail that it cannot read, which with hostile mail is nobody's fault.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)

_RECIPIENTS = 100
_BLOCKS = 300  # of a report, some without a recipient
_WORDS = 500
_TEXT = 32_768  # characters looked through for reasons and ids in reports of no standard
_LINE = 998
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_CODE = re.compile(r"(?<![\d.])([45])\d\d(?=[ -])")
_FULL = re.compile(
    r"mailbox(?: is)? full|over ?quota|quota (?:exceeded|full)|exceeded (?:the |its |their )?(?:storage|quota)"
    r"|insufficient storage|postfach (?:ist )?voll|boîte (?:aux lettres )?pleine|buz[oó]n lleno|mailbox (?:is )?vol\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"will (?:be retried|retry|keep trying)|still being retried|delivery delayed|temporar", re.IGNORECASE
)
_DELAYED = re.compile(
    r"delay|do not need to resend|verzögert|verzögerung|retard|retrasad|no es necesario reenviar|vertraagd",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"undeliver|not be delivered|delivery (?:status notification|failure|has failed|incomplete)"
    r"|not (?:yet )?been delivered|returned mail|mail delivery failed|failure notice|couldn['’]t be delivered"
    r"|unzustellbar|nicht zugestellt|zustellung (?:fehlgeschlagen|verzögert)"
    r"|échec de (?:la )?remise|(?:pas|non) (?:pu être )?(?:remis|distribué|délivré)"
    r"|onbestelbaar|niet (?:worden )?bezorgd|bezorging (?:mislukt|vertraagd)"
    r"|no se (?:ha podido|pudo) entregar|no ha podido ser entregado|no entregado|entrega (?:retrasada|fallida)",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"user unknown|unknown (?:user|recipient)|no such (?:user|mailbox|recipient)|does(?:n['’]t| not) exist"
    r"|address rejected|(?:benutzer|empfänger|adresse) (?:ist )?(?:unbekannt|existiert nicht)"
    r"|(?:boîte|adresse|destinataire|utilisateur) (?:inexistante?|inconnue?|n['’]existe pas)"
    r"|(?:gebruiker|adres|ontvanger) (?:is )?(?:onbekend|bestaat niet)|onbekende gebruiker"
    r"|(?:buzón|usuario|dirección|destinatario) (?:no existe|desconocid[oa])",
    re.IGNORECASE,
)
_HEAD = 2_000
_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_INNER_ID = re.compile(r"^[> \t]*Message-ID:[ \t]*(?:\r?\n[> \t]+)?(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE)
_SUSPECTED_SENDER = re.compile(r"(?:mailer-?daemon|postmaster|mail-?system|mdaemon)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """`addresses` are the names the report has for it, the one we wrote to first where it says that, in lower case;
    none where it only says that a mail did not arrive.

    `hard` means that the address takes no mail and will not; a full mailbox, a refused content or a delay is not.
    `status` is RFC 3463's ("5.1.1", "" where none is said), `words` what the server said.
    """

    addresses: tuple[str, ...]
    hard: bool
    status: str
    words: str


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """`about` holds the Message-IDs of the mail that failed, with their brackets; empty where the report names none."""

    failures: tuple[FailedRecipient, ...]
    about: tuple[str, ...] = ()


def read_report(
    message: Message, headers: Headers, text: str, *, empty_sender: bool, inner_ids: tuple[str, ...] = ()
) -> DeliveryReport | None:
    """The report that a mail is, or None where it reports no failure.

    `text` is its plain text, `empty_sender` whether its envelope sender was empty, `inner_ids` are Message-IDs of mails
    attached to it.
    """
    said = text[:_TEXT]
    failures = _standard(message)
    if not failures and not _keeps_to_the_standard(message) and _suspected(message, headers, empty_sender=empty_sender):
        subject = decoded(first(headers, "Subject"))[:_WORDS]
        failures = _named_in_header(headers, said) or _made_up(message, said) or _in_words(subject, said)
    if not failures:
        return None
    return DeliveryReport(failures, tuple(dict.fromkeys((*inner_ids, *_INNER_ID.findall(said)))))


def _suspected(message: Message, headers: Headers, *, empty_sender: bool) -> bool:
    """Whether to look for other forms at all: a person may quote a bounce, and ask what it means."""
    return (
        empty_sender
        or bool(every(headers, "X-Failed-Recipients"))
        or message.get_content_type() == "multipart/report"
        or any(_SUSPECTED_SENDER.match(box.address) for box in read_addresses(first(headers, "From"), 1))
    )


def _standard(message: Message) -> tuple[FailedRecipient, ...]:
    """RFC 3464: a block of fields for each recipient."""
    blocks = islice(_blocks(message), _BLOCKS)
    return tuple(islice((failed for block in blocks if (failed := _failed(block))), _RECIPIENTS))


def _keeps_to_the_standard(message: Message) -> bool:
    """A report that says in fields what happened says nothing else in its words: it may tell that all is well."""
    parts = _parts(message) if message.get_content_type() == "multipart/report" else [message]
    return any(part.get_content_type() in _FIELDS for part in parts)


def _blocks(message: Message) -> Iterator[Headers]:
    """Those of the report's own part; what it passes on may hold reports as well, and those are others' affair."""
    parts = _parts(message) if message.get_content_type() == "multipart/report" else [message]
    for part in parts:
        if part.get_content_type() in _STATUS_PARTS:
            for block in _parts(part):
                yield read_headers(block)
                yield from _further(block)


def _parts(message: Message) -> list[Message]:
    """None where it holds text after all, which it would decode by a charset label that may be anything."""
    payload = message.get_payload() if message.is_multipart() else None
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


_FIELDS = (
    "message/delivery-status",
    "message/global-delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
)
_STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")


def _further(block: Message) -> Iterator[Headers]:
    """What the parser took for a mail's text: it knows the international form (RFC 6533) for a mail like any other."""
    rest = None if block.is_multipart() else block.get_payload(decode=True)
    for text in re.split(rb"\r?\n\r?\n", rest[:_TEXT]) if isinstance(rest, bytes) else ():
        yield read_headers(BytesHeaderParser(policy=compat32).parsebytes(text.lstrip(b"\r\n")))


def _failed(block: Headers) -> FailedRecipient | None:
    """None for a block about the whole mail, and for a recipient who got it or got it passed on."""
    action = first(block, "Action").strip().lower()
    delayed = action.startswith("delayed")
    if not delayed and not action.startswith(("failed", "error")):
        return None
    addresses = _addresses(block)
    if not addresses:
        return None
    words = _shown(_typed(first(block, "Diagnostic-Code")) or decoded(first(block, "Status")))
    status = _status(first(block, "Status"), words)
    return FailedRecipient(addresses, not delayed and _is_hard(status, words), status, words)


def _addresses(block: Headers) -> tuple[str, ...]:
    named = (first(block, name) for name in ("Original-Recipient", "X-Actual-Recipient", "Final-Recipient"))
    return tuple(dict.fromkeys(address for value in named if (address := normalised(_typed(value)))))


def _typed(value: str) -> str:
    """`rfc822; ann@acme.example` without its type; comments behind the address are left out by whoever reads it."""
    kind, mark, rest = value.partition(";")
    return decoded(rest if mark and kind.strip().replace("-", "").isalnum() else value).strip()


def _named_in_header(headers: Headers, text: str) -> tuple[FailedRecipient, ...]:
    """Exim names those for whom it gave up."""
    named = [box.address for value in every(headers, "X-Failed-Recipients") for box in read_addresses(value, 100)]
    return _with_reasons(dict.fromkeys(named), text, hard=True)


def _made_up(message: Message, text: str) -> tuple[FailedRecipient, ...]:
    if any(len(line) > _LINE for line in text.split("\n")):
        return ()  # no mail server writes so, and its patterns would take their time
    try:
        later, never = all_failures(message)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        return ()
    gone = _with_reasons(_plain(never), text, hard=True)
    return (*gone, *_with_reasons(_plain(later - never), text, hard=False))


def _in_words(subject: str, text: str) -> tuple[FailedRecipient, ...]:
    """The words of servers that keep to no form, in five languages. Hard only where they say what is wrong."""
    head = text[:_HEAD]
    if not _FAILED.search(f"{subject}\n{head}"):
        return ()
    status, delayed = _status("", head), bool(_DELAYED.search(f"{subject}\n{head}"))
    named = dict.fromkeys(address.lower() for address in _ADDRESS.findall(head))
    code = _STATUS.search(head) or _CODE.search(head)
    words = _shown(head[max(0, code.start() - 40) :] if code else head)
    sure = bool(status and _is_hard(status, head)) or bool(_NOBODY.search(head) and not _FULL.search(head))
    hard = sure and not delayed and not status.startswith("4")
    addresses = tuple(islice(filter(None, map(normalised, named)), _RECIPIENTS))
    return (FailedRecipient(addresses, hard, status, words),)


def _plain(found: Iterable[bytes]) -> list[str]:
    return sorted({address for raw in found if (address := normalised(raw.decode("ascii", "replace")))})


def _with_reasons(addresses: Iterable[str], text: str, *, hard: bool) -> tuple[FailedRecipient, ...]:
    return tuple(_with_reason(address, text, hard=hard) for address in islice(addresses, _RECIPIENTS))


def _with_reason(address: str, text: str, *, hard: bool) -> FailedRecipient:
    """The lines from the address on, where servers write why."""
    at = text.lower().find(address)
    words = _shown(text[at : at + _WORDS].split("\n\n\n", maxsplit=1)[0]) if at >= 0 else ""
    status = _status("", words)
    temporary = bool(_LATER.search(words)) and not status.startswith("5")
    return FailedRecipient((address,), hard and not temporary and _is_hard(status, words), status, words)


def _status(field: str, words: str) -> str:
    """The more telling one: many servers say 5.0.0 in the field and 5.1.1 in their words."""
    said = _STATUS.search(field)
    if said and (said[2], said[3]) != ("0", "0"):
        return said[0]
    closer = _STATUS.search(words)
    if closer and (said is None or closer[1] == said[1]):
        return closer[0]
    if said:
        return said[0]
    code = _CODE.search(words)
    return f"{code[1]}.0.0" if code else ""


def _is_hard(status: str, words: str) -> bool:
    """Whether it is the address that is at fault, by RFC 3463; sure only of what says so."""
    if _FULL.search(words):
        return False
    if not status:
        return True
    kind, subject, detail = status.split(".")
    return kind == "5" and (subject, detail) not in _OUR_FAULT and (subject in ("0", "1") or (subject, detail) in _GONE)


_GONE = {("2", "0"), ("2", "1"), ("4", "1"), ("4", "4")}  # mailbox disabled; no such host or recipient there
_OUR_FAULT = {("1", "7"), ("1", "8"), ("1", "9")}  # the sender's address


def _shown(words: str) -> str:
    return " ".join(words.split())[:_WORDS]
