"""Hostile mails, each by what is hostile in it: made to break a parser, or to cost it time or memory.

The first group is known from mail that breaks Python's own parser, the second from its time bombs; the others are at
or beyond a limit, or cost most within all of them. No mail of `READABLE` is beyond a limit, each of `REFUSED` is.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from functools import partial

FROM = b"From: a@b.example\r\n"
HEAD = FROM + b"To: c@d.example\r\nIn-Reply-To: <q@d.example>\r\nSubject: x\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"
MB = 1024 * 1024
_Made = Callable[[], bytes]
_BASE64 = b"Content-Transfer-Encoding: base64\r\n"


class _WhenAsked(Mapping[str, bytes]):
    """Makes a mail each time it is asked for: together they are 340 MB, and one at a time is needed."""

    def __init__(self, made: Mapping[str, _Made]) -> None:
        self._made = made

    def __getitem__(self, name: str) -> bytes:
        return self._made[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def nested(depth: int) -> bytes:
    """Multiparts in multiparts, each in a boundary of its own; text in the innermost."""
    heads = (b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth))
    return HEAD + b"".join(heads) + b"\r\nhi\r\n"


def many_parts(number: int, part: bytes = b"\r\nx\r\n") -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + (b"--b\r\n" + part) * number


def to(number: int, box: bytes) -> bytes:
    return FROM + b"To: " + b", ".join([box] * number) + b"\r\n\r\nhi"


def _encoded(data: bytes, kind: bytes = b"application/octet-stream") -> bytes:
    lines = base64.b64encode(data)
    folded = b"\r\n".join(lines[n : n + 76] for n in range(0, len(lines), 76))
    return b"Content-Type: " + kind + b"\r\n" + _BASE64 + b"\r\n" + folded + b"\r\n"


def _ordinary(line: bytes) -> bytes:
    return HEAD + b"\r\nhi\n\n" + line


def _boundaries(number: int) -> bytes:
    """Declared side by side and opened in turns, so that a stack of them would be searched again and again."""
    declared = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b\r\n" % n for n in range(number))
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + declared


_BROKEN_HEADERS: Mapping[str, _Made] = {
    "an id in brackets, as Exchange writes it": lambda: HEAD + b"Message-ID: <[x@microsoft.example]>\r\n\r\nhi",
    "a parameter without a value": lambda: HEAD + b"Content-Type: text/plain; name*\r\n\r\nhi",
    "comments for addresses": lambda: FROM + b"To: (c):\r\nCc: (x): a@b.example;\r\n\r\nhi",
    "an unknown charset": lambda: HEAD + b"Content-Type: text/plain; charset=nonsense\r\n\r\nhi",
    "a charset with NUL on 8-bit text": lambda: HEAD + b"Content-Type: text/plain; charset=utf-8\0\r\n\r\nh\xe4",
    "a charset that is a codec and no charset": lambda: HEAD + b"Content-Type: text/plain; charset=rot13\r\n\r\nhi",
    "3,000 opened parentheses": lambda: FROM + b"To: " + b"(" * 3000 + b"\r\n\r\nhi",
    "quotes that never close": lambda: FROM + b"To: " + b'"' * 60_000 + b"\r\n\r\nhi",
    "angle brackets that never close": lambda: FROM + b"To: " + b"<" * 60_000 + b"\r\n\r\nhi",
    "groups in groups": lambda: FROM + b"To: " + b"a:" * 30_000 + b";\r\n\r\nhi",
    "routes without end": lambda: FROM + b"To: <" + b"@a," * 20_000 + b":x@y.example>\r\n\r\nhi",
    "a header of spaces": lambda: HEAD + b"X-Space: a" + b" " * 60_000 + b"b\r\n\r\nhi",
    "a header of folds": lambda: HEAD + b"X-Fold: a" + b"\r\n b" * 15_000 + b"\r\n\r\nhi",
    "thousands of encoded words": lambda: FROM + b"Subject: " + b"=?utf-8?b?YQ==?= " * 3500 + b"\r\n\r\nhi",
    "encoded words that never end": lambda: FROM + b"Subject: " + b"=?utf-8?q?" * 6000 + b"\r\n\r\nhi",
    "broken base64": lambda: HEAD + _BASE64 + b"\r\n====hi",
    "broken uuencode": lambda: HEAD + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\r\n###hi",
    "broken name pieces": lambda: HEAD + b"Content-Type: text/plain; name*0*=x'y'%ff; name*2=b\r\n\r\nhi",
    "a date beyond all calendars": lambda: FROM + b"Date: Thu, 99 Zzz 99999999999 99:99:99 +999999\r\n\r\nhi",
    "a label of UTF-7 in an old spelling": lambda: HEAD
    + b"Content-Type: text/plain; charset=unicode-1-1-utf-7\r\n\r\nhi",
    "a label of Big5 on UTF-8": lambda: HEAD + b"Content-Type: text/plain; charset=big5\r\n\r\nh\xc3\xafx\r\nhi",
    "halves of characters": lambda: HEAD
    + b"Content-Type: text/plain; charset=utf-16-le\r\n\r\n" + b"\x00\xd8h\x00i\x00" * 500,
    "NUL everywhere": lambda: b"From: a@b.example\r\nSubject: \0x\0\r\nMessage-ID: <\0@x>\r\n\r\n\0hi\0",
}  # fmt: skip

_TIME_BOMBS: Mapping[str, _Made] = {
    "5,000 bare addresses": lambda: to(3_300, b"someone@x.example"),
    "thousands of named addresses": lambda: to(3_500, b"N <n@x.example>"),
    "thousands of quoted names": lambda: to(2_400, b'"N, N" <n@x.example>'),
    "thousands of commented addresses": lambda: to(2_000, b"n@x.example (a (b) c)"),
    "999 headers": lambda: b"X: y\r\n" * 990 + HEAD + b"\r\nhi",
    "999 senders": lambda: FROM * 990 + b"\r\nhi",
    "a header block at its limit": lambda: b"".join(b"X-%d: " % n + b"y" * 60_000 + b"\r\n" for n in range(4)) + HEAD,
    "nested to the limit": lambda: nested(20),
    "as many parts as are read": lambda: many_parts(199),
    "parts of 1,500 headers each": lambda: many_parts(190, b"X: y\r\n" * 1_500 + b"\r\nx\r\n"),
    "one line of a million words": lambda: HEAD + b"\r\nhi" + b" word" * 1_000_000,
    "one line of 24 MB": lambda: HEAD + b"\r\n" + b"x" * (24 * MB),
    "half a million quoted lines": lambda: HEAD + b"\r\nhi\r\n" + b"> x\n" * 500_000,
    "lines up to the limit": lambda: HEAD + b"\r\nhi\r\n" + b"\n" * 599_000,
    "lines of 40 letters, 24 MB": lambda: HEAD + b"\r\n" + (b"x" * 39 + b"\n") * 599_000,
    "introductions without end": lambda: HEAD
    + b"\r\nhi\r\n" + b"On Mon, 1 Jan 2026 at 10:00, A <a@b> wrote:\n" * 20_000 + b"> x",
    "signatures without end": lambda: HEAD + b"\r\nhi\n\n" + b"Sent from my iPhone\n" * 50_000,
    "a boundary on every line": lambda: HEAD
    + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--c\r\n" * 590_000,
    "thousands of boundaries": lambda: _boundaries(18),
    "soft line breaks without end": lambda: HEAD
    + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"a=\r\n" * 590_000,
    "quoted-printable of 20 MB": lambda: HEAD
    + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + (b"=41" * 25 + b"=\r\n") * 250_000,
    "flowed lines without end": lambda: HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \r\n" * 500_000,
    "a file of 18 MB": lambda: HEAD + _encoded(b"\x00\xff\x10" * (6 * MB)),
    "a text of 18 MB in base64": lambda: HEAD + _encoded(b"hi \n" * int(4.5 * MB), b"text/plain; charset=utf-8"),
    "a text of 18 MB in UTF-7": lambda: HEAD + _encoded(b"+AGE-" * int(3.5 * MB), b"text/plain; charset=utf-7"),
    "a text of no known charset, 18 MB": lambda: HEAD + _encoded(bytes(range(128, 256)) * 140_000, b"text/plain"),
    "100 texts of 180 kB": lambda: many_parts(190, b"Content-Type: text/plain\r\n\r\n" + b"word " * 25_000 + b"\r\n"),
    "uuencode of 20 MB": lambda: HEAD + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\r\n"
    + (b"M" + b"#" * 60 + b"\n") * 320_000 + b"end\r\n",
}  # fmt: skip

_MARKUP: Mapping[str, _Made] = {
    "nested elements": lambda: HTML + b"hi" + b"<div>" * 300_000,
    "nested quotes": lambda: HTML + b"hi" + b"<div class=gmail_quote>" * 80_000 + b"<blockquote>x",
    "nested tables": lambda: HTML + b"hi" + b"<table><tr><td>" * 130_000,
    "elements that close each other wrongly": lambda: HTML + b"hi" + b"<b><i><a><p></b></i></a>" * 80_000,
    "formatting that never ends": lambda: HTML + b"hi" + b"<b><i><u><font>" * 300 + b"<p>x" * 450_000,
    "a hundred thousand links": lambda: HTML + b"hi" + b"<a href=x>y</a>" * 130_000,
    "paragraphs without end": lambda: HTML + b"<p>hi" * 250_000,
    "attributes without end": lambda: HTML + b"hi<p " + b"a=b " * 500_000 + b">x",
    "a tag that never ends": lambda: HTML + b"hi<" + b"a" * (2 * MB),
    "entities without end": lambda: HTML + b"hi" + b"&amp;" * 400_000,
    "comments that never end": lambda: HTML + b"hi" + b"<!--" * 500_000,
    "thousands of attributes": lambda: HTML + b"hi<p " + b" ".join(b"a%d=b" % n for n in range(200_000)) + b">x",
    "attributes for one body": lambda: HTML + b"hi" + b"".join(b"<body a%d=b>" % n for n in range(140_000)),
    "select and options": lambda: HTML + b"hi<select>" + b"<option>x" * 220_000,
    "24 MB of markup": lambda: HTML + b"<p>word</p>" * (2 * MB),
}

_LINES: Mapping[str, bytes] = {
    "underscores": b"_" * 60_000 + b"x",
    "stars and underscores": b"*_" * 30_000,
    "figures": b"Regards\n+1" + b" 1" * 30_000,
    "spaces": b"Regards\nAnn" + b" " * 60_000 + b"x",
    "letters": b"Regards\n" + b"a" * 60_000,
    "keys": b"_____\nFrom: \n" * 4_500,
}


def _slowest() -> bytes:
    return (
        HEAD
        + b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nhi\r\n"
        + b"On 1 aaaaaaaaaaaaaaa\n" * 49_000
        + b"\r\n--b\r\nContent-Type: text/html\r\n\r\n"
        + b"<font><b><i><p>" * 300
        + b"<p>x" * 480_000
        + b"\r\n--b--\r\n"
    )


READABLE: Mapping[str, bytes] = _WhenAsked(
    {
        **_BROKEN_HEADERS,
        **_TIME_BOMBS,
        **_MARKUP,
        **{f"an ordinary mail of {name}": partial(_ordinary, line) for name, line in _LINES.items()},
        "introductions beside formatting": _slowest,
    }
)

REFUSED: Mapping[str, bytes] = _WhenAsked(
    {
        "deeper": lambda: nested(200),
        "deeper, 2,000 levels": lambda: nested(2_000),
        "deeper, mails in mails": lambda: HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 100,
        "parts": lambda: many_parts(10_000),
        "headers": lambda: b"X: y\r\n" * 20_000 + HEAD + b"\r\nhi",
        "header block": lambda: b"".join(b"X-%d: " % n + b"y" * 60_000 + b"\r\n" for n in range(6)) + HEAD + b"\r\nhi",
        "a header larger": lambda: HEAD + b"X-Long: " + b"y" * 70_000 + b"\r\n\r\nhi",
        "a header larger, of 5,000 addresses": lambda: to(5_000, b'"N, N" <someone@x.example>'),
        "parameters": lambda: HEAD + b"Content-Type: text/plain" + b"; a=b" * 2_000 + b"\r\n\r\nhi",
        "lines": lambda: HEAD + b"\r\n" + b"\n" * 700_000,
        "lines, of carriage returns": lambda: HEAD + b"\r\n" + b"x\r" * (12 * MB),
        "header lines in a part": lambda: many_parts(1, b"X: y\r\n" * 500_000 + b"\r\nx\r\n"),
        "header lines in a part, folded": lambda: many_parts(1, b"X: y\r" + b" z\r" * 500_000 + b"\r\rx\r\n"),
        "content headers": lambda: many_parts(190, b"Content-Type: text/plain\r\n" * 2_500 + b"\r\nx\r\n"),
        "pieces": lambda: HEAD + b"Content-Type: multipart/mixed; boundary*0=a; boundary*1=b\r\n\r\nhi",
        "bytes": lambda: HEAD + b"\r\n" + b"x" * (25 * MB),
    }
)
"""By a word of the reason, up to a comma."""
