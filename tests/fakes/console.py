"""The console's backend in memory: answers after a moment, decides, counts, and forgets with the process."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.channels.console.views import (
    ConversationThread,
    DealView,
    HeldMessage,
    KeptMail,
    ManagerSeat,
    MessageState,
    PartnerRow,
    PartnerSeat,
    PartnerView,
    QueueView,
    Reach,
    RegistrationView,
    Seats,
    ShuntedMessage,
    ThreadMessage,
    Urgency,
    Waiting,
    WishRead,
)
from bot.vocabulary.results import Done, NotDone
from crm.records import Channel, Direction, Registration, RegistrationState
from tests.fakes import console_data as data
from tests.fakes.console_announcing import AnnouncingInMemory
from tests.fakes.console_crm import CrmInMemory
from tests.fakes.console_statements import StatementsInMemory
from tests.fakes.console_threads import threads


def _now() -> datetime:
    return datetime.now(UTC)


class InMemoryConsole(StatementsInMemory, CrmInMemory):
    """`answer_after` seconds pass before a written message is answered."""

    def __init__(self, answer_after: float = 0.0, now: Callable[[], datetime] = _now) -> None:
        StatementsInMemory.__init__(self)
        CrmInMemory.__init__(self)
        self.now = now
        self.answer_after = answer_after
        self.partner_seats = list(data.partner_seats())
        self.records = {r.number: r for r in data.registrations(now())}
        self.threads = threads(now())
        self.tasks = data.tasks(now())
        self.failed = data.shunted(now())
        self.kept = data.kept(now())
        self.due: dict[str, tuple[float, str]] = {}
        self.reach: dict[str, Reach] = {}
        self.calls: list[tuple[object, ...]] = []
        self.announcing = AnnouncingInMemory(now, self.calls)
        self._ids = count(1)

    async def seats(self) -> Seats:
        return Seats(tuple(self.partner_seats), data.MANAGERS)

    async def write_mail(self, seat_id: str, subject: str, text: str, in_reply_to: str | None) -> Done | NotDone:
        self.calls.append(("mail", seat_id, subject, text, in_reply_to))
        if self._seat(seat_id) is None:
            return NotDone("Nobody writes as this person here.")
        if "unreachable" in subject:
            return NotDone("The mail edge does not answer.", "Check that Partnerline still runs, then send again.")
        reference = f"<console-{next(self._ids)}@demo>"
        return self._write(seat_id, Channel.EMAIL, reference, subject, text, in_reply_to)

    async def write_slack(self, seat_id: str, text: str, thread_ts: str | None) -> Done | NotDone:
        self.calls.append(("slack", seat_id, text, thread_ts))
        seat = self._seat(seat_id)
        if seat is None or not seat.slack_channel:
            return NotDone("This partner has no shared channel.", "Write by mail.")
        return self._write(seat_id, Channel.SLACK, f"{1800 + next(self._ids)}.0001", "", text, thread_ts)

    async def conversation(self, seat_id: str) -> tuple[ConversationThread, ...]:
        for reference, (due, seat) in list(self.due.items()):
            if seat == seat_id and time.monotonic() >= due:
                del self.due[reference]
                self._answer(seat, reference)
        return tuple(sorted(self.threads.get(seat_id, []), key=lambda t: t.messages[-1].at, reverse=True))

    async def registrations(self, state: RegistrationState | None = None) -> tuple[RegistrationView, ...]:
        shown = [self._view(r) for r in self.records.values() if state in (None, r.state)]
        return tuple(sorted(shown, key=_urgent_first))

    async def registration(self, number: str) -> RegistrationView | None:
        return self._view(self.records[number]) if number in self.records else None

    async def approve(self, number: str, by: str) -> Done | NotDone:
        until = self.now().date() + timedelta(days=90)
        done = self._decide(number, by, RegistrationState.APPROVED)
        if isinstance(done, Done):
            self.records[number] = replace(self.records[number], protected_until=until)
        return done

    async def refuse(self, number: str, by: str, reason: str) -> Done | NotDone:
        if not reason.strip():
            return NotDone("A refusal needs a reason.", "Say why in a sentence; the partner reads it.")
        return self._decide(number, by, RegistrationState.DECLINED, reason)

    async def waiting(self, manager_id: str) -> Waiting:
        manager = self._manager(manager_id)
        if manager is None:
            return Waiting()
        waiting = await self.registrations(RegistrationState.SUBMITTED)
        open_ones = tuple(row for row in waiting if _may_decide(manager, row.record))
        held = HeldMessage(
            "h1",
            "owen@harbour.example",
            "Harbour Distribution",
            "Payout October",
            "The mail carries no valid signature of harbour.example.",
            self.now() - timedelta(hours=2),
        )
        return Waiting(open_ones, tuple(self.tasks), (held,), self._listed())

    async def close_task(self, task_id: str, by: str) -> Done | NotDone:
        if task_id not in [t.id for t in self.tasks]:
            return NotDone("This hand-over is closed already.")
        self.tasks = [t for t in self.tasks if t.id != task_id]
        return Done("The hand-over is closed.")

    async def partners(self) -> tuple[PartnerRow, ...]:
        return tuple(
            PartnerRow(
                p,
                sum(c.partner_id == p.id for c in data.CONTACTS),
                sum(d.partner_id == p.id and d.stage.open for d in data.deals()),
                sum(r.partner_id == p.id and r.state.waiting for r in self.records.values()),
                max((i.at for i in data.timeline(self.now()) if i.partner_id == p.id), default=None),
            )
            for p in sorted(data.PARTNERS, key=lambda p: p.name)
        )

    async def partner(self, partner_id: str) -> PartnerView | None:
        record = next((p for p in data.PARTNERS if p.id == partner_id), None)
        if record is None:
            return None
        about = sorted((i for i in data.timeline(self.now()) if i.partner_id == partner_id), key=lambda i: i.at)
        return PartnerView(
            record,
            tuple(c for c in data.CONTACTS if c.partner_id == partner_id),
            tuple(d for d in data.deals() if d.partner_id == partner_id),
            tuple(r for r in self.records.values() if r.partner_id == partner_id),
            tuple(reversed(about)),
            tuple(f"#{name}, mode agent" for name in (data.CHANNELS.get(partner_id),) if name),
            "Noor Haddad",
            {c.id: c.name for c in data.CONTACTS},
            self.reach,
        )

    async def deal(self, partner_id: str, number: str) -> DealView | None:
        view = await self.partner(partner_id)
        if view is None:
            return None
        deal = next((d for d in view.deals if d.number == number), None)
        registration = next((r for r in view.registrations if r.number == number), None)
        if deal is None and registration is None:
            return None
        about = tuple(i for i in view.timeline if number in i.deal_numbers)
        return DealView(partner_id, view.record.name, number, deal, registration, about, view.contact_names)

    async def queue(self) -> QueueView:
        kept = tuple(replace(mail, text="") for mail in self.kept)
        return QueueView(data.JOBS, data.OUTBOX, data.parked(self.now()), self._listed(), kept)

    async def shunted(self, message_id: str) -> ShuntedMessage | None:
        return next((s for s in self.failed if s.id == message_id), None)

    async def shunted_source(self, message_id: str) -> bytes | None:
        return next((s.text.encode() for s in self.failed if s.id == message_id), None)

    async def replay(self, message_id: str) -> Done | NotDone:
        if message_id not in [s.id for s in self.failed]:
            return NotDone("This message was replayed already.")
        self.failed = [s for s in self.failed if s.id != message_id]
        return Done("The message is on its way through again.")

    async def kept_mail(self, mail_id: str) -> KeptMail | None:
        return next((k for k in self.kept if k.id == mail_id), None)

    def _seat(self, seat_id: str) -> PartnerSeat | None:
        return next((s for s in self.partner_seats if s.id == seat_id), None)

    def _manager(self, manager_id: str) -> ManagerSeat | None:
        return next((m for m in data.MANAGERS if m.id == manager_id), None)

    def _listed(self) -> tuple[ShuntedMessage, ...]:
        """Their source is for the page of one."""
        return tuple(replace(failed, text="") for failed in self.failed)

    def _write(
        self, seat_id: str, channel: Channel, reference: str, subject: str, text: str, reply_to: str | None
    ) -> Done:
        seat = next(s for s in self.partner_seats if s.id == seat_id)
        message = ThreadMessage(
            reference, Direction.IN, self.now(), seat.name, text, MessageState.RECEIVED, subject, answer_expected=True
        )
        kept = self.threads.setdefault(seat_id, [])
        for at, thread in enumerate(kept):
            if reply_to and reply_to == thread.reply_reference:
                kept[at] = replace(thread, messages=(*thread.messages, message))
                break
        else:
            kept.append(ConversationThread(f"new-{next(self._ids)}", channel, subject, (message,), reference))
        self.due[reference] = (time.monotonic() + self.answer_after, seat_id)
        return Done("Sent.", reference)

    def _answer(self, seat_id: str, reference: str) -> None:
        kept = self.threads[seat_id]
        at = next(n for n, t in enumerate(kept) if any(m.reference == reference for m in t.messages))
        asked = next(m for m in kept[at].messages if m.reference == reference)
        handled = replace(asked, state=MessageState.HANDLED, answer_expected=False, read=self._read(asked.text))
        answer = ThreadMessage(
            f"<re-{next(self._ids)}@lumora.example>",
            Direction.OUT,
            self.now(),
            "Lumora partner team",
            f"Hello,\n\nwe read: {asked.text[:2000]}",
            MessageState.KEPT,
            f"Re: {asked.subject}",
        )
        messages = tuple(handled if m is asked else m for m in kept[at].messages)
        kept[at] = replace(kept[at], messages=(*messages, answer))

    def _read(self, text: str) -> tuple[WishRead, ...]:
        return (WishRead("register_deal", (("customer", text.split("\n", maxsplit=1)[0][:200]),)),)

    def _decide(self, number: str, by: str, state: RegistrationState, reason: str = "") -> Done | NotDone:
        record = self.records.get(number)
        self.calls.append((state.value, number, by, reason))
        if record is None:
            return NotDone(f"There is no registration {number}.")
        if record.state is not RegistrationState.SUBMITTED:
            return NotDone(f"{number} is {record.state.value} already.", "Nothing is left to decide.")
        manager = self._manager(by)
        if manager is None or not _may_decide(manager, record):
            return NotDone(f"{number} is not for this person to decide.", "Ask a manager who may.")
        self.records[number] = replace(record, state=state, decided_by=by, decided_at=self.now(), reason=reason)
        return Done(f"{number} is {state.value}; {self._view(record).registered_by} is told in the thread.")

    def _view(self, record: Registration) -> RegistrationView:
        partner = next(p.name for p in data.PARTNERS if p.id == record.partner_id)
        contact = next((c.name for c in data.CONTACTS if c.id == record.contact_id), "")
        if record.state is not RegistrationState.SUBMITTED or record.decide_by is None:
            return RegistrationView(record, partner, contact)
        urgency = Urgency.TODAY if record.decide_by <= self.now().date() else Urgency.CALM
        return RegistrationView(record, partner, contact, urgency)


def _may_decide(manager: ManagerSeat, record: Registration) -> bool:
    region = next(p.region for p in data.PARTNERS if p.id == record.partner_id)
    limit = manager.approves_up_to
    within = limit is None or (
        record.amount is not None and record.currency == limit.currency and record.amount <= limit.amount
    )
    return manager.approves and within and (not manager.regions or region in manager.regions)


def _urgent_first(row: RegistrationView) -> tuple[bool, int, float]:
    """What waits by its urgency, then the newest decision first."""
    when = row.record.decided_at or row.record.submitted_at or row.record.opened_at
    urgency = list(Urgency).index(row.urgency) if row.urgency else len(Urgency)
    return row.record.state is not RegistrationState.SUBMITTED, urgency, -when.timestamp() if when else 0.0
