"""How things stand, for a manager who asks at the counter: what waits for him, a partner, or a thing by its number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.console.views import RegistrationView, Urgency, Waiting
from bot.channels.slack.managers.ports import Cases, CaseShown, Report
from bot.desk.partners_named import fitting
from bot.desk.slack_channels.pauses import in_a_line
from bot.digests.engaged import standings
from bot.managers.words import numbers
from bot.operations.waiting import waiting
from bot.payouts.statement_facts import in_words
from bot.payouts.states import worded
from bot.storage import disputes, mirror, registrations, scheduled_announcements, slack_channels, statements
from bot.storage.announcing import tallied
from bot.storage.codec import storable
from bot.storage.database import Database
from bot.vocabulary.results import NotDone
from crm.records import Deal, Partner, Registration, RegistrationState, Stage
from knowledge.commission.statement import DisputeState, Statement, StatementState
from knowledge.program import Manager, Program

_LISTED = 10
_LATEST = 3
_CLOSED = (Stage.WON, Stage.LOST)
_URGENT = {Urgency.LATE: "overdue", Urgency.TODAY: "due today", Urgency.SOON: "due tomorrow", Urgency.CALM: "later"}

Groups = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class StoredReports:
    """Implements `bot.channels.slack.managers.ports.Reports`; `zone` is the vendor's."""

    database: Database
    program: Program
    cases: Cases
    today: Callable[[], date]
    zone: ZoneInfo

    async def overview(self, by: str) -> Report:
        who = self.program.manager(by)
        if who is None:
            return Report("Nothing waits for you")
        async with self.database.reading() as connection:
            found = await waiting(connection, self.program, who, self.today())
            money = await self._money(connection, who)
            announced = await self._announced(connection)
        groups = (*_registrations(found), *money, *_handed_over(found), *announced)
        return Report(f"What waits, {who.name}" if groups else f"Nothing waits, {who.name}", groups)

    async def about(self, words: str, by: str) -> Report | NotDone:
        if numbers(words):
            found = await self.cases.named(words, by)
            if isinstance(found, NotDone):
                return found
            return _of_case(found)
        return await self._partner_named(storable(words))

    async def _partner_named(self, words: str) -> Report | NotDone:
        async with self.database.reading() as connection:
            partners = await mirror.everyone(connection, Partner)
            meant = fitting(words, partners)
            if len(meant) == 1:
                return await self._partner(connection, meant[0])
        if not meant:
            return NotDone(f"there is no partner {words[:80]!r}", "write its name, or a number such as D-123456")
        names = ", ".join(sorted(f"{p.name} ({p.id})" for p in meant)[:_LISTED])
        return NotDone(
            f"{len(meant)} partners are called so: {names}", "write more of the name, or what is in brackets"
        )

    async def _partner(self, connection: AsyncConnection, partner: Partner) -> Report:
        found = await registrations.of_partner(connection, partner.id)
        deals = await mirror.of_partner(connection, Deal, partner.id)
        stated = await statements.of_partner(connection, partner.id)
        channels = [c for c in await slack_channels.every(connection) if c.partner_id == partner.id]
        open_deals = [deal for deal in deals if deal.stage not in _CLOSED]
        today_ends = datetime.combine(self.today(), time.max, self.zone)
        score = (await standings(connection, self.program, today_ends))[partner.id].score
        latest = sorted(stated, key=lambda s: s.period, reverse=True)[:_LATEST]
        kinds = ", ".join(kind.value.replace("_", " ") for kind in partner.types)
        known = [f"Tier: {partner.tier}", f"Kind: {kinds}", f"Region: {partner.region or '-'}"]
        known += [f"Manager: {partner.manager_email}"] if partner.manager_email else []
        return Report(
            partner.name,
            _some(
                ("Partner", tuple(known)),
                (f"Engagement: {score.in_words}", tuple(f"{part.name}: {part.in_words}" for part in score.parts)),
                (f"Registrations ({_counted(found)})", tuple(_registration(r) for r in _waiting_of(found)[:_LISTED])),
                ("Open deals", (f"{len(open_deals)} of {len(deals)}",)),
                ("Statements", tuple(_statement(s) for s in latest)),
                ("Slack", tuple(map(in_a_line, channels))),
            ),
        )

    async def _money(self, connection: AsyncConnection, who: Manager) -> Groups:
        if not who.decides_payouts:
            return ()
        names = {p.id: p.name for p in await mirror.everyone(connection, Partner)}
        wait = await statements.in_states(connection, [StatementState.INVOICE_RECEIVED, StatementState.APPROVED])
        approve = [s for s in wait if s.state is StatementState.INVOICE_RECEIVED]
        pay = [s for s in wait if s.state is StatementState.APPROVED]
        argued = await disputes.in_state(connection, DisputeState.OPEN)
        told = [f"{d.statement_number} of {names.get(d.partner_id, d.partner_id)}" for d in argued]
        return _some(
            (f"Statements to approve ({len(approve)})", _listed([_of(s, names) for s in approve])),
            (f"Statements to pay ({len(pay)})", _listed([_of(s, names) for s in pay])),
            (f"Disputes ({len(argued)})", _listed(told)),
        )

    async def _announced(self, connection: AsyncConnection) -> Groups:
        later = await scheduled_announcements.waiting(connection)
        times = [(k.send_at or k.created_at).astimezone(self.zone) for k in later]
        ahead = [f"{at.day} {at:%B at %H:%M}: “{k.subject}”" for at, k in zip(times, later, strict=True)]
        tallies = [t for t in await tallied.tallies(connection, limit=_LATEST * 3) if t.state == "sent"][:_LATEST]
        answers = [
            f"“{t.subject}”: {t.delivered} of {t.recipients} delivered, {t.yes} yes, {t.no} no, {t.maybe} maybe"
            for t in tallies
        ]
        return _some((f"Announced later ({len(ahead)})", _listed(ahead)), ("Answers to announcements", tuple(answers)))


def _of_case(found: CaseShown) -> Report:
    suggested = f"Suggested: {found.suggestion.value}" if found.suggestion else ""
    stands = tuple(filter(None, (found.standing, suggested, found.why)))
    facts = tuple(f"{label}: {said}" for label, said in found.facts)
    return Report(found.title, _some(("Facts", facts), ("How it stands", stands)))


def _registrations(found: Waiting) -> Groups:
    groups = []
    for urgency, name in _URGENT.items():
        those = [view for view in found.registrations if view.urgency is urgency]
        groups.append((f"Registrations {name} ({len(those)})", _listed([_waiting(view) for view in those])))
    return _some(*groups)


def _handed_over(found: Waiting) -> Groups:
    tasks = [
        t.summary if not t.partner_name or t.partner_name in t.summary else f"{t.summary} ({t.partner_name})"
        for t in found.tasks
    ]
    others = [f"{len(found.held)} held: nothing proves who wrote"] if found.held else []
    others += [f"{len(found.shunted)} that failed: `partnerline shunted list`"] if found.shunted else []
    return _some((f"Handed over to you ({len(tasks)})", _listed(tasks)), ("Messages", tuple(others)))


def _waiting(view: RegistrationView) -> str:
    record = view.record
    until = f", decide by {record.decide_by}" if record.decide_by else ""
    return f"{record.number}: {view.partner_name} for {record.customer}{until}"


def _registration(record: Registration) -> str:
    return f"{record.number}: {record.customer or 'no customer yet'}, {record.state.value.replace('_', ' ')}"


def _waiting_of(found: Sequence[Registration]) -> list[Registration]:
    still = (RegistrationState.SUBMITTED, RegistrationState.NEEDS_INFO)
    return sorted((r for r in found if r.state in still), key=lambda r: (r.decide_by or date.max, r.number))


def _counted(found: Sequence[Registration]) -> str:
    counts = Counter(r.state.value.replace("_", " ") for r in found)
    return ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "none"


def _statement(statement: Statement) -> str:
    return f"{statement.number}: {in_words(statement.total)}, {worded(statement.state)}"


def _of(statement: Statement, names: dict[str, str]) -> str:
    return f"{statement.number} of {names.get(statement.partner_id, statement.partner_id)}: {in_words(statement.total)}"


def _listed(lines: Sequence[str]) -> tuple[str, ...]:
    more = len(lines) - _LISTED
    return (*lines[:_LISTED], *([f"and {more} more"] if more > 0 else []))


def _some(*groups: tuple[str, tuple[str, ...]]) -> Groups:
    return tuple(group for group in groups if group[1])
