"""A mail with anything in its headers and names is read and kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

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


MANY = b"From: Sara <sara@brightpath.example>\r\nTo: partners@lumora.example\r\nMessage-ID: <2@x>\r\n"
BEYOND = {
    "more than 1000 headers": MANY + b"X-A: b\r\n" * 1_001 + b"\r\nhello\r\n",
    "more than 200 parts": MANY + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 201,
    "nested deeper": MANY
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(30)),
}


@pytest.mark.parametrize("limit", BEYOND)
async def test_a_mail_beyond_a_limit_is_kept_and_shown_and_not_lost(database: str, limit: str) -> None:
    """Headers, parts and depth are counted after the 250: the mail has arrived, and a person looks at it."""
    async with assembled(database) as house:
        arrival = replace(mail("", message_id="<2@x>"), raw=BEYOND[limit])
        await house.inbox.accept([arrival])
        await house.jobs.read(arrival.id, 0)
        assert await house.state(arrival) == "shunted"
        assert bytes(await house.value("select raw from inbox where id = :id", id=arrival.id)) == arrival.raw
        summary = await house.value("select summary from tasks where kind = 'shunted'")
        assert limit in summary
        assert arrival.reference in summary
