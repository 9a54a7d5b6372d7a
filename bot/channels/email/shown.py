"""A mail of ours as people see it: its headers, its plain text, and its HTML with the pictures inside."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass(frozen=True, slots=True)
class ShownMail:
    """`html` loads nothing: each picture that comes with the mail stands in it as a data address."""

    headers: tuple[tuple[str, str], ...]
    text: str
    html: str


def shown(raw: bytes) -> ShownMail:
    """`raw` is a mail that `MailWriter` wrote."""
    mail = message_from_bytes(raw, policy=default)
    html = _body(mail, "html")
    for part in mail.walk():
        if cid := str(part.get("Content-ID") or "").strip("<>"):
            picture = part.get_payload(decode=True)
            data = base64.b64encode(picture).decode() if isinstance(picture, bytes) else ""
            html = html.replace(f"cid:{cid}", f"data:{part.get_content_type()};base64,{data}")
    return ShownMail(tuple((name, str(value)) for name, value in mail.items()), _body(mail, "plain"), html)


def _body(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    return str(body.get_content()) if body else ""
