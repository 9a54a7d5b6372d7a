"""`partnerline partners`: importing and listing, on a real database."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.unit.bot.cli.conftest import Partnerline
from tests.unit.bot.cli.records import on, write_partners


@pytest.mark.usefixtures("on_database")
def test_imported_partners_are_listed_and_importing_again_adds_nothing(
    partnerline: Partnerline, tmp_path: Path
) -> None:
    file = write_partners(tmp_path)
    assert "no partner yet" in partnerline("partners", "list").out
    assert "2 partner(s) and 3 contact(s)" in partnerline("partners", "import", file).out
    assert partnerline("partners", "import", file).code == 0
    rows = [line for line in partnerline("partners", "list").out.splitlines() if "│" in line]
    assert len(rows) == 2
    assert "Quaywise Advisory" in rows[1]
    assert "referral" in rows[1]


@pytest.mark.usefixtures("on_database")
def test_a_file_with_faults_saves_nothing_and_names_each_line(partnerline: Partnerline, tmp_path: Path) -> None:
    file = tmp_path / "partners.csv"
    file.write_text("partner;types;tier\nGood;referral;Elite\nBad;wizard;Elite\nWorse;referral;Gold\n")
    shown = partnerline("partners", "import", file)
    assert shown.code == 1
    assert "line 3" in shown.err
    assert "line 4: tier 'Gold'" in shown.err
    assert "no partner yet" in partnerline("partners", "list").out


@pytest.mark.usefixtures("on_database")
def test_a_thousand_faults_are_cut_short(partnerline: Partnerline, tmp_path: Path) -> None:
    file = tmp_path / "partners.csv"
    file.write_text("partner;types;tier\n" + "".join(f"P{n};wizard;Elite\n" for n in range(1_000)))
    shown = partnerline("partners", "import", file)
    assert "and 980 more" in shown.err
    assert shown.err.count("line ") < 30


def test_a_file_that_is_not_there_is_a_plain_fault(partnerline: Partnerline) -> None:
    shown = partnerline("partners", "import", "nowhere.csv")
    assert shown.code == 1
    assert "nowhere.csv cannot be read" in shown.err


def test_an_address_takes_mail_again_when_a_manager_says_so(
    partnerline: Partnerline, on_database: str, tmp_path: Path
) -> None:
    partnerline("partners", "import", write_partners(tmp_path))

    async def mark(connection: AsyncConnection) -> None:
        await connection.execute(
            text("insert into undeliverable (address, inbox_id) values ('aoife@quaywise.example', gen_random_uuid())")
        )

    on(on_database, mark)
    stranger = partnerline("partners", "deliverable", "aoife@quaywise.example", "--by", "eve@evil.example")
    assert stranger.code == 1
    assert "no manager of this program" in stranger.err
    said = partnerline("partners", "deliverable", "Aoife@Quaywise.example", "--by", "noor@lumora.example")
    assert "announcements go to Aoife@Quaywise.example again" in said.out
    again = partnerline("partners", "deliverable", "aoife@quaywise.example", "--by", "noor@lumora.example")
    assert again.code == 1
    assert "no mail to aoife@quaywise.example is known" in again.err
