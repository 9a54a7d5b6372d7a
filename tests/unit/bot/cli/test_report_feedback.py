"""What partners say of answers in Slack, counted on the command line."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from tests.unit.bot.cli.conftest import Partnerline


def judge(url: str, partner_id: str, *helpful: bool, at: str = "2026-11-20 12:00+00") -> None:
    engine = create_engine(url)
    row = text("insert into slack_feedback values (:id, 'U0ALICE', :partner, :said, cast(:at as timestamptz))")
    with engine.begin() as connection:
        for said in helpful:
            connection.execute(row, {"id": str(uuid4()), "partner": partner_id, "said": said, "at": at})
    engine.dispose()


def test_answers_are_counted_by_partner_from_a_day_on(partnerline: Partnerline, on_database: str) -> None:
    assert "no answer was judged yet" in partnerline("report", "feedback").out
    judge(on_database, "p-1", True, True, False)
    judge(on_database, "p-2", False, at="2026-01-31 12:00+00")
    assert json.loads(partnerline("report", "feedback", "--json").out) == [
        {"partner": "p-1", "helpful": 2, "not_helpful": 1},
        {"partner": "p-2", "helpful": 0, "not_helpful": 1},
    ]
    later = json.loads(partnerline("report", "feedback", "--json", "--since", "2026-02-01").out)
    assert [row["partner"] for row in later] == ["p-1"]
    assert "Not helpful" in partnerline("report", "feedback").out


@pytest.mark.parametrize("day", ["soon", "2026-02-31", "31.01.2026"])
def test_what_is_no_day_is_refused(partnerline: Partnerline, on_database: str, day: str) -> None:
    refused = partnerline("report", "feedback", "--since", day)
    assert refused.code == 2
    assert "is no day" in refused.err
