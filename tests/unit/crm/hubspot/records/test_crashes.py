"""A worker that dies at any call leaves nothing that its successor does not complete, and nothing twice."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from crm.adapters.hubspot.adapter import HubSpotCrm
from crm.adapters.hubspot.options import AttributionWay
from crm.records import DealPartner, RegistrationState, Stage
from tests.contract.records import (
    CONTACT,
    DEAL,
    LEAD,
    MILESTONE,
    OTHER_PARTNER,
    PARTNER,
    PAYMENT,
    REGISTRATION,
    bare_deal,
)
from tests.unit.crm.hubspot.records.conftest import House, Killed, OpenHouse

Save = Callable[[HubSpotCrm], Awaitable[Any]]
_MOST = 60
_EVERY = bool(os.environ.get("EVERY_CRASH"))
"""Else, where a worker dies both ways, at every other call: HubSpot is left at each point once."""


async def _killed_everywhere(
    house: House,
    save: Callable[[int], Save],
    check: Callable[[int], Awaitable[None]],
    *,
    ends: tuple[bool, ...] = (True,),
) -> int:
    """Saves another record for each place where the worker can die, and again by one that lives. How many places.

    `ends`: after a call was carried out and before its answer came, or (False) before the next call is made.
    """
    number = 0
    for late in ends:
        for calls in range(0, _MOST, 1 if _EVERY else len(ends)):
            number += 1
            try:
                await save(number)(house.dying(calls, late=late))
                break
            except Killed:
                await save(number)(house.crm)
                await check(number)
        else:
            pytest.fail("it never ends")
    return number


@pytest.mark.parametrize("way", [AttributionWay.PROPERTY, AttributionWay.LABELS])
async def test_a_deal_is_completed_and_there_once(house_of: OpenHouse, way: AttributionWay) -> None:
    house: House = await house_of(way)

    def deal(number: int) -> Any:
        name = f"customer{number}"
        return replace(
            DEAL, id=f"d-{number}", number=f"D-{number:06}", customer=name, customer_domain=f"{name}.example"
        )

    async def check(number: int) -> None:
        wanted = deal(number)
        assert await house.crm.deal(PARTNER.id, wanted.number) == wanted
        held = house.deal(wanted.number)
        assert len(house.portal.all("companies", domain=wanted.customer_domain)) == 1
        assert wanted.customer in house.companies(wanted.number)
        primary = house.portal.one("companies", hs_object_id=held.values["hs_primary_associated_company"])
        assert primary.values["name"] == wanted.customer
        assert set(await _attributed(house, held.id)) == {PARTNER.id, OTHER_PARTNER.id}

    assert await _killed_everywhere(house, lambda n: lambda crm: crm.save_deal(deal(n)), check, ends=(True, False)) > 3


async def _attributed(house: House, hubspot_id: str) -> dict[str, object]:
    return dict((await house.crm._portal.attributions.read([hubspot_id]))[hubspot_id])


async def test_a_change_of_a_deal_is_completed(house_of: OpenHouse) -> None:
    house: House = await house_of(AttributionWay.OBJECT)
    shared = (DealPartner(PARTNER.id, DEAL.attribution),)

    def change(number: int) -> tuple[Any, Any]:
        seen = bare_deal(number)
        return seen, replace(
            seen, partner_id=OTHER_PARTNER.id, others=shared, stage=Stage.WON, won_on=date(2026, 11, 1)
        )

    def save(number: int) -> Save:
        async def both(crm: HubSpotCrm) -> None:
            if crm is not house.crm:
                await house.crm.save_deal(bare_deal(number))
            await crm.update_deal(*change(number))

        return both

    async def check(number: int) -> None:
        _, wanted = change(number)
        assert await house.crm.deal(OTHER_PARTNER.id, wanted.number) == wanted
        assert set(await _attributed(house, house.deal(wanted.number).id)) == {PARTNER.id, OTHER_PARTNER.id}

    await _killed_everywhere(house, save, check)


async def test_a_registration_is_completed_with_the_customer_and_the_person_there(house: House) -> None:
    def registration(number: int) -> Any:
        domain = f"harbour{number}.example"
        return replace(
            REGISTRATION,
            number=f"D-{number:06}",
            state=RegistrationState.SUBMITTED,
            customer_domain=domain,
            contact_email=f"zoe@{domain}",
        )

    async def check(number: int) -> None:
        wanted = registration(number)
        assert await house.crm.registration(PARTNER.id, wanted.number) == wanted
        held = house.deal(wanted.number)
        company = house.portal.one("companies", domain=wanted.customer_domain)
        person = house.portal.one("contacts", email=wanted.contact_email)
        assert list(house.portal.labels("deals", held.id, "contacts")) == [person.id]
        assert company.id in house.portal.labels("deals", held.id, "companies")
        assert list(house.portal.labels("contacts", person.id, "companies")) == [company.id]

    save = lambda n: lambda crm: crm.save_registration(registration(n))  # noqa: E731
    assert await _killed_everywhere(house, save, check, ends=(True, False)) > 7


@pytest.mark.parametrize("way", [AttributionWay.PROPERTY, AttributionWay.OBJECT])
async def test_a_partner_is_completed_with_its_company(house_of: OpenHouse, way: AttributionWay) -> None:
    house: House = await house_of(way)

    def partner(number: int) -> Any:
        return replace(PARTNER, id=f"p-{number}", name=f"Partner {number}", domains=(f"partner{number}.example",))

    async def check(number: int) -> None:
        assert await house.crm.partner(f"p-{number}") == partner(number)
        company = house.portal.one("companies", name=f"Partner {number}")
        # Whoever logs something finds the company without asking.
        places = await house.crm._portal.objects.partner_places([f"p-{number}"])
        assert places[f"p-{number}"].company == company.id

    await _killed_everywhere(house, lambda n: lambda crm: crm.save_partner(partner(n)), check)


async def test_a_contact_is_completed_with_the_partners_company(house: House) -> None:
    def contact(number: int) -> Any:
        return replace(CONTACT, id=f"c-{number}", email=f"anna{number}@brightwave.example")

    async def check(number: int) -> None:
        assert await house.crm.contact(f"c-{number}") == contact(number)
        company = house.portal.one("companies", partnerline_partner_id=PARTNER.id)
        person = house.portal.one("contacts", email=contact(number).email)
        assert list(house.portal.labels("contacts", person.id, "companies")) == [company.id]

    await _killed_everywhere(house, lambda n: lambda crm: crm.save_contact(contact(n)), check)


async def test_a_lead_is_completed(house: House) -> None:
    def lead(number: int) -> Any:
        return replace(LEAD, number=f"L-{number}")

    async def check(number: int) -> None:
        assert await house.crm.lead(f"L-{number}") == lead(number)
        assert await _attributed(house, house.deal(f"L-{number}").id) == {PARTNER.id: LEAD.attribution}

    await _killed_everywhere(house, lambda n: lambda crm: crm.save_lead(lead(n)), check)


async def test_payments_and_milestones_are_completed_and_none_stands_twice(house: House) -> None:
    for deal in (DEAL, bare_deal(2)):
        await house.crm.save_deal(deal)

    def save(number: int) -> Save:
        async def moved(crm: HubSpotCrm) -> None:
            """First on one deal, then on another: taken from where it was."""
            payment = replace(PAYMENT, id=f"pay-{number}")
            await crm.save_payment(payment)
            await crm.save_payment(replace(payment, deal_id="d-2"))
            await crm.save_milestone(replace(MILESTONE, id=f"m-{number}"))
            await crm.save_milestone(replace(MILESTONE, id=f"m-{number}", deal_id=""))

        return moved

    async def check(number: int) -> None:
        found = await house.crm.changes()
        assert [one.deal_id for one in found.payments if one.id == f"pay-{number}"] == ["d-2"]
        assert [one.deal_id for one in found.milestones if one.id == f"m-{number}"] == [""]

    await _killed_everywhere(house, save, check)
