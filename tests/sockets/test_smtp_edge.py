"""The SMTP edge over real sockets: what is committed is acknowledged, and nothing else."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from mail_ingest.edge import SmtpEdge
from mail_ingest.limits import Limits
from mail_ingest.load import Load, LoadLimits
from tests.sockets.smtp_peer import Kept, edge_for, ours, peer_of


@pytest.fixture
def kept() -> Kept:
    return Kept()


async def test_a_mail_is_handed_over_as_it_came(kept: Kept) -> None:
    async with edge_for(kept.accept) as edge, peer_of(edge) as peer:
        assert (await peer.send(b"Subject: x\r\n\r\n..dots\r\nend")).startswith("250")
    (mail,) = kept.mails
    assert mail.raw == b"Subject: x\r\n\r\n.dots\r\nend\r\n"
    assert mail.mail_from == "ann@acme.example"
    assert mail.rcpt_tos == ("partners@vendor.example",)
    assert mail.helo == "mail.acme.example"
    assert mail.peer == "127.0.0.1"
    assert mail.received_at.utcoffset() is not None


async def test_the_empty_sender_of_a_bounce_is_accepted(kept: Kept) -> None:
    async with edge_for(kept.accept) as edge, peer_of(edge) as peer:
        assert (await peer.send(b"hi", sender="")).startswith("250")
    assert kept.mails[0].mail_from == ""


async def test_the_peer_hears_250_only_after_the_commit(kept: Kept) -> None:
    kept.gate.clear()
    async with edge_for(kept.accept) as edge, peer_of(edge) as peer:
        sending = asyncio.create_task(peer.send(b"hi"))
        await asyncio.sleep(0.1)
        assert not sending.done()
        kept.gate.set()
        assert (await sending).startswith("250")


@pytest.mark.parametrize("fault", [RuntimeError("password=hunter2"), OSError("disk full"), ValueError()])
async def test_a_failed_commit_is_451_and_says_nothing_of_the_fault(kept: Kept, fault: Exception) -> None:
    kept.fault = fault
    async with edge_for(kept.accept) as edge, peer_of(edge) as peer:
        answer = await peer.send(b"hi")
        assert answer.startswith("451 4.3.0")
        assert "hunter2" not in answer
        kept.fault = None
        assert (await peer.send(b"again")).startswith("250")
    assert [mail.raw for mail in kept.mails] == [b"again\r\n"]


async def test_a_commit_that_hangs_is_451(kept: Kept) -> None:
    kept.gate.clear()
    async with edge_for(kept.accept, accept_timeout=0.05) as edge, peer_of(edge) as peer:
        assert (await peer.send(b"hi")).startswith("451")
    assert kept.mails == []


async def test_a_fault_in_the_recipient_check_is_451_too(kept: Kept) -> None:
    def broken(_: str) -> bool:
        raise LookupError("table gone")

    edge = SmtpEdge("127.0.0.1", 0, kept.accept, broken, hostname="mx.vendor.example")
    await edge.start()
    async with peer_of(edge) as peer:
        await peer.say("MAIL FROM:<ann@acme.example>")
        answer = await peer.say("RCPT TO:<partners@vendor.example>")
        assert answer.startswith("451")
        assert "table" not in answer
    await edge.stop()


async def test_unknown_recipients_are_refused_and_the_known_one_still_gets_the_mail(kept: Kept) -> None:
    async with edge_for(kept.accept) as edge, peer_of(edge) as peer:
        await peer.say("MAIL FROM:<ann@acme.example>")
        assert (await peer.say("RCPT TO:<x@elsewhere.example>")).startswith("550 5.1.1")
        assert (await peer.say("RCPT TO:<partners@vendor.example>")).startswith("250")
        assert (await peer.data(b"hi")).startswith("250")
    assert kept.mails[0].rcpt_tos == ("partners@vendor.example",)


async def test_there_is_a_cap_on_recipients(kept: Kept) -> None:
    async with edge_for(kept.accept, Limits(recipients=2)) as edge, peer_of(edge) as peer:
        await peer.say("MAIL FROM:<ann@acme.example>")
        answers = [await peer.say(f"RCPT TO:<p{n}@vendor.example>") for n in range(3)]
    assert [answer[:3] for answer in answers] == ["250", "250", "452"]


async def test_a_mail_that_is_too_large_is_refused_before_and_after_it_is_sent(kept: Kept) -> None:
    async with edge_for(kept.accept, Limits(raw=1000)) as edge, peer_of(edge) as peer:
        assert (await peer.say("MAIL FROM:<ann@acme.example> SIZE=5000")).startswith("552")
        assert (await peer.send(b"x" * 70 + b"\r\n" + b"y\r\n" * 1000)).startswith("552")
        assert (await peer.send(b"small")).startswith("250")
    assert [mail.raw for mail in kept.mails] == [b"small\r\n"]


async def test_international_addresses_are_taken(kept: Kept) -> None:
    async with edge_for(kept.accept) as edge, peer_of(edge) as peer:
        assert "SMTPUTF8" in await peer.say("EHLO mail.acme.example")
        await peer.say("MAIL FROM:<jürg@acme.example> SMTPUTF8")
        await peer.say("RCPT TO:<partners@vendor.example>")
        assert (await peer.data("Subject: Grüße\r\n\r\nhi".encode())).startswith("250")
    assert kept.mails[0].mail_from == "jürg@acme.example"


async def test_lines_of_two_thousand_characters_are_taken(kept: Kept) -> None:
    async with edge_for(kept.accept) as edge, peer_of(edge) as peer:
        assert (await peer.send(b"x" * 2000)).startswith("250")


async def test_garbage_does_not_end_the_service(kept: Kept) -> None:
    async with edge_for(kept.accept) as edge:
        reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
        writer.write(b"\xff\xfe\0 GET / HTTP/1.1\r\n\r\n" + b"A" * 100_000 + b"\r\n")
        await asyncio.wait_for(reader.readline(), 10)
        writer.close()
        async with peer_of(edge) as peer:
            assert (await peer.send(b"hi")).startswith("250")


async def test_a_peer_that_leaves_in_the_middle_leaves_nothing(kept: Kept) -> None:
    async with edge_for(kept.accept) as edge:
        async with peer_of(edge) as peer:
            await peer.say("MAIL FROM:<ann@acme.example>")
            await peer.say("RCPT TO:<partners@vendor.example>")
            await peer.say("DATA")
            peer.writer.write(b"half a mail\r\n")
        await asyncio.sleep(0.05)
    assert kept.mails == []


async def test_connections_beyond_the_cap_are_told_to_come_back(kept: Kept) -> None:
    async with edge_for(kept.accept, load=LoadLimits(connections=1)) as edge, peer_of(edge):
        reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
        assert (await asyncio.wait_for(reader.readline(), 10)).startswith(b"421")
        writer.close()


async def test_a_peer_gets_no_more_than_its_share_of_the_connections(kept: Kept) -> None:
    share = LoadLimits(connections=10, per_peer=1, uncapped=())
    async with edge_for(kept.accept, load=share) as edge:
        async with peer_of(edge):
            reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
            assert (await asyncio.wait_for(reader.readline(), 10)).startswith(b"421")
            writer.close()
        await asyncio.sleep(0.05)
        async with peer_of(edge) as peer:
            assert (await peer.send(b"hi")).startswith("250")
    free = replace(share, uncapped=("127.0.0.0/8",))
    async with edge_for(kept.accept, load=free) as edge, peer_of(edge), peer_of(edge) as peer:
        assert (await peer.send(b"hi")).startswith("250")


def test_shares_are_counted_by_machine_and_by_network_of_ipv6() -> None:
    load = Load(LoadLimits(connections=6, per_peer=2))
    assert [load.connected(host) for host in ("192.0.2.1", "::ffff:192.0.2.1", "192.0.2.1")] == [True, True, False]
    assert [load.connected(f"2001:db8::{n}") for n in (1, 2, 3)] == [True, True, False]
    load.disconnected("192.0.2.1")
    assert not load.connected("192.0.2.1")
    for _ in range(2):
        load.disconnected("192.0.2.1")
    assert load.connected("192.0.2.2")


async def test_more_bytes_than_fit_are_put_off_before_they_come(kept: Kept) -> None:
    async with edge_for(kept.accept, load=LoadLimits(in_flight=1_000)) as edge, peer_of(edge) as peer:
        await peer.say("MAIL FROM:<ann@acme.example> SIZE=2000")
        await peer.say("RCPT TO:<partners@vendor.example>")
        assert (await peer.say("DATA")).startswith("452 4.3.1")
        assert (await peer.send(b"hi")).startswith("250")
        assert (await peer.send(b"x" * 600)).startswith("250")
        assert (await peer.send(b"x" * 600)).startswith("250")
    assert len(kept.mails) == 3


async def test_mails_under_way_count_until_they_are_committed(kept: Kept) -> None:
    small = LoadLimits(in_flight=1_000)
    async with edge_for(kept.accept, load=small) as edge, peer_of(edge) as one, peer_of(edge) as other:
        kept.gate.clear()
        sending = asyncio.create_task(one.send(b"x" * 900))
        await asyncio.sleep(0.1)
        await other.say("MAIL FROM:<ann@acme.example> SIZE=500")
        await other.say("RCPT TO:<partners@vendor.example>")
        assert (await other.say("DATA")).startswith("452 4.3.1")
        kept.gate.set()
        assert (await sending).startswith("250")
        assert (await other.send(b"x" * 500)).startswith("250")


async def test_a_peer_that_sends_more_than_fits_is_hung_up_on(kept: Kept) -> None:
    async with edge_for(kept.accept, load=LoadLimits(in_flight=1_000)) as edge:
        async with peer_of(edge) as peer:
            assert (await peer.send(b"x" * 500 + b"\r\n" + b"y" * 700)).startswith("421 4.3.1")
        await asyncio.sleep(0.05)
        async with peer_of(edge) as peer:
            assert (await peer.send(b"x" * 900)).startswith("250")
    assert len(kept.mails) == 1


async def test_a_peer_that_never_comes_to_a_mail_is_hung_up_on_early(kept: Kept) -> None:
    async with edge_for(kept.accept, before_mail=0.2) as edge, peer_of(edge) as idle, peer_of(edge) as busy:
        await busy.say("MAIL FROM:<ann@acme.example>")
        await busy.say("RCPT TO:<partners@vendor.example>")
        assert (await asyncio.wait_for(idle.reader.read(), 5)).startswith(b"421 4.4.2")
        await asyncio.sleep(0.3)
        assert (await busy.data(b"hi")).startswith("250")


async def test_a_taken_port_is_an_oserror(kept: Kept) -> None:
    async with edge_for(kept.accept) as edge:
        other = SmtpEdge("127.0.0.1", edge.port, kept.accept, ours)
        with pytest.raises(OSError, match="address already in use"):
            await other.start()


async def test_stopping_lets_a_running_commit_end_and_takes_no_new_mail(kept: Kept) -> None:
    kept.gate.clear()
    async with edge_for(kept.accept) as edge, peer_of(edge) as peer:
        sending = asyncio.create_task(peer.send(b"hi"))
        await asyncio.sleep(0.1)
        stopping = asyncio.create_task(edge.stop(grace=5.0))
        await asyncio.sleep(0.05)
        kept.gate.set()
        assert (await sending).startswith("250")
        await stopping
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", edge.port)
    assert len(kept.mails) == 1


async def test_many_peers_at_once_are_served_together(kept: Kept) -> None:
    async def one(edge: SmtpEdge, number: int) -> str:
        async with peer_of(edge) as peer:
            return await peer.send(b"mail %d" % number)

    async with edge_for(kept.accept) as edge:
        answers = await asyncio.gather(*(one(edge, number) for number in range(40)))
    assert {answer[:3] for answer in answers} == {"250"}
    assert len({mail.raw for mail in kept.mails}) == 40
