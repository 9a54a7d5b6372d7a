"""What the operator is told of HubSpot, without a call to it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.account.facts import FactName, Facts
from crm.adapters.hubspot.adapter import HubSpotCrm
from crm.adapters.hubspot.options import AttributionWay, HubSpotOptions
from crm.adapters.hubspot.standing import standing_facts
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.client import HubSpot
from crm.errors import CrmUnavailable
from tests.fakes.scripted_http import Reply, scripted_http
from tests.fakes.waiting import Waiting

DETAILS = {"portalId": 50_000_001, "accountType": "DEVELOPER_TEST", "timeZone": "Europe/Berlin"}


async def test_before_anything_was_asked_it_says_so(engine: AsyncEngine) -> None:
    crm = HubSpotCrm(engine, HubSpotOptions("pat-secret", url="http://127.0.0.1:1", attribution=AttributionWay.LABELS))
    standing = await crm.standing()
    await crm.aclose()
    assert (standing.name, standing.where) == ("hubspot", "http://127.0.0.1:1")
    facts = dict(standing.facts)
    assert facts["Account"] == "not asked for yet"
    assert facts["Calls today"] == "0 of 240,000"
    assert "company" in facts["Who brought a deal"]
    assert "pat-secret" not in repr(standing)


async def test_calls_and_the_account_and_what_has_to_wait_are_shown(engine: AsyncEngine) -> None:
    facts, waiting = Facts(engine), Waiting()
    await facts.keep(FactName.DETAILS, DETAILS, datetime(2026, 11, 27, tzinfo=UTC))
    used_up = Reply(429, {"policyName": "DAILY"})
    async with scripted_http(Reply(), Reply(), used_up) as server:
        hub = HubSpot(engine, HubSpotOptions("pat", url=server.url), sleep=waiting.sleep, clock=waiting.now)
        for _ in range(2):
            await hub.call(calls.ACCOUNT)
        with pytest.raises(CrmUnavailable):
            await hub.call(calls.ACCOUNT)
        shown = dict(await standing_facts(hub, facts))
        await hub.aclose()
    assert len(server.heard) == 3
    assert shown["Account"] == "50000001, DEVELOPER_TEST, Europe/Berlin"
    assert shown["Calls today"] == "3 of 240,000"
    assert shown["All calls"].startswith("wait until 2026-11-27 23:00:00 UTC: ")
