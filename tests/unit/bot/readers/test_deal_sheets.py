"""Attached tables become deals: columns in five languages, local numbers and days; nothing is computed or fetched."""

from __future__ import annotations

import hashlib
import io
import time
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook

from bot.ports import AttachedFile
from bot.readers.sheets.deal_sheets import DealSheets
from bot.readers.sheets.headings import column_of
from bot.readers.sheets.xlsx_formats import shows_day, written_money
from bot.vocabulary.message import Attachment
from bot.vocabulary.requests import DealFields, DealSheet, Intent, Request, SheetNote
from crm.records import AmountBasis
from tests.builders import program

TODAY = date(2026, 11, 26)
READER = DealSheets(program().products)
HEAD = "Customer;Domain;Contact;E-mail;Phone;Amount;Currency;Basis;Close date;Product;Seats;Term"
FULL = (
    "Vega Foods BV;vega.example;Jan Smit;jan@vega.example;+31 20 123 4567;45.000,00;EUR;per year;31.03.2027;Core;80;36"
)


def attached(content: bytes, name: str) -> AttachedFile:
    kind = "xlsx" if name.endswith(".xlsx") else "csv"
    return AttachedFile(Attachment(name, "", len(content), hashlib.sha256(content).hexdigest(), kind), content)


def csv(text: str | bytes, language: str = "en") -> DealSheet:
    return READER.read(attached(text if isinstance(text, bytes) else text.encode(), "deals.csv"), TODAY, language)


def xlsx(content: bytes) -> DealSheet:
    return READER.read(attached(content, "deals.xlsx"), TODAY, "en")


def book(*rows: tuple[Any, ...], **formats: str) -> bytes:
    """A workbook as a spreadsheet program writes it; `formats` are number formats by cell."""
    made = Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    for cell, code in formats.items():
        sheet[cell].number_format = code
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, change: Any) -> bytes:
    """The file with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            content = old.read(member)
            new.writestr(member, change(content) if member == name else content)
    return out.getvalue()


def fields(request: Request) -> DealFields:
    assert isinstance(request.fields, DealFields)
    return request.fields


def only(sheet: DealSheet) -> DealFields:
    [request] = sheet.requests
    return fields(request)


def test_a_row_is_a_deal_to_register() -> None:
    sheet = csv(f"{HEAD}\n{FULL}\n")
    [request] = sheet.requests
    assert (sheet.note, request.intent, request.ask) == (None, Intent.REGISTER_DEAL, False)
    assert request.row is not None
    assert (request.row.file, request.row.number, request.row.unread, request.row.formulas) == ("deals.csv", 2, (), ())
    assert fields(request) == DealFields(
        customer="Vega Foods BV", customer_domain="vega.example", contact_name="Jan Smit",
        contact_email="jan@vega.example", contact_phone="+31 20 123 4567", amount=Decimal(45000), currency="EUR",
        amount_basis=AmountBasis.ANNUAL, close_date=date(2027, 3, 31), products=("Lumora Core",), quantity=80,
        term_months=36,
    )  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [
        "Kunde;Domain;Ansprechpartner;E-Mail;Telefon;Wert;Währung;Basis;Abschlussdatum;Produkt;Anzahl Nutzer;Laufzeit",
        "Client;Domaine;Contact;Courriel;Téléphone;Montant;Devise;Base;Date de clôture;Produit;Postes;Durée (mois)",
        "Klant;Domein;Contactpersoon;E-mailadres;Telefoon;Bedrag;Valuta;Grondslag;Sluitdatum;Product;Licenties;Looptijd",
        "Cliente;Dominio;Contacto;Correo;Teléfono;Importe;Moneda;Base;Fecha de cierre;Producto;Usuarios;Plazo (meses)",
        "Company;Website;Contact person;Mail;Tel.;Deal value *;CCY;Per;Expected close;Products;Qty;Contract term",
    ],
)
def test_columns_are_known_in_five_languages(head: str) -> None:
    assert only(csv(f"{head}\n{FULL}")) == only(csv(f"{HEAD}\n{FULL}"))


def test_headings_tell_currency_basis_and_years() -> None:
    deal = only(csv("Kunde;Wert p.a. (EUR);Produkt;Laufzeit in Jahren\nAcme GmbH;45.000;Core;3"))
    assert (deal.amount, deal.currency, deal.amount_basis, deal.term_months) == (
        Decimal(45000), "EUR", AmountBasis.ANNUAL, 36,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Value per year", "amount"), ("Umsatz pro Monat", "amount"), ("Montant par an", "amount"),
        ("Importe por mes", "amount"), ("Amount per billing period", "amount"), ("Per", "amount_basis"),
        ("Basis of value", "amount_basis"), ("Billing period (per)", "amount_basis"),
    ],
)  # fmt: skip
def test_a_value_per_year_is_a_value(heading: str, field: str) -> None:
    column = column_of(heading)
    assert column is not None
    assert column.field == field


@pytest.mark.parametrize("heading", ["Partner", "Deal owner", "Created date", "Notes", "Status", "Account manager", ""])
def test_columns_about_somebody_else_are_left_out(heading: str) -> None:
    assert column_of(heading) is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("45000", 45000), ("45.000", 45000), ("45,000.00", 45000), ("45 000,00 €", 45000), ("45'000", 45000),
        ("€45k", 45000), ("1,2 Mio", 1200000), ("1234.56", "1234.56"), ("1.234,56", "1234.56"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_their_writers_mean_them(text: str, amount: int | str) -> None:
    assert only(csv(f"Customer|Product|Amount\nAcme|Core|{text}")).amount == Decimal(amount)


@pytest.mark.parametrize("text", ["-500", "(500)", "− 500", "10-20k", "a lot", "5 x 900"])
def test_what_is_no_one_number_is_not_read(text: str) -> None:
    [request] = csv(f"Customer|Product|Amount\nAcme|Core|{text}").requests
    assert request.row is not None
    assert (fields(request).amount, request.row.unread) == (None, ("amount",))


def test_a_day_elsewhere_in_the_column_tells_whether_months_stand_first() -> None:
    american = csv("Customer,Product,Close date\nA Inc,Core,04/05/2027\nB Inc,Core,04/25/2027")
    european = csv("Customer,Product,Close date\nA Inc,Core,04/05/2027\nB Inc,Core,25/04/2027")
    assert [fields(r).close_date for r in american.requests] == [date(2027, 4, 5), date(2027, 4, 25)]
    assert [fields(r).close_date for r in european.requests] == [date(2027, 5, 4), date(2027, 4, 25)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-03-31", "2027-03-31"),
        ("31.3.27", "2027-03-31"),
        ("Q1 2027", "2027-03-31"),
        ("31 mars 2027", "2027-03-31"),
    ],
)
def test_days_are_read_as_in_a_message(text: str, day: str) -> None:
    assert only(csv(f"Customer;Product;Close date\nAcme;Core;{text}")).close_date == date.fromisoformat(day)


def test_headings_may_stand_below_a_title_and_sums_and_empty_rows_are_passed_over() -> None:
    sheet = csv("Our deals in Q4;;\n;;\nCustomer;Product;Amount\n;;\nAcme;Core;5000\n;;\nTotal;;5000\nBeta;Core;7000\n")
    assert [(r.row.number, fields(r).customer) for r in sheet.requests if r.row] == [(5, "Acme"), (8, "Beta")]


def test_placeholders_are_no_values() -> None:
    deal = only(csv("Customer;Product;Amount;Close date\nAcme;Core;n/a;-"))
    assert (deal.amount, deal.close_date) == (None, None)


def test_what_a_spreadsheet_would_compute_stays_text_or_is_a_fault() -> None:
    row = '=HYPERLINK("https://evil.example");+49 30 12345;@Core;Core;=1+1'
    [request] = csv(f"Customer;Phone;Contact;Product;Amount\n{row}").requests
    assert request.row is not None
    assert request.row.formulas == ("customer", "amount")
    assert (fields(request).contact_phone, fields(request).contact_name) == ("+49 30 12345", "@Core")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_any_encoding_and_delimiter_of_office_programs(encoding: str, delimiter: str) -> None:
    rows = (("Kunde", "Produkt", "Währung", "Wert"), ("Müller & Söhne", "Core", "€", "5000"))
    text = "\n".join(delimiter.join(row) for row in rows)
    assert only(csv(text.encode(encoding))).customer == "Müller & Söhne"


@pytest.mark.parametrize(
    "text",
    [
        "Name;E-mail;Phone\nJan;jan@x.example;1",
        "Company;E-mail;Phone\nAcme;jan@acme.example;1",
        "Statement;Deal;Commission\nS-1;D-1;5",
        "",
        "no table at all",
        "\0\0\0",
    ],
)
def test_a_table_of_something_else_is_no_list_of_deals(text: str) -> None:
    sheet = csv(text)
    assert (sheet.requests, sheet.note) == ((), SheetNote.NO_HEADINGS)


def test_headings_without_deals_are_said_so() -> None:
    assert csv("Customer;Product;Amount\n;;\n").note is SheetNote.NO_ROWS


def test_no_more_than_two_hundred_rows_are_read() -> None:
    rows = "\n".join(f"Customer {n};Core;{n}000" for n in range(1, 1001))
    sheet = csv(f"Customer;Product;Amount\n{rows}")
    assert (len(sheet.requests), sheet.note) == (200, SheetNote.TOO_MANY_ROWS)
    exactly = csv("Customer;Product;Amount\n" + "\n".join(f"Customer {n};Core;5" for n in range(200)))
    assert (len(exactly.requests), exactly.note) == (200, None)


@pytest.mark.parametrize(
    "text",
    [
        ";".join(["Customer", "Product", "Amount", *["x"] * 10_000]) + "\n" + ";".join(["Acme", "Core", "5"] * 4_000),
        'Customer;Product;Amount\n"' + "x" * 1_000_000,
        "Customer;Product;Amount\n" + "\n" * 1_000_000,
        "Customer;Product;Amount\nAcme;Core;" + "9" * 100_000,
        "Customer;Product;Amount;Close date\n" + "Acme;Core;5;1/1/1/1/1/1/1\n" * 20_000,
        "Customer;Product;Amount\n\0A\0cme;C\0ore;5\n" * 100,
        "\ufeff\ufeff" + "Customer;Product;Amount\nAcme;Core;5",
    ],
)
def test_hostile_tables_cost_little(text: str) -> None:
    started = time.process_time()
    csv(text)
    assert time.process_time() - started < 2.0


def test_a_workbook_is_read_as_it_shows() -> None:
    deal = only(
        xlsx(
            book(
                ("Customer", "E-mail", "Amount", "Close date", "Product", "Seats", "Term (months)"),
                ("Vega Foods", "jan@vega.example", 45000.1, date(2027, 3, 31), "Lumora Core", 80, 36),
                C2='#,##0.00 "€"',
            )
        )
    )
    assert deal == DealFields(
        customer="Vega Foods", contact_email="jan@vega.example", amount=Decimal("45000.1"), currency="EUR",
        close_date=date(2027, 3, 31), products=("Lumora Core",), quantity=80, term_months=36,
    )  # fmt: skip


def test_a_formula_with_its_result_is_its_result_and_without_one_a_fault() -> None:
    data = book(("Customer", "Product", "Amount"), ("Acme", "Core", "=10*500"), ("Beta", "Core", "=20*500"))
    cached = with_part(data, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<v></v>", b"<v>5000</v>", 1).replace(
        b"<v />", b"<v>5000</v>", 1))  # fmt: skip
    first, second = xlsx(cached).requests
    assert first.row is not None
    assert second.row is not None
    assert (fields(first).amount, first.row.formulas) == (Decimal(5000), ())
    assert (fields(second).amount, second.row.formulas) == (None, ("amount",))


def test_merged_rows_are_headings_and_hidden_sheets_are_left_out() -> None:
    made = Workbook()
    hidden = made.active
    hidden.append(("Customer", "Product", "Amount"))
    hidden.append(("Secret", "Core", 1))
    hidden.sheet_state = "hidden"
    shown = made.create_sheet("Deals")
    for row in (("Deals", None, None), ("Customer", "Product", "Amount"), ("Region north",), ("Acme", "Core", 5000)):
        shown.append(row)
    shown.merge_cells("A1:C1")
    shown.merge_cells("A3:C3")
    out = io.BytesIO()
    made.save(out)
    assert [(r.row.number, fields(r).customer) for r in xlsx(out.getvalue()).requests if r.row] == [(4, "Acme")]


def test_the_first_sheet_with_deals_counts() -> None:
    made = Workbook()
    made.active.append(("Read me",))
    made.create_sheet("Deals").append(("Customer", "Product", "Amount"))
    made["Deals"].append(("Acme", "Core", 5000))
    out = io.BytesIO()
    made.save(out)
    assert only(xlsx(out.getvalue())).customer == "Acme"


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("dd.mm.yyyy", True), ("m/d/yy", True), ("[$-407]d. mmmm yyyy", True), ("mmm-yy", True), ("yyyy", True),
        ("General", False), ("0.00", False), ('#,##0 "days"', False), ("hh:mm", False), ("[Red]0", False),
        ("#,##0.00 [$€-407]", False),
    ],
)  # fmt: skip
def test_formats_tell_days(code: str, day: bool) -> None:
    assert shows_day(code) is day


@pytest.mark.parametrize(
    ("code", "sign"),
    [('#,##0.00 "€"', "€"), ("#,##0.00 [$€-407]", "€"), ("[$CHF-807] #,##0", "CHF"), ("$#,##0", "$"), ("0.00", "")],
)
def test_formats_tell_currencies(code: str, sign: str) -> None:
    assert written_money(code) == sign


GOOD = book(("Customer", "Product", "Amount"), ("Acme", "Core", 5000))
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def as_utf16(xml: bytes) -> bytes:
    return (
        (ENTITY.decode() + xml.decode().partition("?>")[2]).replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")
    )


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("xl/worksheets/sheet1.xml", lambda xml: ENTITY + xml.partition(b"?>")[2].replace(b"5000", b"&e;")),
        ("xl/worksheets/sheet1.xml", lambda xml: ENTITY + xml),
        ("xl/workbook.xml", lambda xml: ENTITY + xml),
        ("xl/worksheets/sheet1.xml", as_utf16),
        ("xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2]),
        ("xl/worksheets/sheet1.xml", lambda xml: b"\x00" * 100),
        ("xl/worksheets/sheet1.xml", lambda xml: b"<a>" * 100_000),
        ("xl/workbook.xml", lambda xml: b"<workbook/>"),
        ("xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"worksheets/", b"../../../etc/")),
        ("xl/worksheets/sheet1.xml", lambda xml: xml.replace(b't="n"><v>5000', b't="s"><v>5000')),
        ("xl/styles.xml", lambda xml: xml.replace(b'numFmtId="0"', b'numFmtId="x"')),
    ],
)
def test_a_broken_or_hostile_workbook_is_no_table(part: str, change: Any) -> None:
    assert xlsx(with_part(GOOD, part, change)).note is SheetNote.BROKEN


STRINGS = (
    "Customer", "Product", "Close date", "Acme", "Core",
)  # fmt: skip


def as_excel_writes(strings: bytes) -> bytes:
    """A workbook whose texts stand once for all cells, as the usual programs write it."""
    sheet = b"".join(
        b'<row r="%d">%s</row>' % (number, b"".join(cells))
        for number, cells in (
            (1, [b'<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="D1" t="s"><v>2</v></c>']),
            (2, [b'<c r="A2" t="s"><v>3</v></c><c r="B2" t="s"><v>4</v></c><c r="D2" s="1"><v>46477</v></c>']),
        )
    )
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "xl/workbook.xml": b'<x:workbook xmlns:x="urn:x" %s><x:sheet name="D" r:id="rId1"/></x:workbook>' % relations,
        "xl/_rels/workbook.xml.rels": b'<R><Relationship Id="rId1" Target="/xl/worksheets/Sheet1.xml"/></R>',
        "xl/worksheets/sheet1.xml": b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (space, sheet),
        "xl/sharedStrings.xml": strings,
        "xl/styles.xml": b'<s><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></s>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def test_texts_that_stand_once_for_all_cells_are_found_again() -> None:
    plain = b"".join(b"<si><t>%s</t></si>" % said.encode() for said in STRINGS)
    rich = plain.replace(b"<t>Acme</t>", b"<r><t>Ac</t></r><r><t>me</t></r><rPh><t>AKUME</t></rPh>")
    deal = only(xlsx(as_excel_writes(b"<sst>%s</sst>" % rich)))
    assert (deal.customer, deal.products, deal.close_date) == ("Acme", ("Lumora Core",), date(2027, 3, 31))


def test_texts_that_are_not_there_are_a_fault() -> None:
    assert xlsx(as_excel_writes(b"<sst><si><t>Customer</t></si></sst>")).note is SheetNote.BROKEN


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", GOOD[:100], GOOD[:-30], b"not a workbook"],
    ids=["empty", "its mark", "its begin", "without its end", "something else"],
)
def test_a_cut_workbook_is_no_table(data: bytes) -> None:
    assert xlsx(data).note is SheetNote.BROKEN


def test_a_swollen_workbook_is_too_large() -> None:
    started = time.process_time()
    swollen = with_part(
        GOOD, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<row", b" " * 50_000_000 + b"<row", 1)
    )
    prepared = time.process_time()
    assert xlsx(swollen).note is SheetNote.TOO_LARGE
    assert time.process_time() - prepared < 1.0 + (prepared - started)


def test_a_workbook_of_ten_thousand_columns_and_many_rows_costs_little() -> None:
    wide = book(("Customer", "Product", "Amount", *range(3000)), *[("Acme", "Core", 5000, *range(50))] * 400)
    started = time.process_time()
    sheet = xlsx(wide)
    assert (len(sheet.requests), sheet.note) == (200, SheetNote.TOO_MANY_ROWS)
    assert time.process_time() - started < 2.0


@pytest.mark.parametrize(
    "text",
    [
        "Please register the deals in the attached file.", "Deal registrations\nDeals attached.", "our deal reg list",
        "Anbei unsere neuen Deals zur Registrierung.", "Bitte die Deals in der Excel-Datei registrieren.",
        "Bonjour, ci-joint la liste des affaires à enregistrer.", "Bijgevoegd een lijst met deals, graag registreren.",
        "Adjunto la lista de oportunidades para registrar.", "Dealregistrierung",
        "Hallo,\n\nbitte registriert die Deals aus der Tabelle.", "Registriert uns bitte die Deals im Anhang.",
        "Bitte meldet die Deals in der Datei an.", "Kannst du das bitte so registrieren?", "Enregistre ces affaires.",
        "Registrad estas oportunidades, por favor.", "Regístrenos las del archivo.", "Registreer deze deals graag.",
    ],
)  # fmt: skip
def test_words_that_ask_to_register_are_known(text: str) -> None:
    assert READER.asked_for(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "Attached are updates on our registered deals.", "Attached are 5 leads for you to pursue.",
        "Our pipeline forecast for the review", "Unsere registrierten Deals, Stand heute",
        "L'état des affaires enregistrées", "Die Deals sind bei euch registriert.", "Das haben wir schon registriert",
        "Wir haben uns zum Training angemeldet", "Cette affaire est enregistrée", "Ya hemos registrado estas",
        "De geregistreerde deals", "Las oportunidades registradas",
    ],
)  # fmt: skip
def test_other_words_do_not_ask_to_register(text: str) -> None:
    assert not READER.asked_for(text)
