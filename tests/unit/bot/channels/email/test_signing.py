"""Our own DKIM signature: a checker with the published key believes it, and nobody else's changes stand under it."""

from __future__ import annotations

import dkim
import pytest

from bot.channels.email.signing import KeyUnusable, Signature
from tests.browser.mails import announcement_mail
from tests.fakes.dkim_keys import rsa_key


def verified(raw: bytes) -> bool:
    def txt(name: bytes, timeout: int = 5) -> bytes:
        return rsa_key().record.encode() if name == b"k1._domainkey.lumora.example." else b""

    return bool(dkim.DKIM(raw).verify(dnsfunc=txt))


def signed() -> bytes:
    return Signature("lumora.example", "k1", rsa_key().pem).signed(announcement_mail().as_bytes())


def test_a_signed_mail_is_believed() -> None:
    assert verified(signed())


@pytest.mark.parametrize("name", ["From", "Subject", "Reply-To", "To", "Date"])
def test_no_second_header_of_its_kind_can_be_put_on_top(name: str) -> None:
    first, _, rest = signed().partition(b"\nFrom:")
    assert not verified(first + f"\n{name}: eve@evil.example\r\nFrom:".encode() + rest)


def test_unsubscribing_is_under_the_signature() -> None:
    raw = signed().replace(b"https://agent.lumora.example/unsubscribe", b"https://evil.example/unsubscribe", 1)
    assert not verified(raw)


@pytest.mark.parametrize("key", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", b"\xff" * 50])
def test_a_key_that_cannot_sign_is_refused_at_the_start(key: bytes) -> None:
    with pytest.raises(KeyUnusable):
        Signature("lumora.example", "k1", key)
