"""Mail's outlet: an outbox row is written as a mail, the same at every attempt, and handed to the relay."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.channels.email.bounce import BounceAddresses
from bot.channels.email.call import with_call
from bot.channels.email.compose import (
    MailFile,
    Unsubscribe,
    compose_announcement,
    compose_notice,
    compose_reply,
    reply_key_address,
)
from bot.channels.email.copies import Copies
from bot.channels.email.look import PLAIN, Look
from bot.channels.email.own import OwnAddresses
from bot.channels.email.relay import Letter, Relay, RelayOutcomeUnknown, RelayRefused, RelayUnavailable
from bot.channels.email.signing import Signature
from bot.ports import Documents, OutletOutcomeUnknown, OutletRefused, OutletUnavailable, Parcel, Sent
from bot.texts.own import worded
from bot.vocabulary import documents as attached
from bot.vocabulary.layout import from_payload
from bot.vocabulary.message import ReplyAddress
from mail_ingest.subject import bare


class MailWriter:
    """Writes the mail of an outbox row. `public_url` "" leaves the mail address as the only way to unsubscribe."""

    def __init__(self, own: OwnAddresses, public_url: str, look: Look = PLAIN) -> None:
        self._own = own
        self._public_url = public_url.rstrip("/")
        self._look = look
        self._copies = Copies(own.author, look, self._way_to_leave)

    def copy(self, outbox_id: str, kind: str, payload: Mapping[str, object], now: datetime) -> bytes | None:
        """One of an announcement's many mails, in no time; None where it has to be written alone, see `write`."""
        if kind != "announcement" or payload.get("in_reply_to") or payload.get("documents"):
            return None
        return self._copies.write(
            str(payload.get("to", "")), str(payload.get("subject", "")), self._announced(payload),
            outbox_id=outbox_id, reply_key=str(payload.get("reply_key", "")),
            token=str(payload.get("opt_out_token", "")), now=now, language=str(payload.get("language") or "en"),
        )  # fmt: skip

    def write(
        self, outbox_id: str, kind: str, payload: Mapping[str, object], now: datetime, files: Sequence[MailFile] = ()
    ) -> bytes:
        """The raw mail. Raises ValueError for a recipient that is no address, and for files that weigh too much."""
        said = {name: str(payload.get(name, "")) for name in ("to", "subject", "text", "reply_key")}
        language = str(payload.get("language") or "en")
        thread = _thread(payload)
        follows = thread if thread.in_reply_to else None
        if kind == "announcement":
            return compose_announcement(
                said["to"], said["subject"], self._announced(payload), author=self._own.author, outbox_id=outbox_id,
                reply_key=said["reply_key"], unsubscribe=self._unsubscribe(payload), now=now, language=language,
                look=self._look, thread=follows, files=files,
            )  # fmt: skip
        layout = from_payload(payload.get("layout"))
        if kind == "reply":
            return compose_reply(
                thread, said["text"], author=self._own.author, outbox_id=outbox_id, reply_key=said["reply_key"],
                now=now, language=language, layout=layout, look=self._look, files=files,
            )  # fmt: skip
        # A later outcome stands in the thread where the matter began, under that thread's own subject.
        subject = f"Re: {bare(said['subject'])}" if follows else said["subject"]
        return compose_notice(
            said["to"], subject, said["text"], author=self._own.author, outbox_id=outbox_id,
            reply_key=said["reply_key"], now=now, language=language, layout=layout, look=self._look,
            thread=follows, files=files,
            unsubscribe=self._unsubscribe(payload) if payload.get("opt_out_token") else None,
        )  # fmt: skip

    def _announced(self, payload: Mapping[str, object]) -> str:
        """The text of an announcement with what is asked for below it."""
        key = str(payload.get("reply_key", ""))
        return with_call(
            str(payload.get("text", "")), payload.get("call"), bare(str(payload.get("subject", ""))),
            reply_key_address(key, self._own.domain) if key else "", worded(self._look.texts),
            str(payload.get("language") or "en"),
        )  # fmt: skip

    def _unsubscribe(self, payload: Mapping[str, object]) -> Unsubscribe:
        return self._way_to_leave(str(payload.get("opt_out_token", "")))

    def _way_to_leave(self, token: str) -> Unsubscribe:
        url = f"{self._public_url}/unsubscribe/{token}" if self._public_url and token else ""
        return Unsubscribe(f"partners.{self._own.domain}", url, self._own.author.address)


def _thread(payload: Mapping[str, object]) -> ReplyAddress:
    references = payload.get("references")
    return ReplyAddress(
        to=str(payload.get("to", "")),
        subject=str(payload.get("subject", "")),
        in_reply_to=str(payload.get("in_reply_to", "")),
        references=tuple(str(r) for r in references) if isinstance(references, list) else (),
    )


class MailOutlet:
    """Implements `bot.ports.AheadOutlet`. A mail whose end is not known goes again under the same Message-ID, but not
    once more where the answer to that is lost as well.
    """

    pace = 0.0

    def __init__(
        self,
        relay: Relay,
        writer: MailWriter,
        own: OwnAddresses,
        now: Callable[[], datetime],
        *,
        bounces: BounceAddresses | None = None,
        signature: Signature | None = None,
        documents: Documents | None = None,
    ) -> None:
        """`bounces` None sends bounces to the agent's own address; `signature` None leaves signing to the relay;
        `documents` has the files that mails refer to.
        """
        self._relay = relay
        self._writer = writer
        self._own = own
        self._now = now
        self._bounces = bounces
        self._signature = signature
        self._documents = documents

    @property
    def ahead(self) -> int:
        return self._relay.most

    async def send(self, parcel: Parcel) -> Sent:
        with _translated(parcel):
            await (await self._letter(parcel)).end()
        return Sent()

    async def prepare(self, parcel: Parcel) -> PreparedMail:
        with _translated(parcel):
            letter = await self._letter(parcel)
            await letter.make_ready()
        return PreparedMail(parcel, letter)

    async def rest(self) -> None:
        await self._relay.rest()

    async def _letter(self, parcel: Parcel) -> Letter:
        files = [await self._file(document) for document in attached.from_payload(parcel.payload.get("documents"))]
        raw = None if self._signature else self._writer.copy(parcel.id, parcel.kind, parcel.payload, self._now())
        if raw is None:
            raw = await asyncio.to_thread(self._written, parcel, files)
        sender = self._bounces.bounce_address(parcel.id) if self._bounces else self._own.author.address
        return self._relay.letter(raw, sender, str(parcel.payload["to"]))

    async def _file(self, document: attached.Document) -> MailFile:
        content = await self._documents.load(document) if self._documents is not None else None
        if content is None:
            raise ValueError(f"the attached {document.name} is not kept any more")
        return MailFile(document.name, document.content_type, content)

    def _written(self, parcel: Parcel, files: Sequence[MailFile]) -> bytes:
        now = self._now()
        raw = self._writer.copy(parcel.id, parcel.kind, parcel.payload, now)
        if raw is None:
            raw = self._writer.write(parcel.id, parcel.kind, parcel.payload, now, files)
        return self._signature.signed(raw) if self._signature else raw


@dataclass(frozen=True, slots=True)
class PreparedMail:
    """Implements `bot.ports.Prepared`: the relay has all of the mail but its end."""

    parcel: Parcel
    letter: Letter

    async def send(self) -> Sent:
        with _translated(self.parcel):
            await self.letter.end()
        return Sent()

    def drop(self) -> None:
        self.letter.drop()


@contextmanager
def _translated(parcel: Parcel) -> Iterator[None]:
    try:
        yield
    except ValueError as fault:
        raise OutletRefused(f"the mail cannot be written: {fault}") from fault
    except RelayUnavailable as fault:
        raise OutletUnavailable(str(fault), only_this=fault.only_this) from fault
    except RelayRefused as fault:
        raise OutletRefused(str(fault)) from fault
    except RelayOutcomeUnknown as fault:
        raise OutletOutcomeUnknown(str(fault), may_repeat=not parcel.unsure) from fault
