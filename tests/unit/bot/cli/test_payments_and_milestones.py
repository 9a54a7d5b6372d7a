"""`partnerline payments` and `milestones`: what a person sees, and that the same file twice changes nothing."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bootstrap import office
from bot.storage import mirror
from config import load_settings
from crm.money import Money
from crm.records import Milestone, Payment
from tests.unit.bot.cli.conftest import Partnerline
from tests.unit.bot.cli.records import on, save_won_deal, write_partners

HEADER = "payment,deal,invoice,paid_on,amount,currency,refund_of\n"
PAID = HEADER + "pay-1,D-10482,INV-7,2026-10-12,6000.00,EUR,\n"


@pytest.fixture
def sold(partnerline: Partnerline, on_database: str, tmp_path: Path) -> str:
    """A database with a deal of Quaywise; its URL."""
    assert partnerline("partners", "import", write_partners(tmp_path)).code == 0
    asyncio.run(_save_deal(on_database))
    return on_database


async def _save_deal(url: str) -> None:
    async with office(load_settings(environ={"DATABASE_URL": url})) as at:
        await save_won_deal(at, "Harbour [red]Foods")


def write(folder: Path, content: str, name: str = "october.csv") -> Path:
    file = folder / name
    file.write_text(content, encoding="utf-8")
    return file


def payments(url: str) -> tuple[Payment, ...]:
    async def read(connection: AsyncConnection) -> tuple[Payment, ...]:
        return await mirror.everyone(connection, Payment)

    return on(url, read)


def test_payments_are_saved_once_and_shown(partnerline: Partnerline, sold: str, tmp_path: Path) -> None:
    file = write(tmp_path, PAID + "ref-1,d-10482,,2026-10-20,-500.00,EUR,INV-7\n")
    assert "2 new, 0 changed, 0 already there" in partnerline("payments", "import", file).out
    assert "0 new, 0 changed, 2 already there" in partnerline("payments", "import", file).out
    assert {payment.id: payment.refunds for payment in payments(sold)} == {"pay-1": "", "ref-1": "pay-1"}
    shown = partnerline("payments", "show", "--partner", "quaywise advisory").out
    for said in ("6,000.00", "-500.00", "INV-7", "D-10482", "Harbour [red]Foods"):
        assert said in shown


def test_a_dry_run_says_what_would_be_and_saves_nothing(partnerline: Partnerline, sold: str, tmp_path: Path) -> None:
    told = partnerline("payments", "import", write(tmp_path, PAID), "--dry-run")
    assert "1 new, 0 changed, 0 already there; nothing was saved" in told.out
    assert payments(sold) == ()


def test_a_change_is_told_with_both_values(partnerline: Partnerline, sold: str, tmp_path: Path) -> None:
    partnerline("payments", "import", write(tmp_path, PAID))
    told = partnerline("payments", "import", write(tmp_path, PAID.replace("6000", "5000")))
    assert "1 changed" in told.out
    assert "are changed: pay-1: amount 6000.00 EUR -> 5000.00 EUR" in told.out
    assert payments(sold)[0].amount == Money(Decimal("5000.00"), "EUR")


def test_one_fault_keeps_everything_out(partnerline: Partnerline, sold: str, tmp_path: Path) -> None:
    refused = partnerline("payments", "import", write(tmp_path, PAID + "pay-2,D-99,,2026-10-12,1.00,EUR,\n"))
    assert refused.code == 1
    assert "line 3: deal 'D-99' is no deal's number or id in the CRM" in refused.err
    assert payments(sold) == ()
    unknown = partnerline("payments", "import", write(tmp_path, PAID + "r,D-10482,,2026-10-12,-1.00,EUR,INV-8\n"))
    assert "line 3: refund_of 'INV-8'" in unknown.err


def test_rows_of_other_customers_may_be_passed_over(partnerline: Partnerline, sold: str, tmp_path: Path) -> None:
    file = write(tmp_path, PAID + "pay-2,D-99,,2026-10-12,1.00,EUR,\n")
    told = partnerline("payments", "import", file, "--skip-unknown")
    assert "1 row(s) of deals that the CRM does not have were passed over" in told.out
    assert [payment.id for payment in payments(sold)] == ["pay-1"]


def test_what_was_imported_stands_in_the_ledger(partnerline: Partnerline, sold: str, tmp_path: Path) -> None:
    async def imports(connection: AsyncConnection) -> list[dict[str, object]]:
        query = text("select body from ledger where kind = 'payments_imported'")
        return [row.body for row in await connection.execute(query)]

    for _ in range(2):
        partnerline("payments", "import", write(tmp_path, PAID))
    [body] = on(sold, imports)
    assert (body["file"], body["new"]) == ("october.csv", 1)


def test_nobody_known_and_nothing_paid_are_said(partnerline: Partnerline, sold: str) -> None:
    assert "no partner is called" in partnerline("payments", "show", "--partner", "x").err
    assert "nothing was paid" in partnerline("payments", "show", "--partner", "Quaywise Advisory").out


def test_milestones_are_imported_and_added_once(partnerline: Partnerline, sold: str, tmp_path: Path) -> None:
    rows = "kind,on,deal,partner,subject,value\ngo_live,2026-10-14,D-10482,,,\n"
    file = write(tmp_path, rows + "certification,2026-10-18,,Quaywise Advisory,Declan Moyne,\n")
    assert "2 new" in partnerline("milestones", "import", file).out
    assert "2 already there" in partnerline("milestones", "import", file).out
    add = ("milestones", "add", "csat", "--deal", "D-10482", "--on", "2026-10-28", "--value")
    assert "1 new" in partnerline(*add, "4.35").out
    assert "value 4.35 -> 4.1" in partnerline(*add, "4.1").out

    async def kept(connection: AsyncConnection) -> set[tuple[str, str]]:
        return {(m.kind.value, str(m.value)) for m in await mirror.everyone(connection, Milestone)}

    assert on(sold, kept) == {("go_live", "None"), ("certification", "None"), ("csat", "4.1")}


def test_a_milestone_that_lacks_something_is_refused(partnerline: Partnerline, sold: str) -> None:
    refused = partnerline("milestones", "add", "csat", "--deal", "D-10482", "--on", "2026-10-28")
    assert refused.code == 1
    assert "a csat needs a value" in refused.err
    assert partnerline("milestones", "add", "party", "--on", "2026-10-28").code == 2
