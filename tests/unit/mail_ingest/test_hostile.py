"""Nobody can send a mail that breaks the parser or keeps it busy: it is read, or refused with a reason."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.hostile_mails import HTML, READABLE, REFUSED, nested
from mail_ingest.errors import MailRefused
from mail_ingest.limits import Limits
from mail_ingest.parse import parse
from tests.mails import mail

pytestmark = pytest.mark.slow

SECONDS = 2.0


@pytest.mark.parametrize("name", READABLE)
def test_it_is_read_in_bounded_time(name: str) -> None:
    began = time.process_time()
    read = parse(READABLE[name])
    assert time.process_time() - began < SECONDS
    assert read.single_from == ("" if name == "999 senders" else "a@b.example")
    assert len(read.to) <= Limits().recipients


@pytest.mark.parametrize("name", [name for name in READABLE if name.startswith("an ordinary mail")])
def test_lines_of_an_ordinary_mail_take_no_time_by_their_square(name: str) -> None:
    began = time.process_time()
    parse(READABLE[name])
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize("word", REFUSED)
def test_it_is_refused_at_once_with_a_reason(word: str) -> None:
    began = time.process_time()
    with pytest.raises(MailRefused, match=word.partition(",")[0]):
        parse(REFUSED[word])
    assert time.process_time() - began < 1.0


def test_ordinary_nesting_is_read() -> None:
    assert parse(nested(15)).visible == "hi"


def test_nothing_before_the_place_where_html_becomes_costly_is_lost() -> None:
    for name in ("select and options", "thousands of attributes", "attributes for one body"):
        read = parse(READABLE[name])
        assert read.visible.startswith("hi")
        assert read.unread == ("html",)


def test_many_options_attributes_and_open_elements_of_real_mails_are_read() -> None:
    options = b"".join(b"<option value=%d>c</option>" % n for n in range(250))
    styled = b"<td " + b" ".join(b"data-%d='x y'" % n for n in range(300)) + b">cell</td>"
    picture = b'<img src="data:image/png;base64,' + b"iVBORw0KGgo/" * 20_000 + b'">'
    html = b"<table><tr>" + styled + b"</table><select>" + options + b"</select>" + picture + b"<p>the end"
    read = parse(HTML + html)
    assert read.unread == ()
    assert read.visible.endswith("the end")


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
