"""The block of From, Sent, To and Subject lines that Outlook and others put above the mail they quote."""

from __future__ import annotations

import re
from functools import lru_cache

from mail_ingest.lines import Line

_SENDER_KEY = (
    r"from|von|de|van|da|från|fra|od|от|lähettäjä|gönderen|kimden|remitente|expéditeur|afzender|absender|di|від|feladó"
    r"|de la|发件人|寄件者|差出人|보낸 사람"
)
_DATE_KEY = (
    r"sent|date|gesendet|datum|envoyé(?: le)?|verzonden|enviado(?: el)?|fecha|data|inviato|skickat|sendt|dato"
    r"|message du|wysłano|date d['’]envoi|дата|отправлено|надіслано|tarih|gönderildi|lähetetty|odesláno|küldve|trimis"
    r"|发送时间|寄件日期|送信日時|日時|보낸 날짜"
)
_SUBJECTS = (
    r"subject|betreff|objet|sujet|onderwerp|asunto|oggetto|assunto|ämne|emne|temat|тема|předmět|tárgy|subiect|konu"
    r"|aihe|主题|主旨|件名|제목"
)
_OTHER_KEY = (
    rf"to|an|à|a|aan|para|cc|kopie|copie(?: à)?|copia|till|til|do|reply-to|antwort an|répondre à|tema"
    rf"|vastaanottaja|kime|кому|komu|címzett|către|收件人|收件者|宛先|받는 사람|{_SUBJECTS}"
)
_KEY = re.compile(
    rf"^[\s>*_|]*(?:(?P<sender>{_SENDER_KEY})|(?P<date>{_DATE_KEY})|(?P<other>{_OTHER_KEY}))\s*[*_]*\s?[:：]",
    re.IGNORECASE,
)
_SUBJECT_KEY = re.compile(rf"^[\s>*_|]*(?:{_SUBJECTS})\s*[*_]*\s?[:：]", re.IGNORECASE)
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d{2}\b")
_LINES = 9
_LONGEST_KEY = 80


def header_block(lines: list[Line], at: int) -> int:
    """Lines of a From / Sent / To / Subject block as Outlook writes it; values may be wrapped."""
    if _key_of(lines[at].text[:_LONGEST_KEY]) not in ("sender", "date", "subject"):
        return 0
    seen: set[str] = set()
    end = at
    for n in range(at, min(len(lines), at + _LINES)):
        if key := _key_of(lines[n].text[:_LONGEST_KEY]):
            seen.add(key)
            end = n + 1
        elif lines[n].blank and n > at and not _key_of(lines[min(n + 1, len(lines) - 1)].text[:_LONGEST_KEY]):
            break
    return end - at if _is_block_of_mail(seen, lines[at:end]) else 0


def _is_block_of_mail(seen: set[str], block: list[Line]) -> bool:
    """A sender beside a subject or a mail address: a form with "From", "To" and "Date" may be a journey."""
    if "sender" not in seen or len(seen) < 2:
        return False
    proven = any("@" in line.text or _CLOCK.search(line.text) for line in block)
    return len(seen) >= 3 and ("subject" in seen or proven) if "date" not in seen or not proven else True


@lru_cache(maxsize=1_024)
def _key_of(start: str) -> str:
    """Which key a line begins with, "" for none: sender, date, subject or other. The same lines are asked for often."""
    found = _KEY.match(start)
    if not found:
        return ""
    return "subject" if _SUBJECT_KEY.match(start) else str(found.lastgroup)
