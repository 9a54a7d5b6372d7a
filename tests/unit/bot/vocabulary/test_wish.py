"""What a button means is read as it was written, and nothing else is taken for one."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from bot.vocabulary import wish
from bot.vocabulary.requests import (
    AnswerFields,
    CommissionFields,
    DisputeDetails,
    Fields,
    Finer,
    Intent,
    NoFields,
    PayoutFields,
    PersonFields,
    Request,
    StatusFields,
    UpdateFields,
    WhatIfFields,
)
from crm.records import Stage


@pytest.mark.parametrize(
    ("intent", "fields", "finer"),
    [
        (Intent.ANSWER_ANNOUNCEMENT, AnswerFields("no"), Finer.DENY),
        (Intent.ASK_COMMISSION, DisputeDetails(deal_refs=("D-1", "D-2"), amounts=(Decimal("1.50"),)), Finer.WHAT_IF),
        (Intent.ASK_PAYOUT, PayoutFields(statement_ref="S-2026-10"), Finer.WHY_COMMISSION),
        (Intent.ASK_TIER, NoFields(), None),
        (Intent.ASK_COMMISSION, CommissionFields(products=("Lumora Core",), amount=Decimal("0.10")), None),
        (Intent.ASK_COMMISSION, WhatIfFields(less_percent=Decimal("12.5"), months=36), Finer.WHAT_IF),
        (Intent.ASK_DEAL_STATUS, StatusFields(deal_ref="D-1"), None),
        (Intent.OTHER, PersonFields("Zoë “Zed” Ångström", "z@x.example"), Finer.PERSON_LEFT),
        (
            Intent.UPDATE_DEAL,
            UpdateFields(deal_ref="D-1", amount=Decimal("9000.01"), close_date=date(2027, 3, 1), stage=Stage.LOST),
            None,
        ),
    ],
)
def test_what_was_written_is_read_again(intent: Intent, fields: Fields, finer: Finer | None) -> None:
    request = Request(intent, fields, finer=finer, said="because of the price")
    reading = wish.read(wish.write([request, request], "nl"))
    assert reading is not None
    assert reading.requests == (request, request)
    assert [type(one.fields) for one in reading.requests] == [type(fields)] * 2
    assert (reading.language, reading.answer_expected, reading.reader) == ("nl", True, "button")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yes",
        "[]",
        "{}",
        "null",
        '{"language": "en", "requests": []}',
        '{"language": "en", "requests": [{}]}',
        '{"language": "en", "requests": 5}',
        json.dumps({"language": "en", "requests": [{"intent": "x", "of": "NoFields", "fields": {}, "said": ""}]}),
        json.dumps({"language": "en", "requests": [{"intent": "other", "of": "Path", "fields": {}, "said": ""}]}),
        json.dumps(
            {
                "language": "en",
                "requests": [{"intent": "other", "of": "AnswerFields", "fields": {"answer": "all"}, "said": ""}],
            }
        ),
        "[" * 100_000,
    ],
)
def test_anything_else_is_no_wish(written: str) -> None:
    assert wish.read(written) is None
