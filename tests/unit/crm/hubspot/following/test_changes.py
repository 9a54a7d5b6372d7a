"""What people change in HubSpot is handed out: all of it, once, in its order, whatever happens between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.adapters.hubspot.following.cursor import Cursor, read, written
from crm.adapters.hubspot.options import AttributionWay
from crm.adapters.hubspot.schema import SOURCED_BY
from crm.errors import CrmError, CrmRejected, CrmUnavailable
from crm.ports import Changes
from crm.records import Stage
from tests.fakes.hubspot import search
from tests.unit.crm.hubspot.following.conftest import OpenWatch, Watch, size


async def furnished(watch: OpenWatch, *, events: bool = False) -> tuple[Watch, str]:
    """One partner with one deal, seen before."""
    made = await watch(events=events)
    await made.partner()
    deal = made.deal()
    await made.look()
    # The number that the deal was given is a change as well.
    made.waits(61)
    await made.look()
    made.hub.webhooks.take()
    return made, deal


def stages(found: Changes) -> list[Stage]:
    return [deal.stage for deal in found.deals]


# --- polling


async def test_what_people_made_comes_once_partners_first(watch: OpenWatch) -> None:
    it = await watch()
    await it.partner()
    it.contact()
    it.deal()
    it.deal("Of the vendor's own", sourced="")
    found = await it.look()
    assert [partner.id for partner in found.partners] == ["p-1"]
    assert [contact.email for contact in found.contacts] == ["sara@p1.example"]
    assert [(deal.partner_id, deal.stage) for deal in found.deals] == [("p-1", Stage.QUALIFIED)]
    assert found.deals[0].number.startswith("D-")
    for _ in range(3):
        it.waits(61)
        assert size(await it.look()) == 0


async def test_a_moved_stage_comes_once_and_the_last_one_counts(watch: OpenWatch) -> None:
    it, deal = await furnished(watch)
    it.edits(deal, dealstage="presentationscheduled")
    it.edits(deal, dealstage="contractsent")
    assert stages(await it.look()) == [Stage.NEGOTIATION]
    it.waits(61)
    assert size(await it.look()) == 0


async def test_changes_come_in_the_order_in_which_they_were_made(watch: OpenWatch) -> None:
    it, _ = await furnished(watch)
    deals = [it.deal(f"Deal {n}") for n in range(6)]
    await it.look()
    for n in (3, 0, 5):
        it.edits(deals[n], amount=str(n + 1))
    assert [deal.customer for deal in (await it.look()).deals] == ["Deal 3", "Deal 0", "Deal 5"]


@pytest.mark.parametrize("limit", [1, 3, 500])
async def test_pages_hold_everything_once(watch: OpenWatch, limit: int) -> None:
    it, _ = await furnished(watch)
    it.cursor = ""
    for n in range(9):
        it.deal(f"Deal {n}")
    found = await it.look(limit)
    assert sorted(deal.customer for deal in found.deals) == ["Acme", *(f"Deal {n}" for n in range(9))]
    assert max(len(page.deals) for page in it.pages) <= limit
    assert [page.more for page in it.pages] == [True] * (len(it.pages) - 1) + [False]


async def test_what_changes_while_pages_are_read_is_not_lost(watch: OpenWatch) -> None:
    it, _ = await furnished(watch)
    deals = [it.deal(f"Deal {n}") for n in range(12)]
    seen: dict[str, str] = {}
    for n in range(40):
        page = await it.following.changes(it.cursor, 2)
        it.cursor = page.cursor
        seen |= {deal.customer: deal.next_step for deal in page.deals}
        if n < 5:
            it.edits(deals[n], partnerline_next_step="late")
        if not page.more:
            break
    assert {f"Deal {n}" for n in range(12)} <= seen.keys()
    assert [seen[f"Deal {n}"] for n in range(5)] == ["late"] * 5


async def test_an_index_that_lags_for_minutes_loses_nothing(watch: OpenWatch) -> None:
    it, deal = await furnished(watch)
    it.hub.portal.index.lag = 150
    it.edits(deal, dealstage="closedwon")
    it.hub.portal.index.lag = 0
    assert size(await it.look()) == 0
    seen: list[tuple[str, Stage]] = []
    for n in range(4):
        it.deal(f"Later {n}")
        it.waits(40)
        seen += [(one.customer, one.stage) for one in (await it.look()).deals]
    assert seen.count(("Acme", Stage.WON)) == 1


async def test_our_clock_may_be_hours_from_hubspots(watch: OpenWatch) -> None:
    it, deal = await furnished(watch)
    for apart in (timedelta(hours=-7), timedelta(hours=9)):
        it.ahead = apart
        it.edits(deal, amount=str(abs(apart.seconds)))
        assert len((await it.look()).deals) == 1
        assert size(await it.look()) == 0


async def test_more_than_a_search_reaches_all_come(watch: OpenWatch, monkeypatch: pytest.MonkeyPatch) -> None:
    it, _ = await furnished(watch)
    monkeypatch.setattr(search, "REACH", 400)
    with it.hub.portal.lock:
        for n in range(950):
            it.deal(f"Deal {n}", partnerline_number=f"D-9{n:05}")
    it.hub.calls.clear()
    found = await it.look()
    assert len({deal.number for deal in found.deals}) == 950
    assert it.hub.calls.count("search") < 12


async def test_hundreds_that_changed_in_one_millisecond_all_come(watch: OpenWatch) -> None:
    it, _ = await furnished(watch)
    deals = [it.deal(f"Deal {n}", partnerline_number=f"D-9{n:05}") for n in range(450)]
    moment = it.hub.portal.clock.now()
    with it.hub.portal.lock:
        for id_ in deals:
            record = it.hub.portal.records.need("0-3", id_)
            record.updated = moment
            it.hub.portal.index.see(record)
    found = await it.look(100)
    assert len({deal.customer for deal in found.deals}) == 450


# --- what is taken away


async def test_a_deal_that_is_given_to_another_partner_comes(watch: OpenWatch) -> None:
    it, deal = await furnished(watch)
    await it.partner("p-2")
    it.edits(deal, **{SOURCED_BY: "p-2"})
    assert [d.partner_id for d in (await it.look()).deals] == ["p-2"]


async def test_a_deal_that_is_taken_from_everybody_is_the_vendors_own(watch: OpenWatch) -> None:
    it, deal = await furnished(watch)
    it.edits(deal, **{SOURCED_BY: ""})
    before = it.cursor
    assert [d.partner_id for d in (await it.look()).deals] == [""]
    it.cursor = before
    assert [d.partner_id for d in (await it.look()).deals] == [""], "a crash before it was kept loses nothing"


async def test_a_deleted_deal_is_nobodys_and_comes_back_with_its_partner(watch: OpenWatch) -> None:
    it, deal = await furnished(watch)
    it.hub.portal.person_deletes("deals", deal)
    it.waits(61)
    before = it.cursor
    for _ in range(2):
        it.cursor = before
        assert [d.partner_id for d in (await it.look()).deals] == [""]
    for _ in range(3):
        it.waits(61)
        assert size(await it.look()) == 0


async def test_a_contact_that_is_deleted_or_taken_from_the_partner_speaks_for_nobody(watch: OpenWatch) -> None:
    it, _ = await furnished(watch)
    sara, ben = it.contact(), it.contact("ben@p1.example")
    await it.look()
    it.hub.portal.person_edits("contacts", sara, partnerline_contact_of="")
    it.hub.portal.person_forgets(ben)
    it.waits(61)
    found = await it.look()
    assert {(one.email, one.active) for one in found.contacts} == {
        ("ben@p1.example", False),
        ("sara@p1.example", False),
    }
    it.waits(61)
    assert size(await it.look()) == 0


async def test_of_two_merged_deals_one_is_left(watch: OpenWatch) -> None:
    it, deal = await furnished(watch, events=True)
    other = it.deal("Acme again")
    await it.hears()
    await it.look()
    it.hub.portal.person_merges("deals", deal, other)
    await it.hears()
    found = await it.look()
    assert ("Acme again", "") in [(d.customer, d.partner_id) for d in found.deals]
    assert [d.partner_id for d in found.deals if d.customer == "Acme"] in ([], ["p-1"])


@pytest.mark.parametrize("way", [AttributionWay.LABELS, AttributionWay.OBJECT])
async def test_labels_are_found_though_they_move_no_time_of_change(watch: OpenWatch, way: AttributionWay) -> None:
    it = await watch(way)
    partner = await it.partner()
    deal = it.deal(sourced="")
    await it.look()
    type_ = await it.portal.account.partner_type()
    it.hub.portal.person_associates("deals", deal, type_, partner, "Partner sourced")
    found: list[str] = []
    for _ in range(3):
        it.waits(61)
        found += [d.partner_id for d in (await it.look()).deals]
    assert found == ["p-1"]


@pytest.mark.parametrize("way", AttributionWay)
async def test_what_was_given_to_a_partner_before_it_was_known_comes_once_it_is(
    watch: OpenWatch, way: AttributionWay
) -> None:
    it = await watch(way)
    await it.partner()
    it.contact("ben@p2.example", of="p-2")
    by_property = way is AttributionWay.PROPERTY
    if by_property:
        await it.portal.attributions.introduce({"p-2": "P-2"})
    deal = it.deal(sourced="p-2" if by_property else "")
    await it.look()
    it.waits(40)
    assert size(await it.look()) == 0
    partner = await it.partner("p-2")
    if not by_property:
        type_ = await it.portal.account.partner_type()
        it.hub.portal.person_associates("deals", deal, type_, partner, "Partner sourced")
    contacts, deals = [], []
    for _ in range(2):
        found = await it.look()
        contacts += [one.email for one in found.contacts]
        deals += [one.partner_id for one in found.deals]
    assert (contacts, deals) == (["ben@p2.example"], ["p-2"])


# --- events


async def test_an_event_is_enough_though_the_index_knows_nothing(watch: OpenWatch) -> None:
    it, deal = await furnished(watch, events=True)
    it.hub.portal.index.lag = 10_000
    it.edits(deal, dealstage="closedlost")
    await it.hears()
    searches = it.hub.calls.count("search")
    assert stages(await it.look()) == [Stage.LOST]
    assert it.hub.calls.count("search") == searches


async def test_events_that_repeat_and_come_in_any_order_tell_of_a_change_once(watch: OpenWatch) -> None:
    it, deal = await furnished(watch, events=True)
    it.hub.webhooks.repeats, it.hub.webhooks.reordered = 1.0, True
    for stage in ("presentationscheduled", "contractsent", "closedwon"):
        it.edits(deal, dealstage=stage)
    await it.hears()
    assert stages(await it.look()) == [Stage.WON]
    it.edits(deal, partnerline_next_step="Party")
    it.edits(deal, partnerline_next_step="")
    await it.hears()
    assert size(await it.look()) == 0


async def test_with_events_and_polling_both_nothing_comes_twice_and_lost_events_are_made_up_for(
    watch: OpenWatch,
) -> None:
    it, deal = await furnished(watch, events=True)
    it.edits(deal, amount="100")
    await it.hears()
    assert len((await it.look()).deals) == 1
    it.waits(61)
    assert size(await it.look()) == 0
    it.hub.webhooks.dropped = 1.0
    it.edits(deal, amount="200")
    await it.hears()
    assert size(await it.look()) == 0
    it.waits(61)
    assert len((await it.look()).deals) == 1


async def test_an_event_of_what_is_not_there_or_not_ours_changes_nothing(watch: OpenWatch) -> None:
    it, _ = await furnished(watch, events=True)
    vendors = it.deal("Of the vendor's own", sourced="")
    gone = it.deal("Never seen")
    it.hub.portal.person_deletes("deals", gone)
    it.edits(vendors, amount="5")
    it.hub.portal.person_creates("contacts", email="stranger@elsewhere.example")
    await it.hears()
    assert size(await it.look()) == 0


async def test_a_crash_between_the_page_and_its_cursor_loses_nothing(watch: OpenWatch) -> None:
    it, deal = await furnished(watch, events=True)
    it.edits(deal, dealstage="closedwon")
    await it.hears()
    before = it.cursor
    for _ in range(3):
        it.cursor = before
        assert stages(await it.look()) == [Stage.WON]
    assert size(await it.look()) == 0


async def test_what_is_touched_again_while_its_page_is_out_comes_again(watch: OpenWatch) -> None:
    it, deal = await furnished(watch, events=True)
    it.edits(deal, amount="100")
    await it.hears()
    page = await it.following.changes(it.cursor, 500)
    it.edits(deal, amount="200")
    await it.hears()
    it.cursor = page.cursor
    [again] = (await it.look()).deals
    assert again.amount is not None
    assert again.amount.amount == 200


async def test_many_events_come_in_pages(watch: OpenWatch) -> None:
    it, _ = await furnished(watch, events=True)
    for n in range(25):
        it.deal(f"Deal {n}")
    await it.hears()
    found = await it.look(10)
    assert len({deal.customer for deal in found.deals}) == 25
    assert [page.more for page in it.pages][-1] is False


# --- faults


async def test_while_hubspot_is_away_the_cursor_stays_and_afterwards_all_comes(watch: OpenWatch) -> None:
    it, deal = await furnished(watch)
    it.edits(deal, dealstage="closedwon")
    before = it.cursor
    it.hub.moods.outage()
    with pytest.raises(CrmUnavailable):
        await it.look()
    it.hub.moods.recover()
    assert it.cursor == before
    assert stages(await it.look()) == [Stage.WON]


@pytest.mark.parametrize("text", ["7", "{}", "[]", "null", '{"page":1}', "\x00", "[" * 10_000, '{"passes":[],"x":1}'])
async def test_a_cursor_of_another_crm_is_refused(watch: OpenWatch, text: str) -> None:
    it = await watch()
    with pytest.raises(CrmError) as told:
        await it.following.changes(text, 10)
    assert isinstance(told.value, CrmRejected)


def test_a_cursor_comes_back_as_it_went() -> None:
    made = Cursor("a1", 7, 1.5, 2.5, {}, {"deals": "9"})
    assert read(written(made)) == made
