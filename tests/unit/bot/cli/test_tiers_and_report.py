"""Tiers and the report of partners' deals by command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.storage import tiers
from tests.unit.bot.cli.conftest import Partnerline
from tests.unit.bot.cli.records import on, write_partners

NOOR = "noor@lumora.example"


@pytest.fixture
def partners(partnerline: Partnerline, on_database: str, tmp_path: Path) -> str:
    """A database with two partners, the first Registered and the second Elite without any figures; its URL."""
    assert partnerline("partners", "import", write_partners(tmp_path)).code == 0
    return on_database


def test_a_review_is_looked_at_first_and_then_held_once(partnerline: Partnerline, partners: str) -> None:
    looked = partnerline("tiers", "review", "--dry-run")
    assert looked.code == 0, looked.err
    assert "has notice" in looked.out
    assert "EUR 400,000.00, CSAT 4.3, 3 certified" in looked.out
    assert "nothing was changed" in looked.out
    assert "notice of" not in partnerline("tiers", "history", "Lindgrün").out
    held = partnerline("tiers", "review")
    assert held.code == 0, held.err
    assert "0 tier(s) changed by it, 1 notice(s) stand" in held.out
    assert "1 notice(s) stand" in partnerline("tiers", "review").out
    past = partnerline("tiers", "history", "lindgrün").out
    assert past.count("notice of") == 1
    assert "Elite becomes Select on" in past
    assert "stands" in past


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--on", "2999-01-01"), "still to come"),
        (("--on", "2020-01-01"), "is over"),
        (("--on", "soon"), "is no day"),
    ],
)
def test_a_review_of_another_time_is_refused(
    partnerline: Partnerline, on_database: str, words: tuple[str, ...], says: str
) -> None:
    refused = partnerline("tiers", "review", *words)
    assert refused.code == 2
    assert says in refused.err


def test_a_coming_review_may_be_looked_at(partnerline: Partnerline, partners: str) -> None:
    assert "Review of 2999-01-01" in partnerline("tiers", "review", "--dry-run", "--on", "2999-02-03").out


def test_a_tier_is_set_with_a_reason_and_stands_in_the_history(partnerline: Partnerline, partners: str) -> None:
    set_ = partnerline("tiers", "set", "Quaywise Advisory", "select", "--reason", "They [red]lead.", "--by", NOOR)
    assert set_.code == 0, set_.err
    assert "Quaywise Advisory is Select from today on; it was Registered" in set_.out
    past = partnerline("tiers", "history", "Quaywise Advisory").out
    for said in ("Registered", "Select", NOOR, "They [red]lead."):
        assert said in past
    again = partnerline("tiers", "set", "Quaywise Advisory", "Select", "--reason", "Again.", "--by", NOOR)
    assert again.code == 1
    assert "is Select already" in again.err
    assert partnerline("tiers", "history", "Nobody").code == 1

    async def nobodys(connection: object) -> int:
        return len(await tiers.histories(connection))  # type: ignore[arg-type]

    assert on(partners, nobodys) == 2


def test_the_report_counts_where_there_is_too_little_to_compare(
    partnerline: Partnerline, partners: str, tmp_path: Path
) -> None:
    picture = tmp_path / "a.png"
    told = partnerline("report", "attribution", "--png", picture)
    assert told.code == 0, told.err
    assert "fewer than 5" in told.out
    assert "too few to compare" in told.out
    assert picture.read_bytes()[:4] == b"\x89PNG"
    document = json.loads(partnerline("report", "attribution", "--json", "--product", "core").out)
    assert document["filters"]["product"] == "Lumora Core"
    assert partnerline("report", "attribution", "--csv").out.startswith("group,measure,unit,count")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--json", "--csv"), "either JSON or CSV"),
        (("--since", "yesterday"), "is no day"),
        (("--since", "2026-02-01", "--until", "2026-01-01"), "comes after"),
        (("--product", "Teapot"), "no product Teapot"),
        (("--png", "/nowhere/at/all.png"), "cannot be written"),
    ],
)
def test_what_cannot_be_reported_is_said_plainly(
    partnerline: Partnerline, on_database: str, words: tuple[str, ...], says: str
) -> None:
    refused = partnerline("report", "attribution", *words)
    assert refused.code in (1, 2)
    assert says in refused.err
