"""A CRM in memory with moods, for tests that need one to fail at will; it keeps the contract of every CRM."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from itertools import count
from typing import Any, TypeVar

from crm.errors import CrmConflict, CrmOutcomeUnknown, CrmRejected, CrmUnavailable
from crm.ports import MISSING, Changes, CrmEvents, Standing
from crm.records import Contact, Deal, Interaction, Lead, Milestone, Partner, Payment, Registration

_KINDS = ("partners", "contacts", "deals", "payments", "registrations", "leads", "milestones")
_Answer = TypeVar("_Answer")


class Mood(StrEnum):
    """well; unavailable: every call fails and writes nothing; rejecting: writes are refused; answer_lost: written, and
    nobody is told; request_lost: not written, and nobody is told; delayed: every call waits for `go_on`.
    """

    WELL = "well"
    UNAVAILABLE = "unavailable"
    REJECTING = "rejecting"
    ANSWER_LOST = "answer_lost"
    REQUEST_LOST = "request_lost"
    DELAYED = "delayed"


@dataclass(frozen=True)
class Stored:
    change: int
    record: Any


class InMemoryCrm:
    """`calls` are the names of all calls in order, `log` what was logged, in that order.

    `moods` are the moods of the next calls, one each; afterwards `mood` holds. `refused` are keys of interactions that
    are never taken.
    """

    name = "memory"
    events: CrmEvents | None = None

    def __init__(self, mood: Mood = Mood.WELL) -> None:
        self.mood = mood
        self.moods: list[Mood] = []
        self.calls: list[str] = []
        self.log: list[Interaction] = []
        self.refusal = "the CRM refuses this"
        self.refused: set[str] = set()
        self.retry_after = 1.0
        self.go_on = asyncio.Event()
        self._numbers = count(1)
        self._rows: dict[str, dict[str, Stored]] = {kind: {} for kind in _KINDS}

    async def changes(self, cursor: str = "", limit: int = 500) -> Changes:
        return await self._read("changes", lambda: self._changes(int(cursor or 0), max(limit, 1)))

    async def partner(self, partner_id: str) -> Partner | None:
        return await self._read("partner", lambda: self._record("partners", partner_id))

    async def deal(self, partner_id: str, number: str) -> Deal | None:
        return await self._read("deal", lambda: self._deal(partner_id, number))

    async def contact(self, contact_id: str) -> Contact | None:
        return await self._read("contact", lambda: self._record("contacts", contact_id))

    async def registration(self, partner_id: str, number: str) -> Registration | None:
        def read() -> Registration | None:
            held: Registration | None = self._record("registrations", number)
            return held if held is not None and held.partner_id == partner_id else None

        return await self._read("registration", read)

    async def lead(self, number: str) -> Lead | None:
        return await self._read("lead", lambda: self._record("leads", number))

    async def set_tier(self, partner_id: str, seen: str, wanted: str) -> None:
        def change() -> None:
            partner: Partner | None = self._record("partners", partner_id)
            if partner is None:
                raise CrmRejected("there is no such partner in the CRM")
            if partner.tier not in (seen, wanted):
                raise CrmConflict(("tier",))
            self._put("partners", partner_id, replace(partner, tier=wanted))

        await self._write("set_tier", change)

    async def save_partner(self, partner: Partner) -> None:
        await self._write("save_partner", lambda: self._put("partners", partner.id, partner))

    def loses_partner(self, partner_id: str) -> None:
        """A colleague deletes it."""
        del self._rows["partners"][partner_id]

    async def save_contact(self, contact: Contact) -> None:
        def save() -> None:
            self._need("partners", contact.partner_id, "contact's partner")
            self._put("contacts", contact.id, contact)

        await self._write("save_contact", save)

    async def opt_out(self, contact_id: str) -> None:
        def change() -> None:
            contact = self._record("contacts", contact_id)
            if contact is None:
                raise CrmRejected("there is no such contact")
            self._put("contacts", contact_id, replace(contact, opted_out=True))

        await self._write("opt_out", change)

    async def customer_deals(self, domain: str) -> list[Deal]:
        def read() -> list[Deal]:
            deals = sorted((row.record for row in self._rows["deals"].values()), key=lambda deal: deal.number)
            return [d for d in deals if domain and f".{d.customer_domain}".endswith(f".{domain}")]

        return await self._read("customer_deals", read)

    async def update_deal(self, seen: Deal, wanted: Deal) -> None:
        def save() -> None:
            held = self._deal(seen.partner_id, seen.number)
            if held is None:
                raise CrmRejected("the partner has no such deal in the CRM")
            names = [f.name for f in fields(Deal) if getattr(seen, f.name) != getattr(wanted, f.name)]
            allowed = {n: (getattr(seen, n), getattr(wanted, n)) for n in names}
            if others := tuple(n for n in names if getattr(held, n) not in allowed[n]):
                raise CrmConflict(others)
            self._put("deals", held.id, replace(held, **{n: getattr(wanted, n) for n in names}))

        await self._write("update_deal", save)

    async def save_lead(self, lead: Lead) -> None:
        def save() -> None:
            if lead.partner_id:
                self._need("partners", lead.partner_id, "lead's partner")
            self._put("leads", lead.number, lead)

        await self._write("save_lead", save)

    async def save_deal(self, deal: Deal) -> None:
        def save() -> None:
            if deal.partner_id:
                self._need("partners", deal.partner_id, "deal's partner")
            if any(other.record.number == deal.number and key != deal.id for key, other in self._rows["deals"].items()):
                raise CrmRejected("another deal has this number; choose a different number")
            self._put("deals", deal.id, deal)

        await self._write("save_deal", save)

    async def save_payment(self, payment: Payment) -> None:
        await self._write("save_payment", lambda: self._pay([payment]))

    async def save_payments(self, payments: Sequence[Payment]) -> None:
        await self._write("save_payments", lambda: self._pay(payments))

    async def save_milestone(self, milestone: Milestone) -> None:
        def save() -> None:
            if milestone.partner_id:
                self._need("partners", milestone.partner_id, "milestone's partner")
            if milestone.deal_id:
                self._need("deals", milestone.deal_id, "milestone's deal")
            self._put("milestones", milestone.id, milestone)

        await self._write("save_milestone", save)

    async def save_registration(self, registration: Registration) -> None:
        def save() -> None:
            self._need("partners", registration.partner_id, "registration's partner")
            held: Registration | None = self._record("registrations", registration.number)
            if held is not None and held.partner_id != registration.partner_id:
                raise CrmRejected("another registration has this number; choose a different number")
            self._put("registrations", registration.number, registration)

        await self._write("save_registration", save)

    async def log_interaction(self, interaction: Interaction) -> None:
        await self._write("log_interaction", lambda: self._log(interaction))

    async def log_interactions(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        return await self._log_all("log_interactions", interactions)

    async def log_again(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        keys = {interaction.key for interaction in interactions}
        self.log = [logged for logged in self.log if logged.key not in keys]
        return await self._log_all("log_again", interactions)

    async def lacking(self, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        def read() -> Mapping[str, str]:
            held = {logged.key: logged for logged in self.log}
            wanted = {
                one.key: replace(one, deal_numbers=tuple(dict.fromkeys(one.deal_numbers))) for one in interactions
            }
            missing = {key: MISSING for key in wanted if key not in held}
            differing = {key for key, one in wanted.items() if key in held and held[key] != one}
            return missing | dict.fromkeys(differing, "the CRM says otherwise")

        return await self._read("lacking", read)

    async def _log_all(self, call: str, interactions: Sequence[Interaction]) -> Mapping[str, str]:
        refused: dict[str, str] = {}

        def save() -> None:
            for interaction in interactions:
                try:
                    self._log(interaction)
                except CrmRejected as fault:
                    refused[interaction.key] = str(fault)

        try:
            await self._write(call, save)
        except CrmRejected as fault:
            return {interaction.key: str(fault) for interaction in interactions}
        return refused

    def _log(self, interaction: Interaction) -> None:
        _need_zones(interaction)
        if interaction.key in self.refused:
            raise CrmRejected(self.refusal)
        if interaction.partner_id is not None:
            self._need("partners", interaction.partner_id, "interaction's partner")
        if all(logged.key != interaction.key for logged in self.log):
            self.log.append(_once(interaction))

    async def forget_copies(self, contact_id: str) -> int:
        def erase() -> int:
            said = [entry for entry in self.log if entry.contact_id == contact_id]
            silent: dict[str, Any] = {
                "summary": "[erased]", "body": "", "subject": "", "sender": "", "message_id": "", "link": "",
                "recipients": (), "files": (),
            }  # fmt: skip
            self.log = [replace(entry, **silent) if entry in said else entry for entry in self.log]
            contact: Contact | None = self._record("contacts", contact_id)
            if contact is None:
                return len(said)
            nobody = replace(contact, name="[erased]", email="", phone="", slack_user_id="")
            self._put("contacts", contact_id, replace(nobody, active=False, opted_out=True))
            return len(said) + 1

        return await self._read("forget_copies", erase)

    async def timeline(
        self, partner_id: str, deal_number: str | None = None, before: datetime | None = None, limit: int = 100
    ) -> list[Interaction]:
        def read() -> list[Interaction]:
            found = [
                entry
                for entry in reversed(self.log)
                if entry.partner_id == partner_id
                and (deal_number is None or deal_number in entry.deal_numbers)
                and (before is None or entry.at < before)
            ]
            return sorted(found, key=lambda entry: entry.at, reverse=True)[: max(limit, 0)]

        return await self._read("timeline", read)

    async def standing(self) -> Standing:
        return Standing(self.name, "in memory")

    async def aclose(self) -> None:
        """Nothing to close."""

    def held(self, kind: str) -> list[Any]:
        """The records of a kind, such as "deals", by their keys, whatever the mood."""
        return [self._rows[kind][key].record for key in sorted(self._rows[kind])]

    async def _read(self, call: str, read: Callable[[], _Answer]) -> _Answer:
        mood = await self._begin(call)
        if mood in (Mood.ANSWER_LOST, Mood.REQUEST_LOST):
            raise CrmUnavailable("no answer came", self.retry_after)
        return read()

    async def _write(self, call: str, write: Callable[[], None]) -> None:
        mood = await self._begin(call)
        if mood is Mood.REJECTING:
            raise CrmRejected(self.refusal)
        if mood is not Mood.REQUEST_LOST:
            write()
        if mood in (Mood.ANSWER_LOST, Mood.REQUEST_LOST):
            raise CrmOutcomeUnknown("the answer was lost")

    async def _begin(self, call: str) -> Mood:
        self.calls.append(call)
        mood = self.moods.pop(0) if self.moods else self.mood
        await (self.go_on.wait() if mood is Mood.DELAYED else asyncio.sleep(0))
        if mood is Mood.UNAVAILABLE:
            raise CrmUnavailable("the CRM is down", self.retry_after)
        return mood

    def _put(self, kind: str, key: str, record: Any) -> None:
        _need_zones(record)
        held = self._rows[kind].get(key)
        if held is None or held.record != record:
            self._rows[kind][key] = Stored(next(self._numbers), record)

    def _record(self, kind: str, key: str) -> Any:
        stored = self._rows[kind].get(key)
        return stored.record if stored else None

    def _need(self, kind: str, key: str, what: str) -> None:
        if key not in self._rows[kind]:
            raise CrmRejected(f"the {what} is not in the CRM")

    def _pay(self, payments: Sequence[Payment]) -> None:
        for payment in payments:
            if payment.partner_id:
                self._need("partners", payment.partner_id, "payment's partner")
            self._need("deals", payment.deal_id, "payment's deal")
        for payment in payments:
            self._put("payments", payment.id, payment)

    def _deal(self, partner_id: str, number: str) -> Deal | None:
        mine = (row.record for row in self._rows["deals"].values() if row.record.partner_id == partner_id)
        return next((deal for deal in mine if deal.number == number), None)

    def _changes(self, after: int, limit: int) -> Changes:
        found = {
            kind: sorted((row for row in rows.values() if row.change > after), key=lambda row: row.change)
            for kind, rows in self._rows.items()
        }
        newest = max((row.change for rows in self._rows.values() for row in rows.values()), default=0)
        cuts = [rows[limit - 1].change for rows in found.values() if len(rows) > limit]
        cut = min(cuts, default=newest)
        page = {kind: tuple(row.record for row in rows if row.change <= cut) for kind, rows in found.items()}
        return Changes(**page, cursor=str(cut), more=bool(cuts))


def _once(interaction: Interaction) -> Interaction:
    return replace(interaction, deal_numbers=tuple(dict.fromkeys(interaction.deal_numbers)))


def _need_zones(record: Any) -> None:
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, datetime) and value.tzinfo is None:
            raise CrmRejected(f"{field.name} has no time zone")
