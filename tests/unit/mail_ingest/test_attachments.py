"""Files of strangers: harmless ones are kept, whatever could run or hides something is refused, at little cost."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from email.message import EmailMessage

import pytest
from openpyxl import Workbook

from mail_ingest.attachments import FileJudge, FileLimits, judge_file
from mail_ingest.file_kinds import Kind, Refusal
from mail_ingest.file_names import clean_name
from mail_ingest.limits import MB
from mail_ingest.parse import parse

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
EXE = b"MZ\x90\x00" + bytes(60)
PROGRAMS = "a.exe a.dll a.msi a.bat a.cmd a.ps1 a.vbs a.js a.jar a.scr a.lnk a.iso a.img a.apk A.EXE a.Com a.py"
CSV = b"Customer;Amount\nAcme;5"


def packed(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def workbook() -> bytes:
    made = io.BytesIO()
    Workbook().save(made)
    return made.getvalue()


def with_members(data: bytes, more: dict[str, bytes]) -> bytes:
    made = io.BytesIO(data)
    with zipfile.ZipFile(made, "a") as archive:
        for name, content in more.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("invoice 2026-10.pdf", PDF, Kind.PDF),
        ("INVOICE.PDF", b"\n\n" + PDF, Kind.PDF),
        ("deals.csv", CSV, Kind.CSV),
        ("deals.tsv", b"Kunde\tWert\nM\xfcller\t5", Kind.CSV),
        ("deals.csv", "Kunde;Wert\nMüller;5".encode("utf-16"), Kind.CSV),
        ("bmw.csv", b"BMW;MZ\n1;2", Kind.CSV),
        ("deals.xlsx", workbook(), Kind.XLSX),
        ("offer.docx", packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}), Kind.DOCX),
        ("sheet.ods", packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), Kind.ODS),
        ("scan.png", PNG, Kind.IMAGE),
        ("invoice.xml", b"<?xml version='1.0'?><Invoice/>", Kind.XML),
        ("notes.txt", b"call me", Kind.TEXT),
        ("acme.com.pdf", PDF, Kind.PDF),
        ("invoice", PDF, Kind.PDF),
        ("invoices.zip", packed({"a.pdf": PDF, "folder/b.xlsx": workbook()}), Kind.ZIP),
    ],
)
def test_what_partners_send_is_kept(name: str, data: bytes, kind: Kind) -> None:
    judged = judge_file(name, "application/octet-stream", data)
    assert (judged.kind, judged.refused) == (kind, None)


@pytest.mark.parametrize(
    "name",
    [
        *PROGRAMS.split(),
        "invoice.pdf.exe",
        "invoice.pdf                                        .exe",
        "a.exe.",
        "a.exe ",
        "a.exe::$DATA",
        "ａ．ｅｘｅ",
        "C:\\temp\\a.exe",
        "a.e\u200bxe",
    ],
)
def test_programs_are_refused_by_their_name(name: str) -> None:
    assert judge_file(name, "application/pdf", PDF).refused is Refusal.PROGRAM


@pytest.mark.parametrize("name", ["a.docm", "a.xlsm", "a.pptm", "a.xlam", "a.XLSB"])
def test_macros_are_refused_by_their_name(name: str) -> None:
    assert judge_file(name, "application/octet-stream", workbook()).refused is Refusal.MACROS


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (EXE, Refusal.PROGRAM),
        (b"\x7fELF" + bytes(60), Refusal.PROGRAM),
        (b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(60), Refusal.PROGRAM),
        (b"#!/bin/sh\nrm -rf /", Refusal.PROGRAM),
        (bytes(0x8001) + b"CD001" + bytes(99), Refusal.PROGRAM),
        (packed({"META-INF/MANIFEST.MF": b"", "A.class": b"\xca\xfe\xba\xbe"}), Refusal.PROGRAM),
        (packed({"AndroidManifest.xml": b"x"}), Refusal.PROGRAM),
        (b"<!-- hello --> <!DOCTYPE html><script>", Refusal.WEB_PAGE),
        ("\ufeff<svg onload='x'>".encode(), Refusal.WEB_PAGE),
        ("<html>".encode("utf-16"), Refusal.WEB_PAGE),
        (b"Rar!\x1a\x07\x00" + bytes(20), Refusal.ARCHIVE),
        (b"\x1f\x8b\x08\x00" + bytes(20), Refusal.ARCHIVE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Refusal.OLD_OFFICE),
        (with_members(workbook(), {"xl/vbaProject.bin": b"x"}), Refusal.MACROS),
        (with_members(workbook(), {"xl/macrosheets/sheet1.xml": b"x"}), Refusal.MACROS),
        (with_members(workbook(), {"xl/embeddings/oleObject1.bin": b"x"}), Refusal.MACROS),
        (bytes([7, 1, 9] * 50), Refusal.MISMATCHED),
        (PDF + packed({"evil.exe": EXE, "META-INF/MANIFEST.MF": b""}), Refusal.PROGRAM),
        (b"", Refusal.EMPTY),
    ],
)
@pytest.mark.parametrize("name", ["deals.csv", "deals.xlsx", "invoice.pdf"])
def test_a_harmless_name_covers_nothing(name: str, data: bytes, why: Refusal) -> None:
    judged = judge_file(name, "application/octet-stream", data)
    assert (judged.kind, judged.refused) == (None, why)


@pytest.mark.parametrize("name", ["page.html", "page.htm", "logo.svg", "page.xhtml", "mail.mht"])
def test_web_pages_are_refused(name: str) -> None:
    assert judge_file(name, "text/plain", b"hello").refused in (Refusal.WEB_PAGE, Refusal.PROGRAM)


def test_the_declared_type_counts_where_it_is_the_more_dangerous_one() -> None:
    assert judge_file("a.txt", "text/html", b"hello").refused is Refusal.WEB_PAGE
    assert judge_file("a.pdf", "application/x-msdownload", PDF).refused is Refusal.PROGRAM
    assert judge_file("a.xlsx", "application/vnd.ms-excel.sheet.macroEnabled.12", workbook()).refused is Refusal.MACROS


def test_an_xml_file_that_a_browser_would_run_is_a_web_page() -> None:
    page = b"<?xml version='1.0'?><x:html xmlns:x='http://www.w3.org/1999/xhtml'><x:script/></x:html>"
    assert judge_file("invoice.xml", "text/xml", page).refused is Refusal.WEB_PAGE


@pytest.mark.parametrize(
    "name", ["invoice\u202efdp.csv", "in\u200bvoice.pdf", "\u2067x.pdf", "a\x00.pdf", "a.exe.pdf", "in\u00advoice.pdf"]
)
def test_a_disguised_name_is_refused_and_shown_without_its_disguise(name: str) -> None:
    judged = judge_file(name, "application/pdf", PDF)
    assert judged.refused is Refusal.DISGUISED
    assert judged.name.isprintable()
    assert "\u202e" not in judged.name


def test_honest_names_in_other_scripts_are_no_disguise() -> None:
    for name in ("Re\u0301sume\u0301.pdf", "חשבונית\u200f.pdf", "صورت\u200cحساب.pdf", "请求书.pdf", "👩\u200d💻.pdf"):
        assert judge_file(name, "application/pdf", PDF).kind is Kind.PDF, name


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"a.pdf": PDF, "setup.exe": EXE}, Refusal.ARCHIVE),
        ({"a.pdf": EXE}, Refusal.ARCHIVE),
        ({"inner.zip": packed({"a.pdf": PDF})}, Refusal.ARCHIVE),
        ({"inner.dat": packed({"a.pdf": PDF})}, Refusal.ARCHIVE),
        ({"a.docm": b"x"}, Refusal.ARCHIVE),
        ({"a.html": b"x"}, Refusal.ARCHIVE),
        ({"a.xlsx": with_members(workbook(), {"xl/vbaProject.bin": b"x"})}, Refusal.ARCHIVE),
    ],
)
def test_an_archive_is_as_dangerous_as_what_it_holds(files: dict[str, bytes], why: Refusal) -> None:
    assert judge_file("files.zip", "application/zip", packed(files)).refused is why


def test_an_encrypted_archive_is_refused() -> None:
    data = bytearray(packed({"a.pdf": PDF}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    assert judge_file("files.zip", "application/zip", bytes(data)).refused is Refusal.ENCRYPTED


def bomb() -> bytes:
    return packed({f"{n}.txt": bytes(60 * MB) for n in range(3)})


def lying_about_its_size() -> bytes:
    data = bytearray(packed({"a.txt": bytes(60 * MB)}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        data[data.index(mark) + place : data.index(mark) + place + 4] = struct.pack("<L", 10)
    return bytes(data)


def of_one_gigabyte() -> bytes:
    data = bytearray(packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"}))
    place = data.rindex(b"PK\x01\x02") + 24
    data[place : place + 4] = struct.pack("<L", 1 << 30)
    return bytes(data)


def of_many_members() -> bytes:
    return packed({str(n): b"" for n in range(30_000)})


@pytest.mark.parametrize("make", [bomb, lying_about_its_size, of_one_gigabyte, of_many_members])
def test_bombs_are_refused_at_once(make: type) -> None:
    data = make()
    started = time.process_time()
    assert judge_file("deals.zip", "application/zip", data).refused is Refusal.ARCHIVE
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize("cut", [4, 30, 60, -30, -4])
def test_a_broken_archive_is_refused(cut: int) -> None:
    data = workbook()[:cut]
    assert judge_file("deals.xlsx", "application/zip", data).refused in (Refusal.ARCHIVE, Refusal.MISMATCHED)


def test_signatures_and_calendar_entries_are_passed_over_without_a_word() -> None:
    for name, declared in (
        ("smime.p7s", "application/pkcs7-signature"),
        ("signature.asc", "application/pgp-signature"),
        ("invite.ics", "text/calendar"),
        ("ATT00001.htm", "text/html"),
    ):
        judged = judge_file(name, declared, b"x")
        assert (judged.kind, judged.refused) == (None, None), name


def test_size_and_number_are_limited() -> None:
    limits = FileLimits(file=100, mail=150, files=3)
    assert judge_file("a.pdf", "", PDF + bytes(100), limits).refused is Refusal.TOO_LARGE
    judge = FileJudge(limits)
    sizes = [PDF + bytes(60), PDF + bytes(60), PDF, PDF, PDF]
    found = [judge.judge("a.pdf", "", data).refused for data in sizes]
    assert found == [None, Refusal.TOO_MANY, None, Refusal.TOO_MANY, Refusal.TOO_MANY]


@pytest.mark.parametrize("name", ["", "...", "/", "\u202e", "x" * 5000 + ".pdf", "\ud800.pdf", "a\n\rb.pdf", "<b>.pdf"])
def test_any_name_is_made_fit_to_show(name: str) -> None:
    shown = clean_name(name)
    assert 0 < len(shown) <= 120
    assert shown.isprintable()
    assert not set(shown) & set('/\\<>:"|?*')


def test_a_long_name_keeps_its_ending() -> None:
    assert clean_name("invoice " * 40 + ".pdf").endswith("….pdf")


def test_a_mail_says_what_became_of_each_of_its_files() -> None:
    raw = b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n"
    for name, body in (("invoice.pdf", "%PDF-1.7"), ("setup.exe", "MZ"), ("smime.p7s", "x")):
        raw += f'--x\nContent-Disposition: attachment; filename="{name}"\n'.encode()
        raw += f"Content-Type: application/octet-stream\n\n{body}\n".encode()
    kept, refused, passed = parse(raw + b"--x--\n").attachments
    assert (kept.kind, kept.refused, kept.content) == ("pdf", "", b"%PDF-1.7")
    assert (refused.name, refused.kind, refused.refused, refused.content) == ("setup.exe", "", "program", b"")
    assert (passed.kind, passed.refused, passed.content) == ("", "", b"")


def shown_in_text(name: str, kind: str, data: bytes, cid: str = "logo@acme") -> tuple[str, str]:
    mail = EmailMessage()
    mail["From"] = "a@b.example"
    mail.set_content("Which tier are we on?")
    mail.add_alternative('<p>Which tier are we on?</p><img src="cid:logo@acme">', subtype="html")
    main, sub = kind.split("/")
    _, page = mail.iter_parts()
    page.add_related(data, main, sub, cid=f"<{cid}>", filename=name, disposition="inline")
    [found] = parse(mail.as_bytes()).attachments
    return found.kind, found.refused


@pytest.mark.parametrize(
    ("name", "kind", "data"),
    [
        ("image001.png", "image/png", PNG),
        ("logo.svg", "image/svg+xml", b"<svg/>"),
        ("image002.emf", "image/x-emf", b"\x01\x00\x00\x00" + bytes(80)),
    ],
)
def test_a_logo_in_the_text_is_passed_over_without_a_word(name: str, kind: str, data: bytes) -> None:
    assert shown_in_text(name, kind, data) == ("", "")


def test_a_scan_between_the_lines_and_a_picture_that_is_attached_are_kept() -> None:
    assert shown_in_text("scan.png", "image/png", PNG + bytes(200_000)) == ("image", "")
    assert shown_in_text("scan.png", "image/png", PNG, cid="another@acme") == ("image", "")


def test_a_program_is_no_logo() -> None:
    assert shown_in_text("logo.exe", "image/png", EXE) == ("", "program")
    assert shown_in_text("logo.png", "image/png", EXE) == ("", "program")
