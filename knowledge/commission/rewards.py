"""One-off rewards apart from deals: a first qualified meeting, a person's first certificate, an event that paid off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.money import Money
from crm.records import Milestone, MilestoneKind
from knowledge.commission.account import Account, Line, Posted
from knowledge.commission.derivation import Said, Step, Value, step
from knowledge.commission.evaluation import correction_of
from knowledge.commission.keys import REWARD, identity, key_of, plan_of
from knowledge.program import Program, Reward
from knowledge.programs import Programs

PLAN_ID = "rewards"
_PLAN = "Rewards"
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Row:
    """A milestone that a reward is for."""

    milestone: Milestone
    program: Program
    reward: Reward

    @property
    def series(self) -> str:
        said = self.milestone.subject or self.milestone.deal_id or self.milestone.id
        return f"{REWARD}{self.reward.id}|{' '.join(said.casefold().split())}"

    @property
    def enough(self) -> bool:
        value = self.milestone.value
        return not self.reward.opportunities or (value is not None and value >= self.reward.opportunities)

    def line(self, partner_id: str, *, earned: bool) -> Line:
        version = self.program.version or str(self.program.valid_from or "")
        key = key_of(f"{PLAN_ID}@{version}", partner_id, self.series, self.milestone.id, self.reward.id)
        sum_ = self.reward.reward if earned else Money.zero(self.reward.reward.currency)
        told = step("rate", "reward", Said.REWARD, sum_, reward=sum_) if earned else self._small()
        return Line(
            key=key, partner_id=partner_id, plan_id=PLAN_ID, plan=_PLAN, version=version, series=self.series,
            event=self.milestone.id, part=self.reward.id, earned_on=self.milestone.on, amount=sum_, base=sum_,
            rate=None, tier="", steps=(self._held(), told),
        )  # fmt: skip

    def _held(self) -> Step:
        found = self.milestone
        values: dict[str, Value] = {"subject": found.subject, "on": found.on}
        match found.kind:
            case MilestoneKind.CERTIFICATION:
                return step("trigger", "reward", Said.CERTIFIED, found.id, **values)
            case MilestoneKind.EVENT:
                opportunities = found.value if found.value is not None else _NOTHING
                return step("trigger", "reward", Said.EVENT_HELD, found.id, **values, opportunities=opportunities)
            case _:
                return step("trigger", "reward", Said.MEETING_HELD, found.id, **values)

    def _small(self) -> Step:
        found = self.milestone.value if self.milestone.value is not None else _NOTHING
        values: dict[str, Value] = {"subject": self.milestone.subject, "opportunities": found}
        return step("rate", "reward", Said.EVENT_SMALL, _NOTHING, **values, needed=self.reward.opportunities)


def rewards(
    programs: Programs, account: Account, posted: Mapping[str, Sequence[Posted]], today: date
) -> tuple[list[Line], list[Line]]:
    """New lines, and milestones that earn nothing. One reward for a subject is earned once, whatever comes twice."""
    by_series = defaultdict[str, list[_Row]](list)
    for row in _rows(programs, account, today):
        by_series[row.series].append(row)
    lines, nothing, partner_id = list[Line](), list[Line](), account.partner.id
    for series in sorted({*by_series, *(name for name in posted if name.startswith(REWARD))}):
        rows = by_series.get(series, [])
        lines += _new(partner_id, rows, posted.get(series, ()), today)
        nothing += (row.line(partner_id, earned=False) for row in rows if not row.enough)
    return lines, nothing


def _rows(programs: Programs, account: Account, today: date) -> Iterator[_Row]:
    for milestone in sorted(account.milestones, key=lambda m: (m.on, m.id)):
        if milestone.partner_id == account.partner.id and milestone.on <= today:
            program = programs.on(milestone.on)
            for reward in program.rewards:
                if reward.on is milestone.kind:
                    yield _Row(milestone, program, reward)


def _new(partner_id: str, rows: Sequence[_Row], posted: Sequence[Posted], today: date) -> Iterator[Line]:
    """The reward at the milestone that it was posted for, or the first one; what was posted and is right no more is
    completed by the difference."""
    enough = [row for row in rows if row.enough]
    already = {identity(line)[0] for line in posted}
    chosen = next((row for row in enough if row.milestone.id in already), enough[0] if enough else None)
    if not posted:
        if chosen is not None:
            yield chosen.line(partner_id, earned=True)
        return
    last = posted[-1]
    was = Money(sum((line.amount.amount for line in posted), start=_NOTHING), last.amount.currency)
    right = chosen.reward.reward if chosen else Money.zero(was.currency)
    if right != was and right.currency == was.currency:
        yield correction_of(last, was, right, _about(partner_id, last, today), len(posted))


def _about(partner_id: str, last: Posted, today: date) -> Line:
    version = plan_of(last).partition("@")[2]
    return Line(
        key=last.key, partner_id=partner_id, plan_id=PLAN_ID, plan=_PLAN, version=version, series=last.series,
        event=last.event, part=last.part, earned_on=today, amount=last.amount, base=last.amount, rate=None, tier="",
        steps=(),
    )  # fmt: skip
