"""A labelled mail as the agent's own parser reads it."""

from __future__ import annotations

from bot.evaluation.cases import MailText
from mail_ingest.errors import MailRefused
from mail_ingest.parse import parse


def mail_text(raw: bytes) -> MailText:
    """Empty where the parser refuses the mail: nobody would read more of it."""
    try:
        mail = parse(raw)
    except MailRefused:
        return MailText("")
    names = tuple(attachment.name for attachment in mail.attachments)
    return MailText(mail.visible, mail.new_subject, mail.forwarded, mail.automatic, names)
