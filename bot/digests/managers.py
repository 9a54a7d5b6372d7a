"""The digest of one manager: the exceptions of his own partners; whoever heads the program sees those of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests.contents import Item, ManagersDigest, Section, grouped
from bot.digests.engaged import Standing, moved, standings_of
from bot.digests.gathering import gathered
from bot.digests.newcomers import newcomers
from bot.digests.noticing import Gathered, Noticing, local
from bot.digests.rules import DigestRules
from bot.steps.look_up import manager_of
from bot.storage.adoption import Adopted, adopted
from bot.storage.database import Database
from crm.records import Partner
from knowledge.program import Manager, Program
from knowledge.programs import Programs

_NOBODYS = "No partner in particular"


@dataclass(frozen=True, slots=True)
class Week:
    """All that the managers' digests of one moment are made of."""

    program: Program
    now: datetime
    known: Gathered
    items: tuple[Item, ...]
    standings: Mapping[str, Standing]
    adopted: tuple[Adopted, ...] = ()

    def digest(self, manager: Manager) -> ManagersDigest:
        sections = self._all() if heads(manager, self.program) else self._own(manager)
        mine = [one for one in self.standings.values() if self._sees(manager, one.partner_id)]
        new = newcomers([one for one in self.adopted if self._sees(manager, one.partner_id)], self.now.date())
        return ManagersDigest(manager.name, self.now.date(), sections, moved(mine, self.known.partners), new)

    def _own(self, manager: Manager) -> tuple[Section, ...]:
        groups = grouped([item for item in self.items if self._in_hand_of(item) == manager])
        return (Section("", groups),) if groups else ()

    def _all(self) -> tuple[Section, ...]:
        """By manager, in the program's order; last what is no partner's."""
        whose_of = [*(one.name for one in self.program.managers), _NOBODYS]
        by_manager: dict[str, list[Item]] = {whose: [] for whose in whose_of}
        for item in self.items:
            manager = self._in_hand_of(item)
            by_manager[manager.name if manager else _NOBODYS].append(item)
        found = ((whose, grouped(items)) for whose, items in by_manager.items() if items)
        return tuple(Section(whose, groups) for whose, groups in found)

    def _in_hand_of(self, item: Item) -> Manager | None:
        """Whoever a task was given to, else the partner's manager; None where it is nobody's."""
        partner = self.known.partners.get(item.partner_id)
        named = self.program.manager(item.manager) if item.manager else None
        return named or (manager_of(partner, self.program) if partner else None)

    def _sees(self, manager: Manager, partner_id: str) -> bool:
        return heads(manager, self.program) or is_his(self.known.partners.get(partner_id), manager, self.program)


def is_his(partner: Partner | None, manager: Manager, program: Program) -> bool:
    return partner is not None and manager_of(partner, program) == manager


def heads(manager: Manager, program: Program) -> bool:
    """Who announces and approves without a limit, for every region; where nobody does, all managers see everything."""
    able = [one for one in program.managers if _without_limit(one)]
    return manager in able if able else True


def _without_limit(manager: Manager) -> bool:
    return manager.announces and manager.approves and manager.approves_up_to is None and not manager.regions


@dataclass(frozen=True, slots=True)
class ManagersDigests:
    """Looks everything up anew at each call."""

    database: Database
    programs: Programs
    rules: DigestRules
    now: Callable[[], datetime]

    async def of(self, manager: Manager) -> ManagersDigest:
        async with self.database.reading() as connection:
            week = await self.week(connection)
        return week.digest(manager)

    async def week(self, connection: AsyncConnection) -> Week:
        moment = self.now()
        program = self.programs.at(moment)
        now = local(moment, program)
        known = await gathered(connection, program, now)
        items = Noticing(program, self.rules, now)(known)
        invited = [one for one in await adopted(connection, now, program.vendor.time_zone) if one.invited_on]
        return Week(program, now, known, items, standings_of(known.done, program, now), tuple(invited))
