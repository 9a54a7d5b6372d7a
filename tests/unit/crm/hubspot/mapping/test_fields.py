"""Records in HubSpot's properties and back: exact by the copy, edited by people, written only where that is allowed."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.adapters.hubspot.account.pipelines import WAITING, pipelines_of, waiting_label
from crm.adapters.hubspot.mapping.deals import DEALS
from crm.adapters.hubspot.mapping.fields import Ground, Table
from crm.adapters.hubspot.mapping.partners import CONTACTS, PARTNERS
from crm.adapters.hubspot.mapping.requests import LEADS, REGISTRATIONS
from crm.adapters.hubspot.options import HubSpotOptions
from crm.adapters.hubspot.records.codec import kept, record_of, text_of
from crm.adapters.hubspot.schema import Shape, Wins
from crm.money import Money
from crm.records import (
    AmountBasis,
    Attribution,
    Contact,
    ContactRight,
    Deal,
    DealPartner,
    Lead,
    LeadSource,
    LeadState,
    Partner,
    PartnerType,
    ReasonCode,
    Registration,
    RegistrationState,
    Stage,
)
from tests.contract.records import CONTACT, DEAL, LEAD, PARTNER, REGISTRATION

STAGES = (
    ("appointmentscheduled", "0.2"),
    ("qualifiedtobuy", "0.4"),
    ("presentationscheduled", "0.6"),
    ("decisionmakerboughtin", "0.8"),
    ("contractsent", "0.9"),
    ("closedwon", "1.0"),
    ("closedlost", "0.0"),
)


def _ground(zone: str = "America/New_York") -> Ground:
    sales = {
        "id": "default",
        "label": "Sales",
        "stages": [{"id": id_, "label": id_, "metadata": {"probability": odds}} for id_, odds in STAGES],
    }
    intake = {
        "id": "intake",
        "label": "Partner requests",
        "stages": [{"id": f"w{n}", "label": waiting_label(state)} for n, state in enumerate(WAITING)],
    }
    known = pipelines_of([sales, intake], HubSpotOptions("token"), {})
    return Ground(known, ZoneInfo(zone), "EUR", frozenset({"EUR", "USD", "CHF"}))


GROUND = _ground()

texts = st.text(max_size=30)
words = st.lists(st.text(alphabet="ab ,;é株", max_size=8), max_size=3).map(tuple)
sums = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**18), max_value=10**18)
money = st.none() | st.builds(Money, sums, st.sampled_from(["EUR", "USD", "CHF", "KWD"]))
days = st.none() | st.dates(date(1971, 1, 1), date(2200, 1, 1))
instants = st.none() | st.integers(0, 7 * 10**15).map(
    lambda n: datetime.fromtimestamp(0, UTC) + timedelta(microseconds=n)
)
counts = st.none() | st.integers(0, 10**6)
bases = st.none() | st.sampled_from(AmountBasis)
attributions = st.sampled_from(Attribution)

DEALS_MADE = st.builds(
    Deal, id=st.just("d"), number=st.just("D-1"), partner_id=texts, customer=texts, customer_domain=texts,
    products=words, amount=money, amount_basis=bases, stage=st.sampled_from(Stage), close_date=days,
    created_on=st.dates(), quantity=counts, term_months=counts, won_on=days, next_step=texts,
    attribution=attributions, internal_notes=texts, stage_since=days, lost_reason=texts, plan=texts, margin=money,
    replaces_mrr=money,
    others=st.lists(st.builds(DealPartner, texts, attributions, st.none() | sums), max_size=2).map(tuple),
)  # fmt: skip
PARTNERS_MADE = st.builds(
    Partner, id=st.just("p"), name=texts, types=st.lists(st.sampled_from(PartnerType), unique=True).map(tuple),
    tier=texts, region=texts, country=texts, language=texts, time_zone=texts, currency=texts, domains=words,
    manager_email=texts, plan=texts, quarterly_target=money, csat=st.none() | st.decimals(1, 5),
    certified_people=st.integers(0, 99), finance_contact_id=st.none() | texts, address=texts, vat_id=texts,
    purchase_order=texts,
)  # fmt: skip
CONTACTS_MADE = st.builds(
    Contact, id=st.just("c"), partner_id=texts, name=texts, email=texts.map(str.lower), phone=texts, language=texts,
    slack_user_id=texts, active=st.booleans(), opted_out=st.booleans(), main=st.booleans(),
    rights=st.lists(st.sampled_from(ContactRight), unique=True).map(tuple),
)  # fmt: skip
REGISTRATIONS_MADE = st.builds(
    Registration, number=st.just("D-1"), partner_id=texts, contact_id=st.none() | texts,
    state=st.sampled_from(RegistrationState), customer=texts, customer_domain=texts, amount=st.none() | sums,
    currency=st.sampled_from(["", "EUR", "KWD"]), amount_basis=bases, close_date=days, products=words,
    quantity=counts, term_months=counts, submitted_at=instants, decide_by=days, protected_until=days, reason=texts,
    code=st.none() | st.sampled_from(ReasonCode), attribution=attributions,
)  # fmt: skip
LEADS_MADE = st.builds(
    Lead, number=st.just("L-1"), source=st.sampled_from(LeadSource), state=st.sampled_from(LeadState),
    partner_id=texts, customer=texts, customer_domain=texts, products=words, amount=st.none() | sums,
    currency=st.sampled_from(["", "EUR", "KWD"]), quantity=counts, attribution=attributions, created_at=instants,
)  # fmt: skip

EACH: list[tuple[Table[Any], Any]] = [
    (DEALS, DEALS_MADE),
    (PARTNERS, PARTNERS_MADE),
    (CONTACTS, CONTACTS_MADE),
    (REGISTRATIONS, REGISTRATIONS_MADE),
    (LEADS, LEADS_MADE),
]
FULL = [(DEALS, DEAL), (PARTNERS, PARTNER), (CONTACTS, CONTACT), (REGISTRATIONS, REGISTRATION), (LEADS, LEAD)]


def _as_hubspot_keeps(props: dict[str, str]) -> dict[str, str]:
    """Without blanks at the ends, lines and runs of them as one; what is empty is not there."""
    squeezed = {name: " ".join(value.split()) for name, value in props.items()}
    return {name: value for name, value in squeezed.items() if value}


@pytest.mark.parametrize(("table", "made"), EACH)
@given(data=st.data())
@settings(max_examples=50)
def test_a_record_comes_back_exactly_from_its_copy_and_properties(table: Table[Any], made: Any, data: Any) -> None:
    record = kept(data.draw(made))
    props = _as_hubspot_keeps(table.all_of(record, GROUND))
    copy = record_of(type(record), text_of(record))
    assert table.with_edits(copy, props, GROUND) == record
    # And to save it again changes nothing.
    assert table.to_save(record, copy, props, props, GROUND) == {}


@pytest.mark.parametrize(("table", "made"), EACH)
@given(data=st.data())
@settings(max_examples=50)
def test_no_save_touches_what_a_person_changed_unseen(table: Table[Any], made: Any, data: Any) -> None:
    """Whatever is saved over whatever: a property that is neither as it was written nor as it was seen stays."""
    before, wanted = kept(data.draw(made)), kept(data.draw(made))
    written = table.all_of(before, GROUND)
    open_ones = (p for p in table.properties.values() if p.wins is Wins.SEEN and p.shape is not Shape.YES_NO)
    # A currency without a sum is nobody's word, and HubSpot itself sets the close date of what is over.
    silent = {"deal_currency_code" if not written.get("amount") else "", "closedate" if table is REGISTRATIONS else ""}
    name = data.draw(st.sampled_from(sorted({prop.name for prop in open_ones} - silent)))
    props = {**written, name: "a person's own words"}
    assert name not in table.to_save(wanted, before, props, written, GROUND)


@pytest.mark.parametrize(("table", "record"), FULL)
def test_every_field_that_people_can_edit_is_read_from_properties_alone(table: Table[Any], record: Any) -> None:
    """For what people made themselves: a bare record is filled."""
    props = table.all_of(record, GROUND)
    required = {f.name: getattr(record, f.name) for f in fields(record) if f.name in ("id", "number", "created_on")}
    bare = replace(record, **{name: _empty(getattr(record, name)) for f in table.fields if f.taken for name in f.names})
    filled = table.filled(replace(bare, **required), props, GROUND)
    # A reason counts once the registration is declined.
    apart = {"quarterly_target", "margin", "reason"}
    edited = {name for field in table.fields if field.taken for name in field.names} - apart
    assert {n: _plain(getattr(filled, n)) for n in edited} == {n: _plain(getattr(record, n)) for n in edited}


def _plain(value: Any) -> Any:
    return set(value) if isinstance(value, tuple) else value


def _empty(value: Any) -> Any:
    if isinstance(value, Stage | RegistrationState | LeadState):
        return type(value)(next(iter(type(value))))
    if isinstance(value, StrEnum):
        return None
    if isinstance(value, bool | str | tuple):
        return type(value)()
    return 0 if isinstance(value, int) else None


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin", "UTC"])
@given(day=st.dates(date(1971, 1, 2), date(2200, 1, 1)))
def test_a_close_date_is_that_day_for_everybody_in_the_account(zone: str, day: date) -> None:
    ground = _ground(zone)
    said = DEALS.all_of(replace(DEAL, close_date=day), ground)["closedate"]
    there = datetime.fromisoformat(said).astimezone(ground.zone)
    assert (there.date(), there.hour) == (day, 12)


def test_a_stage_that_means_the_same_is_not_moved() -> None:
    props = {**DEALS.all_of(DEAL, GROUND), "dealstage": "decisionmakerboughtin"}
    assert DEALS.with_edits(DEAL, props, GROUND) == DEAL
    assert DEALS.to_save(DEAL, DEAL, props, {}, GROUND) == {}


def test_a_sum_moves_only_with_its_currency() -> None:
    props = {**DEALS.all_of(DEAL, GROUND), "deal_currency_code": "USD"}
    wanted = replace(DEAL, amount=Money(Decimal(7), "EUR"))
    assert DEALS.to_save(wanted, DEAL, props, {}, GROUND) == {}
    assert DEALS.to_save(wanted, DEAL, props, props, GROUND) == {"amount": "7", "deal_currency_code": "EUR"}


@pytest.mark.parametrize("text", ["", "  ", "1e9", "1,5", "9" * 80, "NaN", "٣", "0x10", "-", "\x00"])
def test_whatever_stands_in_a_number_a_deal_is_read(text: str) -> None:
    props = {**DEALS.all_of(DEAL, GROUND), "partnerline_quantity": text, "amount": text, "partnerline_margin": text}
    found = DEALS.with_edits(DEAL, props, GROUND)
    assert found.customer == DEAL.customer
    assert found.quantity in (None, DEAL.quantity, 10**9, 3)
