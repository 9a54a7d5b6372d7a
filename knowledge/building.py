"""Turns checked tables into the frozen values of a `Program`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from knowledge.brand import Brand
from knowledge.calendar import Calendar
from knowledge.program import (
    ApprovalChain,
    AutomaticRule,
    CommissionRules,
    Course,
    DealRules,
    LeadRules,
    Manager,
    Plan,
    Product,
    Program,
    Reward,
    Section,
    StatementRules,
    Tier,
    TierRules,
    TrainingRules,
    TypeOfPartner,
    Vendor,
)
from knowledge.program_file import (
    CommissionTable,
    DealRulesTable,
    PartnerTypeTable,
    PlanTable,
    TierRulesTable,
    TierTable,
    TrainingTable,
)
from knowledge.values import Checked, share


def build_program(
    tables: Mapping[str, Any], sections: tuple[Section, ...], brand: Brand, texts: Mapping[str, Mapping[str, str]]
) -> Program:
    """The program; `tables` holds every table, each without a fault."""
    return Program(
        vendor=Vendor(**_plain(tables["vendor"]), calendar=Calendar(**_plain(tables["calendar"]))),
        managers=tuple(Manager(**_plain(row)) for row in tables["managers"]),
        products=tuple(Product(**_plain(row)) for row in tables["products"]),
        tiers=tuple(_tier(row) for row in tables["tiers"]),
        deal_rules=_deal_rules(tables["deal_rules"]),
        plans=tuple(_plan(row) for row in tables["plans"]),
        sections=sections,
        tier_rules=_tier_rules(tables["tier_rules"]),
        commission=_commission(tables["commission"]),
        rewards=tuple(Reward(**_plain(row)) for row in tables["rewards"]),
        statements=StatementRules(**_plain(tables["statements"])),
        training=_training(tables["training"]),
        brand=brand,
        lead_rules=LeadRules(**_plain(tables["lead_rules"])),
        partner_types=tuple(_type(row) for row in tables["partner_types"]),
        texts=texts,
        **_plain(tables["program"]),
    )


def _plain(row: Checked) -> dict[str, Any]:
    return dict(row)


def _tier(row: TierTable) -> Tier:
    return Tier(**_plain(row) | {"benefits": MappingProxyType(dict(row.benefits))})


def _type(row: PartnerTypeTable) -> TypeOfPartner:
    return TypeOfPartner(row.type, MappingProxyType(dict(row.labels)), row.default_plan)


def _plan(row: PlanTable) -> Plan:
    return Plan(**_plain(row))


def _deal_rules(row: DealRulesTable) -> DealRules:
    chains = tuple(ApprovalChain(**_plain(chain)) for chain in row.chains)
    automatic = tuple(AutomaticRule(**_plain(rule)) for rule in row.automatic)
    return DealRules(**_plain(row) | {"automatic": automatic, "chains": chains})


def _tier_rules(row: TierRulesTable) -> TierRules:
    return TierRules(row.quarters_counted, row.tiers_lost_at_most, row.notice_quarters)


def _commission(row: CommissionTable) -> CommissionRules:
    plain = _plain(row)
    return CommissionRules(influenced_rate=share(plain.pop("influenced_percent")), **plain)


def _training(row: TrainingTable) -> TrainingRules:
    courses = tuple(Course(**_plain(course)) for course in row.courses)
    return TrainingRules(share(row.pass_mark_percent), row.valid_months, row.recertify_opens_days_before, courses)
