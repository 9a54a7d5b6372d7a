"""A DNS server on loopback that answers from a zone by hand, over UDP and, where an answer is too long, over TCP."""

from __future__ import annotations

import asyncio
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from mail_ingest.authentication.dns import DnsUnavailable, RecordType
from tests.fakes.zone import Zone

_UDP_LIMIT = 1_200
_LARGEST = 65_535


class FakeDnsServer:
    """`port` is known once it runs. A name that fails as "timeout" is not answered, any other way with SERVFAIL."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.host, self.port = "127.0.0.1", 0
        self._udp: asyncio.DatagramTransport | None = None
        self._tcp: asyncio.Server | None = None

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    async def start(self) -> None:
        self._tcp = await asyncio.start_server(self._over_tcp, self.host, 0)
        self.port = self._tcp.sockets[0].getsockname()[1]
        loop = asyncio.get_running_loop()
        self._udp, _ = await loop.create_datagram_endpoint(lambda: _OverUdp(self), local_addr=(self.host, self.port))

    async def stop(self) -> None:
        if self._udp is not None:
            self._udp.close()
        if self._tcp is not None:
            self._tcp.close()
            await self._tcp.wait_closed()

    def answer(self, wire: bytes, limit: int) -> bytes | None:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = cast("RecordType", dns.rdatatype.to_text(question.rdtype))
        response = dns.message.make_response(query, recursion_available=True)
        try:
            found = self.zone.look_up(name, kind, 1)
        except DnsUnavailable as fault:
            if "timeout" in str(fault):
                return None
            response.set_rcode(dns.rcode.SERVFAIL)
            return response.to_wire()
        if found.records:
            texts = [_as_text(record, kind) for record in found.records]
            response.answer.append(dns.rrset.from_text(question.name, int(found.ttl), "IN", kind, *texts))
        elif not self.zone.exists(name):
            response.set_rcode(dns.rcode.NXDOMAIN)
        made = response.to_wire(max_size=_LARGEST)
        if len(made) > limit:
            short = dns.message.make_response(query)
            short.flags |= dns.flags.TC
            return short.to_wire()
        return made

    async def _over_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        size = int.from_bytes(await reader.readexactly(2), "big")
        made = self.answer(await reader.readexactly(size), _LARGEST)
        if made is not None:
            writer.write(len(made).to_bytes(2, "big") + made)
            await writer.drain()
        writer.close()
        await writer.wait_closed()


class _OverUdp(asyncio.DatagramProtocol):
    def __init__(self, server: FakeDnsServer) -> None:
        self._server = server
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        made = self._server.answer(data, _UDP_LIMIT)
        if made is not None and self._transport is not None:
            self._transport.sendto(made, addr)


def _as_text(record: bytes, kind: str) -> str:
    """As in a zone file: a long TXT in pieces, names with their final dot."""
    if kind == "TXT":
        pieces = [record[at : at + 255] for at in range(0, len(record), 255)] or [b""]
        return " ".join('"' + "".join(f"\\{byte:03d}" for byte in piece) + '"' for piece in pieces)
    text = record.decode("ascii")
    return f"{text}." if kind in ("MX", "PTR") else text
