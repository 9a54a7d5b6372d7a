"""Mail's inlet: an accepted mail becomes a neutral message, with what proves its sender and what finds its thread."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from bot.channels.email.bounce import BounceAddresses, is_bounce_address
from bot.channels.email.incoming import thread_hints, to_message
from bot.channels.email.own import OwnAddresses
from bot.ports import CAME_BACK, Incoming, InletUnavailable, RawMessage, Unreadable
from bot.vocabulary.delivery import DeliveryReport, Failure
from bot.vocabulary.message import Message
from mail_ingest.apart import ReaderApart
from mail_ingest.authentication.proof import SenderCheck, SenderProof
from mail_ingest.automatic import OWN_MAIL
from mail_ingest.dedupe import dedupe_key
from mail_ingest.envelope import Envelope
from mail_ingest.errors import MailRefused, ReaderBusy, ReaderUnavailable
from mail_ingest.limits import header_block
from mail_ingest.parse import ParsedMail

log = logging.getLogger(__name__)

_RETURN_PATH = "sent to a return path"  # a sign in words, as the parser has them
_BUSY = 5.0  # seconds until a large mail that found no place to be read in comes again
_CHECKS_AT_ONCE = 16  # threads of their own: a check may wait for DNS, and nothing else has to wait with it


class TrustsThisMachine:
    """The demo's check: mail from this very machine is what it says; never used beyond the demo profile."""

    def prove(self, mail: ParsedMail, envelope: Envelope) -> SenderProof:
        if mail.single_from and _is_loopback(envelope.peer):
            return SenderProof("local", "demo profile: mail from this machine is trusted")
        return SenderProof("", "not from this machine, or without a single From address")


class MailInlet:
    """Implements `bot.ports.Inlet`."""

    def __init__(
        self, own: OwnAddresses, check: SenderCheck, reader: ReaderApart, bounces: BounceAddresses | None = None
    ) -> None:
        """`reader` is closed by whoever made it; `bounces` knows the return paths of our own mail."""
        self._bounces = bounces
        self._own = own
        self._check = check
        self._reader = reader
        self._threads = ThreadPoolExecutor(_CHECKS_AT_ONCE, "sender check")

    async def read(self, raw: RawMessage) -> Incoming:
        envelope = to_envelope(raw)
        try:
            mail = await self._reader.parse(
                raw.raw, envelope_sender=envelope.mail_from, own_addresses=self._own.addresses
            )
        except MailRefused as fault:
            raise Unreadable(str(fault), await self._head(raw, envelope)) from fault
        except ReaderBusy as fault:
            raise InletUnavailable(str(fault), _BUSY, only_this=True) from fault
        except ReaderUnavailable as fault:
            raise InletUnavailable(str(fault)) from fault
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._incoming, raw, envelope, mail)

    async def _head(self, raw: RawMessage, envelope: Envelope) -> Incoming | None:
        """The mail by its header alone; None where that is beyond reading, too, and may hide a sign of a machine."""
        head = header_block(raw.raw) + b"\r\n\r\n"
        try:
            mail = await self._reader.parse(head, envelope_sender=envelope.mail_from, own_addresses=self._own.addresses)
        except (MailRefused, ReaderUnavailable):
            return None
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._incoming, raw, envelope, mail)

    def _incoming(self, raw: RawMessage, envelope: Envelope, mail: ParsedMail) -> Incoming:
        proof = self._check.prove(mail, envelope)
        log.info("message %s: %s", raw.inbox_id, proof.reason)
        hints = thread_hints(envelope, mail)
        message = to_message(envelope, mail, inbox_id=raw.inbox_id, proof=proof, own_addresses=self._own.addresses)
        return Incoming(
            self._never_answered(message, envelope),
            dedupe_key=f"mail:{dedupe_key(raw.raw, by_id=proof.id_signed)}",
            reply_keys=hints.reply_keys,
            thread_message_ids=hints.message_ids,
            subject=mail.subject,
            ignore=CAME_BACK if mail.automatic == OWN_MAIL else "",
            undecided=proof.reason if proof.temporary else "",
            report=self._report(mail, envelope),
        )

    def _never_answered(self, message: Message, envelope: Envelope) -> Message:
        """What comes to a return path is meant for no reader, whatever it says of itself."""
        if message.automatic or not any(is_bounce_address(to, self._own.domain) for to in envelope.rcpt_tos):
            return message
        return replace(message, automatic=_RETURN_PATH, no_answer=_RETURN_PATH)

    def _report(self, mail: ParsedMail, envelope: Envelope) -> DeliveryReport | None:
        if mail.report is None:
            return None
        failures = tuple(Failure(f.addresses, f.hard, f.status, f.words) for f in mail.report.failures)
        rows = (self._bounces.row_of(to) for to in envelope.rcpt_tos) if self._bounces else ()
        return DeliveryReport(failures, mail.report.about, next((row for row in rows if row), ""))


def to_envelope(raw: RawMessage) -> Envelope:
    said = raw.envelope
    return Envelope(
        mail_from=str(said.get("mail_from", "")),
        rcpt_tos=tuple(said.get("rcpt_tos", ())),
        peer=str(said.get("peer", "")),
        helo=str(said.get("helo", "")),
        raw=raw.raw,
        received_at=raw.received_at,
    )


def _is_loopback(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False
