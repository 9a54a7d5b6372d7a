"""Importing partners from a CSV file: all or nothing, and every fault with its line."""

from __future__ import annotations

import codecs
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.csv_table import LARGEST
from crm.import_csv import COLUMNS, Allowed, Imported, read_partners
from crm.money import Money
from crm.records import EVERYDAY_RIGHTS, Contact, ContactRight, Partner, PartnerType
from tests.fakes.crm import InMemoryCrm

ALLOWED = Allowed(("Registered", "Select", "Elite"), ("referral-2026", "reseller-2026", "services-2026"))
DOCS = Path(__file__).parents[3] / "docs"
HEADER = "partner;types;tier;contact_name;contact_email;contact_main;contact_finance\n"
ACME = Partner("p-1", "Acme", (PartnerType.REFERRAL,), "Select", plan="referral-2026", csat=Decimal("4.5"))
ANNA = Contact("c-1", "p-1", "Anna", "anna@acme.example", phone="1", slack_user_id="U1", opted_out=True, main=True)


def read(rows: str, header: str = HEADER, **known: tuple[object, ...]) -> Imported:
    return read_partners((header + rows).encode(), ALLOWED, **known)  # type: ignore[arg-type]


def faults(rows: str, header: str = HEADER) -> tuple[str, ...]:
    found = read(rows, header)
    assert bool(found.faults) is not bool(found.partners or found.contacts)
    return found.faults


# --- what a good file gives


def test_the_example_of_the_documentation_is_right() -> None:
    found = read_partners((DOCS / "examples" / "partners.csv").read_bytes(), ALLOWED)
    assert found.faults == ()
    assert [partner.name for partner in found.partners] == ["Brightmoor Consulting", "Möwenstein IT", "Nuage & Fils"]
    moewenstein = found.partners[1]
    assert moewenstein.types == (PartnerType.RESELLER, PartnerType.SERVICES)
    assert moewenstein.domains == ("moewenstein.example", "moewenstein-it.example")
    assert moewenstein.quarterly_target == Money(Decimal(80000), "EUR")
    people = {contact.email: contact for contact in found.contacts}
    assert people["accounts@brightmoor.example"].partner_id == found.partners[0].id
    assert moewenstein.finance_contact_id == people["c.aydin@moewenstein-it.example"].id
    assert [contact.email for contact in found.contacts if contact.main] == [
        "hannah@brightmoor.example",
        "j.petersen@moewenstein.example",
    ]


def test_the_documentation_names_every_column() -> None:
    page = (DOCS / "importing-partners.md").read_text("utf-8")
    assert all(f"`{column}`" in page for column in COLUMNS)


def test_every_column_is_read() -> None:
    header = ";".join(COLUMNS)
    row = (
        "Acme;reseller;elite;DACH;de;DE;Europe/Berlin;eur;acme.example;Noor@Lumora.example;RESELLER-2026;"
        'EUR 1000.50;4,25;7;"Acme GmbH\n Torstraße 8 \n\n10119 Berlin";DE1;PO 7;'
        "Anna;Anna@Acme.example;+49;fr;U1;ja;non;sí;oui;manage_contacts SEE_DEALS"
    )
    found = read(row, header + "\n")
    assert found.faults == ()
    [partner], [contact] = found.partners, found.contacts
    assert partner == Partner(
        id=partner.id,
        name="Acme",
        types=(PartnerType.RESELLER,),
        tier="Elite",
        region="DACH",
        country="DE",
        language="de",
        time_zone="Europe/Berlin",
        currency="EUR",
        domains=("acme.example",),
        manager_email="noor@lumora.example",
        plan="reseller-2026",
        quarterly_target=Money(Decimal("1000.50"), "EUR"),
        csat=Decimal("4.25"),
        certified_people=7,
        finance_contact_id=contact.id,
        address="Acme GmbH\nTorstraße 8\n10119 Berlin",
        vat_id="DE1",
        purchase_order="PO 7",
    )
    assert contact == Contact(
        contact.id, partner.id, "Anna", "anna@acme.example", "+49", "fr", "U1", active=False, opted_out=True, main=True,
        rights=(ContactRight.SEE_DEALS, ContactRight.MANAGE_CONTACTS),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "rights"), [("none", ()), ("", EVERYDAY_RIGHTS), ("register", (ContactRight.REGISTER,))]
)
def test_rights_are_those_that_are_named(cell: str, rights: tuple[ContactRight, ...]) -> None:
    header = HEADER.replace("contact_finance", "contact_rights")
    [contact] = read(f"Acme;referral;Select;Anna;a@acme.example;;{cell}\n", header).contacts
    assert contact.rights == rights


def test_rights_that_a_file_leaves_empty_stay() -> None:
    lea = replace(ANNA, rights=(ContactRight.MANAGE_CONTACTS,))
    header = "partner;contact_email;contact_rights\n"
    [contact] = read("Acme;anna@acme.example;\n", header, partners=(ACME,), contacts=(lea,)).contacts
    assert contact.rights == lea.rights


def test_columns_may_stand_in_any_order_and_spelling() -> None:
    found = read("Select,Acme,Referral\n", "TIER, Partner ,Types\n")
    assert [(p.name, p.tier) for p in found.partners] == [("Acme", "Select")]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_line_end(delimiter: str, line_end: str) -> None:
    text = (HEADER + "Acme;referral;Select;Anna;a@acme.example;;\n").replace(";", delimiter).replace("\n", line_end)
    assert [c.name for c in read_partners(text.encode(), ALLOWED).contacts] == ["Anna"]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8-sig", b""), ("cp1252", b""), ("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16", b"")],
)
def test_any_encoding_a_spreadsheet_writes(encoding: str, mark: bytes) -> None:
    data = mark + (HEADER + "Möwe & Søn;referral;Select;;;;\n").encode(encoding)
    assert [partner.name for partner in read_partners(data, ALLOWED).partners] == ["Möwe & Søn"]


def test_rows_of_one_partner_need_not_stand_together_or_repeat_anything() -> None:
    rows = (
        "Acme;referral;Select;Anna;a@acme.example;;\n"
        ";;;Ben;b@acme.example;;\n"
        "\n"
        ";;;;;;\n"
        "Other;services;Elite;;;;\n"
        "ACME;;;Cleo;c@acme.example;yes;\n"
    )
    found = read(rows)
    assert [partner.name for partner in found.partners] == ["Acme", "Other"]
    assert [(c.name, c.main) for c in found.contacts] == [("Anna", False), ("Ben", False), ("Cleo", True)]
    assert {c.partner_id for c in found.contacts} == {found.partners[0].id}


def test_where_no_main_contact_is_named_it_is_the_first() -> None:
    found = read("Acme;referral;Select;Anna;a@acme.example;;\n;;;Ben;b@acme.example;;\n")
    assert [contact.main for contact in found.contacts] == [True, False]


# --- importing again


def test_the_same_file_makes_the_same_records() -> None:
    data = (DOCS / "examples" / "partners.csv").read_bytes()
    first = read_partners(data, ALLOWED)
    assert read_partners(data, ALLOWED) == first
    assert read_partners(data, ALLOWED, first.partners, first.contacts) == first


async def test_importing_twice_through_a_crm_adds_nothing() -> None:
    crm = InMemoryCrm()
    for _ in range(2):
        held = await crm.changes()
        data = (DOCS / "examples" / "partners.csv").read_bytes()
        found = read_partners(data, ALLOWED, held.partners, held.contacts)
        for partner in found.partners:
            await crm.save_partner(partner)
        for contact in found.contacts:
            await crm.save_contact(contact)
    assert (len(crm.held("partners")), len(crm.held("contacts"))) == (3, 4)


def test_what_the_file_leaves_empty_stays_as_it_is() -> None:
    found = read("acme;;Elite;Anna B.;ANNA@acme.example;;\n", partners=(ACME,), contacts=(ANNA,))
    assert found.partners == (replace(ACME, name="acme", tier="Elite"),)
    assert found.contacts == (replace(ANNA, name="Anna B."),)


def test_a_known_contact_needs_its_address_only() -> None:
    found = read("Acme;;;;anna@acme.example;;yes\n", partners=(ACME,), contacts=(ANNA,))
    assert found.contacts == (ANNA,)
    assert found.partners == (replace(ACME, finance_contact_id=ANNA.id),)


def test_a_new_main_contact_relieves_the_old_one() -> None:
    found = read("Acme;;;Ben;b@acme.example;yes;\n", partners=(ACME,), contacts=(ANNA,))
    assert {contact.email: contact.main for contact in found.contacts} == {ANNA.email: False, "b@acme.example": True}


def test_a_further_contact_does_not_take_over() -> None:
    found = read("Acme;;;Ben;b@acme.example;;\n", partners=(ACME,), contacts=(ANNA,))
    assert {contact.email: contact.main for contact in found.contacts} == {"b@acme.example": False}


# --- faults


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("Acme;referral;Gold;;;;", "line 2: tier 'Gold' is not one of Registered, Select, Elite"),
        ("Acme;referal;Select;;;;", "line 2: types 'referal' is not one of referral, reseller, services, distributor"),
        ("Acme;referral;;;;;", "line 2: Acme is new and needs tier"),
        ("Acme;;;;;;", "line 2: Acme is new and needs types and tier"),
        (";referral;Select;;;;", "line 2: the partner's name is missing"),
        ("Acme;referral;Select;Anna;;;", "line 2: the contact has no contact_email"),
        ("Acme;referral;Select;;a@acme.example;;", "line 2: a@acme.example is new and needs contact_name"),
        ("Acme;referral;Select;Anna;anna;;", "line 2: contact_email 'anna' is no e-mail address"),
        ("Acme;referral;Select;Anna;a@b.example>;;", "line 2: contact_email 'a@b.example>' is no e-mail address"),
        ("Acme;referral;Select;A;a@b.example;maybe;", "line 2: contact_main 'maybe' is neither yes nor no"),
        ("Acme;referral;Select;;;;;;more", "line 2: 9 cells, but the header names 7 columns"),
    ],
)
def test_a_fault_names_its_line_and_what_is_wrong(row: str, fault: str) -> None:
    assert faults(row) == (fault,)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("country", "Germany"),
        ("language", "d3"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", "/etc/localtime"),
        ("currency", "€"),
        ("currency", "EURO"),
        ("domains", "no domain"),
        ("domains", "http://x.example/"),
        ("plan", "gold-2026"),
        ("manager_email", "Noor Haddad"),
        ("quarterly_target", "1.000.000"),
        ("quarterly_target", "80,000"),
        ("quarterly_target", "0"),
        ("quarterly_target", "-5"),
        ("quarterly_target", "NaN"),
        ("quarterly_target", "1e9"),
        ("quarterly_target", "USD 5"),
        ("quarterly_target", "9" * 40),
        ("csat", "5.1"),
        ("csat", "0.99"),
        ("csat", "Infinity"),
        ("csat", "٤"),
        ("certified_people", "-1"),
        ("certified_people", "²"),
        ("certified_people", "1.5"),
        ("contact_rights", "everything"),
        ("contact_rights", "none, register"),
        ("region", "x" * 501),
        ("region", '"two\nlines"'),
        ("region", "nul\x00"),
    ],
)
def test_a_wrong_cell_is_told_by_its_column(column: str, cell: str) -> None:
    [fault] = faults(f"Acme;referral;Select;{cell}", f"partner;types;tier;{column}\n")
    assert fault.startswith(f"line 2: {column} ")
    assert len(fault) < 300


def test_all_faults_are_told_at_once_in_the_order_of_lines() -> None:
    rows = (
        "Acme;referral;Gold;Anna;a@acme.example;;\n"
        "Bolt;referral;Select;Ben;not an address;;\n"
        "Core;;Select;;;;\n"
        "Dune;referral;Select;Dan;dan@dune.example;;\n"
    )
    assert [fault.split(":")[0] for fault in faults(rows)] == ["line 2", "line 3", "line 4"]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    rows = 'Acme;referral;Select;"Anna\nBerta";a@acme.example;;\n\nBolt;referral;Gold;;;;\n'
    assert [fault.split(":")[0] for fault in faults(rows)] == ["line 2", "line 5"]


def test_two_lines_that_disagree_about_a_partner() -> None:
    rows = "Acme;referral;Select;;;;\nAcme;referral;Elite;;;;\n"
    assert faults(rows) == ("line 3: Acme has another tier on line 2",)


def test_an_address_stands_once_in_a_file() -> None:
    rows = "Acme;referral;Select;Anna;a@acme.example;;\nBolt;referral;Select;Anna;A@acme.example;;\n"
    assert faults(rows) == ("line 3: a@acme.example stands on line 2 already",)


def test_a_contact_of_another_partner_is_not_taken_over() -> None:
    found = read("Bolt;referral;Select;Anna;anna@acme.example;;\n", partners=(ACME,), contacts=(ANNA,))
    assert found.faults == ("line 2: anna@acme.example is a contact of another partner",)


def test_one_main_and_one_finance_contact() -> None:
    rows = "Acme;referral;Select;Anna;a@acme.example;yes;yes\n;;;Ben;b@acme.example;yes;yes\n"
    assert faults(rows) == (
        "line 2: Acme has 2 finance contacts, not one",
        "line 2: Acme has 2 main contacts, not one",
    )


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ("partner;types;teir\n", "no column is called 'teir'"),
        ("partner;tier;tier\n", "the column 'tier' stands there twice"),
        ("types;tier\n", "the column 'partner' is missing"),
    ],
)
def test_a_wrong_header_is_told(header: str, fault: str) -> None:
    assert any(fault in told for told in faults("Acme;referral;Select\n", header))


@pytest.mark.parametrize("data", [b"", b"\n\n", codecs.BOM_UTF8, HEADER.encode()])
def test_a_file_without_partners_is_told(data: bytes) -> None:
    [fault] = read_partners(data, ALLOWED).faults
    assert fault in ("the file is empty", "the file names no partner")


def test_a_file_that_is_too_large_is_not_read() -> None:
    assert read_partners(b"x" * (LARGEST + 1), ALLOWED).faults == ("the file is larger than 20 MB",)


def test_an_unfinished_quote_is_told() -> None:
    assert faults('Acme;referral;"Select;;;;\n')[0].startswith("the file is not CSV")


def test_many_rows_are_read() -> None:
    rows = "".join(f"Partner {n};referral;Select;Anna;a@p{n}.example;;\n" for n in range(5000))
    assert len(read(rows).contacts) == 5000


@given(st.binary(max_size=400))
def test_no_bytes_break_it(data: bytes) -> None:
    read_partners(data, ALLOWED)


@given(st.lists(st.text(max_size=30), max_size=10))
def test_no_cells_break_it(cells: list[str]) -> None:
    row = ";".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    read_partners((HEADER + row).encode("utf-8", "surrogatepass"), ALLOWED)
