"""DNS over the wire: what the resolver makes of what real servers answer, and do not answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from mail_ingest.authentication.dns import Answer, DnsUnavailable, RecordType
from mail_ingest.authentication.resolver import SystemDns
from tests.fakes.dns_server import FakeDnsServer
from tests.fakes.zone import Zone


@pytest.fixture
async def server() -> AsyncIterator[FakeDnsServer]:
    server = FakeDnsServer(Zone(ttl=77))
    await server.start()
    yield server
    await server.stop()


async def look_up(server: FakeDnsServer, name: str, kind: RecordType = "TXT", seconds: float = 5) -> Answer:
    dns = SystemDns([(server.host, server.port)])
    return await asyncio.to_thread(dns.look_up, name, kind, seconds)


async def test_records_of_every_kind_come_as_bytes_with_their_time_to_live(server: FakeDnsServer) -> None:
    server.zone.add("a.example", "TXT", b"v=spf1 -all", b'\xff\x00"quoted" ;')
    server.zone.add("a.example", "A", "192.0.2.1")
    server.zone.add("a.example", "AAAA", "2001:db8::1")
    server.zone.add("a.example", "MX", "10 mx1.a.example", "5 mx0.a.example")
    server.zone.add("1.2.0.192.in-addr.arpa", "PTR", "a.example")
    found = await look_up(server, "a.example")
    assert (set(found.records), found.ttl) == ({b"v=spf1 -all", b'\xff\x00"quoted" ;'}, 77.0)
    assert (await look_up(server, "a.example", "A")).records == (b"192.0.2.1",)
    assert (await look_up(server, "a.example", "AAAA")).records == (b"2001:db8::1",)
    assert set((await look_up(server, "a.example", "MX")).records) == {b"10 mx1.a.example", b"5 mx0.a.example"}
    assert (await look_up(server, "1.2.0.192.in-addr.arpa", "PTR")).records == (b"a.example",)


async def test_a_long_record_comes_in_one_piece_over_tcp(server: FakeDnsServer) -> None:
    long = bytes(range(256)) * 100
    server.zone.add("long.example", "TXT", long)
    assert (await look_up(server, "long.example")).records == (long,)


async def test_no_such_name_and_no_such_record_are_answers(server: FakeDnsServer) -> None:
    server.zone.add("a.example", "A", "192.0.2.1")
    assert (await look_up(server, "nothing.example")).records == ()
    assert (await look_up(server, "a.example")).records == ()


@pytest.mark.parametrize("name", ["a..example", ".", "", "x" * 64 + ".example", "x." * 200 + "example", "ä.example"])
async def test_what_is_no_name_does_not_exist_and_is_not_asked_for(server: FakeDnsServer, name: str) -> None:
    assert (await look_up(server, name)).records == ()
    assert server.zone.asked == []


@pytest.mark.parametrize("name", ["a\\.b.example", "a b.example", "*.example", "%{d}.example", "a\\000.example"])
async def test_characters_in_a_name_are_characters(server: FakeDnsServer, name: str) -> None:
    assert (await look_up(server, name)).records == ()


async def test_a_server_that_fails_is_no_answer(server: FakeDnsServer) -> None:
    server.zone.fail("broken.example")
    with pytest.raises(DnsUnavailable, match=r"broken\.example"):
        await look_up(server, "broken.example")


async def test_a_server_that_is_silent_is_waited_for_no_longer_than_said(server: FakeDnsServer) -> None:
    server.zone.fail("silent.example", "timeout")
    started = time.monotonic()
    with pytest.raises(DnsUnavailable):
        await look_up(server, "silent.example", seconds=0.5)
    assert time.monotonic() - started < 20


async def test_nobody_at_the_servers_port_is_no_answer() -> None:
    dns = SystemDns([("127.0.0.1", 1)])
    with pytest.raises(DnsUnavailable):
        await asyncio.to_thread(dns.look_up, "a.example", "TXT", 0.5)
