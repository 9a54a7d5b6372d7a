"""Deals in HubSpot's properties."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from crm.adapters.hubspot.mapping import values
from crm.adapters.hubspot.mapping.fields import Field, Ground, Props, optional, ours, plain, several, table
from crm.adapters.hubspot.records.codec import storable
from crm.adapters.hubspot.schema import DEAL_PROPERTIES, NEXT_STEP, NUMBER
from crm.money import Money
from crm.records import AmountBasis, Deal, Lead, Registration, Stage

DATA = "partnerline_deal_data"
OWN = "H-"
"""Begins the number of a deal of the vendor's own that has none of ours; its HubSpot id follows."""

ON_HOLD = "partnerline_on_hold"
_AMOUNT, _CURRENCY = "amount", "deal_currency_code"
Asked = Deal | Registration | Lead


def money_said(amount: Any, currency: str, props: Props, ground: Ground) -> Props:
    """A sum in a currency that the account has not is kept in our copy alone: HubSpot would show another sum."""
    held = props.get(_CURRENCY, "")
    if amount is None or currency not in ground.currencies:
        return {_AMOUNT: "", _CURRENCY: held}
    # An account of one currency need not have the property; where nobody chose, HubSpot means the account's.
    usual = currency == ground.currency and (len(ground.currencies) == 1 or (not held and bool(props.get(_AMOUNT))))
    return {_AMOUNT: values.number(amount), _CURRENCY: held if usual else currency}


def money_there(props: Props, usual: str) -> Money | None:
    """Raises ValueError."""
    text = props.get(_AMOUNT, "").strip()
    return Money(values.to_number(text), props.get(_CURRENCY, "").strip() or usual) if text else None


def _amount(deal: Deal, props: Props, ground: Ground) -> Props:
    return money_said(*_parts(deal.amount), props, ground)


def _with_amount(deal: Deal, props: Props, ground: Ground) -> Deal:
    return replace(deal, amount=money_there(props, ground.currency))


def _margin(deal: Deal, _props: Props, _ground: Ground) -> Props:
    return {"partnerline_margin": values.number(deal.margin.amount if deal.margin else None)}


def _with_margin(deal: Deal, props: Props, ground: Ground) -> Deal:
    text = props.get("partnerline_margin", "").strip()
    held = deal.margin or deal.amount
    currency = held.currency if held else ground.currency
    return replace(deal, margin=Money(values.to_number(text), currency) if text else None)


def _parts(money: Money | None) -> tuple[Any, str]:
    return (money.amount, money.currency) if money else (None, "")


def stage_of(props: Props, ground: Ground) -> Stage | None:
    """The stage that HubSpot shows; None for a deal that waits in the intake pipeline, or where nobody knows it."""
    stage = ground.pipelines.stage_of(props.get("pipeline", ""), props.get("dealstage", ""))
    held = stage is not None and stage.open and values.to_yes(props.get(ON_HOLD, ""))
    return Stage.ON_HOLD if held else stage


def _stage(deal: Deal, props: Props, ground: Ground) -> Props:
    """What means the stage already stays: several stages of HubSpot may mean one of ours."""
    held = values.yes(deal.stage is Stage.ON_HOLD)
    if stage_of(props, ground) is deal.stage:
        return {"pipeline": props.get("pipeline", ""), "dealstage": props.get("dealstage", ""), ON_HOLD: held}
    place = _place(deal.stage, props, ground)
    return {**place, ON_HOLD: held if held == "true" or props.get(ON_HOLD) else ""}


def _place(stage: Stage, props: Props, ground: Ground) -> Props:
    """Where HubSpot has no stage for ours none is moved; a deal that was put into another pipeline stays in it."""
    pipelines, held = ground.pipelines, {name: props.get(name, "") for name in ("pipeline", "dealstage")}
    there = pipelines.stage_of(held["pipeline"], held["dealstage"])
    if pipelines.sales is None or there is stage:
        return held
    if there is not None and held["pipeline"] != pipelines.sales.id:
        return {**held, "dealstage": _equal(stage, held["pipeline"], ground) or held["dealstage"]}
    own = pipelines.stage_id(stage)
    if own is None and there is not None:
        return held
    return {"pipeline": pipelines.sales.id, "dealstage": own or pipelines.stage_id(Stage.QUALIFIED) or ""}


def _equal(stage: Stage, pipeline: str, ground: Ground) -> str | None:
    """The first stage of a pipeline that means the same."""
    stages = (stage.id for one in ground.pipelines.all if one.id == pipeline for stage in one.stages)
    return next((id_ for id_ in stages if ground.pipelines.stage_of(pipeline, id_) is stage), None)


def _with_stage(deal: Deal, props: Props, ground: Ground) -> Deal:
    found = stage_of(props, ground)
    return deal if found is None else replace(deal, stage=found)


def closing(name: str = "close_date", over: Callable[[Any], bool] = lambda _record: False) -> Field[Any]:
    """The close date; `over` where HubSpot sets it by itself, so that it tells nothing."""

    def says(record: Any, props: Props, ground: Ground) -> Props:
        held = props.get("closedate", "")
        value = getattr(record, name)
        if over(record) or (held and _day(held, ground) == value):
            return {"closedate": held}
        return {"closedate": values.noon(value, ground.zone)}

    def taken(record: Any, props: Props, ground: Ground) -> Any:
        held = props.get("closedate", "").strip()
        return replace(record, **{name: values.day_there(held, ground.zone) if held else None})

    return Field((name,), says, taken)


def _day(text: str, ground: Ground) -> object:
    try:
        return values.day_there(text, ground.zone)
    except ValueError:
        return text


def title(record: Asked) -> str:
    """What the deal is called in HubSpot, until somebody there calls it otherwise."""
    what = ", ".join(record.products)
    return " – ".join(part for part in (record.customer or record.customer_domain, what) if part) or record.number


BASIS = optional("amount_basis", "partnerline_amount_basis", str, AmountBasis)
CUSTOMER: tuple[Field[Any], ...] = (
    plain("customer", "partnerline_customer"),
    plain("customer_domain", "partnerline_customer_domain"),
    several("products", "partnerline_products"),
    optional("quantity", "partnerline_quantity", values.number, values.to_whole),
)
"""What deals, registrations and leads say alike."""

TERM = optional("term_months", "partnerline_term_months", values.number, values.to_whole)


def _number(deal: Deal) -> str:
    return "" if deal.number.startswith(OWN) else storable(deal.number)


DEALS = table(
    "deal",
    DEAL_PROPERTIES,
    ours(NUMBER, _number),
    ours("dealname", title),
    *CUSTOMER,
    TERM,
    BASIS,
    Field(("amount",), _amount, _with_amount),
    Field(("stage",), _stage, _with_stage),
    closing(),
    plain("next_step", NEXT_STEP),
    plain("lost_reason", "closed_lost_reason"),
    optional("won_on", "partnerline_won_on", values.day, values.to_day),
    plain("plan", "partnerline_plan"),
    Field(("margin",), _margin, _with_margin),
)
