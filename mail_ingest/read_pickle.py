"""Taking a mail back from the reading process: a pickle that may make a mail of plain values, and nothing else."""

from __future__ import annotations

import io
import pickle
from datetime import datetime, timedelta, timezone
from typing import Any

from mail_ingest.address import Address
from mail_ingest.bounces import DeliveryReport, FailedRecipient
from mail_ingest.errors import MailRefused
from mail_ingest.parse import ParsedMail
from mail_ingest.parts import MailAttachment

_KNOWN: dict[tuple[str, str], Any] = {
    (kind.__module__, kind.__name__): kind
    for kind in (ParsedMail, Address, MailAttachment, DeliveryReport, FailedRecipient, datetime, timezone, timedelta)
}


class _Unpickler(pickle.Unpickler):
    """The process has read what a stranger wrote: what it answers is data, and never code to run."""

    def find_class(self, module: str, name: str) -> Any:
        try:
            return _KNOWN[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a mail") from None


def unpickled(body: bytes) -> ParsedMail:
    """The mail; MailRefused where the answer is none."""
    try:
        mail = _Unpickler(io.BytesIO(body)).load()
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError, IndexError, KeyError) as fault:
        raise MailRefused("the answer of the reading process is no mail") from fault
    if not isinstance(mail, ParsedMail):
        raise MailRefused("the answer of the reading process is no mail")
    return mail
