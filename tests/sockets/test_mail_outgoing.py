"""A mail of ours on the wire: its return path names its row, and its signature survives the way to the relay."""

from __future__ import annotations

from pathlib import Path

import dkim
import pytest

from bot.bootstrap.channels import signature_of
from bot.channels.email.bounce import BounceAddresses
from bot.channels.email.look import look_of
from bot.channels.email.outlet import MailOutlet, MailWriter
from bot.channels.email.own import own_addresses
from bot.channels.email.relay import Relay
from bot.channels.email.signing import Signature
from bot.ports import Parcel
from config.errors import ConfigError
from config.settings import Settings
from tests.browser.mails import ANNOUNCEMENT, ROW
from tests.builders import NOW, program
from tests.fakes.dkim_keys import rsa_key
from tests.fakes.scripted_relay import running_relay

OWN = own_addresses(program().vendor, "", program().brand.sender)
BOUNCES = BounceAddresses(OWN.domain, "a secret of the test's installation")
# Lines with dots in front, long ones and foreign letters are what a relay or its client may change.
TEXT = ANNOUNCEMENT + "\n\n.\n\n.. dots\n\n" + "Größe " * 300


def published(name: bytes, timeout: int = 5) -> bytes:
    return rsa_key().record.encode() if name == b"k1._domainkey.lumora.example." else b""


async def test_what_the_relay_gets_is_signed_and_bounces_to_its_row() -> None:
    async with running_relay() as far:
        client = Relay("127.0.0.1", far.port, tls="none", timeout=5)
        writer = MailWriter(OWN, "https://agent.lumora.example", look_of(program().brand, "Lumora"))
        signature = Signature(OWN.domain, "k1", rsa_key().pem)
        outlet = MailOutlet(client, writer, OWN, lambda: NOW, bounces=BOUNCES, signature=signature)
        payload: dict[str, object] = {
            "to": "sara@brightpath.example", "subject": "Größe", "text": TEXT, "reply_key": "0" * 32,
            "opt_out_token": "t0ken", "language": "de",
        }  # fmt: skip
        await outlet.send(Parcel(ROW, "announcement", payload, attempts=0))
        await client.close()
    (raw,) = far.taken
    assert dkim.DKIM(raw.replace(b"\r\n..", b"\r\n.")).verify(dnsfunc=published)
    (sender,) = far.senders
    assert BOUNCES.row_of(sender.partition("<")[2].partition(">")[0]) == ROW


def test_a_key_that_is_not_there_or_cannot_sign_stops_the_start_in_plain_words(tmp_path: Path) -> None:
    file = tmp_path / "dkim.pem"
    settings = Settings(dkim_selector="k1", dkim_key=str(file))
    with pytest.raises(ConfigError, match="dkim_key: the file cannot be read"):
        signature_of(settings, OWN)
    file.write_bytes(b"no key")
    with pytest.raises(ConfigError, match="use an RSA private key in PEM"):
        signature_of(settings, OWN)
    file.write_bytes(rsa_key().pem)
    made = signature_of(settings, OWN)
    assert made is not None
    assert made.domain == "lumora.example"


def test_without_a_selector_the_relay_signs() -> None:
    assert signature_of(Settings(), OWN) is None
