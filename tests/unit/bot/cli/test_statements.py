"""`partnerline statements`: a month from the dry run to the payment, and what a person sees on the way."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.bootstrap import office
from bot.payouts.sending import sent_to_vendor
from bot.storage import outbox, statements
from bot.storage.outbox import Destination, Outgoing
from config import load_settings
from crm.money import Money
from crm.records import Payment
from knowledge.commission.statement import StatementState
from tests.unit.bot.cli.conftest import Partnerline
from tests.unit.bot.cli.records import save_won_deal, write_partners

_ONE = ("S-2026-10", "--partner", "Quaywise Advisory")


@pytest.fixture
def earned(partnerline: Partnerline, on_database: str, tmp_path: Path) -> str:
    """A database in which Quaywise has earned EUR 900 in October 2026; its URL."""
    assert partnerline("partners", "import", write_partners(tmp_path)).code == 0
    asyncio.run(_enter(on_database))
    return on_database


async def _enter(url: str) -> None:
    async with office(load_settings(environ={"DATABASE_URL": url})) as at:
        owner = await save_won_deal(at, "=Harbour [red]Foods")
        await at.crm.save_payment(Payment("pay-1", "d-1", owner, Money(Decimal(6000), "EUR"), date(2026, 10, 12)))


def test_a_dry_run_shows_what_a_run_then_does(partnerline: Partnerline, earned: str) -> None:
    dry = partnerline("statements", "run", "--period", "2026-10", "--dry-run")
    assert dry.code == 0
    assert "1 statement(s) would be issued: EUR 900.00; 1 partner(s) with nothing new" in dry.out
    assert "nothing was written" in dry.out
    assert "no statement waits for anything" in partnerline("statements", "list").out
    real = partnerline("statements", "run", "--period", "2026-10")
    assert real.code == 0
    assert "1 statement(s) issued: EUR 900.00" in real.out
    assert "waiting for the partner's invoice" in partnerline("statements", "list").out
    assert "0 statement(s) issued: nothing" in partnerline("statements", "run", "--period", "2026-10").out


def test_from_the_invoice_to_the_payment(partnerline: Partnerline, earned: str) -> None:
    partnerline("statements", "run", "--period", "2026-10")
    refused = partnerline("statements", "approve", *_ONE)
    assert refused.code == 1
    assert "waiting for the partner's invoice" in refused.err
    assert "partnerline statements invoice" in refused.err
    assert "it waits for approval" in partnerline("statements", "invoice", *_ONE, "--number", "INV-7").out
    assert "approved by Noor Haddad" in partnerline("statements", "approve", *_ONE).out
    paid = partnerline("statements", "pay", *_ONE, "--reference", "SEPA 4711", "--on", "2026-11-20")
    assert "paid on 2026-11-20 under SEPA 4711" in paid.out
    assert partnerline("statements", "pay", *_ONE, "--reference", "SEPA 4712").code == 1
    shown = partnerline("statements", "show", *_ONE, "--lines").out
    for said in ("S-2026-10: paid", "SEPA 4711", "INV-7", "EUR 900.00", "D-10482", "=Harbour [red]Foods", "15%"):
        assert said in shown
    assert "no statement waits" in partnerline("statements", "list").out
    assert "SEPA 4711" in partnerline("statements", "list", "--state", "paid").out


def test_a_statement_is_stopped_with_a_reason_and_let_go_on(partnerline: Partnerline, earned: str) -> None:
    partnerline("statements", "run", "--period", "2026-10")
    assert partnerline("statements", "block", *_ONE).code == 2
    assert (
        "blocked by Noor Haddad: A question" in partnerline("statements", "block", *_ONE, "--reason", "A question").out
    )
    assert "A question" in partnerline("statements", "list", "--state", "blocked").out
    assert "waiting for the partner's invoice now" in partnerline("statements", "release", *_ONE).out


def test_what_is_meant_has_to_be_there(partnerline: Partnerline, earned: str) -> None:
    partnerline("statements", "run", "--period", "2026-10")
    for words, why in (
        (("approve", "S-2026-09"), "there is no statement S-2026-09"),
        (("approve", "S-2026-10", "--partner", "Lindgrün"), "there is no statement S-2026-10 of Lindgrün"),
        (("approve", "S-2026-10", "--partner", "Nobody"), "no partner is called 'Nobody'"),
        (("run", "--period", "October"), "'October' is no month"),
        (("run", "--period", "2999-01"), "2999-01 is not over yet"),
        (("run", "--partner", "Nobody"), "no partner is called 'Nobody'"),
        (("export", "--format", "xml"), "there is no format 'xml'"),
    ):
        refused = partnerline("statements", *words)
        assert refused.code in (1, 2)
        assert why in refused.err


def test_accounting_gets_statements_and_lines_without_formulas(
    partnerline: Partnerline, earned: str, tmp_path: Path
) -> None:
    partnerline("statements", "run", "--period", "2026-10")
    out = tmp_path / "october.csv"
    assert "1 statement(s) are in" in partnerline("statements", "export", "--period", "2026-10", "--out", out).out
    header, row = out.read_text(encoding="utf-8-sig").splitlines()
    told = dict(zip(header.split(","), row.split(","), strict=True))
    assert (told["statement"], told["total"], told["currency"], told["state"]) == (
        "S-2026-10",
        "900.00",
        "EUR",
        "pending_invoice",
    )
    lines = partnerline("statements", "export", "--period", "2026-10", "--lines").out
    assert ",'=Harbour [red]Foods," in lines
    said = json.loads(partnerline("statements", "export", "--period", "2026-10", "--format", "json").out)
    assert said["statements"][0]["line_items"][0]["customer"] == "=Harbour [red]Foods"
    nowhere = partnerline("statements", "export", "--period", "2026-10", "--out", tmp_path / "none" / "o.csv")
    assert nowhere.code == 1
    assert "cannot be written" in nowhere.err


def test_a_statement_is_sent_by_hand_until_it_went_out(partnerline: Partnerline, earned: str) -> None:
    partnerline("statements", "run", "--period", "2026-10")
    asked = partnerline("statements", "send", *_ONE)
    assert asked.code == 0
    assert "S-2026-10 is being sent" in asked.out
    assert "no worker runs now" in asked.out
    asyncio.run(_went_out(earned))
    again = partnerline("statements", "send", *_ONE)
    assert again.code == 1
    assert "went out already" in again.err


async def _went_out(url: str) -> None:
    async with office(load_settings(environ={"DATABASE_URL": url})) as at, at.database.begin() as connection:
        (statement,) = await statements.in_states(connection, [StatementState.ISSUED])
        await outbox.put(connection, [Outgoing(sent_to_vendor(statement), Destination.MAIL, "notice", {})])


def test_a_cancelled_statement_is_not_sent(partnerline: Partnerline, earned: str) -> None:
    partnerline("statements", "run", "--period", "2026-10")
    assert partnerline("statements", "cancel", *_ONE, "--reason", "It was for another company.").code == 0
    refused = partnerline("statements", "send", *_ONE)
    assert refused.code == 1
    assert "there is no statement" in refused.err or "is cancelled" in refused.err
    assert "none any more: they go on the next statement" in partnerline("statements", "show", *_ONE).out
