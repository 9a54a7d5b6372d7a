"""Hostile SMTP dialogues: no second mail, no fault of ours, and nobody keeps a connection for nothing."""

from __future__ import annotations

import asyncio
import random

import pytest

from mail_ingest.limits import Limits
from mail_ingest.load import LoadLimits
from mail_ingest.rates import RateLimits
from mail_ingest.smtp_session import Waiting
from tests.sockets.smtp_peer import Kept, edge_for, peer_of


@pytest.fixture
def kept() -> Kept:
    return Kept()


SMUGGLING = [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r", b"\r\n\0.\r\n"]
SECOND = b"MAIL FROM:<eve@evil.example>\r\nRCPT TO:<partners@vendor.example>\r\nDATA\r\nsecond"


def undotted(content: bytes) -> bytes:
    """A dot that begins a line is the wire's (RFC 5321, 4.5.2)."""
    return content.replace(b"\r\n.", b"\r\n")


@pytest.mark.parametrize("ending", SMUGGLING, ids=lambda ending: ending.hex())
async def test_a_smuggled_second_mail_stays_inside_the_first(kept: Kept, ending: bytes) -> None:
    async with edge_for(kept.accept) as edge, peer_of(edge) as peer:
        assert (await peer.send(b"first" + ending + SECOND)).startswith("250")
        assert (await peer.say("NOOP")).startswith("250")
    (mail,) = kept.mails
    assert mail.raw == undotted(b"first" + ending + SECOND + b"\r\n")


@pytest.mark.parametrize("ending", SMUGGLING, ids=lambda ending: ending.hex())
async def test_it_stays_there_however_it_is_cut_into_packets(kept: Kept, ending: bytes) -> None:
    content = b"first" + ending + SECOND + b"\r\n.\r\n"
    async with edge_for(kept.accept) as edge, peer_of(edge) as peer:
        await peer.say("MAIL FROM:<ann@acme.example>")
        await peer.say("RCPT TO:<partners@vendor.example>")
        await peer.say("DATA")
        for byte in content:
            peer.writer.write(bytes((byte,)))
            await asyncio.sleep(0)
        assert (await peer.answer()).startswith("250")
    (mail,) = kept.mails
    assert mail.raw == undotted(content[:-3])


async def test_the_next_mail_may_follow_in_the_same_packet(kept: Kept) -> None:
    async with edge_for(kept.accept) as edge, peer_of(edge) as peer:
        start = b"MAIL FROM:<ann@acme.example>\r\nRCPT TO:<partners@vendor.example>\r\nDATA\r\n"
        peer.writer.write(start + b"one\r\n.\r\n" + start + b".\r\n" + start + b"three\r\n.\r\nQUIT\r\n")
        answers = [(await peer.answer())[:3] for _ in range(13)]
    assert answers == ["250", "250", "354", "250"] * 3 + ["221"]
    assert [mail.raw for mail in kept.mails] == [b"one\r\n", b"", b"three\r\n"]


async def test_only_what_is_done_is_offered(kept: Kept) -> None:
    async with edge_for(kept.accept) as edge, peer_of(edge) as peer:
        offered = {line[4:].split()[0] for line in (await peer.say("EHLO x")).splitlines()[1:]}
        assert offered == {"SIZE", "8BITMIME", "SMTPUTF8", "HELP"}
        await peer.say("MAIL FROM:<ann@acme.example>")
        await peer.say("RCPT TO:<partners@vendor.example>")
        assert (await peer.say("BDAT 4 LAST")).startswith("500")
        assert (await peer.say("AUTH PLAIN AGEAYg==")).startswith("502")
        assert (await peer.say("EXPN partners")).startswith("502")
        assert (await peer.say("VRFY partners@vendor.example")).startswith("252")
        assert (await peer.data(b"hi")).startswith("250")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (b"MAIL FROM:<a@acme.example>\rRCPT TO:<partners@vendor.example>", "501"),
        (b"MAIL FROM:<a\0b@acme.example>", "553"),
        (b"MAIL FROM:<a@acme.example\0>", "553"),
        (b"MAIL FROM:<j\xfcrg@acme.example>", "553"),
        (b"MAIL FROM:<a@[", "553"),
        (b"MAIL FROM:<" + b"a" * 400 + b"@acme.example>", "553"),
        (b"MAIL FROM:<" + b"a" * 1_500 + b"@acme.example>", "500"),
        (b"MAIL FROM:<" + b"(" * 900, "553"),
        (b"MAIL FROM:<a@acme.example> BODY=BINARYMIME", "501"),
        (b"MAIL FROM:<a@acme.example> SIZE=" + b"9" * 900, "552"),
        (b"MAIL FROM:<a@acme.example> SIZE=-1", "501"),
        (b"MAIL FROM:<a@acme.example> RET=FULL", "555"),
        (b"MAIL\0 FROM:<a@acme.example>", "500"),
        (b"\xff\xfe", "500"),
        (b"", "500"),
        (b"RCPT TO:<partners@vendor.example>", "503"),
        (b"DATA", "503"),
        (b"x" * 100_000, "500"),
    ],
    ids=range(18),
)
async def test_what_is_no_command_is_refused_for_good_and_the_dialogue_goes_on(
    kept: Kept, command: bytes, code: str
) -> None:
    async with edge_for(kept.accept) as edge, peer_of(edge) as peer:
        peer.writer.write(command + b"\r\n")
        assert (await peer.answer())[:3] == code
        assert (await peer.send(b"hi")).startswith("250")
    assert [mail.mail_from for mail in kept.mails] == ["ann@acme.example"]


@pytest.mark.parametrize(
    ("argument", "sender"),
    [
        ("<>", ""),
        ("<@one.example,@two.example:ann@acme.example>", "ann@acme.example"),
        ("<jürg@bücher.example> SMTPUTF8", "jürg@bücher.example"),
        ("<jürg@acme.example>", "jürg@acme.example"),
        ('<"ann lee"@acme.example>', '"ann lee"@acme.example'),
        ("<bounce+" + "a" * 200 + "=partners=vendor.example@acme.example>", None),
        ("<ann@acme.example> SIZE=100 BODY=8BITMIME", "ann@acme.example"),
    ],
)
async def test_unusual_senders_are_taken(kept: Kept, argument: str, sender: str | None) -> None:
    async with edge_for(kept.accept) as edge, peer_of(edge) as peer:
        assert (await peer.say(f"MAIL FROM:{argument}")).startswith("250")
        assert (await peer.say("RCPT TO:<partners@vendor.example>")).startswith("250")
        assert (await peer.data(b"hi")).startswith("250")
    assert kept.mails[0].mail_from == (argument[1:-1] if sender is None else sender)


async def test_commands_may_end_in_a_bare_line_feed_but_no_mail_does(kept: Kept) -> None:
    async with edge_for(kept.accept) as edge, peer_of(edge) as peer:
        peer.writer.write(b"MAIL FROM:<ann@acme.example>\nRCPT TO:<partners@vendor.example>\nDATA\n")
        assert [(await peer.answer())[:3] for _ in range(3)] == ["250", "250", "354"]
        peer.writer.write(b"hi\n.\nstill the same\r\n.\r\n")
        assert (await peer.answer()).startswith("250")
    assert [mail.raw for mail in kept.mails] == [b"hi\n.\nstill the same\r\n"]


async def test_who_only_makes_mistakes_is_hung_up_on_and_may_come_again(kept: Kept) -> None:
    async with edge_for(kept.accept, rates=RateLimits(bad_commands=3)) as edge, peer_of(edge) as peer:
        answers = [await peer.say(line) for line in ("MAIL nobody", "RCPT TO:<x>", "DATA", "MAIL")]
        assert [answer[:3] for answer in answers] == ["501", "503", "503", "421"]
        assert await peer.closed()


async def test_unknown_commands_end_in_421_too_which_bounces_no_mail(kept: Kept) -> None:
    async with edge_for(kept.accept) as edge, peer_of(edge) as peer:
        answers = [await peer.say(f"XMAGIC{n}") for n in range(5)]
        assert [answer[:3] for answer in answers] == ["500"] * 4 + ["421"]
        assert await peer.closed()


async def test_who_talks_without_sending_is_hung_up_on(kept: Kept) -> None:
    async with edge_for(kept.accept, rates=RateLimits(answers=20)) as edge, peer_of(edge) as peer:
        for _ in range(5):
            assert (await peer.send(b"hi")).startswith("250")
        answers = [await peer.say("NOOP") for _ in range(20)]
        assert answers[-1].startswith("421 4.7.0")
        assert await peer.closed()
    assert len(kept.mails) == 5


async def test_nothing_sent_ahead_is_done_after_a_421(kept: Kept) -> None:
    mail = b"MAIL FROM:<ann@acme.example>\r\nRCPT TO:<partners@vendor.example>\r\nDATA\r\nhi\r\n.\r\n"
    async with edge_for(kept.accept, rates=RateLimits(bad_commands=1)) as edge, peer_of(edge) as peer:
        peer.writer.write(b"DATA\r\nDATA\r\n" + mail)
        said = await asyncio.wait_for(peer.reader.read(), 10)
    assert [line[:3] for line in said.decode().splitlines()] == ["503", "421"]
    assert kept.mails == []


@pytest.mark.parametrize("said", [b"DATA\r\n", b""], ids=["within a mail", "before the content"])
async def test_a_byte_now_and_then_does_not_keep_a_connection(kept: Kept, said: bytes) -> None:
    waiting = Waiting(idle=0.2, between_mails=0.6)
    async with edge_for(kept.accept, waiting=waiting) as edge, peer_of(edge) as peer:
        await peer.say("MAIL FROM:<ann@acme.example>")
        await peer.say("RCPT TO:<partners@vendor.example>")
        peer.writer.write(said)
        began = asyncio.get_running_loop().time()
        dripping = asyncio.create_task(_drip(peer.writer))
        last = (await asyncio.wait_for(peer.reader.read(), 10)).decode().splitlines()[-1]
        dripping.cancel()
    assert last.startswith("421 4.4.2")
    assert asyncio.get_running_loop().time() - began < 2
    assert kept.mails == []


async def _drip(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"x")
        await asyncio.sleep(0.05)


async def test_noops_do_not_keep_a_connection(kept: Kept) -> None:
    async with edge_for(kept.accept, waiting=Waiting(between_mails=0.5)) as edge, peer_of(edge) as peer:
        with pytest.raises((AssertionError, ConnectionError)):  # noqa: PT012 - how often it goes well is open
            for _ in range(100):
                assert (await peer.say("NOOP")).startswith("250")
                await asyncio.sleep(0.05)


async def test_a_connection_that_brings_mails_lives_on(kept: Kept) -> None:
    async with edge_for(kept.accept, waiting=Waiting(between_mails=0.6)) as edge, peer_of(edge) as peer:
        for _ in range(8):
            await asyncio.sleep(0.15)
            assert (await peer.send(b"hi")).startswith("250")


async def test_a_slow_commit_is_not_the_peers_delay(kept: Kept) -> None:
    kept.gate.clear()
    waiting = Waiting(idle=0.2, before_mail=0.2, between_mails=0.3, accept=10)
    async with edge_for(kept.accept, waiting=waiting) as edge, peer_of(edge) as peer:
        sending = asyncio.create_task(peer.send(b"hi"))
        await asyncio.sleep(0.5)
        kept.gate.set()
        assert (await sending).startswith("250")


async def test_a_mail_without_an_end_is_cut_off(kept: Kept) -> None:
    async with edge_for(kept.accept, Limits(raw=10_000)) as edge, peer_of(edge) as peer:
        await peer.say("MAIL FROM:<ann@acme.example>")
        await peer.say("RCPT TO:<partners@vendor.example>")
        await peer.say("DATA")
        peer.writer.write(b"x" * 30_000)
        assert (await peer.answer()).startswith("552")
        assert await peer.closed()
    assert kept.mails == []


async def test_a_mail_of_one_long_line_is_taken(kept: Kept) -> None:
    async with edge_for(kept.accept) as edge, peer_of(edge) as peer:
        assert (await peer.send(b"x" * 300_000)).startswith("250")
    assert len(kept.mails[0].raw) == 300_002


async def test_connections_are_counted_to_the_end_whoever_ends_them(kept: Kept) -> None:
    async with edge_for(kept.accept, load=LoadLimits(connections=2), rates=RateLimits(bad_commands=1)) as edge:
        for _ in range(4):
            async with peer_of(edge) as peer:
                peer.writer.write(b"DATA\r\nDATA\r\n")
                assert await peer.closed()
            async with peer_of(edge) as peer:
                await peer.say("QUIT")
            async with peer_of(edge) as peer:
                peer.writer.transport.abort()
            await asyncio.sleep(0.02)


async def test_random_dialogues_get_answers_and_never_a_fault_of_ours(kept: Kept) -> None:
    """Pieces of the protocol and of garbage, in any order: the edge is well afterwards, and what it took is whole."""
    pieces = [
        b"EHLO x\r\n", b"HELO\r\n", b"MAIL FROM:<a@b.example>\r\n", b"MAIL FROM:<>\r\n", b"RSET\r\n", b"NOOP\r\n",
        b"RCPT TO:<c@vendor.example>\r\n", b"RCPT TO:<nobody@else.example>\r\n", b"DATA\r\n", b"hello\r\n", b".\r\n",
        b"\r\n.\r\n", b"HELP DATA\r\n", b"VRFY (((\r\n", b"STARTTLS\r\n", b"AUTH\r\n", b"\0\xff\r\n", b"\r", b"\n",
        b'MAIL FROM:<"\\\r\n', b"x" * 5_000, b"BDAT 5\r\n", b"RCPT TO:<@a,@b:c@vendor.example> X=\xfc\r\n",
    ]  # fmt: skip
    draw = random.Random(20_261_127)
    calm = RateLimits(sender_mails=0, domain_mails=0)
    async with edge_for(kept.accept, rates=calm) as edge:
        for _ in range(60):
            reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
            writer.write(b"EHLO fuzz\r\n" + b"".join(draw.choices(pieces, k=40)) + b"\r\n.\r\nQUIT\r\n")
            said = await asyncio.wait_for(reader.read(), 10)
            writer.close()
            assert said.startswith(b"220 ")
            assert b"451" not in {line[:3] for line in said.splitlines()}
            assert all(b"Error: (" not in line for line in said.splitlines())
        async with peer_of(edge) as peer:
            assert (await peer.send(b"hi")).startswith("250")
