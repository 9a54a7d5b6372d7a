"""Turns the database's faults into the errors of `crm.errors`, by who can act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from crm.errors import CrmError, CrmOutcomeUnknown, CrmRejected, CrmUnavailable

SENTENCES: dict[str, str] = {
    "contacts_partner": "the contact's partner is not in the CRM; save the partner first",
    "contacts_email": "another contact has this e-mail address; correct that contact instead",
    "deals_partner": "the deal's partner is not in the CRM; save the partner first",
    "deals_number": "another deal has this number; choose a different number",
    "deals_amount_finite": "the deal's amount is not a number",
    "payments_deal": "the payment's deal is not in the CRM; save the deal first",
    "payments_partner": "the payment's partner is not in the CRM; save the partner first",
    "payments_amount_finite": "the payment's amount is not a number",
    "payments_kind_known": "a payment is recurring, renewal or one_off",
    "payments_period_order": "the payment's period ends before it begins",
    "payments_parts_known": "the parts of the payment are not all a product, an amount and a kind",
    "milestones_partner": "the milestone's partner is not in the CRM; save the partner first",
    "milestones_deal": "the milestone's deal is not in the CRM; save the deal first",
    "milestones_value_finite": "the milestone's value is not a number",
    "deals_margin_finite": "the deal's margin is not a number",
    "deals_margin_currency_code": "a currency is three letters of ISO 4217, such as EUR",
    "deals_replaces_mrr_finite": "the monthly revenue that the deal replaces is not a number",
    "deals_replaces_mrr_currency_code": "a currency is three letters of ISO 4217, such as EUR",
    "deals_others_known": "the deal's other partners are not all a partner, an attribution and a share",
    "registrations_partner": "the registration's partner is not in the CRM; save the partner first",
    "registrations_amount_finite": "the registration's amount is not a number",
    "leads_partner": "the lead's partner is not in the CRM; save the partner first",
    "leads_amount_finite": "the lead's amount is not a number",
    "interactions_partner": "the interaction's partner is not in the CRM; save the partner first",
    "deals_currency_code": "a currency is three letters of ISO 4217, such as EUR",
    "payments_currency_code": "a currency is three letters of ISO 4217, such as EUR",
    "partners_target_currency_code": "a currency is three letters of ISO 4217, such as EUR",
    "partners_csat_range": "a CSAT is a number from 1 to 5",
    "partners_certified_range": "the number of certified people is below zero",
    "partners_target_finite": "the quarterly target is not a number",
}
"""What each constraint of the migrations means to a person; the key is the constraint's name."""

_REFUSED = ("22", "23", "54")  # SQLSTATE classes: data, integrity, limits of size: trying again cannot help
_NOT_MIGRATED = ("3F000", "42P01", "42703", "42883")  # schema, table, column or function missing


@contextmanager
def translated(*, committing: bool = False) -> Iterator[None]:
    """Faults inside come out as CrmErrors. While `committing`, a lost connection leaves the outcome unknown."""
    try:
        yield
    except DBAPIError as fault:
        raise _meaning(fault, committing=committing) from fault
    except PoolTimeout as fault:
        raise CrmUnavailable("no connection to the embedded CRM's database became free in time") from fault


def _meaning(fault: DBAPIError, *, committing: bool) -> CrmError:
    state = _sqlstate(fault)
    if state.startswith(_REFUSED):
        return CrmRejected(_refusal(fault))
    # Without an answer from the server nobody knows whether the commit reached it.
    if committing and (not state or state.startswith(("08", "57P"))):
        return CrmOutcomeUnknown(f"the connection was lost while the embedded CRM saved: {fault.orig}")
    if state in _NOT_MIGRATED:
        return CrmUnavailable(f"the embedded CRM's tables are missing or of another version; migrate it: {fault.orig}")
    return CrmUnavailable(f"the embedded CRM's database does not answer: {fault.orig}")


def _sqlstate(fault: DBAPIError) -> str:
    return fault.orig.sqlstate or "" if isinstance(fault.orig, psycopg.Error) else ""


def _refusal(fault: DBAPIError) -> str:
    if not isinstance(fault.orig, psycopg.Error):
        return str(fault.orig)
    diagnosis = fault.orig.diag
    if sentence := SENTENCES.get(diagnosis.constraint_name or ""):
        return sentence
    # Not the server's detail: it may quote the whole row, internal notes included.
    return f"the embedded CRM cannot hold this value: {diagnosis.message_primary or fault.orig}"
