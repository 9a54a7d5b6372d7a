"""HubSpot keeps the contract of every CRM, in each of the three ways of attribution."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from crm.adapters.hubspot.adapter import HubSpotCrm
from crm.adapters.hubspot.options import AttributionWay
from tests.contract.commission_contract import CommissionContract
from tests.contract.crm_contract import CrmContract
from tests.contract.desk_contract import DealDeskContract
from tests.contract.hubspot_accounts import Accounts
from tests.contract.hubspot_live import emptied_account
from tests.contract.logging_contract import LoggingContract
from tests.contract.records import OTHER_PARTNER, PARTNER
from tests.database import create_database, drop_database
from tests.fakes.hubspot import running_hubspot


@pytest.fixture(scope="module")
def accounts() -> Iterator[Accounts]:
    with running_hubspot() as hub:
        yield Accounts(hub, (PARTNER, OTHER_PARTNER))


@pytest.fixture(scope="module")
def one_database(postgres_server: URL, migrated_template: str) -> Iterator[AsyncEngine]:
    url = create_database(postgres_server, migrated_template)
    yield create_async_engine(url)
    drop_database(postgres_server, url)


@pytest.fixture
async def engine(one_database: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    """With connections of its own in each test's event loop, and with the statements that are compiled already."""
    yield one_database
    await one_database.dispose()


class _OnHubSpot:
    way = AttributionWay.PROPERTY

    @pytest.fixture
    async def crm(self, engine: AsyncEngine, accounts: Accounts) -> AsyncIterator[HubSpotCrm]:
        await accounts.fresh(self.way, engine)
        crm = HubSpotCrm(engine, accounts.options(self.way))
        yield crm
        await crm.aclose()


class TestByProperty(_OnHubSpot, CrmContract):
    """All of it."""


class _OfDeals(_OnHubSpot, DealDeskContract):
    """What rests on who brought a deal, and on where its partner stands."""

    @pytest.fixture(autouse=True)
    async def _two_partners(self, crm: HubSpotCrm) -> None:
        await crm.save_partner(PARTNER)
        await crm.save_partner(OTHER_PARTNER)

    test_a_split_comes_back = CommissionContract.test_a_split_and_a_margin_come_back
    test_a_deal_stays_its_owners = CommissionContract.test_a_deal_with_a_part_of_another_partner_stays_its_owners
    test_a_split_changes = CommissionContract.test_a_split_changes_beside_what_somebody_else_changed
    test_payments_of_nobody = CommissionContract.test_what_was_paid_on_a_deal_of_the_vendors_own_belongs_to_no_partner
    test_a_milestone_moves = CommissionContract.test_the_last_save_of_a_milestone_counts
    test_a_tier_changes = LoggingContract.test_a_tier_changes_and_nothing_else
    test_a_tier_stays = LoggingContract.test_a_tier_that_somebody_else_changed_stays
    test_interactions_are_logged = LoggingContract.test_many_interactions_are_logged_at_once_and_each_once


class TestByLabels(_OfDeals):
    way = AttributionWay.LABELS


class TestByObject(_OfDeals):
    way = AttributionWay.OBJECT


async def test_only_an_account_for_tests_is_emptied_and_of_it_what_is_ours(
    engine: AsyncEngine, accounts: Accounts
) -> None:
    portal = await accounts.fresh(AttributionWay.PROPERTY, engine)
    options = accounts.options(AttributionWay.PROPERTY)
    portal.person_creates("companies", name="Somebody else's")
    portal.account_type = "STANDARD"
    with pytest.raises(pytest.fail.Exception, match="not for tests"):
        await emptied_account(engine, options)
    assert len(portal.all("companies")) == 3
    portal.account_type = "DEVELOPER_TEST"
    await emptied_account(engine, options)
    assert [company.values["name"] for company in portal.all("companies")] == ["Somebody else's"]
