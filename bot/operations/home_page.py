"""What stands in a manager's Home tab: everything that waits for his say, soonest first, and what partners answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.slack.managers.home import Group, Page, Picture, Row
from bot.desk.routing import has_no_say
from bot.operations.counter.forms import decide_id
from bot.operations.waiting import shunted
from bot.storage import briefs, disputes, mirror, registrations, statements, tasks
from bot.storage.announcing import tallied
from bot.storage.briefs import OpenBrief
from bot.storage.timeline import slack_link
from bot.vocabulary.briefs import BriefKind
from crm.money import Money
from crm.records import Lead, Partner, Registration, RegistrationState
from knowledge.commission.statement import DisputeState, Statement, StatementState
from knowledge.program import Manager, Program

_ASKED = (BriefKind.LEAD, BriefKind.CONTACT, BriefKind.ENTRY)  # known by what managers were asked
_TO_PAY = (StatementState.APPROVED, StatementState.SCHEDULED)
_ELSEWHERE = {"held", "shunted"}  # tasks that are shown as what they are about
_ANSWERED = timedelta(days=45)  # how long answers to an announcement are news
_ANNOUNCED = 3
_LATER = "/partners status lists them all."
_CONSOLE = "The console shows them all."


@dataclass(frozen=True, slots=True)
class _Desk:
    """Everything a page is made of, for one manager on one day."""

    program: Program
    manager: Manager
    today: date
    partners: Mapping[str, Partner]
    asked: Mapping[tuple[BriefKind, str], OpenBrief]

    def partner(self, partner_id: str | None) -> Partner | None:
        return self.partners.get(partner_id or "")

    def called(self, partner_id: str | None) -> str:
        partner = self.partner(partner_id)
        return partner.name if partner else ""

    def is_near(self, partner_id: str | None) -> bool:
        """Whether the partner is in a region of his; what is nobody's in particular is everybody's."""
        partner = self.partner(partner_id)
        return partner is None or not self.manager.regions or partner.region in self.manager.regions

    def brief(self, kind: BriefKind, subject: str) -> str:
        """The brief that its button opens; "" where nobody was asked about it."""
        found = self.asked.get((kind, subject))
        return found.id if found else ""

    def row(self, title: str, text: str, kind: BriefKind, subject: str, *, pressing: bool = False) -> Row:
        """With a button of the tab's own, whether or not a manager was asked about it."""
        button = decide_id(self.manager.slack_user_id, kind, subject)
        return Row(title, text, button, pressing, decides=(kind, subject))


async def home_page(
    connection: AsyncConnection, program: Program, manager: Manager, now: datetime, picture: Picture | None
) -> Page:
    """`now` is in the vendor's zone."""
    partners = {partner.id: partner for partner in await mirror.everyone(connection, Partner)}
    desk = _Desk(program, manager, now.date(), partners, await briefs.open_ones(connection, _ASKED))
    groups = (
        *await _registrations(connection, desk),
        *await _payouts(connection, desk),
        await _leads(connection, desk),
        _entries(desk),
        *await _messages(connection, desk),
    )
    return Page(
        vendor=program.vendor.name,
        name=manager.name.partition(" ")[0] or manager.name,
        day=_day(now.date()),
        groups=groups,
        answers=await _answers(connection, now),
        picture=picture,
        may_announce=manager.announces,
    )


async def _registrations(connection: AsyncConnection, desk: _Desk) -> tuple[Group, ...]:
    found = await registrations.in_states(connection, [RegistrationState.SUBMITTED])
    his = [one for one in found if _has_a_say(desk, one)]
    late = [one for one in his if one.decide_by and one.decide_by < desk.today]
    now = [one for one in his if one.decide_by == desk.today]
    later = [one for one in his if one.decide_by is None or one.decide_by > desk.today]
    return tuple(
        Group(title, tuple(_registration(desk, one) for one in ones), len(ones), _LATER)
        for title, ones in (
            ("Registrations overdue", late),
            ("Registrations to decide today", now),
            ("Registrations to decide later", later),
        )
    )


def _has_a_say(desk: _Desk, registration: Registration) -> bool:
    partner = desk.partner(registration.partner_id)
    return partner is not None and not has_no_say(desk.program, desk.manager, partner, registration)


def _registration(desk: _Desk, found: Registration) -> Row:
    worth = f"{found.currency} {found.amount:,.0f}" if found.amount is not None else "value not said"
    who = desk.called(found.partner_id)
    title = f"{found.number} · {found.customer or 'customer not named'}"
    late = found.decide_by is not None and found.decide_by < desk.today
    text = f"{who} · {', '.join(found.products) or 'product not named'} · {worth} · {_due(found.decide_by, desk.today)}"
    return desk.row(title, text, BriefKind.REGISTRATION, found.number, pressing=late)


def _due(day: date | None, today: date) -> str:
    if day is None:
        return "no date set"
    days = (day - today).days
    if days < 0:
        return f"due {_day(day)}, {-days} {'day' if days == -1 else 'days'} late"
    return "due today" if days == 0 else "due tomorrow" if days == 1 else f"due {_day(day)}"


async def _payouts(connection: AsyncConnection, desk: _Desk) -> tuple[Group, ...]:
    """Statements and disputes, for managers who decide on payouts."""
    if not desk.manager.decides_payouts:
        return ()
    opened = [one for one in await disputes.in_state(connection, DisputeState.OPEN) if desk.is_near(one.partner_id)]
    billed = await statements.in_states(connection, [StatementState.INVOICE_RECEIVED, *_TO_PAY])
    his = [one for one in billed if desk.is_near(one.partner_id)]
    disputed = tuple(
        desk.row(
            f"{one.statement_number} · {desk.called(one.partner_id)}",
            f"since {_day(one.opened_at.date())}: {one.words}",
            BriefKind.DISPUTE,
            one.id,
        )
        for one in opened
    )
    return (
        Group("Disputes", disputed, len(disputed), _LATER),
        _stated("Statements to approve", desk, [one for one in his if one.state is StatementState.INVOICE_RECEIVED]),
        _stated("Statements to pay", desk, [one for one in his if one.state in _TO_PAY]),
    )


def _stated(title: str, desk: _Desk, found: Sequence[Statement]) -> Group:
    rows = tuple(
        desk.row(
            f"{one.number} · {desk.called(one.partner_id)}",
            _sum(one.total),
            BriefKind.STATEMENT,
            one.id,
        )
        for one in found
    )
    return Group(title, rows, len(rows), _LATER)


def _sum(money: Money) -> str:
    return f"{money.currency} {money.amount:,.2f}"


async def _leads(connection: AsyncConnection, desk: _Desk) -> Group:
    numbers = [subject for kind, subject in desk.asked if kind is BriefKind.LEAD]
    found = [
        one for one in await mirror.some(connection, Lead, numbers) if one.state.open and desk.is_near(one.partner_id)
    ]
    rows = tuple(
        Row(
            f"{one.number} · {one.customer or 'customer not named'}",
            " · ".join(part for part in (desk.called(one.partner_id), one.state.value) if part),
            link=slack_link(*desk.asked[BriefKind.LEAD, one.number].card),
        )
        for one in sorted(found, key=lambda lead: lead.number)
    )
    return Group("Leads", rows, len(rows), _LATER)


def _entries(desk: _Desk) -> Group:
    """What the CRM did not take, and a person has to see to."""
    refused = [one for (kind, _), one in desk.asked.items() if kind is BriefKind.ENTRY and desk.is_near(one.partner_id)]
    rows = tuple(Row(desk.called(one.partner_id) or "No partner", one.named, one.id) for one in refused)
    return Group("Entries that the CRM refused", rows, len(rows), _LATER)


async def _messages(connection: AsyncConnection, desk: _Desk) -> tuple[Group, ...]:
    """Requests handed over, messages of senders who are not proven, and those that failed by themselves."""
    waiting = await tasks.open_tasks(connection, desk.manager.email)
    handed = [one for one in waiting if one.kind not in _ELSEWHERE]
    held = [one for one in waiting if one.kind == "held"]
    failed = await shunted(connection)
    ids = {one.inbox_id for one in waiting if one.inbox_id} | {one.id for one in failed}
    places = await tasks.places_in_slack(connection, ids)

    def link(inbox_id: str | None) -> str:
        channel, thread_ts = places.get(inbox_id or "", ("", ""))
        return "" if channel.startswith("D") else slack_link(channel, thread_ts)  # nobody opens others' direct messages

    return (
        Group(
            "Handed over to you",
            tuple(_task(desk, one, link=link(one.inbox_id)) for one in handed),
            len(handed),
            _CONSOLE,
        ),
        Group(
            "Messages of unproven senders",
            tuple(
                _task(desk, one, desk.brief(BriefKind.CONTACT, one.inbox_id or ""), link(one.inbox_id)) for one in held
            ),
            len(held),
            _CONSOLE,
        ),
        Group(
            "Messages that failed",
            tuple(
                Row(one.sender or "unknown sender", f"{_day(one.at.date())}: {one.error}", link=link(one.id))
                for one in failed
            ),
            len(failed),
            _CONSOLE,
        ),
    )


def _task(desk: _Desk, task: tasks.Task, button: str = "", link: str = "") -> Row:
    who = desk.called(task.partner_id) or "No partner in particular"
    return Row(who, f"{_day(task.opened_at.date())}: {task.summary.removeprefix(f'{who}: ')}", button, link=link)


async def _answers(connection: AsyncConnection, now: datetime) -> tuple[Row, ...]:
    told = await tallied.tallies(connection, limit=20)
    heard = [one for one in told if one.delivered and one.created_at >= now - _ANSWERED]
    return tuple(
        Row(
            one.subject or "without a subject",
            f"{one.delivered} of {one.recipients} reached · {one.yes} yes · {one.no} no · {one.maybe} maybe"
            f"{f' · {one.opted_out} opted out' if one.opted_out else ''}",
        )
        for one in heard[:_ANNOUNCED]
    )


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"
