"""What managers do about leads, people and attributions by command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import contact_offers, mirror
from bot.storage.desk_tables import contact_offers as offer_rows
from crm.records import Contact
from tests.unit.bot.cli.conftest import Partnerline
from tests.unit.bot.cli.records import hold, on, submit, write_partners

MIA = "mia@quaywise.example"
LEAD = """
customer = "Globex [red]Corp"
domain = "globex.example"
contact = "Jane Roe"
products = ["core"]
seats = 40
amount = "EUR 9000"
region = "DACH"
"""


@pytest.fixture
def partners(partnerline: Partnerline, on_database: str, tmp_path: Path) -> str:
    """A database with two partners; its URL."""
    assert partnerline("partners", "import", write_partners(tmp_path)).code == 0
    return on_database


def number_in(said: str) -> str:
    return next(word for word in said.split() if word.startswith("L-"))


def test_a_lead_is_shared_listed_shown_and_taken_back(partnerline: Partnerline, partners: str) -> None:
    shared = partnerline("leads", "share", "--customer", "Globex [red]Corp", "--region", "DACH", "--product", "core")
    assert shared.code == 0, shared.err
    assert "is offered to Lindgrün first" in shared.out
    number = number_in(shared.out)
    listed = partnerline("leads", "list").out
    for words in (number, "offered", "Lindgrün", "Globex [red]Corp"):
        assert words in listed
    shown = partnerline("leads", "show", number.lower())
    assert "Lumora Core" in shown.out
    assert "Lindgrün: open, until" in shown.out
    assert "nobody any more" in partnerline("leads", "withdraw", number).out
    assert partnerline("leads", "withdraw", number).code == 1
    assert "no lead is open" in partnerline("leads", "list").out
    assert "unplaced" in partnerline("leads", "list", "--all").out


def test_a_lead_may_come_from_a_file_and_options_change_it(
    partnerline: Partnerline, partners: str, tmp_path: Path
) -> None:
    file = tmp_path / "lead.toml"
    file.write_text(LEAD, encoding="utf-8")
    shared = partnerline("leads", "share", file, "--seats", "60")
    assert shared.code == 0, shared.err
    shown = partnerline("leads", "show", number_in(shared.out)).out
    for words in ("Jane Roe", "EUR 9,000.00", "60", "Lumora Core", "influenced"):
        assert words in shown


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("customer =", "no TOML file"),
        ('colour = "red"', "names colour"),
        ("customer = 7", "quotation marks"),
        ('seats = "many"', "whole number"),
        ("seats = true", "whole number"),
        ('products = "core"', "list of names"),
        ('amount = "a lot"\ncustomer = "X"', "no value"),
        ('amount = "9000"\ncustomer = "X"', "no value"),
        ("", "names no customer"),
        ('customer = "X"\nproducts = ["Frobnicator"]', "is no product"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(
    partnerline: Partnerline, partners: str, tmp_path: Path, content: str, why: str
) -> None:
    file = tmp_path / "lead.toml"
    file.write_text(content, encoding="utf-8")
    refused = partnerline("leads", "share", file)
    assert refused.code == 1
    assert why in refused.err


def test_a_file_that_is_not_there_is_told(partnerline: Partnerline, partners: str) -> None:
    assert partnerline("leads", "share", "nowhere.toml").code == 1
    assert partnerline("leads", "show", "L-00000000").code == 1


def test_contacts_are_opened_changed_and_closed(partnerline: Partnerline, partners: str) -> None:
    assert partnerline("contacts", "add", "quaywise advisory", "Mia Wong", MIA).code == 0
    changed = partnerline("contacts", "rights", MIA, "see_deals", "manage_contacts")
    assert "may: see_deals, manage_contacts" in changed.out
    assert "nothing" in partnerline("contacts", "rights", MIA, "none").out
    listed = partnerline("contacts", "list", "--partner", "Quaywise Advisory").out
    assert MIA in listed
    assert "Lindgrün" not in listed
    assert "is closed" in partnerline("contacts", "close", MIA).out
    assert MIA not in partnerline("contacts", "list").out
    assert MIA in partnerline("contacts", "list", "--all").out
    assert partnerline("contacts", "close", MIA).code == 1


def test_a_right_that_there_is_not_is_told(partnerline: Partnerline, partners: str) -> None:
    refused = partnerline("contacts", "rights", "aoife@quaywise.example", "everything")
    assert refused.code == 2
    assert "see_deals" in refused.err


def test_somebody_who_waits_is_let_in_once(partnerline: Partnerline, partners: str) -> None:
    message = hold(partners, MIA, "Hello")

    async def waits(connection: AsyncConnection) -> None:
        people = await mirror.everyone(connection, Contact)
        quaywise = next(c.partner_id for c in people if c.email == "aoife@quaywise.example")
        row = {"inbox_id": message, "partner_id": quaywise, "address": MIA, "name": "Mia [red]Wong"}
        await connection.execute(offer_rows.insert().values(**row))

    on(partners, waits)
    assert "Mia [red]Wong" in partnerline("contacts", "list").out
    assert partnerline("contacts", "accept", "nobody@quaywise.example").code == 1
    assert "is a contact of Quaywise Advisory now" in partnerline("contacts", "accept", MIA).out
    assert partnerline("contacts", "accept", MIA).code == 1
    assert on(partners, contact_offers.open_offers) == ()


def test_an_attribution_is_changed_with_its_reason_and_its_history_shown(
    partnerline: Partnerline, partners: str
) -> None:
    submit(partners)
    assert "never changed" in partnerline("deals", "history", "D-10482").out
    assert partnerline("deals", "attribution", "D-10482", "influenced").code == 2
    why = ("--reason", "We met [red]them first.")
    changed = partnerline("deals", "attribution", "d-10482", "influenced", *why)
    assert "D-10482 is influenced now; it was sourced" in changed.out
    assert partnerline("deals", "attribution", "D-10482", "influenced", *why).code == 1
    history = partnerline("deals", "history", "D-10482").out
    for words in ("sourced", "influenced", "noor@lumora.example", "[red]"):
        assert words in history
