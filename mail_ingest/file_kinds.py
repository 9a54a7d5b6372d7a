"""What a file may be, told by its name, by the type its sender declares and by its first bytes; tables as data."""

from __future__ import annotations

import codecs
from enum import StrEnum


class Kind(StrEnum):
    """What is kept. CSV is any table of plain text."""

    PDF = "pdf"
    CSV = "csv"
    XLSX = "xlsx"
    DOCX = "docx"
    PPTX = "pptx"
    ODS = "ods"
    ODT = "odt"
    IMAGE = "image"
    TEXT = "text"
    XML = "xml"
    ZIP = "zip"


class Refusal(StrEnum):
    """Why a file is not kept; each has a text of its own for the sender."""

    PROGRAM = "program"
    MACROS = "macros"
    WEB_PAGE = "web_page"
    ARCHIVE = "archive"
    ENCRYPTED = "encrypted"
    OLD_OFFICE = "old_office"
    DISGUISED = "disguised"
    MISMATCHED = "mismatched"
    TYPE = "type"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"


PASSED_OVER = frozenset(
    {"p7s", "p7m", "asc", "sig", "pgp", "ics", "vcf", "p7c"}
)  # signatures, calendar entries and cards that mail programs add: neither kept nor worth a word

PASSED_OVER_TYPES = frozenset(
    {
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-encrypted",
        "application/pgp-keys",
        "text/calendar",
        "text/vcard",
        "text/x-vcard",
        "text/directory",
        "application/ics",
    }
)

_PROGRAMS = """
    ade adp air apk app appimage application appref-ms appx appxbundle ax bash bas bat bin cab chm class cmd com command
    cpl csh deb desktop diagcab dll dmg drv elf ex_ exe fish fon fxp gadget grp hlp hta htc img inf ins ipa iso isp its
    jar jnlp js jse jsp ksh library-ms lib lnk lua mad maf mag mam maq mar mas mat mau mav maw mcf mda mdb mde mdt mdw
    mdz mht mhtml mmc msc msh msh1 msh2 msi msix msixbundle msp mst msu nsh ocx ops osd osx out pcd pif pkg pl plg prf
    prg printerexport ps1 ps1xml ps2 ps2xml psc1 psc2 psd1 psdm1 psm1 py pyc pyd pyo pyw pyz pyzw rb reg rpm run
    scf scpt scr sct search-ms settingcontent-ms sh shb shs so sys theme themepack tmp url vb vbe vbp vbs vdi vhd vhdx
    vmdk vsix vsmacros vsw vxd webpnp website wim workflow ws wsb wsc wsf wsh xap xbap xll xnk xpi zsh
"""
_MACROS = (
    "docm dotm dot xlsm xltm xlam xlsb xla xlt xlm pptm potm ppam ppsm ppa sldm ppam accda accdb accde iqy slk oqy"
)
_WEB_PAGES = "htm html xht xhtml shtml svg svgz swf xsl xslt php asp aspx cshtml vbhtml mhtm"
_ARCHIVES = (
    "7z ace arc arj b64 bz bz2 cpio gz gzip lha lz lz4 lzh lzma rar tar tbz tbz2 tgz txz tzst uu uue xz z zst zipx"
)
_IMAGES = "png jpg jpeg jpe jfif gif webp heic heif tif tiff bmp avif"
_OLD_OFFICE = "doc xls ppt pps pot msg pub vsd one rtf"

_BY_ENDING: dict[str, Refusal | Kind] = {
    **dict.fromkeys(_PROGRAMS.split(), Refusal.PROGRAM),
    **dict.fromkeys(_MACROS.split(), Refusal.MACROS),
    **dict.fromkeys(_WEB_PAGES.split(), Refusal.WEB_PAGE),
    **dict.fromkeys(_ARCHIVES.split(), Refusal.ARCHIVE),
    **dict.fromkeys(_OLD_OFFICE.split(), Refusal.OLD_OFFICE),
    "pdf": Kind.PDF,
    "csv": Kind.CSV,
    "tsv": Kind.CSV,
    "tab": Kind.CSV,
    "xlsx": Kind.XLSX,
    "xltx": Kind.XLSX,
    "docx": Kind.DOCX,
    "dotx": Kind.DOCX,
    "pptx": Kind.PPTX,
    "ppsx": Kind.PPTX,
    "ods": Kind.ODS,
    "odt": Kind.ODT,
    "txt": Kind.TEXT,
    "md": Kind.TEXT,
    "log": Kind.TEXT,
    "xml": Kind.XML,
    "zip": Kind.ZIP,
    **dict.fromkeys(_IMAGES.split(), Kind.IMAGE),
}

_PROGRAM_TYPES = """
    application/x-msdownload application/x-msdos-program application/x-dosexec
    application/vnd.microsoft.portable-executable application/x-executable application/x-elf
    application/x-mach-binary application/x-sharedlib application/x-msi application/x-ms-installer
    application/javascript text/javascript application/x-javascript application/ecmascript text/ecmascript
    application/x-sh application/x-shellscript text/x-shellscript application/x-csh application/x-perl
    text/x-python application/x-python-code text/vbscript text/vbs application/hta application/java-archive
    application/x-java-archive application/x-java-applet application/java-vm application/x-ms-shortcut
    application/x-iso9660-image application/x-apple-diskimage application/vnd.android.package-archive
    application/x-ms-application application/x-powershell application/x-bat application/bat application/x-cab
    application/vnd.ms-cab-compressed application/x-debian-package application/x-rpm application/x-chm
    application/x-msdos-windows application/exe application/x-exe application/x-winexe application/dos-exe
"""
_PAGE_TYPES = """
    text/html application/xhtml+xml image/svg+xml application/x-shockwave-flash multipart/related text/xsl
"""
_ARCHIVE_TYPES = """
    application/x-7z-compressed application/x-rar-compressed application/vnd.rar application/x-rar
    application/gzip application/x-gzip application/x-tar application/x-bzip2 application/x-bzip application/x-xz
    application/x-ace-compressed application/x-lzh-compressed application/zstd
"""
_BY_TYPE: dict[str, Refusal] = {
    **dict.fromkeys(_PROGRAM_TYPES.split(), Refusal.PROGRAM),
    **dict.fromkeys(_PAGE_TYPES.split(), Refusal.WEB_PAGE),
    **dict.fromkeys(_ARCHIVE_TYPES.split(), Refusal.ARCHIVE),
}

_MAGIC: tuple[tuple[int, bytes, Refusal | Kind], ...] = (
    (0, b"#!", Refusal.PROGRAM),
    (0, b"!<arch>", Refusal.PROGRAM),
    (0, b"[InternetShortcut]", Refusal.PROGRAM),
    (0, b"REGEDIT4", Refusal.PROGRAM),
    (0, b"Windows Registry Editor", Refusal.PROGRAM),
    (0, b"{\\rt", Refusal.OLD_OFFICE),
)
_BINARY_MAGIC: tuple[tuple[int, bytes, Refusal | Kind], ...] = (
    # Of files that are no text: a table may well begin with "BMW" or "MZ-".
    (0, b"MZ", Refusal.PROGRAM),
    (0, b"\x7fELF", Refusal.PROGRAM),
    (0, b"\xfe\xed\xfa\xce", Refusal.PROGRAM),
    (0, b"\xfe\xed\xfa\xcf", Refusal.PROGRAM),
    (0, b"\xce\xfa\xed\xfe", Refusal.PROGRAM),
    (0, b"\xcf\xfa\xed\xfe", Refusal.PROGRAM),
    (0, b"\xca\xfe\xba\xbe", Refusal.PROGRAM),  # Java classes and programs for several processors of Apple's
    (0, b"L\x00\x00\x00\x01\x14\x02\x00", Refusal.PROGRAM),  # a shortcut of Windows
    (0, b"MSCF", Refusal.PROGRAM),
    (0, b"dex\n", Refusal.PROGRAM),
    (0, b"ITSF", Refusal.PROGRAM),  # compiled help
    (0, b"regf", Refusal.PROGRAM),
    (0, b"\xed\xab\xee\xdb", Refusal.PROGRAM),
    (0x8001, b"CD001", Refusal.PROGRAM),
    (0x8801, b"CD001", Refusal.PROGRAM),
    (0, b"conectix", Refusal.PROGRAM),
    (0, b"vhdxfile", Refusal.PROGRAM),
    (0, b"KDMV", Refusal.PROGRAM),
    (0, b"FWS", Refusal.WEB_PAGE),
    (0, b"CWS", Refusal.WEB_PAGE),
    (0, b"Rar!", Refusal.ARCHIVE),
    (0, b"7z\xbc\xaf\x27\x1c", Refusal.ARCHIVE),
    (0, b"\x1f\x8b", Refusal.ARCHIVE),
    (0, b"\x1f\x9d", Refusal.ARCHIVE),
    (0, b"BZh", Refusal.ARCHIVE),
    (0, b"\xfd7zXZ\x00", Refusal.ARCHIVE),
    (0, b"(\xb5/\xfd", Refusal.ARCHIVE),
    (257, b"ustar", Refusal.ARCHIVE),
    (7, b"**ACE**", Refusal.ARCHIVE),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Refusal.OLD_OFFICE),  # also programs to install
    (0, b"PK\x03\x04", Kind.ZIP),
    (0, b"PK\x05\x06", Kind.ZIP),
    (0, b"PK00PK", Kind.ZIP),
    (0, b"\x89PNG\r\n\x1a\n", Kind.IMAGE),
    (0, b"\xff\xd8\xff", Kind.IMAGE),
    (0, b"GIF8", Kind.IMAGE),
    (0, b"BM", Kind.IMAGE),
    (0, b"II*\x00", Kind.IMAGE),
    (0, b"MM\x00*", Kind.IMAGE),
    (8, b"WEBP", Kind.IMAGE),
    (4, b"ftyphei", Kind.IMAGE),
    (4, b"ftyphev", Kind.IMAGE),
    (4, b"ftypmif1", Kind.IMAGE),
    (4, b"ftypavif", Kind.IMAGE),
)
_PDF_WITHIN = 1024  # readers take a PDF whose mark stands anywhere in its first kilobyte
_LOOKED_AT = 4096
_PAGE_BEGINS = (
    b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe", b"<svg", b"<!doctype svg", b"<object",
    b"<embed", b"<meta", b"<img", b"<style", b"<table", b"<form", b"<title", b"<link", b"<a ", b"<div", b"<p>", b"<br",
)  # fmt: skip
_IN_MARKUP = (
    b"<script", b"http://www.w3.org/1999/xhtml", b"http://www.w3.org/2000/svg", b"<?xml-stylesheet",
    b"http://www.w3.org/1999/xsl/transform", b"<html", b"<svg",
)  # fmt: skip


def by_ending(ending: str) -> Refusal | Kind | None:
    return _BY_ENDING.get(ending)


def hidden_program(ending: str) -> bool:
    """Whether an ending before the last one hides a program; `acme.com.pdf` and `node.js.pdf` are honest names."""
    return ending in {"exe", "scr", "bat", "cmd", "pif", "vbs", "vbe", "ps1", "msi", "dll", "jar", "lnk", "hta", "jse"}


def by_type(declared: str) -> Refusal | None:
    """The danger that a declared type names; a harmless type proves nothing."""
    said = declared.lower()
    if "macroenabled" in said:
        return Refusal.MACROS
    return _BY_TYPE.get(said)


def by_content(data: bytes) -> Refusal | Kind | None:
    """What the bytes are; TEXT for anything that reads as text, None for what is nothing we know."""
    text = _as_text(data)
    marks = _MAGIC if text is not None else _BINARY_MAGIC
    if found := next((kind for place, mark, kind in marks if (text or data).startswith(mark, place)), None):
        return found
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return Kind.PDF
    return None if text is None else _of_text(text)


def holds_markup(data: bytes) -> bool:
    """Whether an XML file is, or brings, something that a browser runs."""
    narrow = data.replace(b"\0", b"").lower()
    return any(mark in narrow for mark in _IN_MARKUP)


def _as_text(data: bytes) -> bytes | None:
    """The beginning in single bytes, or None where it is no text."""
    head = data[:_LOOKED_AT]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[2:].replace(b"\0", b"")
    if b"\0" in head or sum(byte < 32 and byte not in b"\t\n\r\f\x1a\x1b" for byte in head) > len(head) // 100:
        return None
    return head.removeprefix(codecs.BOM_UTF8)


def _of_text(text: bytes) -> Refusal | Kind:
    start = text.lstrip().lower()
    while start.startswith(b"<!--"):
        start = start.partition(b"-->")[2].lstrip()
    if start.startswith(_PAGE_BEGINS):
        return Refusal.WEB_PAGE
    if start.startswith(b"mime-version:") and b"multipart/related" in start:
        return Refusal.WEB_PAGE
    return Kind.XML if start.startswith(b"<?xml") else Kind.TEXT
