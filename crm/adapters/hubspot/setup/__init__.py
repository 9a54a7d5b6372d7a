"""Setting up a HubSpot account for Partnerline: what is missing is shown, then made; what is wrong is told."""

from crm.adapters.hubspot.setup.plan import Barred, Plan, Problem, Step
from crm.adapters.hubspot.setup.setting_up import Outcome, SetUp

__all__ = ["Barred", "Outcome", "Plan", "Problem", "SetUp", "Step"]
