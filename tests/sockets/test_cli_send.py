"""`partnerline send` against a real SMTP edge: what reaches it, and what is said of each file."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from mail_ingest.edge import SmtpEdge
from mail_ingest.envelope import Envelope
from tests.sockets.commands import called

OWN = {"partners@lumora.example", "deals@lumora.example"}
MAIL = "From: Aoife <aoife@quaywise.example>\nTo: {to}\nSubject: {subject}\n\nHello\n"


class Taken:
    """Keeps what was accepted; a subject of `full` is put off, as by a database that does not answer."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []

    async def __call__(self, envelope: Envelope) -> None:
        if b"Subject: full" in envelope.raw:
            raise OSError("the database does not answer")
        self.mails.append(envelope)


async def send(*words: object) -> tuple[int, str, str]:
    """Beside this event loop, in which the edge listens."""
    return await asyncio.wait_for(asyncio.to_thread(called, "send", *words), 60)


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    made = {"own": "deals@lumora.example", "other": "sales@elsewhere.example", "full": "partners@lumora.example"}
    for name, to in made.items():
        (tmp_path / f"{name}.eml").write_text(MAIL.format(to=to, subject=name))
    return tmp_path


async def test_each_mail_reaches_an_address_of_ours_and_each_answer_is_said(mails: Path) -> None:
    taken = Taken()
    edge = SmtpEdge("127.0.0.1", 0, taken, OWN.__contains__)
    await edge.start()
    try:
        files = [mails / f"{name}.eml" for name in ("own", "other", "full", "missing", "own")]
        code, out, err = await send(*files, "--to", f"127.0.0.1:{edge.port}")
    finally:
        await edge.stop()
    assert code == 1
    assert [line.split()[0] for line in out.splitlines()] == ["taken", "taken", "refused", "refused", "taken"]
    assert "451" in out.splitlines()[2]
    assert [mail.rcpt_tos for mail in taken.mails] == [
        ("deals@lumora.example",), ("partners@lumora.example",), ("deals@lumora.example",),
    ]  # fmt: skip
    assert {mail.mail_from for mail in taken.mails} == {"aoife@quaywise.example"}
    assert not err


async def test_the_recipient_can_be_named_and_a_refused_one_is_said(mails: Path) -> None:
    taken = Taken()
    edge = SmtpEdge("127.0.0.1", 0, taken, OWN.__contains__)
    await edge.start()
    try:
        where = ("--to", f"127.0.0.1:{edge.port}", "--rcpt")
        good = await send(mails / "other.eml", *where, "partners@lumora.example")
        bad = await send(mails / "own.eml", *where, "nobody@lumora.example")
    finally:
        await edge.stop()
    assert good[0] == 0
    assert taken.mails[0].rcpt_tos == ("partners@lumora.example",)
    assert bad[0] == 1
    assert "550" in bad[1]


async def test_where_nobody_listens_one_message_says_what_to_start(mails: Path) -> None:
    code, out, err = await send(mails / "own.eml", "--to", "127.0.0.1:1")
    assert code == 1
    assert "no mail server answers at 127.0.0.1:1" in err
    assert "partnerline serve" in err
    assert "Traceback" not in out + err


async def test_an_address_without_a_port_is_a_fault_of_usage(mails: Path) -> None:
    code, _, err = await send(mails / "own.eml", "--to", "localhost")
    assert code == 2
    assert "--to 127.0.0.1:2525" in err
