"""Addresses of the SMTP envelope: read as the library's grammar reads them, and none that nobody could answer."""

from __future__ import annotations

import asyncio

import pytest
from aiosmtpd.smtp import SMTP

from mail_ingest.limits import DEFAULT
from mail_ingest.load import Load, LoadLimits
from mail_ingest.peers import Peers
from mail_ingest.rates import RateLimits, Rates
from mail_ingest.smtp_hooks import Hooks
from mail_ingest.smtp_session import SmtpSession, Waiting

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
    "<a@b.c>\r\n X",
]


NO_ADDRESSES = [
    f"<{'a' * 320}@b.c>",
    "<a\0b@b.c>",
    '<"a\tb"@b.c>',
    "<a\x7f@b.c>",
    "<j\udcfcrg@b.c>",
    "<" + "(" * 900 + "a@b.c>",
    "<a@[",
    '<"',
    "<@",
    "<a@b.c\0>",
]


def session() -> SmtpSession:
    async def accept(_: object) -> None: ...

    rates = Rates(RateLimits(), Peers(()), lambda: 0.0)
    hooks = Hooks(accept, lambda _: True, DEFAULT, Load(LoadLimits()), rates, accept_timeout=1)
    return SmtpSession(hooks, DEFAULT, "test", Waiting(1, 1, 1))


@pytest.mark.parametrize("argument", ARGUMENTS, ids=lambda argument: argument[:30])
async def test_an_address_is_read_as_the_library_reads_it(argument: str) -> None:
    theirs = SMTP(object(), loop=asyncio.get_running_loop(), enable_SMTPUTF8=True)
    assert session()._getaddr(argument) == theirs._getaddr(argument)


@pytest.mark.parametrize("argument", NO_ADDRESSES, ids=range(len(NO_ADDRESSES)))
async def test_what_nobody_could_write_back_to_is_no_address(argument: str) -> None:
    assert session()._getaddr(argument)[0] is None


async def test_the_route_of_old_mail_servers_is_left_out() -> None:
    assert session()._getaddr("<@one.example,@two.example:ann@acme.example>")[0] == "ann@acme.example"
