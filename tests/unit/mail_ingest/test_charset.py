"""Bytes of any declared, undeclared or wrongly declared character set become text."""

from __future__ import annotations

import pytest

from mail_ingest.charset import decode

CYRILLIC = "Здравствуйте, коллеги! Пришлите, пожалуйста, подписанный договор за октябрь. Спасибо и до встречи."


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("Grüße".encode(), "utf-8", "Grüße"),
        ("Grüße".encode("latin-1"), "iso-8859-1", "Grüße"),
        ("20 €".encode("cp1252"), "iso-8859-1", "20 €"),
        ("20 €".encode("iso-8859-15"), "iso-8859-15", "20 €"),
        ("Grüße".encode(), "big5", "Grüße"),
        ("Grüße".encode("latin-1"), "us-ascii", "Grüße"),
        ("Grüße".encode("latin-1"), "", "Grüße"),
        ("Grüße".encode(), "x-unknown", "Grüße"),
        (b"Hi +AGE-", "unicode-1-1-utf-7", "Hi a"),
        ("שלום לכולם, מה שלומכם היום".encode("cp1255"), "windows-1255", "שלום לכולם, מה שלומכם היום"),
        (CYRILLIC.encode("cp1251"), "", CYRILLIC),
        (b"\x81\x8d", "", "\x81\x8d"),
        (b"a\0b", "utf-8", "ab"),
        (b"abc", "rot13", "abc"),
        (b"abc", "base64", "abc"),
        (b"abc", "../../etc", "abc"),
    ],
)
def test_it_is_decoded(data: bytes, declared: str, text: str) -> None:
    assert decode(data, declared) == text
