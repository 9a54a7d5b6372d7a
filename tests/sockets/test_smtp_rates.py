"""Rates over real sockets: who comes too often hears a temporary refusal, and never one for good."""

from __future__ import annotations

import asyncio

import pytest

from mail_ingest.load import LoadLimits
from mail_ingest.rates import RateLimits
from tests.sockets.smtp_peer import Kept, edge_for, peer_of

STRANGERS = LoadLimits(uncapped=())


@pytest.fixture
def kept() -> Kept:
    return Kept()


async def test_a_sender_over_its_rate_is_put_off_and_others_are_not(kept: Kept) -> None:
    now = 0.0
    limits = RateLimits(sender_mails=20)
    async with edge_for(kept.accept, rates=limits, clock=lambda: now) as edge, peer_of(edge) as peer:
        assert [(await peer.send(b"hi"))[:3] for _ in range(2)] == ["250", "250"]
        assert (await peer.say("MAIL FROM:<Ann@acme.example>")).startswith("450 4.7.1")
        assert (await peer.say("RCPT TO:<partners@vendor.example>")).startswith("503")
        assert (await peer.send(b"hi", sender="bob@acme.example")).startswith("250")
        now = 60.0
        assert (await peer.send(b"hi")).startswith("250")
    assert len(kept.mails) == 4


async def test_a_client_over_its_rate_is_put_off_whoever_it_sends_for(kept: Kept) -> None:
    limits = RateLimits(client_mails=20)
    async with edge_for(kept.accept, load=STRANGERS, rates=limits) as edge, peer_of(edge) as peer:
        answers = [await peer.say(f"MAIL FROM:<a@b{n}.example>") + await peer.say("RSET") for n in range(3)]
    assert [answer[:9] for answer in answers] == ["250 2.1.0", "250 2.1.0", "450 4.7.1"]


async def test_a_client_that_connects_too_often_is_told_to_wait(kept: Kept) -> None:
    async with edge_for(kept.accept, load=STRANGERS, rates=RateLimits(connections_per_minute=2)) as edge:
        for _ in range(2):
            async with peer_of(edge) as peer:
                assert (await peer.send(b"hi")).startswith("250")
        reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
        assert (await asyncio.wait_for(reader.read(), 10)).startswith(b"421 4.7.0")
        writer.close()


async def test_who_tries_out_addresses_is_hung_up_on(kept: Kept) -> None:
    limits = RateLimits(refusals=3)
    async with edge_for(kept.accept, load=STRANGERS, rates=limits) as edge, peer_of(edge) as peer:
        await peer.say("MAIL FROM:<ann@acme.example>")
        answers = [await peer.say(f"RCPT TO:<guess{n}@elsewhere.example>") for n in range(4)]
        assert [answer[:9] for answer in answers] == ["550 5.1.1"] * 3 + ["421 4.7.0"]
        assert await peer.closed()


async def test_the_mail_server_in_front_may_ask_for_many_unknown_recipients(kept: Kept) -> None:
    limits = RateLimits(refusals=3, client_refusals=3, connections_per_minute=1, client_mails=10)
    async with edge_for(kept.accept, rates=limits) as edge:
        for _ in range(3):
            async with peer_of(edge) as peer:
                await peer.say("MAIL FROM:<ann@acme.example>")
                answers = [await peer.say(f"RCPT TO:<guess{n}@elsewhere.example>") for n in range(20)]
                assert {answer[:3] for answer in answers} == {"550"}
                await peer.say("RCPT TO:<partners@vendor.example>")
                assert (await peer.data(b"hi")).startswith("250")
