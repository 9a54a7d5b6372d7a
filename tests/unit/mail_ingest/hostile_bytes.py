"""Made-up mails for the fuzzer: random bytes, damaged samples, and trees of parts that look well formed."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from random import Random

from hypothesis import strategies as st

from tests.mails import FOLDER

SAMPLES = tuple(path.read_bytes() for path in sorted(FOLDER.glob("*.eml")) if path.stat().st_size < 64 * 1024)
_CHARSETS = """
utf-8 utf-7 utf-16 utf-32-be us-ascii windows-1252 iso-2022-jp iso-2022-kr hz gb18030 big5hkscs cp037 koi8-r rot13
base64 undefined unicode_escape raw_unicode_escape idna punycode mbcs oem nonsense x-unknown unknown-8bit utf-8\0
"""
CHARSETS = tuple(name.encode() for name in _CHARSETS.split())
_WORDS = (
    b"\0", b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\xff", b"\xed\xa0\x80", b"=?utf-16?b?2AA=?=", b"=?x?q?=ff?=", b"--",
    b"<", b">", b'"', b"(", b":", b";", b"*0*=", b"%", b"=", b"\x0b", b"\x0c", b"\x1c", b"\x85", b"\xe2\x80\xa8",
    b"> ", b"From: x\nSent: y\nTo: z\n", b"On Mon, 1 Jan 2026 at 10:00, A <a@b> wrote:\n", b"-- \n", b"<!--",
    b"begin 644 x\n", b"<blockquote>", b"</div></body>", b"&#0;", b"&#xd800;", b"&#x110000;", b"\xe2\x80\xae",
    b"+2AA-", b"\x1b$B",
)  # fmt: skip


def _flip(mail: bytes, chance: Random) -> bytes:
    changed = bytearray(mail)
    for _ in range(chance.randint(1, 8)):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(mail: bytes, chance: Random) -> bytes:
    start, end = sorted((chance.randint(0, len(mail)), chance.randint(0, len(mail))))
    return chance.choice((mail[:end], mail[start:], mail[:start] + mail[end:]))


def _double_line(mail: bytes, chance: Random) -> bytes:
    lines = mail.splitlines(keepends=True) or [b""]
    at = chance.randrange(len(lines))
    lines[at:at] = [chance.choice(lines)] * chance.choice((1, 1, 2, 30))
    return b"".join(lines)


def _double_header(mail: bytes, chance: Random) -> bytes:
    head, blank, body = mail.partition(b"\r\n\r\n" if b"\r\n\r\n" in mail else b"\n\n")
    lines = head.splitlines(keepends=True) or [b"From: a@b.example\r\n"]
    return chance.choice(lines).rstrip() + b"\r\n" + head + blank + body


def _swap_boundary(mail: bytes, chance: Random) -> bytes:
    names = re.findall(rb'(?i)boundary="?([^\s";]{1,70})', mail) or [b"b"]
    return mail.replace(chance.choice(names), chance.choice((*names, b"", b"--", b"b--", b" ", b"\xff")), 2)


def _swap_charset(mail: bytes, chance: Random) -> bytes:
    return re.sub(rb'(?i)charset="?[\w.:-]+"?', lambda _: b"charset=" + chance.choice(CHARSETS), mail)


def _swap_encoding(mail: bytes, chance: Random) -> bytes:
    kinds = (b"base64", b"quoted-printable", b"x-uuencode", b"8bit", b"binary", b"nonsense", b"base64\0")
    return re.sub(rb"(?i)(transfer-encoding:)[^\r\n]*", lambda found: found[1] + b" " + chance.choice(kinds), mail)


def _mix_line_ends(mail: bytes, chance: Random) -> bytes:
    return re.sub(rb"\r?\n", lambda _: chance.choice((b"\r\n", b"\n", b"\r", b"\r\r\n", b"\n\r", b"\0\n")), mail)


def _put_in(mail: bytes, chance: Random) -> bytes:
    at = chance.randint(0, len(mail))
    return mail[:at] + chance.choice(_WORDS) * chance.choice((1, 1, 3, 200)) + mail[at:]


def _wrap(mail: bytes, chance: Random) -> bytes:
    for depth in range(chance.choice((1, 2, 19, 25))):
        kind = chance.choice((b"mixed; boundary=w%d", b"report; boundary=w%d", b'alternative; boundary="w%d"')) % depth
        inner = chance.choice((b"", b"Content-Type: message/rfc822\r\n\r\n"))
        mail = b"Content-Type: multipart/%b\r\n\r\n--w%d\r\n%b%b\r\n--w%d--\r\n" % (kind, depth, inner, mail, depth)
    return mail


def _splice(mail: bytes, chance: Random) -> bytes:
    other = chance.choice(SAMPLES)
    return mail[: chance.randint(0, len(mail))] + other[chance.randint(0, len(other)) :]


DAMAGES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flip, _cut, _double_line, _double_header, _swap_boundary, _swap_charset, _swap_encoding, _mix_line_ends, _put_in,
    _put_in, _wrap, _splice,
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sample mail after one to six damages."""
    mail = draw(st.sampled_from(SAMPLES))
    for damage, seed in draw(
        st.lists(st.tuples(st.sampled_from(DAMAGES), st.integers(0, 2**32)), min_size=1, max_size=6)
    ):
        mail = damage(mail, Random(seed))
    return mail


_TEXTS = st.one_of(st.text(max_size=200), st.sampled_from(["> quoted\n", "-- \nAnn\n", "<div><p>x</blockquote>", ""]))
_ODD = st.one_of(st.binary(max_size=12), st.sampled_from(_WORDS))


@st.composite
def _value(draw: st.DrawFn) -> bytes:
    """A header's value: words, pieces in odd encodings, line folds."""
    pieces = draw(st.lists(st.one_of(_ODD, st.text(max_size=20).map(_bytes), st.just(b"\r\n ")), max_size=6))
    return b"".join(pieces)


_NAMES = st.sampled_from(
    b"From To Cc Reply-To Subject Date Message-ID In-Reply-To References Auto-Submitted List-Id Received Return-Path"
    b" MIME-Version X-Partnerline-Trust Content-Type Content-Disposition Content-ID".split()
)
_KINDS = st.sampled_from(
    b"text/plain text/html text/calendar text/rfc822-headers application/pdf message/rfc822 message/delivery-status"
    b" message/partial message/external-body multipart/mixed multipart/report multipart/digest image/\xff a/b/c".split()
)


@st.composite
def _leaf(draw: st.DrawFn) -> bytes:
    data = _bytes(draw(_TEXTS)) + draw(_ODD)
    charset = draw(st.sampled_from(CHARSETS))
    head = b"Content-Type: " + draw(_KINDS) + draw(st.sampled_from((b"", b"; charset=" + charset, b"; format=flowed")))
    name = draw(st.one_of(st.none(), _ODD))
    if name is not None:
        form = draw(
            st.sampled_from((b"filename=%b", b'filename="%b"', b"filename*=%b''%b", b"filename*0*=%b; filename*2=b"))
        )
        head += b"\r\nContent-Disposition: attachment; " + (form % ((charset, name) if form.count(b"%b") > 1 else name))
    match draw(st.sampled_from(("", "base64", "broken base64", "quoted-printable", "x-uuencode"))):
        case "base64":
            head, data = head + b"\r\nContent-Transfer-Encoding: base64", base64.b64encode(data)
        case "broken base64":
            head, data = head + b"\r\nContent-Transfer-Encoding: base64", base64.b64encode(data)[:-3] + b"=*\xff"
        case "":
            pass
        case encoding:
            head += b"\r\nContent-Transfer-Encoding: " + encoding.encode()
    return head + b"\r\n\r\n" + data


@st.composite
def _box(draw: st.DrawFn, inner: st.SearchStrategy[bytes]) -> bytes:
    boundary = draw(st.sampled_from((b"a", b"b", b"a-b", b"--", b"=_x", b"a b")))
    kind = draw(st.sampled_from((b"mixed", b"alternative", b"related", b"report", b"digest", b"signed", b"\xff")))
    parts = draw(st.lists(inner, max_size=4))
    closing = draw(st.sampled_from((b"--" + boundary + b"--\r\n", b"", b"--" + boundary + b"-- \r\n--" + boundary)))
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return b'Content-Type: multipart/%b; boundary="%b"\r\n\r\n%b%b' % (kind, boundary, body, closing)


_TREE = st.recursive(_leaf(), _box, max_leaves=12)


@st.composite
def trees(draw: st.DrawFn) -> bytes:
    """A mail of any headers over a tree of parts."""
    headers = draw(st.lists(st.tuples(_NAMES, _value()), max_size=8))
    return b"".join(name + b": " + value + b"\r\n" for name, value in headers) + draw(_TREE)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
