"""A signed mail that somebody kept and sends again under another Message-ID, which its signature leaves open."""

from __future__ import annotations

import pytest

from bot.channels.email.inlet import MailInlet
from bot.channels.email.own import own_addresses
from bot.ports import RawMessage
from mail_ingest.apart import ReaderApart
from mail_ingest.authentication.proof import SenderProof
from mail_ingest.envelope import Envelope
from mail_ingest.parse import ParsedMail
from tests.builders import NOW, program


class Signed:
    """Finds every mail signed by its sender, with its Message-ID or without."""

    def __init__(self, *, id_signed: bool) -> None:
        self._id_signed = id_signed

    def prove(self, mail: ParsedMail, envelope: Envelope) -> SenderProof:
        return SenderProof("dkim", "dkim=pass", id_signed=self._id_signed)


async def keys(*ids: str, id_signed: bool, body: str = "Yes") -> set[str]:
    reader = ReaderApart()
    inlet = MailInlet(own_addresses(program().vendor, ""), Signed(id_signed=id_signed), reader)
    found = set()
    try:
        for number, mail_id in enumerate(ids):
            raw = (
                f"From: sara@brightpath.example\r\nMessage-ID: {mail_id}\r\nSubject: Hello\r\n"
                f"Date: Thu, 26 Nov 2026 10:00:00 +0100\r\n\r\n{body}\r\n"
            )
            read = await inlet.read(RawMessage(f"m-{number}", raw.encode(), {}, NOW))
            found.add(str(read.dedupe_key))
    finally:
        await reader.aclose()
    return found


@pytest.mark.parametrize(("id_signed", "different"), [(True, 2), (False, 1)])
async def test_another_message_id_makes_another_mail_only_where_it_is_signed(id_signed: bool, different: int) -> None:
    assert len(await keys("<1@x>", "<2@x>", id_signed=id_signed)) == different


async def test_other_words_are_another_mail_in_any_case() -> None:
    assert await keys("<1@x>", id_signed=False) != await keys("<1@x>", id_signed=False, body="No")
