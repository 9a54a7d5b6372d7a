"""What is an exception, and how bad: from the records as they stand to items, pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.digests.contents import Item, Matter
from bot.digests.engaged import Counted
from bot.digests.rules import DigestRules
from bot.storage.digests import Certificate
from bot.storage.parking import Outage
from bot.storage.tasks import Task
from bot.vocabulary.requests import Intent
from crm.records import Partner, Registration
from knowledge.business_days import add_business_days
from knowledge.commission.statement import Dispute, Statement
from knowledge.program import Program

PROTECTIONS, CERTIFICATES = timedelta(days=14), timedelta(days=60)
"""How long before its end something is an exception."""
_APPROVAL_DAYS = 3  # business days that an invoice may wait
_REQUEST = timedelta(days=1)  # that something handed over may wait
_NEAR_DAYS = 1  # business days before the promised day
_WORDS = 110  # characters of what somebody else wrote
_HELD, _SHUNTED = "held", "shunted"


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that a digest is made of, of all partners. `refused` are (partner, number) of refused entries;
    `answers` the messages, by their ids, that were written in threads of announcements.
    """

    partners: Mapping[str, Partner]
    submitted: Sequence[Registration] = ()
    drafts: Sequence[Registration] = ()
    disputes: Sequence[Dispute] = ()
    statements: Sequence[Statement] = ()
    tasks: Sequence[Task] = ()
    outages: Sequence[Outage] = ()
    refused: Sequence[tuple[str, str]] = ()
    protections: Sequence[Registration] = ()
    certificates: Sequence[Certificate] = ()
    done: Counted = ()
    answers: Collection[str] = ()

    def called(self, partner_id: str | None) -> str:
        found = self.partners.get(partner_id or "")
        return found.name if found else "no known partner"


@dataclass(frozen=True, slots=True)
class Noticing:
    """`now` is in the vendor's zone."""

    program: Program
    rules: DigestRules
    now: datetime

    @property
    def today(self) -> date:
        return self.now.date()

    def __call__(self, known: Gathered) -> tuple[Item, ...]:
        return (
            *self._decisions(known), *self._drafts(known), *self._disputes(known), *self._statements(known),
            *self._tasks(known), *self._machinery(known), *self._ending(known), *self._silent(known),
        )  # fmt: skip

    def _decisions(self, known: Gathered) -> Iterator[Item]:
        near = add_business_days(self.today, _NEAR_DAYS, self.program.vendor)
        for one in known.submitted:
            if one.decide_by is None or one.decide_by > near:
                continue
            late = (self.today - one.decide_by).days
            due = f"{_days(late)} late" if late > 0 else "due today" if late == 0 else f"due {_day(one.decide_by)}"
            yield self._of(known, Matter.DECISIONS, one, f"{_worth(one)}, {due}", f"approve {one.number}", late)

    def _drafts(self, known: Gathered) -> Iterator[Item]:
        stale = self.program.deal_rules.draft_reminder_days
        for one in known.drafts:
            age = (self.today - one.opened_at.astimezone(self.now.tzinfo).date()).days if one.opened_at else 0
            if age >= stale:
                text = f"a draft for {_days(age)}"
                yield self._of(known, Matter.DRAFTS, one, text, f"/partners status {one.number}", age)

    def _disputes(self, known: Gathered) -> Iterator[Item]:
        for one in known.disputes:
            age, name = self._age(one.opened_at), known.called(one.partner_id)
            text = f"{one.statement_number} of {name}, open for {_days(age)}: {_cut(one.words)}"
            act = f"uphold {one.statement_number} {name}: reason"
            yield Item(Matter.DISPUTES, text, act, age, one.partner_id)

    def _statements(self, known: Gathered) -> Iterator[Item]:
        for one in known.statements:
            if one.invoice_at is None:
                continue
            came = one.invoice_at.astimezone(self.now.tzinfo).date()
            if add_business_days(came, _APPROVAL_DAYS, self.program.vendor) > self.today:
                continue
            age, name = (self.today - came).days, known.called(one.partner_id)
            worth = f"{one.total.currency} {one.total.amount:,.2f}"
            text = f"{one.number} of {name}, {worth}, invoiced {_days(age)} ago"
            yield Item(Matter.STATEMENTS, text, f"approve {one.number} {name}", age, one.partner_id)

    def _tasks(self, known: Gathered) -> Iterator[Item]:
        """Held and failed messages at once; what was handed over once it has waited."""
        for one in known.tasks:
            age = self._age(one.opened_at)
            if one.kind in (_HELD, _SHUNTED):
                matter, act = Matter.MESSAGES, f"partnerline {one.kind} list"
            elif self.now - one.opened_at < _REQUEST:
                continue
            else:
                answered = one.kind == Intent.ANSWER_ANNOUNCEMENT.value or one.inbox_id in known.answers
                matter, act = (Matter.ANSWERS if answered else Matter.REQUESTS), "the console's page Waiting"
            who = known.called(one.partner_id) if one.partner_id else ""
            said = one.summary.removeprefix(f"{who}: ")
            text = f"{who}: {_cut(said)}" if who else _cut(said)
            yield Item(matter, f"{text}, {_days(age)} old", act, age, one.partner_id or "", one.manager_email)

    def _machinery(self, known: Gathered) -> Iterator[Item]:
        for outage in known.outages:
            hours = int((self.now - outage.since).total_seconds() // 3_600)
            how_long = f"{hours} hours" if hours != 1 else "1 hour"
            text = f"{outage.dependency.replace('_', ' ')} for {how_long}: {_cut(outage.reason)}"
            act = "partnerline crm status" if outage.dependency.startswith("crm") else "partnerline doctor"
            yield Item(Matter.MACHINERY, text, act, hours)
        for partner_id, number in known.refused:
            text = f"{number} of {known.called(partner_id)}"
            yield Item(Matter.ENTRIES, text, f"retry {number}", 0, partner_id)

    def _ending(self, known: Gathered) -> Iterator[Item]:
        for one in known.protections:
            if one.protected_until is None:
                continue
            left = (one.protected_until - self.today).days
            text = f"ends {_day(one.protected_until)}, {_ahead(left)}"
            act = f"protect {one.number} until {one.protected_until + timedelta(days=30)}"
            yield self._of(known, Matter.PROTECTIONS, one, text, act, -left)
        for certificate in known.certificates:
            left = (certificate.valid_until - self.today).days
            name = known.called(certificate.partner_id)
            text = f"{_cut(certificate.person)} of {name}, ends {_day(certificate.valid_until)}, {_ahead(left)}"
            yield Item(Matter.CERTIFICATES, text, f"/partners status {name}", -left, certificate.partner_id)

    def _silent(self, known: Gathered) -> Iterator[Item]:
        for one, _ in known.done:
            if not one.ever or one.heard_on is None or one.partner_id not in known.partners:
                continue
            days = (self.today - one.heard_on).days
            if days >= self.rules.silent_days:
                name = known.called(one.partner_id)
                often = "once" if one.ever == 1 else f"{one.ever} times"
                text = f"{name}, nothing heard for {_days(days)}; registered or won {often} before"
                yield Item(Matter.SILENT, text, f"/partners status {name}", days, one.partner_id)

    def _of(self, known: Gathered, matter: Matter, one: Registration, text: str, act: str, weight: float) -> Item:
        customer = _cut(one.customer) or "no customer yet"
        said = f"{one.number} of {known.called(one.partner_id)} for {customer}, {text}"
        return Item(matter, said, act, weight, one.partner_id)

    def _age(self, since: datetime) -> int:
        return (self.today - since.astimezone(self.now.tzinfo).date()).days


def local(now: datetime, program: Program) -> datetime:
    """That moment by the vendor's clock."""
    return now.astimezone(ZoneInfo(program.vendor.time_zone))


def _worth(one: Registration) -> str:
    return f"{one.currency} {one.amount:,.0f}" if one.amount is not None else "value not said"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _ahead(days: int) -> str:
    return "today" if days <= 0 else "tomorrow" if days == 1 else f"in {days} days"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def _cut(words: str) -> str:
    """What others wrote, on one line and no longer than is read."""
    plain = " ".join(words.split())
    return plain if len(plain) <= _WORDS else f"{plain[: _WORDS - 2]} …"
