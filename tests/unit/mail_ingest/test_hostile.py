"""Nobody can send a mail that breaks the parser or keeps it busy: it is read, or refused with a reason."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mail_ingest.errors import MailRefused
from mail_ingest.limits import Limits
from mail_ingest.parse import parse
from tests.mails import mail

HEAD = b"From: a@b.example\r\nTo: c@d.example\r\nIn-Reply-To: <q@d.example>\r\nSubject: x\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"
SECONDS = 5.0
INTRODUCTION = b"On Mon, 1 Jan 2026 at 10:00, A <a@b> wrote:\n"

READABLE = {
    "an id in brackets, as Exchange writes it": HEAD + b"Message-ID: <[x@microsoft.example]>\r\n\r\nhi",
    "a parameter without a value": HEAD + b"Content-Type: text/plain; name*\r\n\r\nhi",
    "comments for addresses": b"From: a@b.example\r\nTo: (c):\r\nCc: (x): a@b.example;\r\n\r\nhi",
    "an unknown charset": HEAD + b"Content-Type: text/plain; charset=nonsense\r\n\r\nhi",
    "a charset that is a codec and no charset": HEAD + b"Content-Type: text/plain; charset=rot13\r\n\r\nhi",
    "3,000 opened parentheses": b"From: a@b.example\r\nTo: " + b"(" * 3000 + b"\r\n\r\nhi",
    "thousands of addresses": b"From: a@b.example\r\nTo: " + b", ".join([b"N <n@x.example>"] * 3500) + b"\r\n\r\nhi",
    "quotes that never close": b"From: a@b.example\r\nTo: " + b'"' * 60_000 + b"\r\n\r\nhi",
    "a header of spaces": HEAD + b"X-Space: a" + b" " * 60_000 + b"b\r\n\r\nhi",
    "thousands of encoded words": b"From: a@b.example\r\nSubject: " + b"=?utf-8?b?YQ==?= " * 3500 + b"\r\n\r\nhi",
    "broken base64": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n====hi",
    "broken uuencode": HEAD + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\r\n###hi",
    "broken name pieces": HEAD + b"Content-Type: text/plain; name*0*=x'y'%ff; name*2=b\r\n\r\nhi",
    "one line of a million words": HEAD + b"\r\nhi" + b" word" * 1_000_000,
    "half a million quoted lines": HEAD + b"\r\nhi\r\n" + b"> x\n" * 500_000,
    "introductions without end": HEAD
    + b"\r\nhi\r\n"
    + b"On Mon, 1 Jan 2026 at 10:00, A <a@b> wrote:\n" * 20_000
    + b"> x",
    "signatures without end": HEAD + b"\r\nhi\n\n" + b"Sent from my iPhone\n" * 50_000,
    "nested elements": HTML + b"hi" + b"<div>" * 300_000,
    "nested quotes": HTML + b"hi" + b"<div class=gmail_quote>" * 80_000 + b"<blockquote>x",
    "a hundred thousand links": HTML + b"hi" + b"<a href=x>y</a>" * 130_000,
    "paragraphs without end": HTML + b"<p>hi" * 250_000,
}


@pytest.mark.parametrize("name", READABLE)
def test_it_is_read_in_bounded_time(name: str) -> None:
    began = time.process_time()
    read = parse(READABLE[name])
    assert time.process_time() - began < SECONDS
    assert read.single_from == "a@b.example"
    assert len(read.to) <= Limits().recipients


LINES = {
    "underscores": b"_" * 60_000 + b"x",
    "stars and underscores": b"*_" * 30_000,
    "figures": b"Regards\n+1" + b" 1" * 30_000,
    "spaces": b"Regards\nAnn" + b" " * 60_000 + b"x",
    "letters": b"Regards\n" + b"a" * 60_000,
    "keys": b"_____\nFrom: \n" * 4_500,
}


@pytest.mark.parametrize("name", LINES)
def test_lines_of_an_ordinary_mail_take_no_time_by_their_square(name: str) -> None:
    began = time.process_time()
    parse(HEAD + b"\r\nhi\n\n" + LINES[name])
    assert time.process_time() - began < 1.0


def _nested(depth: int) -> bytes:
    heads = (b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth))
    return HEAD + b"".join(heads) + b"\r\nhi\r\n"


REFUSED = {
    "deeper": _nested(200),
    "parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 10_000,
    "headers": b"X: y\r\n" * 20_000 + HEAD + b"\r\nhi",
    "header block": b"".join(b"X-%d: " % n + b"y" * 60_000 + b"\r\n" for n in range(6)) + HEAD + b"\r\nhi",
    "a header larger": HEAD + b"X-Long: " + b"y" * 70_000 + b"\r\n\r\nhi",
    "parameters": HEAD + b"Content-Type: text/plain" + b"; a=b" * 2_000 + b"\r\n\r\nhi",
    "lines": HEAD + b"\r\n" + b"\n" * 700_000,
    "pieces": HEAD + b"Content-Type: multipart/mixed; boundary*0=a; boundary*1=b\r\n\r\nhi",
    "bytes": HEAD + b"\r\n" + b"x" * (25 * 1024 * 1024),
}


@pytest.mark.parametrize("word", REFUSED)
def test_it_is_refused_at_once_with_a_reason(word: str) -> None:
    began = time.process_time()
    with pytest.raises(MailRefused, match=word):
        parse(REFUSED[word])
    assert time.process_time() - began < 1.0


def test_attached_mails_in_attached_mails_are_refused() -> None:
    with pytest.raises(MailRefused, match="nested"):
        parse(HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 100)


def test_ordinary_nesting_is_read() -> None:
    assert parse(_nested(15)).visible == "hi"


def test_the_sample_of_hostile_headers_is_read_and_proves_nobody() -> None:
    read = parse(mail("hostile_headers"))
    assert read.visible == "Hi there"
    assert read.single_from == ""


def test_the_sample_of_hostile_nesting_is_refused() -> None:
    with pytest.raises(MailRefused):
        parse(mail("hostile_nesting"))


PIECES = st.sampled_from(
    [
        b"From: a@b.example\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"Content-Type: text/html; charset=utf-7\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Disposition: attachment; filename*=utf-8''%41\r\n",
        b"Subject: =?utf-8?b?4pyT?=\r\n",
        b"\r\n",
        b"--b\r\n",
        b"--b--\r\n",
        b"> quoted\n",
        b"On 1 May 2026 at 10:00, A wrote:\n",
        b"From: x\nSent: y\nTo: z\nSubject: s\n",
        b"-- \n",
        b"<blockquote><p>x</blockquote>",
        b"\xff\xfe\x00",
        b"?=",
        b";",
        b'"',
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=20)), max_size=25))
def test_no_bytes_raise_anything_but_a_refusal(pieces: list[bytes]) -> None:
    try:
        read = parse(b"".join(pieces))
    except MailRefused:
        return
    assert "\0" not in read.visible + read.subject + read.forwarded
    read.visible.encode("utf-8")
    read.subject.encode("utf-8")
