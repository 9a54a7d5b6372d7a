"""The process that takes the text out of one PDF: it limits itself, reads it from its input, and writes JSON.

Only what can be seen on the pages is read: text in the colour of the paper, without ink, or too small for any eye
would let a document say one thing to people and another to this process.

What it writes is `{"lines": [[[x, end, text], …], …]}`, a line for each row of the pages from top to bottom with its
pieces from left to right, or `{"fault": "…"}`. It imports nothing of the agent's, and ends when it has answered.
"""

from __future__ import annotations

import ctypes
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw

MOST_PAGES = 100
READ_PAGES = 20
MOST_PIECES = 6_000
MOST_LETTERS = 200_000
_SMALLEST = 2.0  # points from foot to head of letters or figures that an eye can read
_CONTRAST = 24  # between ink and paper, of 255
_DOTS = 1_200  # along the longer side of a page that is looked at
_PASSWORD = 4  # PDFium's error code for a document that asks for one
_WRITES_AT_MOST = 8 << 20

Piece = tuple[float, float, float, float, str]
"""Left, right, bottom and top in points, and the text."""


def main(seconds: int, memory: int) -> None:
    content = sys.stdin.buffer.read()
    _limit(seconds, memory)
    try:
        said = _read(content)
    except pypdfium2.PdfiumError as fault:
        said = {"fault": "encrypted" if getattr(fault, "err_code", 0) == _PASSWORD else "broken"}
    except MemoryError:
        said = {"fault": "too_large"}
    sys.stdout.write(json.dumps(said))


def _read(content: bytes) -> dict[str, object]:
    document = pypdfium2.PdfDocument(content)
    if len(document) > MOST_PAGES:
        return {"fault": "too_large"}
    lines: list[list[tuple[float, float, str]]] = []
    left = MOST_PIECES
    for number in range(min(len(document), READ_PAGES)):
        pieces = list(_pieces(document[number], left))
        left -= len(pieces)
        lines += _rows(pieces)
    if not any(text.strip() for line in lines for _, _, text in line):
        return {"fault": "no_text"}
    return {"lines": lines}


def _pieces(page: pypdfium2.PdfPage, most: int) -> Iterator[Piece]:
    text = page.get_textpage()
    letters, seen = 0, _Seen(page)
    for place in range(min(text.count_rects(), most)):
        left, bottom, right, top = text.get_rect(place)
        if not seen.ink(left, bottom, right, top):
            continue
        said = text.get_text_bounded(left=left, bottom=bottom, right=right, top=top)[:2_000]
        letters += len(said)
        if letters > MOST_LETTERS:
            return
        small = top - bottom < _SMALLEST and right - left < _SMALLEST * len(said)
        for part in said.splitlines():
            if part.strip() and not (small and any(c.isalnum() for c in part)):
                yield left, right, bottom, top, part.strip()


class _Seen:
    """A page as it is drawn, in grey."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._page = page
        wide, high = page.get_size()
        drawn = page.render(scale=_DOTS / max(wide, high, 1.0), grayscale=True)
        self._wide, self._high, self._stride = drawn.width, drawn.height, drawn.stride
        self._dots = bytes(drawn.buffer)

    def ink(self, left: float, bottom: float, right: float, top: float) -> bool:
        """Whether anything stands out there."""
        (x1, y1), (x2, y2) = self._at(left, bottom), self._at(right, top)
        first, last = max(min(x1, x2) - 1, 0), min(max(x1, x2) + 2, self._wide)
        rows = range(max(min(y1, y2) - 1, 0), min(max(y1, y2) + 2, self._high))
        dots = b"".join(self._dots[row * self._stride + first : row * self._stride + last] for row in rows)
        return bool(dots) and max(dots) - min(dots) >= _CONTRAST

    def _at(self, x: float, y: float) -> tuple[int, int]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pypdfium2.raw.FPDF_PageToDevice(
            self._page, 0, 0, self._wide, self._high, 0, x, y, ctypes.byref(across), ctypes.byref(down)
        )
        return across.value, down.value


def _rows(pieces: list[Piece]) -> list[list[tuple[float, float, str]]]:
    """Pieces whose middles lie within the height of one another are one line, however they were written."""
    rows: list[tuple[float, float, list[Piece]]] = []
    for piece in sorted(pieces, key=lambda p: (-(p[2] + p[3]) / 2, p[0])):
        middle, half = (piece[2] + piece[3]) / 2, max((piece[3] - piece[2]) / 2, 2.0)
        if rows and abs(rows[-1][0] - middle) <= max(half, rows[-1][1]) * 0.7:
            rows[-1][2].append(piece)
        else:
            rows.append((middle, half, [piece]))
    return [[(p[0], p[1], p[4]) for p in sorted(row, key=lambda p: p[0])] for _, _, row in rows]


if sys.platform == "win32":

    def _limit(seconds: int, memory: int) -> None:
        """Not to be had here; the agent's own deadline stays."""

else:
    import resource

    def _limit(seconds: int, memory: int) -> None:
        """Processor time, memory beyond what is used now, what is written, and no file is opened for writing."""
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_FSIZE, (_WRITES_AT_MOST, _WRITES_AT_MOST))
        try:
            now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (now + memory, now + memory))
        except (ValueError, OSError):
            return  # macOS has no /proc and refuses the limit; the other limits stay


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
