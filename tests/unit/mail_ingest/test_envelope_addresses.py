"""Addresses of the SMTP envelope: the short way for plain ones gives what the library's grammar gives."""

from __future__ import annotations

import asyncio

import pytest
from aiosmtpd.smtp import SMTP

from mail_ingest.limits import DEFAULT
from mail_ingest.load import Load, LoadLimits
from mail_ingest.smtp_session import Hooks, SmtpSession, Waiting

ARGUMENTS = [
    "<a@b>",
    "<a.b+c@b.example> SIZE=100 BODY=8BITMIME",
    "  <a@b.c>SIZE=1",
    "<a@b.c> (a comment) SIZE=1",
    "<a (comment)@b.c>",
    "<a@b.c>\tSIZE=1",
    "<a@b.c>>",
    "<>",
    "",
    "<a..b@c>",
    "<.a@c>",
    "<a.@c>",
    '<"x y"@c.de>',
    "a@b.c SIZE=3",
    "<a@[127.0.0.1]>",
    "<@relay.example:a@b.c>",
    "<a@b.c",
    "<ü@b.c>",
    "<a@bücher.example>",
    "<a@b_c.d>",
    f"<{'a' * 3_000}@b.c>",
    "<a@b.c>\r\n X",
]


@pytest.mark.parametrize("argument", ARGUMENTS, ids=lambda argument: argument[:30])
async def test_an_address_is_read_as_the_library_reads_it(argument: str) -> None:
    async def accept(_: object) -> None: ...

    hooks = Hooks(accept, lambda _: True, DEFAULT, Load(LoadLimits()), accept_timeout=1)
    ours = SmtpSession(hooks, DEFAULT, "test", Waiting(1, 1, 1))
    theirs = SMTP(hooks, loop=asyncio.get_running_loop(), enable_SMTPUTF8=True)
    assert ours._getaddr(argument) == theirs._getaddr(argument)
