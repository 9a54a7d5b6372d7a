"""Attribution by labelled associations, with companies and with the custom object: nobody's label is lost."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from crm.adapters.hubspot.account.label_ids import LABELS
from crm.adapters.hubspot.account.not_set_up import NotSetUp
from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.transport import calls
from crm.errors import CrmRejected
from crm.records import Attribution
from tests.unit.crm.hubspot.account.conftest import Desk, OpenDesk, prepare

SOURCED, INFLUENCED = Attribution.SOURCED, Attribution.INFLUENCED
PARTNER_SOURCED, PARTNER_INFLUENCED = LABELS[SOURCED], LABELS[INFLUENCED]
DISTRIBUTOR = "Distributor of record"
DEAL, COMPANY = "0-3", "0-2"


@dataclass(frozen=True, slots=True)
class Ready:
    desk: Desk
    type: str
    quaywise: str
    brightpath: str

    def labels(self, deal: str) -> dict[str, tuple[str, ...]]:
        return self.desk.hub.portal.labels("deals", deal, self.type)

    async def write(self, deal: str, wanted: dict[str, Attribution], seen: dict[str, Attribution]) -> None:
        await self.desk.attributions.write(deal, tuple(wanted.items()), tuple(seen.items()))

    async def read(self, deal: str) -> dict[str, Attribution]:
        return dict((await self.desk.attributions.read([deal]))[deal])

    def person_labels(self, deal: str, to: str, *labels: str, primary: bool = False) -> None:
        self.desk.hub.portal.person_associates("deals", deal, self.type, to, *labels, primary=primary)

    def primary(self, deal: str) -> str:
        return self.desk.hub.portal.associations.primary((DEAL, deal))


async def ready_for(desk: Desk) -> Ready:
    await prepare(desk)
    type_ = await desk.account.partner_type()
    quaywise, brightpath = await desk.partner("quaywise"), await desk.partner("brightpath")
    body = {"name": "distributor_of_record", "label": DISTRIBUTOR}
    await desk.client.call(calls.DEFINE_LABEL, at={"type": "deals", "to": type_}, body=body)
    return Ready(desk, type_, quaywise, brightpath)


@pytest.fixture(params=[AttributionWay.LABELS, AttributionWay.OBJECT])
async def ready(request: pytest.FixtureRequest, desk: OpenDesk) -> Ready:
    return await ready_for(await desk(request.param))


@pytest.fixture
async def companies(desk: OpenDesk) -> Ready:
    return await ready_for(await desk(AttributionWay.LABELS))


async def test_a_partner_is_labelled_and_read_back(ready: Ready) -> None:
    deal = ready.desk.deal()
    await ready.write(deal, {"quaywise": SOURCED, "brightpath": INFLUENCED}, {})
    assert ready.labels(deal) == {ready.quaywise: (PARTNER_SOURCED,), ready.brightpath: (PARTNER_INFLUENCED,)}
    assert await ready.read(deal) == {"quaywise": SOURCED, "brightpath": INFLUENCED}


@pytest.mark.parametrize("put_replaces", [True, False])
async def test_labels_of_others_stay_whether_hubspot_adds_or_replaces(ready: Ready, put_replaces: bool) -> None:
    associations, deal = ready.desk.hub.portal.associations, ready.desk.deal()
    associations.put_replaces, associations.first_is_primary = put_replaces, False
    ready.person_labels(deal, ready.quaywise, DISTRIBUTOR)
    await ready.write(deal, {"quaywise": SOURCED}, {})
    assert ready.labels(deal) == {ready.quaywise: (DISTRIBUTOR, PARTNER_SOURCED)}
    await ready.write(deal, {"quaywise": INFLUENCED}, {"quaywise": SOURCED})
    assert ready.labels(deal) == {ready.quaywise: (DISTRIBUTOR, PARTNER_INFLUENCED)}
    await ready.write(deal, {}, {"quaywise": INFLUENCED})
    assert ready.labels(deal) == {ready.quaywise: (DISTRIBUTOR,)}
    assert await ready.read(deal) == {}


async def test_a_partner_that_a_person_labelled_stays_when_ours_goes(ready: Ready) -> None:
    deal = ready.desk.deal()
    await ready.write(deal, {"quaywise": SOURCED}, {})
    ready.person_labels(deal, ready.brightpath, PARTNER_SOURCED)
    await ready.write(deal, {}, {"quaywise": SOURCED})
    assert await ready.read(deal) == {"brightpath": SOURCED}


async def test_a_label_that_a_person_took_away_is_not_put_back_by_a_write_about_another(ready: Ready) -> None:
    deal = ready.desk.deal()
    await ready.write(deal, {"quaywise": SOURCED}, {})
    ready.desk.hub.portal.person_disassociates("deals", deal, ready.type, ready.quaywise)
    await ready.write(deal, {"quaywise": SOURCED, "brightpath": INFLUENCED}, {"quaywise": SOURCED})
    assert await ready.read(deal) == {"brightpath": INFLUENCED}


async def test_writing_again_puts_nothing_twice(ready: Ready, desk: OpenDesk) -> None:
    deal, other = ready.desk.deal(), await desk(ready.desk.way)
    for worker in (ready.desk, other, ready.desk):
        await worker.attributions.write(deal, (("quaywise", SOURCED),), ())
    assert ready.desk.hub.calls.count(f"deals/{deal}/associations", "PUT") == 1


async def test_two_workers_write_two_partners_at_once(ready: Ready, desk: OpenDesk) -> None:
    deal, other = ready.desk.deal(), await desk(ready.desk.way)
    await asyncio.gather(
        ready.desk.attributions.write(deal, (("quaywise", SOURCED),), ()),
        other.attributions.write(deal, (("brightpath", INFLUENCED),), ()),
    )
    assert await ready.read(deal) == {"quaywise": SOURCED, "brightpath": INFLUENCED}


async def test_of_501_associations_none_is_passed_over(ready: Ready) -> None:
    deal, portal = ready.desk.deal(), ready.desk.hub.portal
    for number in range(500):
        other = portal.person_creates(ready.type, name=f"Company {number}")
        portal.associations.put((DEAL, deal), (portal.kind(ready.type).id, other.id), [])
    ready.person_labels(deal, ready.brightpath, PARTNER_INFLUENCED)
    assert await ready.read(deal) == {"brightpath": INFLUENCED}
    await ready.write(deal, {}, {"brightpath": INFLUENCED})
    assert await ready.read(deal) == {}
    assert len(ready.labels(deal)) == 501


async def test_ids_of_labels_are_this_accounts_own_in_each_direction(ready: Ready) -> None:
    labels = await ready.desk.account.labels(ready.type)
    assert len({*labels.out.values(), *labels.back.values()}) == 4
    known = ready.desk.hub.portal.associations.known(ready.desk.hub.portal.kind(ready.type).id, DEAL)
    assert set(labels.back.values()) <= {one.id for one in known}


async def test_labels_that_were_renamed_keep_counting(ready: Ready, desk: OpenDesk) -> None:
    deal = ready.desk.deal()
    await ready.write(deal, {"quaywise": SOURCED}, {})
    associations = ready.desk.hub.portal.associations
    for types in associations.types.values():
        for one in [one for one in types if one.label == PARTNER_SOURCED]:
            object.__setattr__(one, "label", "Brought by")
    other = await desk(ready.desk.way)
    await other.account.labels(ready.type, fresh=True)
    assert await other.attributions.read([deal]) == {deal: (("quaywise", SOURCED),)}


async def test_labels_that_were_made_anew_are_found_when_hubspot_refuses_the_old(ready: Ready) -> None:
    deal = ready.desk.deal()
    await ready.desk.account.labels(ready.type)
    associations = ready.desk.hub.portal.associations
    type_id = ready.desk.hub.portal.kind(ready.type).id
    for one in [one for one in associations.known(DEAL, type_id) if one.label in LABELS.values()]:
        associations.forget_type(one)
        associations.define("USER_DEFINED", DEAL, type_id, labels=(one.label, one.label), name=f"{one.name}_again")
    await ready.write(deal, {"quaywise": SOURCED}, {})
    assert await ready.read(deal) == {"quaywise": SOURCED}


async def test_a_partner_of_another_place_is_found_by_its_id_in_hubspot(ready: Ready) -> None:
    place, deal = await ready.desk.partner("harbour", known=False), ready.desk.deal()
    await ready.write(deal, {"harbour": SOURCED}, {})
    assert ready.labels(deal) == {place: (PARTNER_SOURCED,)}
    assert await ready.read(deal) == {"harbour": SOURCED}


async def test_a_partner_that_hubspot_has_not_is_refused_in_plain_words(ready: Ready) -> None:
    with pytest.raises(CrmRejected, match="partner nobody is not in HubSpot; save or import"):
        await ready.write(ready.desk.deal(), {"nobody": SOURCED}, {})


async def test_a_company_that_is_no_partner_counts_for_nobody(companies: Ready) -> None:
    deal = companies.desk.deal()
    companies.person_labels(deal, companies.desk.company("Some Ltd"), PARTNER_SOURCED)
    assert await companies.read(deal) == {}


async def test_missing_labels_never_pass_for_a_deal_without_partner(desk: OpenDesk) -> None:
    opened = await desk(AttributionWay.LABELS)
    with pytest.raises(NotSetUp, match=r"“Partner sourced”.*crm setup"):
        await opened.attributions.read([opened.deal()])


async def test_the_customer_stays_the_primary_company(companies: Ready) -> None:
    deal, customer = companies.desk.deal(), companies.desk.company("Fabrica")
    companies.person_labels(deal, customer, primary=True)
    await companies.write(deal, {"quaywise": SOURCED}, {})
    assert companies.primary(deal) == customer


async def test_a_partner_does_not_become_primary_where_there_is_no_customer(companies: Ready) -> None:
    deal = companies.desk.deal()
    await companies.write(deal, {"quaywise": SOURCED}, {})
    assert companies.primary(deal) == ""
    assert await companies.read(deal) == {"quaywise": SOURCED}


async def test_a_write_that_was_cut_off_before_the_primary_company_was_put_right_is_completed(
    companies: Ready,
) -> None:
    deal = companies.desk.deal()
    companies.person_labels(deal, companies.quaywise, PARTNER_SOURCED)
    assert companies.primary(deal) == companies.quaywise
    await companies.write(deal, {"quaywise": SOURCED}, {})
    assert companies.primary(deal) == ""


async def test_a_partner_that_a_person_made_the_customer_stays_it(companies: Ready) -> None:
    deal = companies.desk.deal()
    companies.person_labels(deal, companies.quaywise, DISTRIBUTOR, primary=True)
    await companies.write(deal, {"quaywise": SOURCED}, {})
    assert companies.primary(deal) == companies.quaywise
    assert companies.labels(deal)[companies.quaywise] == (DISTRIBUTOR, PARTNER_SOURCED, "Primary")
