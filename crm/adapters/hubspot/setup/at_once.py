"""Sets up an account without asking first: for one that is there to try things out."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.account.account import Account
from crm.adapters.hubspot.attribution.directory import PartnerDirectory
from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.setup.setting_up import SetUp
from crm.adapters.hubspot.transport.client import HubSpot
from crm.errors import CrmRejected


async def set_up_at_once(engine: AsyncEngine, options: HubSpotOptions) -> int:
    """How many steps were made; 0 where all was there. Raises CrmRejected with what only a person can mend."""
    hub = HubSpot(engine, options)
    try:
        account = Account(engine, hub, options, lambda: datetime.now(UTC))
        setting_up = SetUp(hub, account, PartnerDirectory(engine))
        plan = await setting_up.plan()
        outcome = await setting_up.carry_out(plan)
    finally:
        await hub.aclose()
    problems = [f"{problem.where}: {problem.said}; {problem.fix}" for problem in (*plan.problems, *outcome.problems)]
    problems += [f"{barred.way.value} is not possible: {barred.why}" for barred in outcome.barred]
    if problems:
        raise CrmRejected(" | ".join(problems))
    return len(outcome.made)
