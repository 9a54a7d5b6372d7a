"""STARTTLS over real sockets: encrypted from then on, everything before forgotten, nothing smuggled in beneath."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtplib import SMTP

from bot.bootstrap import smtp_certificate, smtp_edge
from bot.channels.email.own import own_addresses
from config.errors import ConfigError
from config.loading import load_settings
from mail_ingest.edge import SmtpEdge
from mail_ingest.load import LoadLimits
from mail_ingest.rates import RateLimits
from mail_ingest.tls import Certificate
from tests.builders import program
from tests.certificates import Files, written
from tests.sockets.smtp_peer import Kept, Peer, edge_for, peer_of


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return written(tmp_path)


def trusting(files: Files) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=files.chain)


@asynccontextmanager
async def encrypting(kept: Kept, files: Files, **settings: Any) -> AsyncIterator[SmtpEdge]:
    async with edge_for(kept.accept, certificate=Certificate(files.chain, files.key), **settings) as edge:
        yield edge


async def test_a_mail_comes_over_tls(kept: Kept, files: Files) -> None:
    async with encrypting(kept, files) as edge, peer_of(edge) as peer:
        assert "STARTTLS" in await peer.say("EHLO x")
        assert (await peer.say("STARTTLS")).startswith("220")
        await peer.upgrade(trusting(files))
        offered = await peer.say("EHLO mail.acme.example")
        assert "STARTTLS" not in offered
        assert "AUTH" not in offered
        assert (await peer.send(b"x" * 500_000)).startswith("250")
        assert (await peer.send(b"again")).startswith("250")
    assert [len(mail.raw) for mail in kept.mails] == [500_002, 7]
    assert kept.mails[0].peer == "127.0.0.1"


async def test_an_ordinary_client_comes_through(kept: Kept, files: Files) -> None:
    async with encrypting(kept, files, tls_required=True) as edge:
        client = SMTP(hostname="127.0.0.1", port=edge.port, start_tls=True, tls_context=_unnamed(files), timeout=10)
        async with client:
            await client.sendmail("ann@acme.example", ["partners@vendor.example"], b"Subject: x\r\n\r\nhi")
    assert len(kept.mails) == 1


def _unnamed(files: Files) -> ssl.SSLContext:
    context = trusting(files)
    context.check_hostname = False  # the edge is reached by its number here
    return context


async def test_plain_mail_comes_where_tls_is_only_offered(kept: Kept, files: Files) -> None:
    async with encrypting(kept, files) as edge, peer_of(edge) as peer:
        assert (await peer.send(b"hi")).startswith("250")


async def test_nothing_comes_before_tls_where_it_is_required(kept: Kept, files: Files) -> None:
    async with encrypting(kept, files, tls_required=True) as edge, peer_of(edge) as peer:
        assert (await peer.say("MAIL FROM:<ann@acme.example>")).startswith("530")
        assert (await peer.say("VRFY <partners@vendor.example>")).startswith("530")
        assert (await peer.say("NOOP")).startswith("250")
        await peer.say("STARTTLS")
        await peer.upgrade(trusting(files))
        await peer.say("EHLO mail.acme.example")
        assert (await peer.send(b"hi")).startswith("250")


async def test_without_a_certificate_nothing_is_offered(kept: Kept) -> None:
    async with edge_for(kept.accept) as edge, peer_of(edge) as peer:
        assert "STARTTLS" not in await peer.say("EHLO x")
        assert (await peer.say("STARTTLS")).startswith("454")
        assert (await peer.send(b"hi")).startswith("250")


INJECTED = [
    b"NOOP\r\n",
    b"MAIL FROM:<eve@evil.example>\r\nRCPT TO:<partners@vendor.example>\r\nDATA\r\nstolen\r\n.\r\n",
    b"EHLO evil.example\r\nMAIL FROM:<eve@evil.example>\r\nRCPT TO:<partners@vendor.example>\r\n",
    b"half a comma",
]


@pytest.mark.parametrize("injected", INJECTED, ids=range(len(INJECTED)))
async def test_commands_put_behind_starttls_by_a_third_are_thrown_away(
    kept: Kept, files: Files, injected: bytes
) -> None:
    """CVE-2011-0411: they would be carried out as if they had come encrypted."""
    async with encrypting(kept, files) as edge, peer_of(edge) as peer:
        peer.writer.write(b"STARTTLS\r\n" + injected)
        assert (await peer.answer()).startswith("220")
        await peer.upgrade(trusting(files))
        # Each answer is the one to its own command: no answer to an injected one stands before it.
        assert (await peer.say("RCPT TO:<partners@vendor.example>")).startswith("503")
        assert (await peer.say("EHLO mail.acme.example")).startswith("250-mx.vendor.example")
        assert (await peer.say("RCPT TO:<partners@vendor.example>")).startswith("503")
        assert (await peer.send(b"mine")).startswith("250")
    (mail,) = kept.mails
    assert (mail.mail_from, mail.helo, mail.raw) == ("ann@acme.example", "mail.acme.example", b"mine\r\n")


async def test_what_was_said_in_the_open_is_forgotten(kept: Kept, files: Files) -> None:
    async with encrypting(kept, files) as edge, peer_of(edge) as peer:
        await peer.say("MAIL FROM:<eve@evil.example>")
        await peer.say("RCPT TO:<partners@vendor.example>")
        await peer.say("STARTTLS")
        await peer.upgrade(trusting(files))
        assert (await peer.say("DATA")).startswith("503 Error: send HELO first")
        await peer.say("EHLO mail.acme.example")
        assert (await peer.say("DATA")).startswith("503")
        assert (await peer.send(b"mine")).startswith("250")
    assert [mail.mail_from for mail in kept.mails] == ["ann@acme.example"]


async def test_a_handshake_that_fails_ends_the_connection_and_nothing_else(kept: Kept, files: Files) -> None:
    async with encrypting(kept, files, load=LoadLimits(connections=2)) as edge:
        for garbage in (b"not TLS at all\r\n" * 10, b"\x16\x03\x01\xff\xff" + b"\0" * 400, b""):
            async with peer_of(edge) as peer:
                await peer.say("STARTTLS")
                peer.writer.write(garbage)
                peer.writer.write_eof()
                assert await peer.closed()
            await asyncio.sleep(0.05)
        async with peer_of(edge) as peer, peer_of(edge):
            assert (await peer.send(b"hi")).startswith("250")


async def test_old_versions_of_tls_are_refused(kept: Kept, files: Files) -> None:
    old = trusting(files)
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    async with encrypting(kept, files) as edge, peer_of(edge) as peer:
        await peer.say("STARTTLS")
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await peer.upgrade(old)


async def test_encrypted_connections_are_counted_once_and_to_the_end(kept: Kept, files: Files) -> None:
    async with encrypting(kept, files, load=LoadLimits(connections=2), rates=RateLimits(bad_commands=1)) as edge:
        for ending in ("QUIT", "DATA", ""):
            async with peer_of(edge) as peer, peer_of(edge):
                await peer.say("STARTTLS")
                await peer.upgrade(trusting(files))
                await peer.say("EHLO x")
                await _ended(peer, ending)
            await asyncio.sleep(0.05)


async def _ended(peer: Peer, ending: str) -> None:
    if not ending:
        peer.writer.transport.abort()
        return
    peer.writer.write(f"{ending}\r\n{ending}\r\n".encode())
    assert await peer.closed()


async def test_a_renewed_certificate_is_shown_to_the_next_peer(kept: Kept, files: Files, tmp_path: Path) -> None:
    async with encrypting(kept, files) as edge:
        async with peer_of(edge) as peer:
            await peer.say("STARTTLS")
            await peer.upgrade(trusting(files))
        written(tmp_path)
        async with peer_of(edge) as peer:
            await peer.say("STARTTLS")
            await peer.upgrade(trusting(files))
            await peer.say("EHLO x")
            assert (await peer.send(b"hi")).startswith("250")


async def test_stopping_says_goodbye_to_encrypted_peers_too(kept: Kept, files: Files) -> None:
    async with encrypting(kept, files) as edge, peer_of(edge) as peer:
        await peer.say("STARTTLS")
        await peer.upgrade(trusting(files))
        await peer.say("EHLO x")
        await edge.stop(grace=1.0)
        assert (await asyncio.wait_for(peer.reader.read(), 10)).startswith(b"421 4.3.2")


async def test_the_settings_put_tls_around_the_edge(kept: Kept, files: Files) -> None:
    own = own_addresses(program().vendor, "lumora.example")
    given = {
        "SMTP_PORT": "0",
        "SMTP_TLS": "required",
        "SMTP_TLS_CERT": str(files.chain),
        "SMTP_TLS_KEY": str(files.key),
    }
    edge = smtp_edge(load_settings(environ={f"PARTNERLINE_{k}": v for k, v in given.items()}), kept.accept, own)
    await edge.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
    peer = Peer(reader, writer)
    assert (await peer.answer()).startswith("220 lumora.example")
    assert "STARTTLS" in await peer.say("EHLO x")
    assert (await peer.say("MAIL FROM:<ann@acme.example>")).startswith("530")
    writer.close()
    await edge.stop()


def test_files_of_no_use_stop_the_start_with_the_settings_named(files: Files) -> None:
    files.key.unlink()
    given = {"SMTP_TLS": "offered", "SMTP_TLS_CERT": str(files.chain), "SMTP_TLS_KEY": str(files.key)}
    with pytest.raises(ConfigError, match=r"smtp_tls_cert, smtp_tls_key: there is no file .*key\.pem"):
        smtp_certificate(load_settings(environ={f"PARTNERLINE_{k}": v for k, v in given.items()}))
