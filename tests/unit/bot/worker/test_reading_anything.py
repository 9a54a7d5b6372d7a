"""A mail with anything in its headers and names is read and kept."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.bot.worker.assembled import assembled, mail

RAW = (
    b"From: S\0ara \xff <sara@brightpath.example>\r\nTo: partners@lumora.example\r\nSubject: a\0b\xff\r\n"
    b"Message-ID: <a\0b\xff@x>\r\nIn-Reply-To: <c\0d@x>\r\nReferences: <e\0f\xff@x>\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-16\r\n\r\n'
    b"\xd8\0\r\n"
    b'--b\r\nContent-Type: x/\0y\r\nContent-Disposition: attachment; filename="n\0\xff"\r\n\r\nx\r\n--b--\r\n'
)


async def test_it_is_read_and_not_shunted(database: str) -> None:
    async with assembled(database) as house:
        arrival = replace(mail("", message_id="<1@x>"), raw=RAW)
        await house.inbox.accept([arrival])
        await house.jobs.read(arrival.id, 0)
        assert await house.state(arrival) == "read"
