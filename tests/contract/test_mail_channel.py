"""Mail keeps the contract of a channel: read in a process of its own, handed to a relay on a real socket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime
from itertools import count

import pytest

from bot.channels.email.inlet import MailInlet
from bot.channels.email.outlet import MailOutlet, MailWriter
from bot.channels.email.own import OwnAddresses, own_addresses
from bot.channels.email.relay import Relay
from bot.ports import Incoming, Inlet, OutletRefused, OutletUnavailable, Parcel, RawMessage
from bot.vocabulary.documents import PDF, Document, to_payload
from bot.vocabulary.message import Sender
from crm.records import Channel
from mail_ingest.apart import ReaderApart
from mail_ingest.authentication.trusted_header import sender_check
from tests.builders import NOW, program
from tests.contract.channel_contract import TEXT, Arrived, FarSide, InletContract, OutletContract
from tests.fakes.relay import FakeRelay, Mood, Taken

SARA = "sara@brightpath.example"
IN_FRONT = "mx.lumora.example"
PAPER = Document("S-2026-10.pdf", PDF, 9, "ab" * 32, "page/ab")
LOST = replace(PAPER, kept="page/gone")


class Shelf:
    """Has the paper and nothing else."""

    async def load(self, document: Document) -> bytes | None:
        return b"%PDF-1.4\n" if document == PAPER else None


@dataclass
class MailIn:
    """A mail server in front of the agent says whose mail it is."""

    inlet: Inlet
    own: OwnAddresses
    channel: Channel = Channel.EMAIL
    sender: Sender = field(default_factory=lambda: Sender(address=SARA, name="Sara Lind", proof="dmarc"))
    unreadable: Sequence[bytes] = field(default=(b"Subject: none\r\n" * 50_000, b"x" * 40_000_000), repr=False)
    numbers: count[int] = field(default_factory=lambda: count(1))

    def opens(self, text: str) -> RawMessage:
        return self._raw(text, verdict="pass")

    def answers(self, text: str, first: Incoming) -> RawMessage:
        return self._raw(text, verdict="pass", in_reply_to=first.message.message_id)

    def unproven(self, text: str) -> RawMessage:
        return self._raw(text, verdict="fail")

    def leads_back(self, incoming: Incoming) -> bool:
        back = incoming.message.reply_to
        return back is not None and (back.to, back.in_reply_to) == (SARA, incoming.message.message_id)

    def go_away(self) -> bool:
        return False

    def _raw(self, text: str, *, verdict: str, in_reply_to: str = "") -> RawMessage:
        number = next(self.numbers)
        mail = EmailMessage(policy=SMTP)
        mail["Authentication-Results"] = f"{IN_FRONT}; dmarc={verdict} header.from=brightpath.example"
        mail["From"] = f"Sara Lind <{SARA}>"
        mail["To"] = self.own.author.address
        mail["Cc"] = "spy@elsewhere.example"
        mail["Subject"] = "Our tier"
        mail["Date"] = format_datetime(NOW)
        mail["Message-ID"] = f"<{number}@brightpath.example>"
        if in_reply_to:
            mail["In-Reply-To"] = in_reply_to
        mail.set_content(text, cte="base64")
        envelope: dict[str, str | list[str]] = {
            "mail_from": SARA, "rcpt_tos": [self.own.author.address], "peer": "127.0.0.1",
        }  # fmt: skip
        return RawMessage(f"in-{number}", mail.as_bytes(), envelope, NOW)


@dataclass
class MailOut:
    relay: FakeRelay
    outlet: MailOutlet

    def parcel(self, number: str, text: str = TEXT) -> Parcel:
        payload: dict[str, object] = {
            "to": SARA, "subject": "Our tier", "text": text, "reply_key": "0" * 32,
            "in_reply_to": "<1@brightpath.example>", "references": ["<1@brightpath.example>"], "language": "en",
        }  # fmt: skip
        return Parcel(number, "reply", payload, attempts=0, first_tried_at=NOW)

    def unsendable(self) -> Parcel:
        parcel = self.parcel("41")
        return Parcel("41", "reply", parcel.payload | {"to": "nobody\r\nBcc: x@evil.example"}, attempts=0)

    def turn(self, mood: FarSide) -> None:
        self.relay.mood = {
            FarSide.WELL: Mood.WELL, FarSide.AWAY: Mood.PUTTING_OFF, FarSide.REFUSING: Mood.REFUSING,
            FarSide.LOST: Mood.LOST,
        }[mood]  # fmt: skip

    def arrived(self) -> list[Arrived]:
        return [_arrived(taken) for taken in self.relay.taken]


def _arrived(taken: Taken) -> Arrived:
    assert taken.to == (SARA,)
    mail = message_from_bytes(taken.mail.as_bytes(), policy=default)
    body = mail.get_body(("plain",))
    assert body is not None
    return Arrived(str(body.get_content()), taken.message_id)


class TestMailIn(InletContract):
    @pytest.fixture
    async def way_in(self) -> AsyncIterator[MailIn]:
        own = own_addresses(program().vendor, "")
        reader = ReaderApart()
        yield MailIn(MailInlet(own, sender_check(IN_FRONT), reader), own)
        await reader.aclose()

    async def test_our_own_mail_come_back_is_ignored(self, way_in: MailIn) -> None:
        raw = way_in.opens(TEXT)
        looped = raw.raw.replace(SARA.encode(), way_in.own.author.address.encode())
        incoming = await way_in.inlet.read(RawMessage(raw.inbox_id, looped, raw.envelope, NOW))
        assert incoming.ignore
        assert incoming.message.reply_to is None


class TestMailOut(OutletContract):
    @pytest.fixture
    async def way_out(self) -> AsyncIterator[MailOut]:
        own = own_addresses(program().vendor, "")
        far = FakeRelay()
        await far.start()
        relay = Relay("127.0.0.1", far.port, tls="none", timeout=5.0, data_timeout=5.0)
        yield MailOut(far, MailOutlet(relay, MailWriter(own, ""), own, lambda: NOW, documents=Shelf()))
        await relay.close()
        await far.stop()

    async def test_a_relay_that_is_gone_is_waited_for(self, way_out: MailOut) -> None:
        await way_out.relay.stop()
        with pytest.raises(OutletUnavailable):
            await way_out.outlet.send(way_out.parcel("41"))
        await way_out.relay.start()
        await way_out.outlet.send(way_out.parcel("41"))
        assert len(way_out.arrived()) == 1

    async def test_what_a_mail_refers_to_goes_with_it_and_again_at_a_repeat(self, way_out: MailOut) -> None:
        parcel = _with(way_out.parcel("41"), PAPER)
        await way_out.outlet.send(parcel)
        await way_out.outlet.send(parcel)
        first, second = [taken.mail for taken in way_out.relay.taken]
        assert first.as_bytes() == second.as_bytes()
        (paper,) = message_from_bytes(first.as_bytes(), policy=default).iter_attachments()
        assert (paper.get_filename(), paper.get_content()) == ("S-2026-10.pdf", b"%PDF-1.4\n")

    async def test_a_mail_never_goes_without_what_it_refers_to(self, way_out: MailOut) -> None:
        with pytest.raises(OutletRefused, match="is not kept any more"):
            await way_out.outlet.send(_with(way_out.parcel("41"), PAPER, LOST))
        assert way_out.arrived() == []


def _with(parcel: Parcel, *documents: Document) -> Parcel:
    return replace(parcel, payload=parcel.payload | {"documents": to_payload(documents)})
