"""Attribution by properties of the deal: read, united with what people chose, written; nobody's choice is lost."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.adapters.hubspot.account.not_set_up import NotSetUp
from crm.adapters.hubspot.attribution.choices import option_value, partner_id_of
from crm.adapters.hubspot.schema import INFLUENCED_BY, SOURCED_BY, Shape
from crm.adapters.hubspot.transport import calls
from crm.errors import CrmRejected
from crm.records import Attribution
from tests.fakes.hubspot import Hub
from tests.unit.crm.hubspot.account.conftest import Desk, OpenDesk, prepare

SOURCED, INFLUENCED = Attribution.SOURCED, Attribution.INFLUENCED


@pytest.fixture
async def ready(desk: OpenDesk) -> Desk:
    opened = await desk()
    await prepare(opened)
    await opened.partner("quaywise", "Quaywise Advisory")
    await opened.partner("brightpath", "Brightpath")
    return opened


def options(hub: Hub, name: str = SOURCED_BY) -> dict[str, str]:
    return {one.value: one.label for one in hub.portal.definitions["0-3"][name].options}


async def person_adds_option(desk: Desk, value: str, label: str) -> None:
    """As HubSpot's settings do it."""
    at = {"type": "deals", "name": SOURCED_BY}
    there = [{"value": v, "label": shown, "displayOrder": n} for n, (v, shown) in enumerate(options(desk.hub).items())]
    new = {"value": value, "label": label, "displayOrder": len(there)}
    await desk.client.call(calls.UPDATE_PROPERTY, at=at, body={"options": [*there, new]})


async def test_a_partner_is_written_as_an_option_with_its_name_and_read_back(ready: Desk) -> None:
    deal = ready.deal()
    await ready.attributions.write(deal, (("quaywise", SOURCED),), ())
    assert ready.held(deal, SOURCED_BY) == "quaywise"
    assert options(ready.hub) == {"quaywise": "Quaywise Advisory"}
    assert await ready.attributions.read([deal]) == {deal: (("quaywise", SOURCED),)}


async def test_several_partners_stand_in_both_lists(ready: Desk) -> None:
    deal = ready.deal()
    wanted = (("quaywise", SOURCED), ("brightpath", INFLUENCED))
    await ready.attributions.write(deal, wanted, ())
    assert (ready.held(deal, SOURCED_BY), ready.held(deal, INFLUENCED_BY)) == ("quaywise", "brightpath")
    await ready.attributions.write(deal, (("quaywise", SOURCED), ("brightpath", SOURCED)), wanted)
    assert (ready.held(deal, SOURCED_BY), ready.held(deal, INFLUENCED_BY)) == ("quaywise;brightpath", "")


async def test_what_people_chose_besides_stays_in_its_place(ready: Desk) -> None:
    await person_adds_option(ready, "trade_fair", "Met at the trade fair")
    deal = ready.deal(**{SOURCED_BY: "trade_fair"})
    await ready.attributions.write(deal, (("quaywise", SOURCED),), ())
    assert ready.held(deal, SOURCED_BY) == "trade_fair;quaywise"
    assert await ready.attributions.read([deal]) == {deal: (("quaywise", SOURCED),)}
    await ready.attributions.write(deal, (), (("quaywise", SOURCED),))
    assert ready.held(deal, SOURCED_BY) == "trade_fair"
    assert options(ready.hub)["trade_fair"] == "Met at the trade fair"


async def test_a_partner_that_a_person_took_away_is_not_put_back_by_a_write_about_another(ready: Desk) -> None:
    deal = ready.deal()
    first = (("quaywise", SOURCED),)
    await ready.attributions.write(deal, first, ())
    ready.hub.portal.person_edits("deals", deal, **{SOURCED_BY: ""})
    await ready.attributions.write(deal, (*first, ("brightpath", INFLUENCED)), first)
    assert (ready.held(deal, SOURCED_BY), ready.held(deal, INFLUENCED_BY)) == ("", "brightpath")


async def test_an_option_that_a_person_made_with_a_partners_name_is_that_partner(ready: Desk) -> None:
    await person_adds_option(ready, "qw", "quaywise advisory")
    deal = ready.deal(**{SOURCED_BY: "qw"})
    assert await ready.attributions.read([deal]) == {deal: (("quaywise", SOURCED),)}
    other = ready.deal("Harbour")
    await ready.attributions.write(other, (("quaywise", SOURCED),), ())
    assert ready.held(other, SOURCED_BY) == "qw"
    await ready.attributions.write(deal, (), (("quaywise", SOURCED),))
    assert ready.held(deal, SOURCED_BY) == ""


async def test_two_partners_of_one_name_have_two_options(ready: Desk) -> None:
    await ready.partner("quaywise-2", "Quaywise Advisory")
    await ready.attributions.introduce({"quaywise": "Quaywise Advisory", "quaywise-2": "Quaywise Advisory"})
    assert options(ready.hub) == {
        "quaywise": "Quaywise Advisory",
        "quaywise-2": "Quaywise Advisory (quaywise-2)",
    }


async def test_a_partner_that_comes_later_under_the_same_name_is_not_taken_for_the_first(ready: Desk) -> None:
    first, second = ready.deal(), ready.deal("Harbour")
    await ready.attributions.write(first, (("quaywise", SOURCED),), ())
    await ready.partner("quaywise-2", "Quaywise Advisory")
    await ready.attributions.write(second, (("quaywise-2", SOURCED),), ())
    assert (ready.held(first, SOURCED_BY), ready.held(second, SOURCED_BY)) == ("quaywise", "quaywise-2")


async def test_partners_can_be_chosen_by_people_before_they_have_a_deal(ready: Desk) -> None:
    await ready.attributions.introduce({"quaywise": "Quaywise Advisory"})
    ready.hub.calls.clear()
    await ready.attributions.introduce({"quaywise": "Quaywise Advisory"})
    assert len(ready.hub.calls) == 0
    deal = ready.deal(**{INFLUENCED_BY: "quaywise"})
    assert await ready.attributions.read([deal]) == {deal: (("quaywise", INFLUENCED),)}


async def test_a_drop_down_holds_one_partner_and_the_second_is_refused_in_plain_words(desk: OpenDesk) -> None:
    opened = await desk()
    await prepare(opened, shape=Shape.CHOICE)
    await opened.partner("quaywise", "Quaywise Advisory")
    await opened.partner("brightpath", "Brightpath")
    deal = opened.deal()
    await opened.attributions.write(deal, (("quaywise", SOURCED),), ())
    with pytest.raises(CrmRejected) as refused:
        await opened.attributions.write(
            deal, (("quaywise", SOURCED), ("brightpath", SOURCED)), (("quaywise", SOURCED),)
        )
    said = str(refused.value)
    assert "Brightpath cannot be entered as well" in said
    assert "“Partner sourced by” is a drop-down" in said
    assert "it holds Quaywise Advisory" in said
    assert "Multiple checkboxes" in said
    assert opened.held(deal, SOURCED_BY) == "quaywise"
    await opened.attributions.write(deal, (("brightpath", SOURCED),), (("quaywise", SOURCED),))
    assert opened.held(deal, SOURCED_BY) == "brightpath"


async def test_two_workers_that_bring_a_new_partner_each_lose_none_of_the_options(ready: Desk, desk: OpenDesk) -> None:
    other = await desk()
    for number in range(6):
        await ready.partner(f"p{number}", f"Partner {number}")
    await asyncio.gather(
        *(
            (ready if number % 2 else other).attributions.write(ready.deal(), ((f"p{number}", SOURCED),), ())
            for number in range(6)
        )
    )
    assert set(options(ready.hub)) == {f"p{number}" for number in range(6)}


async def test_two_workers_that_write_the_same_write_it_once(ready: Desk, desk: OpenDesk) -> None:
    other, deal = await desk(), ready.deal()
    for worker in (ready, other, ready):
        await worker.attributions.write(deal, (("quaywise", SOURCED),), ())
    assert ready.held(deal, SOURCED_BY) == "quaywise"
    assert ready.hub.calls.count(f"/deals/{deal}", "PATCH") == 1


async def test_nothing_to_change_is_no_call(ready: Desk) -> None:
    ready.hub.calls.clear()
    await ready.attributions.write("1", (("quaywise", SOURCED),), (("quaywise", SOURCED),))
    assert await ready.attributions.read([]) == {}
    assert len(ready.hub.calls) == 0


async def test_values_that_were_read_with_the_deals_are_not_read_again(ready: Desk) -> None:
    deal = ready.deal()
    await ready.attributions.write(deal, (("quaywise", SOURCED),), ())
    ready.hub.calls.clear()
    read = await ready.attributions.read([deal, "7"], {deal: {SOURCED_BY: "quaywise"}, "7": {SOURCED_BY: None}})
    assert read == {deal: (("quaywise", SOURCED),), "7": ()}
    assert ready.hub.calls.count("batch/read") == 0


async def test_more_deals_than_a_batch_holds_are_read_in_several(ready: Desk) -> None:
    await ready.attributions.introduce({"quaywise": "Quaywise Advisory"})
    deals = [ready.deal(f"Deal {n}", **{SOURCED_BY: "quaywise"}) for n in range(205)]
    read = await ready.attributions.read(deals)
    assert set(read.values()) == {(("quaywise", SOURCED),)}
    assert len(read) == 205
    assert ready.hub.calls.count("deals/batch/read") == 3


async def test_a_missing_property_never_passes_for_a_deal_without_partner(desk: OpenDesk) -> None:
    opened = await desk()
    with pytest.raises(NotSetUp, match="crm setup"):
        await opened.attributions.read([opened.deal()])


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40))
def test_an_options_value_has_no_semicolon_or_blank_and_leads_back_to_the_partner(partner_id: str) -> None:
    value = option_value(partner_id)
    assert partner_id_of(value) == partner_id
    assert not set(value) & set("; \t\n")
