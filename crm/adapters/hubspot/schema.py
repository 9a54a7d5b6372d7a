"""The properties that Partnerline keeps in HubSpot, each with who wins where both sides write it.

HubSpot's own properties are used where there is one (deal name, amount, stage …). Ours stand in a group of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

from crm.records import (
    AmountBasis,
    ContactRight,
    LeadSource,
    LeadState,
    PartnerType,
    ReasonCode,
    RegistrationState,
)

GROUP = "partnerline"
GROUP_LABEL = "Partnerline"


class Where(StrEnum):
    """The objects that carry our properties. PARTNER is the partner's company, or its record of the custom object;
    COMPANY any company, of a partner or of a customer.
    """

    PARTNER = "partner"
    COMPANY = "company"
    CONTACT = "contact"
    DEAL = "deal"


class Wins(StrEnum):
    """Who wins where HubSpot and we say different things of one property.

    OURS    the agent: keys and copies that people have no use for; always written.
    SEEN    whoever wrote last, knowingly: written while HubSpot holds what we last saw there; a person's edit stays,
            and reaches the agent by the mirror.
    THEIRS  the people in HubSpot: filled where it is empty, never touched afterwards.
    """

    OURS = "ours"
    SEEN = "seen"
    THEIRS = "theirs"


class Shape(Enum):
    """HubSpot's `type` and `fieldType` of a property."""

    TEXT = ("string", "text")
    LINES = ("string", "textarea")
    NUMBER = ("number", "number")
    DAY = ("date", "date")
    INSTANT = ("datetime", "date")
    CHOICE = ("enumeration", "select")
    CHOICES = ("enumeration", "checkbox")
    YES_NO = ("enumeration", "booleancheckbox")


@dataclass(frozen=True, slots=True)
class Property:
    """One property; `options` as (value, label); `own` False where HubSpot has it itself. `unique` cannot be changed
    later in HubSpot.
    """

    name: str
    label: str
    wins: Wins
    shape: Shape = Shape.TEXT
    options: tuple[tuple[str, str], ...] = ()
    unique: bool = False
    own: bool = True
    description: str = ""


def _options(kind: type[StrEnum]) -> tuple[tuple[str, str], ...]:
    return tuple((word.value, word.value.replace("_", " ").capitalize()) for word in kind)


_YES_OR_NO = (("true", "Yes"), ("false", "No"))
_COPY = "Kept by Partnerline; please leave it as it is."

PARTNER_ID = "partnerline_partner_id"
CONTACT_ID = "partnerline_contact_id"
COMPANY_KEY = "partnerline_company_key"
"""The unique property of companies that lets one be created and, after a lost answer, be created again: still once."""
NUMBER = "partnerline_number"
"""The unique property of deals: the number of a deal, of the registration that becomes it, or of a lead (L-…)."""
SOURCED_BY = "partnerline_sourced_by"
INFLUENCED_BY = "partnerline_influenced_by"
NEXT_STEP = "partnerline_next_step"
PAYMENTS = "partnerline_payments"
MILESTONES = "partnerline_milestones"

PARTNER_PROPERTIES = (
    Property(PARTNER_ID, "Partner ID", Wins.OURS, unique=True, description=_COPY),
    Property("name", "Name", Wins.SEEN, own=False),
    Property(
        "partnerline_partner_types", "Partner type", Wins.SEEN, options=_options(PartnerType), shape=Shape.CHOICES
    ),
    Property("partnerline_tier", "Partner tier", Wins.SEEN),
    Property("partnerline_region", "Partner region", Wins.SEEN),
    Property("partnerline_country", "Partner country (ISO 3166)", Wins.SEEN),
    Property("partnerline_language", "Partner language", Wins.SEEN),
    Property("partnerline_time_zone", "Partner time zone", Wins.SEEN),
    Property("partnerline_currency", "Payout currency", Wins.SEEN),
    Property("partnerline_mail_domains", "Partner mail domains", Wins.SEEN, description="With commas between them."),
    Property("partnerline_manager_email", "Partner manager", Wins.SEEN, description="Mail address."),
    Property("partnerline_plan", "Commission plan", Wins.SEEN),
    Property("partnerline_quarterly_target", "Quarterly target", Wins.SEEN, shape=Shape.NUMBER),
    Property("partnerline_csat", "Partner CSAT", Wins.SEEN, shape=Shape.NUMBER),
    Property("partnerline_certified_people", "Certified people", Wins.SEEN, shape=Shape.NUMBER),
    Property("partnerline_finance_contact_id", "Finance contact", Wins.SEEN),
    Property("partnerline_statement_address", "Address on statements", Wins.SEEN, shape=Shape.LINES),
    Property("partnerline_vat_id", "VAT ID", Wins.SEEN),
    Property("partnerline_purchase_order", "Purchase order", Wins.SEEN),
    Property(MILESTONES, "Partner milestones", Wins.OURS, description=_COPY, shape=Shape.LINES),
    Property("partnerline_data", "Partnerline data", Wins.OURS, description=_COPY, shape=Shape.LINES),
)

COMPANY_PROPERTIES = (Property(COMPANY_KEY, "Partnerline company key", Wins.OURS, unique=True, description=_COPY),)

CONTACT_PROPERTIES = (
    Property(CONTACT_ID, "Partner contact ID", Wins.OURS, unique=True, description=_COPY),
    Property("partnerline_contact_of", "Contact of partner", Wins.SEEN),
    Property("firstname", "First name", Wins.SEEN, own=False),
    Property("lastname", "Last name", Wins.SEEN, own=False),
    Property("email", "E-mail", Wins.SEEN, own=False),
    Property("phone", "Phone", Wins.SEEN, own=False),
    Property("partnerline_contact_language", "Language", Wins.SEEN),
    Property("partnerline_slack_user_id", "Slack user", Wins.SEEN),
    Property("partnerline_active", "Works at the partner", Wins.SEEN, shape=Shape.YES_NO, options=_YES_OR_NO),
    Property("partnerline_opted_out", "No announcements", Wins.SEEN, shape=Shape.YES_NO, options=_YES_OR_NO),
    Property("partnerline_main_contact", "Main contact", Wins.SEEN, shape=Shape.YES_NO, options=_YES_OR_NO),
    Property("partnerline_rights", "Rights", Wins.SEEN, options=_options(ContactRight), shape=Shape.CHOICES),
    Property("partnerline_data", "Partnerline data", Wins.OURS, description=_COPY, shape=Shape.LINES),
)

DEAL_PROPERTIES = (
    Property(NUMBER, "Partner deal number", Wins.OURS, unique=True, description=_COPY),
    Property("dealname", "Deal name", Wins.THEIRS, own=False),
    Property("amount", "Amount", Wins.SEEN, own=False, shape=Shape.NUMBER),
    Property("deal_currency_code", "Currency", Wins.SEEN, own=False),
    Property("pipeline", "Pipeline", Wins.SEEN, own=False),
    Property("dealstage", "Stage", Wins.SEEN, own=False),
    Property("closedate", "Close date", Wins.SEEN, own=False, shape=Shape.INSTANT),
    # HubSpot's own next step is what colleagues write for each other.
    Property(NEXT_STEP, "Next step for the partner", Wins.SEEN, description="Partners read it when they ask."),
    Property("closed_lost_reason", "Closed lost reason", Wins.SEEN, own=False),
    Property("partnerline_on_hold", "On hold", Wins.SEEN, shape=Shape.YES_NO, options=_YES_OR_NO),
    Property("partnerline_customer", "Customer", Wins.SEEN),
    Property("partnerline_customer_domain", "Customer domain", Wins.SEEN),
    Property("partnerline_products", "Products", Wins.SEEN, description="With commas between them."),
    Property("partnerline_quantity", "Quantity", Wins.SEEN, shape=Shape.NUMBER),
    Property("partnerline_term_months", "Term in months", Wins.SEEN, shape=Shape.NUMBER),
    Property("partnerline_amount_basis", "Amount is", Wins.SEEN, options=_options(AmountBasis), shape=Shape.CHOICE),
    Property("partnerline_won_on", "Won on", Wins.SEEN, shape=Shape.DAY),
    Property("partnerline_plan", "Commission plan", Wins.SEEN),
    Property("partnerline_margin", "Net margin", Wins.SEEN, shape=Shape.NUMBER),
    Property(
        "partnerline_registration", "Registration", Wins.SEEN, options=_options(RegistrationState), shape=Shape.CHOICE
    ),
    Property("partnerline_submitted_at", "Registered at", Wins.OURS, shape=Shape.INSTANT),
    Property("partnerline_decide_by", "Answer promised by", Wins.OURS, shape=Shape.DAY),
    Property("partnerline_decided_by", "Decided by", Wins.OURS),
    Property("partnerline_protected_until", "Protected until", Wins.SEEN, shape=Shape.DAY),
    Property("partnerline_refusal", "Refused because", Wins.OURS, options=_options(ReasonCode), shape=Shape.CHOICE),
    Property("partnerline_reason", "Reason told to the partner", Wins.SEEN, shape=Shape.LINES),
    Property("partnerline_lead", "Lead", Wins.SEEN, options=_options(LeadState), shape=Shape.CHOICE),
    Property("partnerline_lead_source", "Lead from", Wins.OURS, options=_options(LeadSource), shape=Shape.CHOICE),
    Property("partnerline_collected", "Collected", Wins.OURS, description="Sum of the payments.", shape=Shape.NUMBER),
    Property(PAYMENTS, "Payments", Wins.OURS, description=_COPY, shape=Shape.LINES),
    Property(MILESTONES, "Milestones", Wins.OURS, description=_COPY, shape=Shape.LINES),
    Property("partnerline_deal_data", "Data (deal)", Wins.OURS, description=_COPY, shape=Shape.LINES),
    Property("partnerline_registration_data", "Data (registration)", Wins.OURS, description=_COPY, shape=Shape.LINES),
    Property("partnerline_lead_data", "Data (lead)", Wins.OURS, description=_COPY, shape=Shape.LINES),
)

PROPERTIES = {
    Where.PARTNER: PARTNER_PROPERTIES,
    Where.COMPANY: COMPANY_PROPERTIES,
    Where.CONTACT: CONTACT_PROPERTIES,
    Where.DEAL: DEAL_PROPERTIES,
}
