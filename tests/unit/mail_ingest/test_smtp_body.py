"""The content of DATA: however it is cut up, the same mail and the same rest."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mail_ingest.smtp_body import Body

_BITS = st.sampled_from([b"\r", b"\n", b".", b"\0", b"x", b"\r\n", b"\r\n.", b"..", b"\r\n.\r\n", b"MAIL\r\n"])
_WIRE = st.lists(_BITS, max_size=40).map(b"".join)


def by_line(wire: bytes) -> tuple[bytes, bytes] | None:
    """The rule of RFC 5321 as plainly as it can be said: lines end in CR LF, and a lone dot is the end."""
    lines = wire.split(b"\r\n")
    if b"." not in lines[:-1]:
        return None
    end = lines.index(b".")
    content = b"".join(line.removeprefix(b".") + b"\r\n" for line in lines[:end])
    return content, b"\r\n".join(lines[end + 1 :])


def fed(body: Body, pieces: list[bytes]) -> bytes | None:
    """The rest, with the pieces that were not looked at any more."""
    for number, piece in enumerate(pieces):
        rest = body.feed(piece)
        if rest is not None:
            return rest + b"".join(pieces[number + 1 :])
    return None


@given(_WIRE, st.lists(st.integers(0, 120), max_size=12))
def test_any_cut_gives_what_reading_by_lines_gives(wire: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(cut for cut in cuts if cut < len(wire)), len(wire)]
    body = Body(10_000)
    rest = fed(body, [wire[a:b] for a, b in pairwise(places)])
    expected = by_line(wire)
    if expected is None:
        assert rest is None
    else:
        assert (body.content(), rest) == expected
    assert not body.too_large


@given(st.integers(0, 60), st.integers(1, 7))
def test_the_limit_is_met_to_the_byte_however_it_is_cut(size: int, step: int) -> None:
    wire = b"x" * size + b"\r\n.\r\nQUIT"
    body = Body(32)
    assert fed(body, [wire[at : at + step] for at in range(0, len(wire), step)]) == b"QUIT"
    assert body.too_large == (size + 2 > 32)


def test_of_what_is_too_large_nothing_is_kept_and_its_end_is_still_found() -> None:
    body = Body(1_000)
    for _ in range(15):
        assert body.feed(b"x" * 100) is None
    assert body.too_large
    assert not body.hopeless
    assert body.feed(b"\r\n.\r\n") == b""
    assert len(body.content()) < 10


def test_what_never_ends_is_hopeless() -> None:
    body = Body(1_000)
    body.feed(b"x" * 2_001)
    assert body.hopeless
