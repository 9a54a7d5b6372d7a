"""Registrations and leads in HubSpot's properties: deals that wait in the intake pipeline.

Once a registration has become a deal, what it says of customer and sum is the deal's: only its own properties count.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crm.adapters.hubspot.account.pipelines import Waiting
from crm.adapters.hubspot.mapping import values
from crm.adapters.hubspot.mapping.deals import BASIS, CUSTOMER, TERM, closing, money_said, money_there, title
from crm.adapters.hubspot.mapping.fields import Field, Ground, Props, Table, optional, ours, table
from crm.adapters.hubspot.records.codec import storable
from crm.adapters.hubspot.schema import DEAL_PROPERTIES, NUMBER
from crm.records import Lead, LeadState, Registration, RegistrationState

REGISTRATION_DATA = "partnerline_registration_data"
LEAD_DATA = "partnerline_lead_data"
REGISTRATION, LEAD = "partnerline_registration", "partnerline_lead"


def waits(props: Props, ground: Ground) -> bool:
    """Whether a deal of HubSpot stands in the intake pipeline."""
    intake = ground.pipelines.intake
    return intake is not None and props.get("pipeline") == intake.id


def _state(prop: str, kind: type[RegistrationState | LeadState]) -> Field[Any]:
    """The state stands in a property and, while the deal waits, as its stage: a person may change either."""

    def says(record: Any, props: Props, ground: Ground) -> Props:
        intake, stage = ground.pipelines.intake, ground.pipelines.waiting_id(record.state)
        if intake is None or (props.get("dealstage") and not waits(props, ground)):
            return {prop: record.state.value}
        place = {"pipeline": intake.id, "dealstage": stage or props.get("dealstage", "")}
        return {prop: record.state.value, **place}

    def taken(record: Any, props: Props, ground: Ground) -> Any:
        said = props.get(prop, "").strip()
        if said and said != record.state.value:
            return replace(record, state=kind(said))
        return replace(record, state=_of_stage(record.state, kind, props, ground))

    return Field(("state",), says, taken)


def _reason(prop: str) -> Field[Any]:
    """Why it is declined. What a person writes there before that is meant for the day on which it is."""

    def says(record: Any, _props: Props, _ground: Ground) -> Props:
        return {prop: record.reason}

    def taken(record: Any, props: Props, _ground: Ground) -> Any:
        declined = record.state is RegistrationState.DECLINED
        return replace(record, reason=storable(props.get(prop, "")).strip()) if declined else record

    return Field(("reason",), says, taken)


def _of_stage(held: Waiting, kind: type[Waiting], props: Props, ground: Ground) -> Waiting:
    stage = ground.pipelines.waiting_of(props.get("dealstage", "")) if waits(props, ground) else None
    return stage if isinstance(stage, kind) else held


def _sum() -> Field[Any]:
    def says(record: Any, props: Props, ground: Ground) -> Props:
        return money_said(record.amount, record.currency, props, ground)

    def taken(record: Any, props: Props, ground: Ground) -> Any:
        found = money_there(props, record.currency or ground.currency)
        return replace(record, amount=found.amount if found else None, currency=found.currency if found else "")

    return Field(("amount", "currency"), says, taken)


def _contact_title(record: Registration | Lead) -> str:
    return title(record)


def _over(record: Registration) -> bool:
    return not record.state.waiting and record.state is not RegistrationState.APPROVED


_REGISTRATION: tuple[Field[Any], ...] = (
    ours(NUMBER, lambda registration: storable(registration.number)),
    _state(REGISTRATION, RegistrationState),
    ours("partnerline_submitted_at", lambda registration: values.instant(registration.submitted_at)),
    ours("partnerline_decide_by", lambda registration: values.day(registration.decide_by)),
    ours("partnerline_decided_by", lambda registration: registration.decided_by),
    optional("protected_until", "partnerline_protected_until", values.day, values.to_day),
    ours("partnerline_refusal", lambda registration: registration.code or ""),
    _reason("partnerline_reason"),
)

REGISTRATIONS: Table[Registration] = table(
    "registration",
    DEAL_PROPERTIES,
    *_REGISTRATION,
    ours("dealname", _contact_title),
    *CUSTOMER,
    TERM,
    BASIS,
    _sum(),
    closing(over=_over),
)
"""Of one that waits."""

ACCEPTED: Table[Registration] = table("registration", DEAL_PROPERTIES, *_REGISTRATION)
"""Of one that has become a deal."""

LEADS: Table[Lead] = table(
    "lead",
    DEAL_PROPERTIES,
    ours(NUMBER, lambda lead: storable(lead.number)),
    _state(LEAD, LeadState),
    ours("partnerline_lead_source", lambda lead: lead.source.value),
    ours("dealname", _contact_title),
    *CUSTOMER,
    _sum(),
)


def registrations(props: Props, ground: Ground) -> Table[Registration]:
    """The fields that count for a registration where it stands now."""
    return REGISTRATIONS if waits(props, ground) or not props.get("dealstage") else ACCEPTED
