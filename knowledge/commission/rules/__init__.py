"""Every commission rule by the name that plans use; a new rule is one file here and one row of the table."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.commission.rule import Rule
from knowledge.commission.rules.growth import GrowthRule
from knowledge.commission.rules.referral import ReferralRule
from knowledge.commission.rules.reseller import ResellerRule
from knowledge.commission.rules.services import ServicesRule

RULES: Mapping[str, Rule] = {rule.name: rule for rule in (ReferralRule(), ResellerRule(), ServicesRule(), GrowthRule())}
