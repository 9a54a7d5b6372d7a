"""The relay over real sockets: every way it can fail is one of three, by what is to be done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.channels.email.relay import Relay, RelayOutcomeUnknown, RelayRefused, RelayUnavailable
from tests.fakes.scripted_relay import ScriptedRelay, running_relay

RAW = b"Subject: x\r\n\r\n.hello\r\n"


@pytest.fixture
async def fake() -> AsyncIterator[ScriptedRelay]:
    async with running_relay() as relay:
        yield relay


@pytest.fixture
async def relay(fake: ScriptedRelay) -> AsyncIterator[Relay]:
    relay = Relay("127.0.0.1", fake.port, tls="none", timeout=2.0)
    yield relay
    await relay.close()


async def test_mails_go_over_one_connection(fake: ScriptedRelay, relay: Relay) -> None:
    await asyncio.gather(*(relay.send(RAW, "agent@vendor.example", "ann@acme.example") for _ in range(3)))
    assert fake.taken == [RAW.replace(b".hello", b"..hello")] * 3
    assert fake.connections == 1


async def test_a_bounce_address_may_be_empty(fake: ScriptedRelay, relay: Relay) -> None:
    await relay.send(RAW, "", "ann@acme.example")
    assert fake.senders == ["MAIL FROM:<>"]


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "."])
async def test_a_permanent_no_refuses_one_mail_and_not_the_next(
    fake: ScriptedRelay, relay: Relay, command: str
) -> None:
    kept = fake.answers[command]
    fake.answers[command] = "550 5.7.1 not this one"
    with pytest.raises(RelayRefused, match="not this one") as refused:
        await relay.send(RAW, "agent@vendor.example", "ann@acme.example")
    assert refused.value.code == 550
    fake.answers[command] = kept
    await relay.send(RAW, "agent@vendor.example", "ann@acme.example")
    assert len(fake.taken) == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "."])
async def test_a_temporary_no_is_to_be_tried_again(fake: ScriptedRelay, relay: Relay, command: str) -> None:
    fake.answers[command] = "451 4.3.0 later"
    with pytest.raises(RelayUnavailable, match="later"):
        await relay.send(RAW, "agent@vendor.example", "ann@acme.example")


async def test_a_missing_login_is_not_the_mails_fault(fake: ScriptedRelay, relay: Relay) -> None:
    fake.answers["MAIL"] = "530 5.7.0 authentication required"
    with pytest.raises(RelayUnavailable):
        await relay.send(RAW, "agent@vendor.example", "ann@acme.example")


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
async def test_a_connection_lost_before_data_sent_nothing(fake: ScriptedRelay, relay: Relay, command: str) -> None:
    fake.answers[command] = "hang up"
    with pytest.raises(RelayUnavailable):
        await relay.send(RAW, "agent@vendor.example", "ann@acme.example")


async def test_a_connection_lost_after_data_is_an_unknown_outcome(fake: ScriptedRelay, relay: Relay) -> None:
    fake.answers["."] = "hang up"
    with pytest.raises(RelayOutcomeUnknown):
        await relay.send(RAW, "agent@vendor.example", "ann@acme.example")
    fake.answers["."] = "250 taken"
    await relay.send(RAW, "agent@vendor.example", "ann@acme.example")
    assert len(fake.taken) == 1


async def test_a_kept_connection_that_went_stale_is_opened_again(fake: ScriptedRelay, relay: Relay) -> None:
    await relay.send(RAW, "agent@vendor.example", "ann@acme.example")
    fake.answers["MAIL"] = "hang up"

    async def mend() -> None:
        while fake.connections < 2:
            fake.answers["MAIL"] = "hang up" if fake.connections < 2 and len(fake.senders) < 2 else "250 ok"
            await asyncio.sleep(0)

    mending = asyncio.create_task(mend())
    await relay.send(RAW, "agent@vendor.example", "ann@acme.example")
    await mending
    assert fake.connections == 2
    assert len(fake.taken) == 2


async def test_a_refused_greeting_is_to_be_tried_again(fake: ScriptedRelay, relay: Relay) -> None:
    fake.greeting = "554 not today"
    with pytest.raises(RelayUnavailable):
        await relay.send(RAW, "agent@vendor.example", "ann@acme.example")


async def test_no_relay_at_all_is_to_be_tried_again(fake: ScriptedRelay) -> None:
    async with running_relay() as gone:
        port = gone.port
    relay = Relay("127.0.0.1", port, tls="none", timeout=2.0)
    with pytest.raises(RelayUnavailable):
        await relay.send(RAW, "agent@vendor.example", "ann@acme.example")
    await relay.close()


async def test_a_relay_that_thinks_long_about_a_mail_is_waited_for() -> None:
    async with running_relay() as fake:
        fake.pause = 0.6
        patient = Relay("127.0.0.1", fake.port, tls="none", timeout=0.2)
        await patient.send(b"Subject: x\r\n\r\nhi\r\n", "a@x.example", "b@y.example")
        await patient.close()
        assert len(fake.taken) == 1


async def test_after_the_long_wait_it_is_unknown_whether_the_mail_was_taken() -> None:
    async with running_relay() as fake:
        fake.pause = 0.6
        hasty = Relay("127.0.0.1", fake.port, tls="none", data_timeout=0.2)
        with pytest.raises(RelayOutcomeUnknown):
            await hasty.send(b"Subject: x\r\n\r\nhi\r\n", "a@x.example", "b@y.example")
        await hasty.close()
        await asyncio.sleep(fake.pause)  # the relay's side of the connection ends by itself
