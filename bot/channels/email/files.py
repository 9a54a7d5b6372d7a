"""The files of a mail with their contents, read out of it once more when they are needed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.email.incoming import attachment
from bot.ports import AttachedFile, FoundFiles, InletUnavailable, RawMessage, Unreadable
from bot.vocabulary.message import Attachment
from mail_ingest.apart import ReaderApart
from mail_ingest.errors import MailRefused, ReaderUnavailable


class MailFiles:
    """Implements `bot.ports.FileSource`."""

    def __init__(self, reader: ReaderApart) -> None:
        """`reader` is closed by whoever made it."""
        self._reader = reader

    async def files(self, raw: RawMessage, named: Sequence[Attachment] = ()) -> FoundFiles:  # noqa: ARG002
        try:
            mail = await self._reader.parse(raw.raw)
        except MailRefused as fault:
            raise Unreadable(str(fault)) from fault
        except ReaderUnavailable as fault:
            raise InletUnavailable(str(fault)) from fault
        return FoundFiles(
            tuple(map(attachment, mail.attachments)),
            tuple(AttachedFile(attachment(file), file.content) for file in mail.attachments if file.kind),
        )
