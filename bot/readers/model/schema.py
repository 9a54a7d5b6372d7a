"""The shape a model must answer in: loose strings here, typed values only after `checking`.

One flat type for all intents, since strict output modes know no tagged unions, and since one odd request must not
spoil the others. `test_schema` holds it equal to the fields of `bot/vocabulary/requests.py`.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.vocabulary.requests import Intent
from crm.records import AmountBasis, Stage


def _one_of(*values: str) -> dict[str, Any]:
    return {"enum": list(values)}


def _one_of_or_null(*values: str) -> dict[str, Any]:
    return {"anyOf": [{"type": "string", "enum": list(values)}, {"type": "null"}]}


class ProposedRequest(BaseModel):
    """One thing the sender wants. Leave every field null that the message does not state."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    intent: str = Field(json_schema_extra=_one_of(*Intent))
    quote: str = Field(description="The words of the message that show this wish, copied exactly.")
    unsure: bool = Field(default=False, description="True when a careful person would ask before acting on it.")
    customer: str | None = None
    customer_domain: str | None = None
    contact_name: str | None = None
    contact_email: str | None = None
    contact_phone: str | None = None
    amount: str | None = None
    currency: str | None = None
    amount_basis: str | None = Field(default=None, json_schema_extra=_one_of_or_null(*AmountBasis))
    close_date: str | None = None
    products: list[str] | None = None
    quantity: str | None = None
    term_months: str | None = None
    deal_ref: str | None = None
    stage: str | None = Field(default=None, json_schema_extra=_one_of_or_null(*Stage))
    period: str | None = None
    statement_ref: str | None = None
    invoice_number: str | None = None
    answer: str | None = Field(default=None, json_schema_extra=_one_of_or_null("yes", "no", "maybe"))
    topic: str | None = None


class ProposedReading(BaseModel):
    """Everything the message asks for, in its order."""

    model_config = ConfigDict(extra="ignore")

    language: str = Field(description="ISO 639-1 code of the language the sender writes in.")
    spam: bool = Field(default=False, description="True for advertising and fraud that deserves no answer.")
    requests: list[ProposedRequest]
