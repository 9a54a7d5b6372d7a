"""A HubSpot account for tests on the real thing: never one that people work in, and of ours nothing in it."""

from __future__ import annotations

import os

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from crm.adapters.hubspot.account.portal import pages
from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.schema import COMPANY_KEY, CONTACT_ID, NUMBER, PARTNER_ID
from crm.adapters.hubspot.transport import calls
from crm.adapters.hubspot.transport.client import HubSpot

TOKEN = "HUBSPOT_TEST_TOKEN"
_FOR_TESTS = frozenset({"DEVELOPER_TEST", "APP_DEVELOPER", "SANDBOX"})
_OURS = {"deals": (NUMBER,), "contacts": (CONTACT_ID,), "companies": (PARTNER_ID, COMPANY_KEY)}


def token() -> str:
    """ "" where no account was given."""
    return os.environ.get(TOKEN, "")


async def emptied_account(engine: AsyncEngine, options: HubSpotOptions) -> None:
    """Archives what the agent made in it; other records stay. Fails on an account that is not for tests."""
    hub = HubSpot(engine, options)
    try:
        kind = (await hub.call(calls.ACCOUNT)).body.get("accountType")
        if kind not in _FOR_TESTS:
            pytest.fail(f"an account of the type {kind} is not for tests: nothing was touched")
        for object_type, names in _OURS.items():
            await _archive(hub, object_type, names)
    finally:
        await hub.aclose()


async def _archive(hub: HubSpot, object_type: str, names: tuple[str, ...]) -> None:
    query = [("limit", "100"), ("properties", ",".join(names))]
    ours = [
        str(row["id"])
        async for page in hub.pages(calls.LIST, at={"type": object_type}, query=query)
        for row in page
        if any((row.get("properties") or {}).get(name) for name in names)
    ]
    for ids in pages(ours):
        body = {"inputs": [{"id": id_} for id_ in ids]}
        await hub.call(calls.BATCH_ARCHIVE, at={"type": object_type}, body=body)
