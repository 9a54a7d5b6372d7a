"""The contract of every CRM on a HubSpot account for tests, where the environment has its token; its search lags."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.adapter import HubSpotCrm
from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.setup.at_once import set_up_at_once
from tests.contract.crm_contract import CrmContract
from tests.contract.hubspot_accounts import emptied
from tests.contract.hubspot_live import TOKEN, emptied_account, token

if not token():
    pytest.skip(f"{TOKEN} gives no developer account to test on", allow_module_level=True)


class TestOnADeveloperAccount(CrmContract):
    @pytest.fixture
    async def crm(self, engine: AsyncEngine) -> AsyncIterator[HubSpotCrm]:
        options = HubSpotOptions(token())
        await emptied(engine)
        await emptied_account(engine, options)
        await set_up_at_once(engine, options)
        crm = HubSpotCrm(engine, options)
        yield crm
        await crm.aclose()
