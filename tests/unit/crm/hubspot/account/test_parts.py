"""Who had a part in a deal: each partner once, and a change is what we changed."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from crm.adapters.hubspot.attribution.parts import Part, added, once, parts_of, removed
from crm.records import Attribution, DealPartner

SOURCED, INFLUENCED = Attribution.SOURCED, Attribution.INFLUENCED
PARTS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(Attribution)), max_size=8)


def test_the_deals_own_partner_stands_with_the_others() -> None:
    others = [DealPartner("b", INFLUENCED, Decimal("0.3")), DealPartner("c", SOURCED)]
    assert parts_of("a", SOURCED, others) == (("a", SOURCED), ("c", SOURCED), ("b", INFLUENCED))


def test_the_vendors_own_deal_has_the_partners_that_influenced_it_alone() -> None:
    assert parts_of("", SOURCED, [DealPartner("b", INFLUENCED)]) == (("b", INFLUENCED),)
    assert parts_of("", SOURCED) == ()


def test_who_sourced_and_influenced_sourced_it() -> None:
    assert once([("a", INFLUENCED), ("b", INFLUENCED), ("a", SOURCED)]) == (("a", SOURCED), ("b", INFLUENCED))


@given(PARTS)
def test_each_partner_is_named_once_and_none_is_lost(parts: list[Part]) -> None:
    told = once(parts)
    assert sorted(id_ for id_, _ in told) == sorted({id_ for id_, _ in parts})
    assert once(told) == told
    assert all(kind is INFLUENCED or (id_ >= "a" and (id_, SOURCED) in parts) for id_, kind in told)


@given(PARTS, PARTS)
def test_what_is_added_and_taken_away_leads_from_what_was_seen_to_what_is_wanted(
    wanted: list[Part], seen: list[Part]
) -> None:
    after, before = once(wanted), once(seen)
    left = [part for part in before if part not in removed(after, before)]
    assert {*left, *added(after, before)} == set(after)
    assert not set(added(after, before)) & set(removed(after, before))
