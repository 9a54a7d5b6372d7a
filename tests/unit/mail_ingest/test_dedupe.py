"""The same mail is the same by whatever way it came; another mail under its id is another."""

from __future__ import annotations

from mail_ingest.dedupe import dedupe_key

RAW = (
    b"Message-ID: <1@a.example>\r\nFrom: a@a.example\r\nDate: Tue, 10 Nov 2026 10:15:00 +0100\r\n"
    b"Subject: x\r\n\r\nhi\r\n"
)


def test_trace_headers_and_line_ends_make_no_difference() -> None:
    assert dedupe_key(b"Received: from x\r\n\tby y\r\n" + RAW) == dedupe_key(RAW)
    assert dedupe_key(RAW.replace(b"\r\n", b"\n") + b"\n") == dedupe_key(RAW)


def test_folding_makes_no_difference() -> None:
    assert dedupe_key(RAW.replace(b"From: a", b"From:\r\n a")) == dedupe_key(RAW)


def test_another_body_sender_date_or_id_is_another_mail() -> None:
    for old, new in ((b"hi", b"ho"), (b"From: a@", b"From: b@"), (b"10:15", b"10:16"), (b"<1@", b"<2@")):
        assert dedupe_key(RAW.replace(old, new)) != dedupe_key(RAW)


def test_fields_cannot_be_shifted_into_each_other() -> None:
    assert dedupe_key(b"From: ab\n\nc") != dedupe_key(b"From: a\n\nbc")


def test_nothing_has_a_key_too() -> None:
    assert len(dedupe_key(b"")) == 64
