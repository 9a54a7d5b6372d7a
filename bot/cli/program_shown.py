"""The tables of `partnerline program show`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rich.table import Table

from bot.cli.program_values import money, shown
from bot.cli.screen import table
from bot.documents.rate_lines import rate_lines
from bot.texts.own import worded
from bot.texts.wording import Wording, reader_locale
from crm.records import Channel, Partner, PartnerType
from knowledge.commission.plan import RateAnswer, rates_for
from knowledge.program import Plan, Program
from knowledge.programs import Programs


def program_tables(program: Program, kind: PartnerType | None, tier: str) -> Iterator[Table]:
    """All of it, or what is for partners of one type; rates as that tier has them ("": the lowest)."""
    if kind is None:
        yield _pairs("Vendor", program.vendor)
        yield _managers(program)
        yield _products(program)
    yield _types(program, kind)
    yield _tiers(program)
    for plan in program.plans:
        if kind is None or kind in plan.types:
            yield _plan(program, plan, kind or plan.types[0], tier)
    if program.rewards:
        rewards = table("One-off rewards", "Reward", "Sum", "Opportunities")
        for reward in program.rewards:
            rewards.add_row(reward.id, money(reward.reward), shown(reward.opportunities or None))
        yield rewards
    yield _rules(program)


def versions_table(programs: Programs, today: date) -> Table:
    """Which version holds from when until when."""
    made = table("Versions", "Version", "From", "Until", "")
    for place, program in enumerate(programs.versions):
        after = programs.versions[place + 1].valid_from if place + 1 < len(programs.versions) else None
        until = (after - timedelta(days=1)).isoformat() if after else "-"
        mark = "holds today" if program is programs.on(today) else ""
        made.add_row(program.version or "-", shown(program.valid_from), until, mark)
    return made


def _pairs(title: str, row: Any, leave: Sequence[str] = ()) -> Table:
    made = table(title, "Key", "Value")
    for key, value in _told(row, leave):
        made.add_row(key, value)
    return made


def _told(row: Any, leave: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    for field in fields(row):
        if field.name not in leave:
            yield field.name, shown(getattr(row, field.name), field.name)


def _managers(program: Program) -> Table:
    made = table("Managers", "Name", "Mail", "Regions", "Approves", "Payouts", "Announces")
    for row in program.managers:
        limit = f"up to {money(row.approves_up_to)}" if row.approves_up_to else "everything"
        made.add_row(
            row.name, row.email, shown(row.regions), limit if row.approves else "no",
            limit if row.decides_payouts else "no", shown(row.announces),
        )  # fmt: skip
    return made


def _products(program: Program) -> Table:
    made = table("Products", "Product", "Billing", "List price", "Also called")
    for row in program.products:
        per = " per seat and month" if row.billing == "subscription" else ""
        made.add_row(row.name, row.billing, money(row.list_price) + per, shown(row.aliases))
    return made


def _types(program: Program, kind: PartnerType | None) -> Table:
    made = table("Partner types", "Type", "Called", "Plan by itself", "By choice")
    labels = {row.kind: row.labels for row in program.partner_types}
    kinds = list(labels) or list(dict.fromkeys(kind for plan in program.plans for kind in plan.types))
    for one in kinds:
        if kind is None or one is kind:
            plans = [plan for plan in program.plans if one in plan.types]
            own = [plan.name for plan in plans if program.applies_by_itself(plan, one)]
            others = [plan.name for plan in plans if plan.name not in own]
            made.add_row(one.value, labels[one]["en"] if one in labels else "-", _list(own), _list(others))
    return made


def _tiers(program: Program) -> Table:
    made = table("Tiers", "Tier", "Revenue of 4 quarters", "CSAT", "Certified people", "Adds", "Brings")
    made.columns[1].header = f"Revenue of {program.tier_rules.quarters_counted} quarters"
    for row in program.tiers:
        revenue, points = shown(row.revenue), shown(row.added_points, "points")
        benefits = "\n".join(row.benefits["en"])
        made.add_row(row.name, revenue, shown(row.csat), str(row.certified_people), points, benefits)
    return made


def _plan(program: Program, plan: Plan, kind: PartnerType, tier: str) -> Table:
    texts = worded(program.texts)
    wording = Wording(texts, "en", reader_locale("en", ""), ZoneInfo(program.vendor.time_zone), Channel.EMAIL)
    answer = _answer(program, plan, kind, tier)
    since = f", from {plan.valid_from}" if plan.valid_from else ""
    at = f", at {answer.tier}" if answer else ""
    made = table(f"{plan.name} ({plan.id}, version {plan.version}{since}){at}", "Pays")
    for line in rate_lines(answer) if answer else ():
        made.add_row(wording.value(line, ""))
    return made


def _answer(program: Program, plan: Plan, kind: PartnerType, tier: str) -> RateAnswer | None:
    return next(iter(rates_for(program, Partner("", "", (kind,), tier, plan=plan.id))), None)


def _rules(program: Program) -> Table:
    made = table("Rules", "Of", "Rule", "Value")
    named: Iterable[tuple[str, Any]] = (
        ("tiers", program.tier_rules),
        ("deals", program.deal_rules),
        ("leads", program.lead_rules),
        ("commission", program.commission),
        ("statements", program.statements),
        ("training", program.training),
    )
    for name, row in named:
        for key, value in _told(row, ("courses",)) if row is not None else ():
            made.add_row(name, key, value)
    return made


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) or "-"
